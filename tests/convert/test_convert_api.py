import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from deskferry.schemas.dataset import Dataset

API = "https://acme.zendesk.com/api/v2"


def api_ticket(desk: Any, ticket_id: int, **more: Any) -> Any:
    ticket = desk.ticket(ticket_id, requester_id=11, submitter_id=11, assignee_id=None)
    for key in ("requester", "submitter", "assignee", "comments"):
        del ticket[key]
    return {**ticket, **more}


def ids(dataset: Dataset, entity: str) -> list[Any]:
    return [record["id"] for record in dataset.records(entity)]


@pytest.mark.parametrize(
    "envelope",
    [
        {"end_of_stream": True, "after_url": None, "after_cursor": None},
        {"count": 2, "end_of_stream": True, "next_page": None, "end_time": 1},
        {"count": 2, "next_page": None, "previous_page": None},
        {"meta": {"has_more": False}, "links": {"prev": None, "next": f"{API}/tickets.json?page=2"}},
        {"metadata": {"exported_at": "20250917_102842", "count": 2}},
    ],
)
def test_every_envelope_of_a_page_is_opened(desk: Any, envelope: dict[str, Any]) -> None:
    page = {"tickets": [api_ticket(desk, 1), {"ticket": api_ticket(desk, 2)}], **envelope}
    dataset = desk.convert(desk.write("page.json", page))
    assert ids(dataset, "tickets") == [1, 2]


def test_side_loaded_lists_and_unknown_ones_are_kept(desk: Any) -> None:
    page = {
        "tickets": [api_ticket(desk, 1)],
        "users": [desk.user(11)],
        "metric_sets": [{"id": 5, "ticket_id": 1, "replies": 1}],
        "sharing_agreements": [{"id": 8, "name": "Partner"}],
        "novelties": [{"id": 9}],
    }
    dataset = desk.convert(desk.write("page.json", page))
    assert ids(dataset, "users") == [11]
    assert [record["ticket_id"] for record in dataset.records("ticket_metrics")] == [1]
    assert ids(dataset, "configuration") == ["novelties/9", "sharing_agreements/8"]


@pytest.mark.parametrize("pretty", [True, False])
def test_bare_arrays_single_records_and_joined_pages_are_read(desk: Any, pretty: bool) -> None:
    indent = 2 if pretty else None
    array = [api_ticket(desk, 1), {"ticket": api_ticket(desk, 2)}]
    desk.write("array.json", json.dumps(array, indent=indent))
    desk.write("single.json", json.dumps({"ticket": api_ticket(desk, 3)}, indent=indent))
    desk.write("bare.json", json.dumps(api_ticket(desk, 4), indent=indent))
    pages = ({"tickets": [api_ticket(desk, 5)]}, {"tickets": [api_ticket(desk, 6)]})
    desk.write("joined.json", "\n".join(json.dumps(page, indent=indent) for page in pages))
    assert ids(desk.convert(), "tickets") == [1, 2, 3, 4, 5, 6]


def test_search_results_only_fill_blanks(desk: Any) -> None:
    found = {**api_ticket(desk, 1, subject="from search", external_id="x9"), "result_type": "ticket"}
    person = {**desk.user(33), "result_type": "user"}
    desk.write("search.json", {"results": [found, person], "facets": None, "next_page": None, "count": 2})
    desk.write("tickets.json", {"tickets": [api_ticket(desk, 1)], "count": 1})
    dataset = desk.convert()
    (ticket,) = dataset.records("tickets")
    assert (ticket["subject"], ticket["external_id"]) == ("Subject 1", "x9")
    assert 33 in ids(dataset, "users")


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("ticket_12_page2.json", {}),
        ("12.json", {}),
        ("12_comments.json", {}),
        ("12/comments.json", {}),
        ("saved.json", {"next_page": f"{API}/tickets/12/comments.json?page=2"}),
        ("saved.json", {"links": {"next": f"{API}/tickets/12/comments?page[after]=x"}}),
        ("99.json", {"url": f"{API}/tickets/12/comments.json"}),
    ],
)
def test_comments_find_their_ticket_by_page_then_name(desk: Any, name: str, page: dict[str, Any]) -> None:
    desk.write(name, {"comments": [desk.comment(1), desk.comment(2)], **page})
    dataset = desk.convert()
    assert {record["ticket_id"] for record in dataset.records("comments")} == {12}


