"""Envelopes that scripts make themselves, and pages that are none."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from deskferry.convert.envelope import records_in

API = "https://acme.zendesk.com/api/v2"


def api_ticket(desk: Any, ticket_id: int, **more: Any) -> dict[str, Any]:
    ticket = desk.ticket(ticket_id, requester_id=11, submitter_id=11, assignee_id=None)
    for key in ("requester", "submitter", "assignee", "comments"):
        del ticket[key]
    return {**ticket, **more}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda ticket: {"data": {"tickets": [ticket]}},
        lambda ticket: {"status": 200, "body": [ticket]},
        lambda ticket: {"items": [ticket]},
        lambda ticket: [{"tickets": [{"ticket": ticket}]}],
        lambda ticket: {"1": ticket},
        lambda ticket: {"1": {"ticket": ticket}},
        lambda ticket: {"1": {key: value for key, value in ticket.items() if key != "id"}},
    ],
)
def test_a_ticket_is_found_in_what_a_script_put_around_it(desk: Any, wrap: Callable[..., Any]) -> None:
    dataset = desk.convert(desk.write("saved.json", wrap(api_ticket(desk, 1))))
    assert [ticket["id"] for ticket in dataset.records("tickets")] == [1]
    assert sum(counts["rejected"] for counts in dataset.manifest["entities"].values()) == 0


@pytest.mark.parametrize(
    "hung", [lambda comments: comments, lambda comments: {"comments": comments, "count": 2}]
)
def test_comments_beside_or_inside_their_ticket_are_its_own(desk: Any, hung: Callable[..., Any]) -> None:
    comments = hung([desk.comment(1), desk.comment(2)])
    desk.write("a.json", {"ticket": api_ticket(desk, 7), "comments": comments})
    desk.write("b.json", {"tickets": [api_ticket(desk, 8, comments=hung([desk.comment(3)]))]})
    told = {c["id"]: c["ticket_id"] for c in desk.convert().records("comments")}
    assert told == {1: 7, 2: 7, 3: 8}


def test_an_audit_beside_a_created_ticket_gives_its_comment(desk: Any) -> None:
    event = {"id": 5, "type": "Comment", "author_id": 11, "body": "hi", "public": True}
    audit = {
        "id": 4,
        "ticket_id": 1,
        "created_at": "2024-05-01T10:00:00Z",
        "author_id": 11,
        "events": [event],
    }
    dataset = desk.convert(desk.write("created.json", {"ticket": api_ticket(desk, 1), "audit": audit}))
    assert [(c["id"], c["ticket_id"]) for c in dataset.records("comments")] == [(5, 1)]


def test_deleted_people_and_tickets_of_their_own_lists_are_deleted(desk: Any) -> None:
    person = {key: desk.user(31)[key] for key in ("id", "url", "name", "email", "role", "time_zone")}
    desk.write("deleted_users.json", {"deleted_users": [person], "count": 1})
    gone = {"id": 5, "subject": "S", "actor": {"id": 1}, "deleted_at": "2024-05-01T10:00:00Z"}
    desk.write("deleted_tickets.jsonl", desk.lines({**gone, "previous_state": "open"}))
    dataset = desk.convert()
    assert [person["active"] for person in dataset.records("users") if person["id"] == 31] == [False]
    assert [ticket["status"] for ticket in dataset.records("tickets")] == ["deleted"]


def test_options_know_the_field_of_their_page_or_folder(desk: Any) -> None:
    option = {"id": 1, "name": "Red", "value": "red"}
    link = f"{API}/ticket_fields/360/options.json?page=2"
    desk.write("saved.json", {"custom_field_options": [option], "next_page": link})
    desk.write("ticket_fields/361/options.json", {"custom_field_options": [{**option, "id": 2}], "count": 1})
    told = {one["id"]: one["record"]["field_id"] for one in desk.convert().records("configuration")}
    assert told == {"custom_field_options/1": 360, "custom_field_options/2": 361}


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ({"error": "RecordNotFound", "description": "Not found"}, "RecordNotFound: Not found"),
        ({"error": {"title": "Forbidden", "message": "No access"}}, "Forbidden: No access"),
        ({"errors": [{"code": "x", "title": "Gone", "detail": "No such thing"}]}, "Gone: No such thing"),
        ({"error": True, "message": "try later"}, "try later"),
    ],
)
def test_an_error_page_is_rejected_in_its_own_words(
    desk: Any, rejects: Callable[..., Any], page: dict[str, Any], words: str
) -> None:
    desk.write("t.json", {"tickets": [api_ticket(desk, 1)], "count": 1})
    desk.write("tickets/2.json", page)
    (reject,) = rejects(desk.convert())
    assert words in reject["reason"]


@pytest.mark.parametrize(
    "text", ["<html><body>Sign in</body></html>", "Number of allowed API requests exceeded"]
)
def test_what_is_no_answer_at_all_is_named(desk: Any, finding: Callable[..., Any], text: str) -> None:
    desk.write("t.json", {"tickets": [api_ticket(desk, 1)], "count": 1})
    desk.write("tickets/2.json", text)
    assert finding(desk.convert(), "unknown_file")["count"] == 1


def test_side_loaded_lists_go_to_their_entities_and_overlaps_are_counted(desk: Any) -> None:
    beside = {
        "users": [desk.user(11)],
        "brands": [{"id": 3, "name": "B", "subdomain": "b"}],
        "roles": [{"id": 4}],
    }
    first = {"tickets": [api_ticket(desk, 1), api_ticket(desk, 2)], **beside, "end_of_stream": False}
    second = {"tickets": [api_ticket(desk, 2), api_ticket(desk, 3)], **beside, "end_of_stream": True}
    desk.write("pages.json", json.dumps(first) + "\n" + json.dumps(second))
    dataset = desk.convert()
    counts = dataset.manifest["entities"]
    assert [counts[entity]["repeated"] for entity in ("tickets", "users", "brands")] == [1, 1, 1]
    assert [record["id"] for record in dataset.records("configuration")] == ["roles/4"]


def test_a_script_s_log_beside_the_files_is_a_warning(desk: Any, finding: Callable[..., Any]) -> None:
    desk.write("support/tickets/1.json", json.dumps(api_ticket(desk, 1), indent=2))
    desk.write("support/tickets/_log.csv", "id,name,file\n1,S,1.json\n")
    dataset = desk.convert()
    assert finding(dataset, "other_file")["count"] == 1
    assert finding(dataset, "unknown_file") is None


def test_keys_that_are_no_ids_make_no_records() -> None:
    assert [found.entity for found in records_in({"1": 5, "2": {}})] == ["unknown"]
    assert [found.entity for found in records_in({"²": {"id": 1}})] == ["unknown"]
