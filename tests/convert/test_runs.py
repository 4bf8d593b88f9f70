import json
import random
from pathlib import Path
from typing import ClassVar

import pytest

from deskferry.convert.end_users import EndUsers
from deskferry.convert.run_lines import (
    PARTIAL,
    PLACEHOLDER,
    WHOLE,
    best_first,
    group_of,
    number,
    place,
    rank_of,
    source_bytes,
    split,
)
from deskferry.convert.runs import merged, told
from deskferry.schemas.progress import Silent


def test_many_runs_are_merged_in_rounds_into_one_order(tmp_path: Path) -> None:
    rng = random.Random(7)
    lines = [b"%06d\n" % rng.randrange(1000) for _ in range(2000)]
    runs = []
    for start in range(0, len(lines), 4):
        path = tmp_path / f"run-{start}"
        path.write_bytes(b"".join(sorted(lines[start : start + 4])))
        runs.append(path)
    assert list(merged(runs, work=tmp_path)) == sorted(lines)


def test_numbers_sort_as_bytes() -> None:
    values = [-(1 << 63), -5, -1, 0, 1, 22644162812557, (1 << 63) - 1]
    assert sorted(values) == sorted(values, key=number)


def _line(level: int, version: int, *, position: int = 0, **record: object) -> bytes:
    where = place("0" * 16, position, "")
    group = group_of("comments", {"ticket_id": 7, "id": -3})
    rank = rank_of(level, version=version, where=where)
    return b"%b\x01%b\x010\x011\x01\x01%b\n" % (group, rank, json.dumps({"id": -3, **record}).encode())


def test_the_best_of_one_key_comes_first() -> None:
    lines = [
        _line(WHOLE, 5, a=1),
        _line(WHOLE, 5, a=1, position=9),
        _line(WHOLE, 5, a=None),
        _line(WHOLE, 5, a=1, b=2, public=True),
        _line(WHOLE, 4, a=1),
        _line(WHOLE, -1, a=1),
        _line(PARTIAL, 9, a=1),
        _line(PLACEHOLDER, 9, a=1),
    ]
    assert best_first([split(line) for line in sorted(lines)]) == [split(line) for line in lines]


def test_copies_that_differ_stand_in_one_order_wherever_they_were_found() -> None:
    records = [{"a": number} for number in range(6)]
    found = [_line(WHOLE, 5, position=place, **record) for place, record in enumerate(records)]
    again = [_line(WHOLE, 5, position=place, **record) for place, record in enumerate(reversed(records))]
    first, second = (best_first([split(line) for line in sorted(lines)]) for lines in (found, again))
    assert [line.body for line in first] == [line.body for line in second]


def test_a_line_gives_back_what_was_put_in() -> None:
    where = place("abcdef0123456789", 42, "/comments/1")
    group = group_of("comments", {"ticket_id": 7, "id": -3})
    rank = rank_of(WHOLE, version=1714557600123, where=where)
    line = split(b'%b\x01%b\x013\x012\x01info\x01{"id":-3}\n' % (group, rank))
    assert (line.entity, line.level, line.version, line.file, line.count) == (
        "comments",
        WHOLE,
        1714557600123,
        3,
        2,
    )
    assert line.source == "abcdef0123456789:42#/comments/1"
    assert line.where == where
    assert line.body == b'{"id":-3}'


@pytest.mark.parametrize("pointer", ["", "/a/0", '/a"b/\\', "/line\nbreak\x01", "/é\ud83d"])
def test_a_place_is_told_whatever_key_it_lies_under(pointer: str) -> None:
    where = place("0" * 16, 1, pointer)
    assert not {b"\n", b"\x01"} & {where[at : at + 1] for at in range(len(where))}
    text = pointer.replace("\ud83d", "?")
    assert json.loads(b'"%b"' % source_bytes(where)) == f"{'0' * 16}:1{'#' if pointer else ''}{text}"


def test_a_ticket_comes_before_what_belongs_to_it_and_people_after_all_tickets() -> None:
    order = [
        group_of("tickets", {"id": 1}),
        group_of("comments", {"ticket_id": 1, "id": 5}),
        group_of("attachments", {"ticket_id": 1, "id": 2}),
        group_of("ticket_metrics", {"ticket_id": 1}),
        group_of("tickets", {"id": 2}),
        group_of("users", {"id": 1}),
        group_of("identities", {"user_id": 1, "id": 1}),
        group_of("users", {"id": 2}),
        group_of("organizations", {"id": 1}),
    ]
    assert order == sorted(order)


@pytest.mark.parametrize("more", [0, 1, 2, 50])
def test_who_is_an_end_user_is_found_wherever_people_start_in_a_run(tmp_path: Path, more: int) -> None:
    def run(name: str, roles: dict[int, bytes]) -> Path:
        lines = [
            *(b"%b\x01r\x010\x011\x01i\x01{}\n" % group_of("tickets", {"id": one}) for one in range(more)),
            *(
                b"%b\x01r\x010\x011\x01%b\x01{}\n" % (group_of("users", {"id": one}), role)
                for one, role in roles.items()
            ),
            *(b"%b\x01r\x010\x011\x01\x01{}\n" % group_of("groups", {"id": one}) for one in range(more)),
        ]
        path = tmp_path / name
        path.write_bytes(b"".join(sorted(lines)) or b"c\n")
        return path

    known = EndUsers(
        [
            run("one", {1: b"end-user", 2: b"agent", 3: b"", 4: b"end-user", 9: b"end-user"}),
            run("two", {1: b"end-user", 4: b"agent", 5: b"admin"}),
            run("none", {}),
        ]
    )
    assert [user for user in range(11) if known.has(user)] == [1, 9]


def test_progress_of_the_merge_goes_by_bytes_and_ends_where_it_should(tmp_path: Path) -> None:
    class Told(Silent):
        steps: ClassVar[list[int]] = []

        def advance(self, amount: int = 1) -> None:
            self.steps.append(amount)

    run = tmp_path / "run"
    run.write_bytes(b"x" * 99 + b"\n" * 1)
    lines = list(told([b"x" * 99 + b"\n"], [run], Told(), worth=50 << 20))
    assert lines == [b"x" * 99 + b"\n"]
    assert sum(Told.steps) == 50 << 20
    assert list(told([], [], Told(), worth=0)) == []
