"""Replies, notes and actions in the sandbox, and who would have been written to."""

import base64
from typing import Any

import pytest
import requests

from deskferry.load.sandbox import conversation_shape

NOW = 1_750_000_000


def test_a_note_keeps_its_date_and_reaches_nobody(sandbox: Any) -> None:
    made = sandbox.conversation(created_at=NOW - 100)
    answer = sandbox.reply(made, body="<p>Hi</p>", created_at=NOW - 50)
    part = answer["conversation_parts"]["conversation_parts"][0]
    assert (part["part_type"], part["body"], part["created_at"]) == ("note", "<p>Hi</p>", NOW - 50)
    assert (part["author"]["type"], part["author"]["id"]) == ("admin", sandbox.admin)
    assert sandbox.testimony("state")["notifications"] == 0


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ("plain", "<p>plain</p>"),
        ("two\nlines & <b>more</b>", "<p>two<br>lines &amp; <b>more</b></p>"),
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ('<p onclick="x()" style="color:red">a</p>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', '<p><a rel="nofollow noopener noreferrer">a</a></p>'),
        ("<div>a</div><div>b</div>", "<p>a<br>b<br></p>"),
        ("<ul><li>a</li></ul>", "<ul><li>a</li></ul>"),
    ],
)
def test_html_of_a_reply_is_cleaned_and_wrapped(shared: Any, body: str, stored: str) -> None:
    made = shared.conversation()
    shared.reply(made, body=body)
    assert shared.parts(made)[0]["body"] == stored


def test_plain_text_shows_where_a_link_leads(shared: Any) -> None:
    made = shared.conversation()
    shared.reply(
        made, body='<p>See <a href="https://x.test/">this</a></p><ul><li>one</li></ul><p>a &amp; b</p>'
    )
    shown = shared.read(made, "?display_as=plaintext")
    text = shown["conversation_parts"]["conversation_parts"][0]["body"]
    assert text == "See this (https://x.test/)\n\n- one\n\na & b"


@pytest.mark.parametrize("silent", [{}, {"skip_notifications": False}])
def test_a_comment_that_is_not_silenced_reaches_the_customer(sandbox: Any, silent: Any) -> None:
    made = sandbox.conversation()
    sandbox.reply(made, message_type="comment", body="Hi", **silent)
    sent = sandbox.testimony("outbox")["notifications"]
    assert [(one["conversation_id"], one["body"]) for one in sent] == [(made, "Hi")]
    assert sent[0]["reason"] == "admin reply without skip_notifications"


def test_what_is_silenced_or_said_by_the_contact_reaches_nobody(sandbox: Any) -> None:
    contact = sandbox.contact()
    made = sandbox.conversation(contact)
    sandbox.reply(made, message_type="comment", skip_notifications=True)
    body = {"type": "user", "message_type": "comment", "intercom_user_id": contact, "body": "x"}
    sandbox.ok("POST", f"/conversations/{made}/reply", body)
    sandbox.act(made, "assignment", type="admin", assignee_id=sandbox.admin)
    sandbox.act(made, "close")
    sandbox.act(made, "open")
    assert sandbox.testimony("state")["notifications"] == 0


def test_an_action_with_a_body_reaches_the_customer(sandbox: Any) -> None:
    made = sandbox.conversation()
    sandbox.act(made, "close", body="Goodbye")
    assert sandbox.testimony("state")["notifications"] == 1
    assert sandbox.parts(made)[0]["body"] == "<p>Goodbye</p>"


def test_a_refused_reply_reaches_nobody_and_leaves_nothing(sandbox: Any) -> None:
    made = sandbox.conversation()
    files = [
        {"name": "a", "content_type": "text/plain", "data": "aGk="},
        {"name": "b", "content_type": "text/plain", "data": "!"},
    ]
    body = {"type": "admin", "message_type": "comment", "admin_id": sandbox.admin, "body": "x"}
    path = f"/conversations/{made}/reply"
    assert sandbox.refused("POST", path, {**body, "attachment_files": files})[0] == 400
    assert sandbox.refused("POST", path, {**body, "created_at": NOW + 1})[2].endswith("for created_at")
    counts = sandbox.testimony("state")
    assert (counts["parts"], counts["notifications"]) == (0, 0)


