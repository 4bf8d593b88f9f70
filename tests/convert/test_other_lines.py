import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from deskferry.convert.other_lines import is_log, message_at
from deskferry.convert.parts import parts_of


@pytest.mark.parametrize(
    ("line", "log"),
    [
        (b"INFO Starting sync", True),
        (b"2024-06-01 10:00:00 WARNING rate limit", True),
        (b'{"type": "RECORD"', False),
        (b'cord", "record": {"id": 1', False),
        (b'"updated_at": "2024', False),
        (b"tail of a value}}", False),
    ],
)
def test_log_lines_are_told_from_pieces_of_messages(line: bytes, log: bool) -> None:
    assert is_log(line) is log


def test_a_message_behind_a_prefix_is_found() -> None:
    assert message_at(b'source > {"type":"RECORD","record":{}}') == 9
    assert message_at(b'{"type":"RECORD","record":{}}') == 0


def alternating(desk: Any) -> str:
    return (
        "".join(f"{n}\n{json.dumps([desk.comment(n * 10 + k) for k in (1, 2)])}\n" for n in (1, 2, 3))
        + "4\n[]\n"
    )


@pytest.mark.parametrize("size", [1, 700, 1 << 20])
def test_lists_stand_under_their_tickets_however_the_file_is_cut(
    desk: Any, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("deskferry.convert.read_parts.parts_of", partial(parts_of, size=size))
    dataset = desk.convert(desk.write("comments.json", alternating(desk)))
    told = {c["id"]: c["ticket_id"] for c in dataset.records("comments")}
    assert told == {11: 1, 12: 1, 21: 2, 22: 2, 31: 3, 32: 3}


def test_a_number_without_its_list_is_a_reject(desk: Any, rejects: Callable[..., Any]) -> None:
    dataset = desk.convert(desk.write("comments.json", alternating(desk) + "5\n"))
    assert [(r["entity"], r["position"]) for r in rejects(dataset)] == [("unknown", len(alternating(desk)))]
