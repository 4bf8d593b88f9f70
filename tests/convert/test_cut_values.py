import json
import mmap
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert import read_document, read_lines, sniff
from deskferry.convert.cut_values import cut_values

API = "https://acme.zendesk.com/api/v2"


def pieces(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode())
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        return [mapped[start:end].decode() for start, end in cut_values(mapped, start=0, end=len(mapped))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": [1, {"b": 2}]}', ['{"a": [1, {"b": 2}]}']),
        ('{"a": 1}{"b": 2}', ['{"a": 1}', '{"b": 2}']),
        ('{"a": "} {"}\n\n[{"b": 2}]\n', ['{"a": "} {"}', '[{"b": 2}]']),
        (r'{"a": "\"} {\\"} {"b": 2}', [r'{"a": "\"} {\\"}', '{"b": 2}']),
        ('{"a": 1} {"b": ', ['{"a": 1}', '{"b": ']),
        ('{"a": 1} {"b": "half', ['{"a": 1}', '{"b": "half']),
    ],
)
def test_values_are_cut_where_they_end(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert pieces(tmp_path, text) == expected


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything over 300 bytes is long."""
    for module in (sniff, read_lines, read_document):
        monkeypatch.setattr(module, "LONG", 300)


@pytest.mark.usefixtures("short")
def test_joined_pages_of_comments_keep_to_their_own_tickets(desk: Any) -> None:
    pages = [
        {"comments": [desk.comment(n * 10 + 1)], "previous_page": f"{API}/tickets/{n}/comments.json?page=1"}
        for n in (1, 2, 3)
    ]
    text = "\n".join(json.dumps(page, indent=2) for page in pages)
    dataset = desk.convert(desk.write("pages.json", text))
    assert {c["id"]: c["ticket_id"] for c in dataset.records("comments")} == {11: 1, 21: 2, 31: 3}
    assert len({c["source"].partition("#")[0] for c in dataset.records("comments")}) == 3


@pytest.mark.usefixtures("short")
def test_a_long_object_of_records_by_id_is_streamed(desk: Any) -> None:
    comments = {str(n): [desk.comment(n * 10), desk.comment(n * 10 + 1)] for n in (1, 2)}
    dataset = desk.convert(desk.write("comments.json", json.dumps(comments, indent=2)))
    told = {c["id"]: c["ticket_id"] for c in dataset.records("comments")}
    assert told == {10: 1, 11: 1, 20: 2, 21: 2}


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("comments", ["list", "page"])
def test_a_long_ticket_keeps_what_stands_beside_it(desk: Any, comments: str) -> None:
    line = desk.ticket(1)
    if comments == "page":
        line["comments"] = {"comments": line["comments"], "count": 2}
    audit = {"id": 9, "ticket_id": 1, "events": [{"id": 10, "type": "Change", "field_name": "status"}]}
    dataset = desk.convert(desk.write("one.json", json.dumps({"ticket": line, "audit": audit}, indent=1)))
    assert [t["id"] for t in dataset.records("tickets")] == [1]
    assert [c["id"] for c in dataset.records("comments")] == [101, 102]
    assert [event["id"] for event in dataset.records("ticket_events")] == [10]
    assert dataset.manifest["entities"]["tickets"]["found"] == 1