@pytest.mark.parametrize("created_at", [NOW + 1, 0, -5])
def test_a_reply_in_the_future_or_before_time_is_refused(shared: Any, created_at: int) -> None:
    contact = shared.contact()
    made, ticket = shared.conversation(contact), shared.ticket(contacts=[{"id": contact}])["id"]
    note = {"type": "admin", "message_type": "note", "admin_id": shared.admin, "body": "x"}
    comment = {"type": "user", "message_type": "comment", "intercom_user_id": contact, "body": "x"}
    for path in (f"/conversations/{made}/reply", f"/tickets/{ticket}/reply"):
        for body in (note, comment):
            answer = shared.refused("POST", path, {**body, "created_at": created_at})
            words = f"{created_at} is an invalid value for created_at"
            assert answer == (400, "parameter_invalid", words)


def test_comments_reopen_what_was_closed_and_notes_do_not(shared: Any) -> None:
    contact = shared.contact()
    made = shared.conversation(contact)
    shared.act(made, "close")
    assert shared.reply(made)["state"] == "closed"
    assert shared.reply(made, message_type="comment", skip_notifications=True)["state"] == "open"
    shared.act(made, "close")
    body = {"type": "user", "message_type": "comment", "intercom_user_id": contact, "body": "x"}
    assert shared.ok("POST", f"/conversations/{made}/reply", body)["state"] == "open"


def test_a_contact_replies_by_any_of_its_ids(shared: Any) -> None:
    contact = shared.contact(external_id="replies", email="Replies@example.org")
    made = shared.conversation(contact)
    body = {"type": "user", "message_type": "comment", "body": "x"}
    for who in ({"intercom_user_id": contact}, {"user_id": "replies"}, {"email": "replies@Example.org"}):
        shared.ok("POST", f"/conversations/{made}/reply", {**body, **who})
    assert {part["author"]["id"] for part in shared.parts(made)} == {contact}
    both = {**body, "intercom_user_id": contact, "user_id": "replies"}
    assert shared.refused("POST", f"/conversations/{made}/reply", both)[0] == 400
    assert shared.refused("POST", f"/conversations/{made}/reply", body)[0] == 400


def test_a_lead_cannot_reply(shared: Any) -> None:
    lead = shared.contact(role="lead", email="lead-replies@example.org", external_id="lead-replies")
    made = shared.conversation(lead)
    body = {"type": "user", "message_type": "comment", "body": "x"}
    for who in (
        {"intercom_user_id": lead},
        {"user_id": "lead-replies"},
        {"email": "lead-replies@example.org"},
    ):
        answer = shared.refused("POST", f"/conversations/{made}/reply", {**body, **who})
        assert answer == (404, "not_found", "User Not Found")


def test_a_contact_can_only_comment(shared: Any) -> None:
    contact = shared.contact()
    made = shared.conversation(contact)
    body = {"type": "user", "message_type": "note", "body": "x", "intercom_user_id": contact}
    answer = shared.refused("POST", f"/conversations/{made}/reply", body)
    assert answer == (400, "parameter_invalid", "User can only create comments")


def test_ten_files_go_into_a_part_and_eleven_do_not(shared: Any) -> None:
    made = shared.conversation()
    data = bytes(range(256))
    file = {"name": "a.bin", "content_type": "application/x-a", "data": base64.b64encode(data).decode()}
    answer = shared.reply(made, attachment_files=[file] * 10)
    shown = answer["conversation_parts"]["conversation_parts"][0]["attachments"]
    assert len(shown) == 10
    assert (shown[0]["name"], shown[0]["content_type"], shown[0]["filesize"]) == (
        "a.bin",
        "application/x-a",
        256,
    )
    assert requests.get(shown[0]["url"], timeout=5).content == data
    body = {"type": "admin", "message_type": "note", "admin_id": shared.admin, "body": "x"}
    eleven = {**body, "attachment_files": [file] * 11}
    assert shared.refused("POST", f"/conversations/{made}/reply", eleven)[:2] == (400, "parameter_invalid")


