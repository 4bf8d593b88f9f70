import random
from pathlib import Path

import pytest

from deskferry.convert.end_users import EndUsers
from deskferry.convert.run_lines import (
    PARTIAL,
    PLACEHOLDER,
    WHOLE,
    group_of,
    number,
    place,
    rank_of,
    source_text,
    split,
)
from deskferry.convert.runs import merged


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


def test_the_rank_puts_the_best_first() -> None:
    def rank(level: int, version: int, values: int, *, position: int = 0, public: bool = False) -> bytes:
        where = place("0" * 16, position, "")
        return rank_of(level, version=version, body=b"{}", values=values, where=where, public=public)

    best_first = [
        rank(WHOLE, 5, 3),
        rank(WHOLE, 5, 3, position=9),
        rank(WHOLE, 5, 2),
        rank(WHOLE, 5, 9, public=True),
        rank(WHOLE, 4, 9),
        rank(WHOLE, -1, 9),
        rank(PARTIAL, 9, 9),
        rank(PLACEHOLDER, 9, 9),
    ]
    assert best_first == sorted(best_first)


def test_a_line_gives_back_what_was_put_in() -> None:
    where = place("abcdef0123456789", 42, "/comments/1")
    group = group_of("comments", {"ticket_id": 7, "id": -3})
    rank = rank_of(WHOLE, version=1714557600123, body=b'{"id":-3}', values=1, where=where)
    line = split(b'%b\x01%b\x013\x012\x01info\x01{"id":-3}\n' % (group, rank))
    assert (line.entity, line.level, line.version, line.file, line.count) == (
        "comments",
        WHOLE,
        1714557600123,
        3,
        2,
    )
    assert line.source == source_text(where) == "abcdef0123456789:42#/comments/1"
    assert line.body == b'{"id":-3}'


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