def test_a_comments_own_ticket_goes_before_the_page_and_the_name(desk: Any) -> None:
    page = {"comments": [desk.comment(1, ticket_id=7)], "next_page": f"{API}/tickets/12/comments.json?page=2"}
    dataset = desk.convert(desk.write("99.json", page))
    assert [record["ticket_id"] for record in dataset.records("comments")] == [7]


def test_comments_of_no_ticket_are_rejected(desk: Any) -> None:
    desk.write("comments.json", {"comments": [desk.comment(1)]})
    dataset = desk.convert()
    assert dataset.manifest["entities"]["comments"]["rejected"] == 1


def test_equal_pages_of_different_tickets_are_both_read(desk: Any) -> None:
    page = {"comments": [{"author_id": 11, "body": "hi", "html_body": "hi", "public": True}]}
    desk.write("12.json", page)
    desk.write("13.json", page)
    assert {record["ticket_id"] for record in desk.convert().records("comments")} == {12, 13}


def test_an_audit_gives_comments_and_field_history(desk: Any) -> None:
    audit = {
        "id": 900,
        "ticket_id": 1,
        "created_at": "2024-05-01T10:00:00Z",
        "author_id": 11,
        "via": {"channel": "web"},
        "events": [
            {
                "id": 901,
                "type": "Comment",
                "author_id": 11,
                "body": "hello",
                "public": True,
                "attachments": [],
            },
            {"id": 902, "type": "Create", "field_name": "status", "value": "new"},
        ],
    }
    dataset = desk.convert(desk.write("audits.json", {"audits": [audit], "count": 1}))
    (comment,) = dataset.records("comments")
    assert (comment["created_at"], comment["audit_id"], comment["ticket_id"]) == (
        "2024-05-01T10:00:00.000Z",
        900,
        1,
    )
    (event,) = dataset.records("ticket_events")
    assert (event["field_name"], event["value"], event["author_id"]) == ("status", "new", 11)


def test_a_stream_without_a_last_page_is_reported(desk: Any, finding: Callable[..., Any]) -> None:
    page = {"tickets": [api_ticket(desk, 1)], "users": [], "end_of_stream": False}
    first = desk.write("1.json", page)
    digest = hashlib.sha256(first.read_bytes()).hexdigest()[:16]
    assert finding(desk.convert(), "unfinished_streams")["examples"] == [f"{digest}: tickets"]
    desk.write("2.json", {"tickets": [], "end_of_stream": True})
    assert finding(desk.convert(), "unfinished_streams") is None


def test_an_error_page_saved_as_data_is_a_reject(desk: Any, rejects: Callable[..., Any]) -> None:
    desk.write("t.json", {"tickets": [api_ticket(desk, 1)]})
    desk.write("e.json", {"error": "RecordNotFound", "description": "Not found"})
    dataset = desk.convert()
    assert [r["entity"] for r in rejects(dataset)] == ["unknown"]


def test_a_deleted_ticket_in_a_list_is_a_partial_one(desk: Any) -> None:
    page = {
        "deleted_tickets": [{"id": 581, "subject": "Party", "deleted_at": "20140704T15:37:04Z"}],
        "count": 1,
    }
    (ticket,) = desk.convert(desk.write("deleted.json", page)).records("tickets")
    assert (ticket["status"], ticket["subject"]) == ("deleted", "Party")


def test_identities_find_their_user_by_the_page(desk: Any) -> None:
    page = {
        "identities": [{"id": 1, "type": "email", "value": "a@x.test"}],
        "next_page": f"{API}/users/7/identities.json?page=2",
    }
    (identity,) = desk.convert(desk.write("identities.json", page)).records("identities")
    assert identity["user_id"] == 7