def test_links_are_kept_and_never_fetched(shared: Any) -> None:
    made = shared.conversation()
    shared.reply(made, attachment_urls=["http://127.0.0.1:1/a.png?x=1"])
    shown = shared.parts(made)[0]["attachments"][0]
    assert (shown["name"], shown["url"]) == ("a.png", "http://127.0.0.1:1/a.png?x=1")
    eleven = {"type": "admin", "message_type": "note", "admin_id": shared.admin, "body": "x"}
    eleven["attachment_urls"] = ["https://x.test/a"] * 11
    assert shared.refused("POST", f"/conversations/{made}/reply", eleven)[0] == 400


@pytest.mark.parametrize(
    "change",
    [
        {"body": ""},
        {"body": None},
        {"message_type": "mail"},
        {"admin_id": 7},
        {"type": "operator"},
        {"skip_notifications": "yes"},
    ],
)
def test_a_reply_of_the_wrong_shape_is_refused(shared: Any, change: Any) -> None:
    made = shared.conversation()
    body = {"type": "admin", "message_type": "note", "admin_id": shared.admin, "body": "x", **change}
    assert shared.refused("POST", f"/conversations/{made}/reply", body)[0] == 400
    assert shared.parts(made) == []


def test_a_part_is_stored_even_for_a_repeated_close(shared: Any) -> None:
    made = shared.conversation()
    for _ in range(2):
        assert shared.act(made, "close")["open"] is False
    assert [part["part_type"] for part in shared.parts(made)] == ["close", "close"]
    assert {part["created_at"] for part in shared.parts(made)} == {NOW}


def test_a_snooze_ends_by_itself_and_only_lies_ahead(sandbox: Any) -> None:
    made = sandbox.conversation()
    assert sandbox.act(made, "snoozed", snoozed_until=NOW + 60)["state"] == "snoozed"
    sandbox.clock.now += 60
    shown = sandbox.read(made)
    assert (shown["state"], shown["snoozed_until"]) == ("open", None)
    body = {"message_type": "snoozed", "admin_id": sandbox.admin, "snoozed_until": NOW}
    assert sandbox.refused("POST", f"/conversations/{made}/parts", body)[0] == 400


SNAPSHOT = {
    "name": "Acme",
    "me": {"id": "11", "email": "me@acme.test", "name": "Me"},
    "admins": [{"id": "12", "email": "light@acme.test", "name": "Light", "seat": False}],
    "teams": [{"id": "21", "name": "Support", "admin_ids": ["11"]}],
    "contact_attributes": [],
    "conversation_attributes": [],
    "tags": [],
}


def assign(kind: str, assignee: str, admin: str = "11") -> Any:
    return {"message_type": "assignment", "type": kind, "admin_id": admin, "assignee_id": assignee}


def test_team_and_teammate_are_assigned_one_by_one(start: Any) -> None:
    sandbox = start(snapshot=SNAPSHOT)
    made = sandbox.conversation()
    path = f"/conversations/{made}/parts"
    sandbox.ok("POST", path, assign("team", "21"))
    after = sandbox.ok("POST", path, assign("admin", "11"))
    assert (after["admin_assignee_id"], after["team_assignee_id"]) == (11, 21)
    for kind, assignee in (("team", "21"), ("admin", "11")):
        answer = sandbox.refused("POST", path, assign(kind, assignee))
        assert answer[:2] == (422, "conversation_already_assigned_to_assignee")
    assert sandbox.ok("POST", path, assign("admin", "0"))["admin_assignee_id"] == 0
    for kind, assignee in (("admin", "99"), ("admin", "12"), ("team", "11"), ("admin", "x")):
        answer = sandbox.refused("POST", path, assign(kind, assignee))
        assert answer[:2] == (404, "assignee_not_found")
    assert [part["assigned_to"] for part in sandbox.parts(made)] == [
        {"type": "team", "id": "21"},
        {"type": "admin", "id": "11"},
        {"type": "admin", "id": None},
    ]


