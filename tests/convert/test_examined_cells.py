"""Cells that pandas, a script or a spreadsheet spoilt: never believed, never a row's end."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest

from deskferry.schemas.errors import RefusedError

TICKET = {
    "id": 1,
    "url": "https://acme.zendesk.com/api/v2/tickets/1.json",
    "subject": "nan",
    "raw_subject": "nan",
    "status": "open",
    "created_at": "2024-05-01T10:00:00Z",
    "updated_at": "2024-05-01T10:00:00Z",
    "requester_id": 11,
    "tags": "['a']",
    "custom_fields": "[{'id': 5, 'value': 'x'}]",
}


def table(row: dict[str, Any]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue()


@pytest.mark.parametrize(
    ("key", "cut"), [("custom_fields", "[{'id': 5, 'val"), ("via", "{'channel': 'web', 'sou")]
)
def test_a_cut_cell_stands_aside_and_its_row_is_read(
    desk: Any, finding: Callable[..., Any], key: str, cut: str
) -> None:
    desk.write("tickets.csv", table({**TICKET, key: cut}))
    dataset = desk.convert()
    (ticket,) = dataset.records("tickets")
    assert key not in ticket
    assert ticket["extra"] == {f"{key} (as found)": cut}
    assert finding(dataset, "damaged_cells")["count"] == 1


def test_an_empty_cell_that_pandas_wrote_out_is_no_priority_and_no_address(desk: Any) -> None:
    desk.write("tickets.csv", table({**TICKET, "priority": "nan", "type": "None", "recipient": "nan"}))
    (ticket,) = desk.convert().records("tickets")
    assert [ticket.get(key) for key in ("priority", "type", "recipient")] == [None, None, None]
    assert ticket["subject"] == "nan"  # may be a word


def test_a_comment_whose_file_is_nan_has_none(desk: Any) -> None:
    row = {"ticket_id": 1, "author_id": 11, "created_at": "2024-05-01T10:00:00Z", "body": "hi"}
    more = {"via": "web", "public": "True", "attachment_name": "nan", "attachment_url": "nan"}
    desk.write("ticket_threads.csv", table({**row, **more}))
    dataset = desk.convert()
    assert [comment["body"] for comment in dataset.records("comments")] == ["hi"]
    assert list(dataset.records("attachments")) == []


def test_json_whose_times_name_no_zone_needs_one(desk: Any) -> None:
    local = {"created_at": "2024-05-01 10:00:00", "updated_at": "2024-05-01T10:00:00.500"}
    desk.write("tickets.json", {"tickets": [{**TICKET, **local, "tags": [], "custom_fields": []}]})
    with pytest.raises(RefusedError, match=r"times without a zone in tickets\.json"):
        desk.convert()
    (ticket,) = desk.convert(timezone="Europe/Oslo").records("tickets")
    assert (ticket["created_at"], ticket["updated_at"]) == (
        "2024-05-01T08:00:00.000Z",
        "2024-05-01T08:00:00.500Z",
    )


def test_one_time_of_json_that_lost_its_zone_costs_its_record(desk: Any, rejects: Callable[..., Any]) -> None:
    tickets = [desk.ticket(1), desk.ticket(2, created_at="2024-05-01T10:00:00.000")]
    desk.write("tickets.json", desk.lines(*tickets))
    dataset = desk.convert()
    assert [one["id"] for one in dataset.records("tickets")] == [1]
    assert [one["pointer"] for one in rejects(dataset)] == ["/created_at"]
