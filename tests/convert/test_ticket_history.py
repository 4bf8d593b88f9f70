"""Audits and incremental ticket events: comments, field history, and what is said later of a comment."""

from collections.abc import Callable
from typing import Any

import pytest

from deskferry.schemas.dataset import Dataset

AT = "2024-05-01T10:00:00.000Z"


def ticket_event(*children: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": 900,
        "ticket_id": 1,
        "timestamp": 1714557600,
        "updater_id": 11,
        "via": "Web form",
        "system": {"client": "c", "location": "Oslo"},
        "event_type": "Audit",
        "child_events": list(children),
        **more,
    }


def page(*events: dict[str, Any]) -> dict[str, Any]:
    return {"ticket_events": list(events), "count": len(events), "end_of_stream": True, "next_page": None}


def events(dataset: Dataset) -> dict[Any, dict[str, Any]]:
    return {event["id"]: event for event in dataset.records("ticket_events")}


def test_changes_of_a_ticket_event_are_field_history(desk: Any) -> None:
    children = (
        {"id": 1, "via": "Mail", "event_type": "Change", "status": "open", "previous_value": "new"},
        {"id": 2, "via": None, "event_type": "Change", "custom_ticket_fields": {"360041597112": "set_up"}},
        {
            "id": 3,
            "event_type": "Create",
            "subject": "S",
            "priority": None,
            "custom_ticket_fields": {"36": "x"},
        },
        {"id": 4, "event_type": "Change", "type": "incident", "previous_value": None},
        {"id": 5, "event_type": "Comment", "comment_present": True, "comment_public": False},
    )
    told = events(desk.convert(desk.write("events.json", page(ticket_event(*children)))))
    assert (told[1]["field_name"], told[1]["value"], told[1]["previous_value"]) == ("status", "open", "new")
    assert (told[1]["created_at"], told[1]["author_id"], told[1]["audit_id"]) == (AT, 11, 900)
    assert (told[1]["via"], told[2]["via"]) == ({"channel": "email"}, {"channel": "web"})
    assert (told[2]["field_name"], told[2]["value"]) == ("360041597112", "set_up")
    assert (told[3].get("field_name"), told[3]["value"]) == (
        None,
        {"subject": "S", "priority": None, "36": "x"},
    )
    assert (told[4]["type"], told[4]["field_name"], told[4]["value"]) == ("Change", "type", "incident")
    assert told[5]["type"] == "Comment"


def test_comments_of_ticket_events_are_comments(desk: Any) -> None:
    child = {
        **desk.comment(5, public=False),
        "event_type": "Comment",
        "via": "Web form",
        "via_reference_id": 3,
    }
    del child["created_at"]
    dataset = desk.convert(desk.write("events.json", page(ticket_event(child))))
    (comment,) = dataset.records("comments")
    assert (comment["ticket_id"], comment["created_at"], comment["audit_id"]) == (1, AT, 900)
    assert (comment["public"], comment["via"]) == (False, {"channel": "web"})
    assert comment["metadata"] == {"system": {"client": "c", "location": "Oslo"}}
    assert comment["extra"] == {"via_reference_id": 3}


def test_an_update_without_changes_is_kept_as_one_event(desk: Any) -> None:
    audit = {"id": 901, "ticket_id": 1, "created_at": AT, "author_id": 11, "events": []}
    desk.write("audits.json", {"audits": [audit]})
    desk.write("events.json", page(ticket_event()))
    assert {key: event["type"] for key, event in events(desk.convert()).items()} == {
        900: "Audit",
        901: "Audit",
    }


@pytest.mark.parametrize("broken", [{"child_events": None}, {"child_events": ["x"]}, {"ticket_id": None}])
def test_what_cannot_be_read_of_an_event_is_a_reject(
    desk: Any, rejects: Callable[..., Any], broken: dict[str, Any]
) -> None:
    change = {"id": 1, "event_type": "Change", "status": "open"}
    dataset = desk.convert(desk.write("events.json", page(ticket_event(change, **broken))))
    assert [r["entity"] for r in rejects(dataset)] == ["ticket_events"]


def audit(*events: dict[str, Any], number: int = 900, at: str = AT) -> dict[str, Any]:
    return {"id": number, "ticket_id": 1, "created_at": at, "author_id": 11, "events": list(events)}


def test_a_comment_made_private_later_is_private_wherever_it_came_from(desk: Any) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    change = {"id": 7, "type": "CommentPrivacyChange", "comment_id": 101, "public": False}
    desk.write("audits.json", {"audits": [audit(change)]})
    dataset = desk.convert()
    assert {c["id"]: c["public"] for c in dataset.records("comments")} == {101: False, 102: True}
    assert 7 in events(dataset)


def test_word_of_a_comment_that_is_not_there_makes_none(desk: Any) -> None:
    change = {"id": 7, "type": "CommentPrivacyChange", "comment_id": 555, "public": False}
    redaction = {"id": 8, "type": "CommentRedactionEvent", "comment_id": 556}
    bare = desk.ticket(1, comments=[])
    desk.write("tickets.json", desk.lines(bare))
    desk.write("audits.json", {"audits": [audit(change, redaction)]})
    (rebuilt,) = desk.convert().records("comments")
    assert rebuilt["reconstructed"] is True


def test_a_redacted_copy_goes_before_a_newer_one_that_is_not(desk: Any) -> None:
    file = {"id": 70, "file_name": "card.jpg", "content_url": "https://x.test/70", "size": 1}
    gone = {**file, "file_name": "redacted.txt", "deleted": True}
    open_text = desk.comment(101, body="card 4111", html_body="<p>card 4111</p>", attachments=[file])
    redacted = desk.comment(101, body="card ▇▇▇▇", html_body="<p>card ▇▇▇▇</p>", attachments=[gone])
    desk.write("a.json", desk.lines(desk.ticket(1, comments=[open_text])))
    desk.write(  # saved later, but nothing in it says when
        "b.json", {"comments": [redacted], "url": "https://acme.zendesk.com/api/v2/tickets/1/comments.json"}
    )
    dataset = desk.convert()
    assert {c["id"]: c["body"] for c in dataset.records("comments")} == {101: "card ▇▇▇▇"}
    assert [one["file_name"] for one in dataset.records("attachments")] == ["redacted.txt"]


@pytest.mark.parametrize("hidden", [{"public": False}, {}])
def test_a_copy_that_says_private_hides_a_newer_public_one(desk: Any, hidden: dict[str, Any]) -> None:
    desk.write("a.json", desk.lines(desk.ticket(1)))
    comment = {key: value for key, value in desk.comment(101).items() if key != "public"}
    desk.write("comments_1.json", {"comments": [{**comment, **hidden, "data": {"public": False}}]})
    public = {c["id"]: c["public"] for c in desk.convert().records("comments")}
    assert public == {101: not hidden, 102: True}  # what says nothing hides nothing


def test_audits_hung_into_a_ticket_are_read(desk: Any) -> None:
    change = {"id": 7, "type": "Change", "field_name": "status", "value": "open"}
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, audits=[audit(change), 5]))))
    assert events(dataset)[7]["field_name"] == "status"
    assert dataset.manifest["entities"]["ticket_events"]["rejected"] == 1
