"""Tickets are copied together only where nothing else speaks of one of them; nothing is lost either way."""

import io
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deskferry.convert.bundles import Read, Written, bundle_lines, bundle_of
from deskferry.convert.run_lines import GROUP_HEAD, group_of
from deskferry.convert.stretches import is_stretch, stretch_lines, stretch_of, stretch_of_one, taken_apart

HUGE = 2**63 - 1
ids = st.one_of(st.integers(1, 40), st.sampled_from([-5, HUGE, HUGE - 1]))


def written(ticket_id: int, *, run: int, version: int = 0) -> Written:
    parts = [(1, b"t\n"), (2, b"c\nc\n"), (ticket_id % 2, b"a\n" * (ticket_id % 2)), (0, b"")]
    return Written(
        ticket_id, version, b"a" * 16 + b"%020d" % run, run, {1, ticket_id}, ticket_id % 3 == 0, parts
    )


def link(ticket_id: int) -> bytes:
    """A line that speaks of a ticket and is no bundle."""
    return group_of("ticket_links", {"ticket_id": ticket_id, "id": "x"}) + b"\x01rest\n"


class Runs:
    """Runs in memory, each with its bodies."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.singles: list[bytes] = []
        self._bodies: dict[str, bytes] = {}

    def add(self, tickets: list[int], links: list[int]) -> None:
        number = len(self._bodies)
        name, bodies = f"bodies-{number}", io.BytesIO()
        others = [link(ticket) for ticket in links]
        told = bundle_lines(
            [written(one, run=number, version=at) for at, one in enumerate(tickets)], name, bodies
        )
        apart = {line[:GROUP_HEAD] for line in others}
        self.lines = sorted((*self.lines, *others, *stretch_lines(told, name, bodies, apart=apart)))
        self.singles = sorted((*self.singles, *others, *(one.line for one in told)))
        self._bodies[name] = bodies.getvalue()

    def read(self, name: str, start: int, size: int) -> bytes:
        return self._bodies[name][start : start + size]


runs = st.lists(st.tuples(st.lists(ids, max_size=90), st.lists(ids, max_size=3)), max_size=5)


@given(runs)
def test_all_lines_come_back_in_order(told: list[tuple[list[int], list[int]]]) -> None:
    made = Runs()
    for tickets, links in told:
        made.add(tickets, links)
    assert list(taken_apart(made.lines, made.read, always=True)) == made.singles


@given(runs)
def test_a_whole_stretch_stands_alone(told: list[tuple[list[int], list[int]]]) -> None:
    made = Runs()
    for tickets, links in told:
        made.add(tickets, links)
    passed = list(taken_apart(made.lines, made.read))
    again = [single for line in passed for single in _singles(line, made.read)]
    assert again == made.singles
    owners = [line[1:GROUP_HEAD] for line in made.singles]
    for line in filter(is_stretch, passed):
        stretch = stretch_of(line)
        inside = [owner for owner in owners if line[1:GROUP_HEAD] <= owner <= line[23:43]]
        assert len(inside) == len(stretch.ids) == len(set(stretch.ids))


@given(st.lists(st.integers(1, 500), min_size=1, max_size=200, unique=True))
def test_a_stretch_says_what_its_tickets_say_together(tickets: list[int]) -> None:
    made = Runs()
    made.add(tickets, [])
    said: list[Any] = []
    for line in made.lines:
        if not is_stretch(line):
            said.append(stretch_of_one(bundle_of(line)))
            continue
        whole = stretch_of(line)
        singles = [stretch_of_one(bundle_of(single)) for single in _singles(line, made.read)]
        assert list(whole.ids) == [number for one in singles for number in one.ids]
        assert set(whole.users) == {user for one in singles for user in one.users}
        assert whole.told[0::3] == singles[0].told[0::3]
        assert whole.told[2::3] == [sum(one.told[at] for one in singles) for at in range(2, 12, 3)]
        assert [tuple(files) for files in whole.files] == [
            tuple(files) for one in singles for files in one.files
        ]
        for one, after in pairwise(singles):
            assert [start + size for start, size in zip(one.told[0::3], one.told[1::3], strict=True)] == list(
                after.told[0::3]
            )
        said += singles
    assert [number for one in said for number in one.ids] == sorted(tickets)


def test_tickets_that_follow_each_other_are_one_line() -> None:
    made = Runs()
    made.add(list(range(1, 65)), [])
    assert len(made.lines) == 1


def _singles(line: bytes, read: Read) -> list[bytes]:
    return list(taken_apart([line], read, always=True))