def test_the_same_assignee_again_is_422_and_makes_no_part(shared: Any) -> None:
    made = shared.conversation()
    shared.act(made, "assignment", type="admin", assignee_id=shared.admin)
    answer = shared.refused(
        "POST", f"/conversations/{made}/parts", assign("admin", shared.admin, shared.admin)
    )
    assert answer[:2] == (422, "conversation_already_assigned_to_assignee")
    assert len(shared.parts(made)) == 1


def test_only_seated_admins_act(start: Any) -> None:
    sandbox = start(snapshot=SNAPSHOT)
    made = sandbox.conversation()
    note = {"type": "admin", "message_type": "note", "body": "x"}
    close = {"type": "admin", "message_type": "close"}
    for step, body in (("reply", note), ("parts", close), ("parts", assign("team", "21"))):
        path = f"/conversations/{made}/{step}"
        assert sandbox.refused("POST", path, {**body, "admin_id": "12"})[:2] == (403, "forbidden")
        assert sandbox.refused("POST", path, {**body, "admin_id": "99"})[:2] == (404, "not_found")
    assert sandbox.parts(made) == []


def test_assigning_what_is_closed_opens_it(shared: Any) -> None:
    made = shared.conversation()
    shared.act(made, "close")
    assert shared.act(made, "assignment", type="admin", assignee_id=shared.admin)["state"] == "open"
    assert shared.parts(made)[-1]["part_type"] == "assign_and_reopen"


@pytest.mark.parametrize("action", [None, "delete", ["close", "open"], {"close": 1}])
def test_one_known_action_per_call(shared: Any, action: Any) -> None:
    made = shared.conversation()
    body = {"message_type": action, "type": "admin", "admin_id": shared.admin}
    assert shared.refused("POST", f"/conversations/{made}/parts", body)[0] == 400


def test_replies_and_actions_need_a_conversation(shared: Any) -> None:
    note = {"type": "admin", "message_type": "note", "admin_id": shared.admin, "body": "x"}
    close = {"type": "admin", "message_type": "close", "admin_id": shared.admin}
    for path, body in (("/conversations/7/reply", note), ("/conversations/x/parts", close)):
        assert shared.refused("POST", path, body) == (404, "not_found", "Resource Not Found")


def test_only_the_newest_500_parts_can_be_read(shared: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert conversation_shape.SHOWN_PARTS == 500
    monkeypatch.setattr(conversation_shape, "SHOWN_PARTS", 5)
    made = shared.conversation(created_at=NOW - 1000)
    for number in range(7):
        shared.reply(made, body=f"note {number}", created_at=NOW - 900 + number)
    shown = shared.read(made)["conversation_parts"]
    assert shown["total_count"] == 7
    assert [part["body"] for part in shown["conversation_parts"]] == [
        f"<p>note {number}</p>" for number in range(2, 7)
    ]


def test_more_than_ten_replies_in_ten_seconds_are_refused_to_one_conversation(sandbox: Any) -> None:
    busy, other = sandbox.conversation(), sandbox.conversation()
    for _ in range(10):
        sandbox.reply(busy)
    note = {"type": "admin", "message_type": "note", "admin_id": sandbox.admin, "body": "x"}
    status, code, words = sandbox.refused("POST", f"/conversations/{busy}/reply", note)
    assert (status, code) == (400, "parameter_invalid")
    assert words == "Too many recent replies to this conversation"
    sandbox.reply(other)
    sandbox.act(busy, "close")
    sandbox.clock.now += 11
    sandbox.reply(busy)
