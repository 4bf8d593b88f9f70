"""Values of a shape no key has: a list where a word stands, an object where a number does. No run ends."""

import json
from collections.abc import Callable
from typing import Any

import pytest

AT = "2024-05-01T10:00:00Z"


@pytest.mark.parametrize("kind", [["Comment"], {"a": 1}])
def test_an_event_whose_kind_is_no_word_costs_itself(
    desk: Any, rejects: Callable[..., Any], kind: Any
) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1, comments=[])))
    events = [{"id": 1, "type": kind, "body": "b"}, {"id": 2, "type": "Comment", "body": "kept"}]
    audit = {"id": 5, "ticket_id": 1, "created_at": AT, "author_id": 11, "events": events}
    desk.write("audits.json", {"audits": [audit]})
    children = [{"id": 3, "event_type": kind, "status": "open"}, {"id": 4, "event_type": "Change", "a": "b"}]
    event = {"id": 6, "ticket_id": 1, "timestamp": 1714557600, "updater_id": 11, "child_events": children}
    desk.write("ticket_events.json", {"ticket_events": [event]})
    dataset = desk.convert()
    assert [one["body"] for one in dataset.records("comments")] == ["kept"]
    assert [one["id"] for one in dataset.records("ticket_events")] == [4]
    assert {one["pointer"] for one in rejects(dataset)} == {
        "/audits/0/events/0/type",
        "/ticket_events/0/child_events/0/type",
    }


def test_a_row_of_field_history_whose_value_is_a_list_is_kept(desk: Any) -> None:
    row = {"_fivetran_synced": AT, "ticket_id": 1, "field_name": "status", "updated": AT, "user_id": 11}
    desk.write("ticket_field_history.jsonl", json.dumps({**row, "value": ["open"]}))
    (event,) = desk.convert().records("ticket_events")
    assert event["value"] == ["open"]


@pytest.mark.parametrize("value", [{"a": 1}, [1], 10**400, "Infinity"])
def test_a_cell_that_is_no_number_stands_aside(desk: Any, finding: Callable[..., Any], value: Any) -> None:
    row = {"_dlt_id": "a", "id": 1, "subject": "s", "status": "open", "requester_id": 11, "created_at": AT}
    desk.write("tickets.jsonl", json.dumps({**row, "satisfaction_probability": value}))
    dataset = desk.convert()
    (ticket,) = dataset.records("tickets")
    assert "satisfaction_probability" not in ticket
    assert list(ticket["extra"]) == ["satisfaction_probability (as found)"]
    assert finding(dataset, "damaged_cells")["count"] == 1
