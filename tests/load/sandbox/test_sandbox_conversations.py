"""Conversations of the sandbox: start, read, update, tag, delete, search."""

import base64
import itertools
from typing import Any

import pytest

NOW = 1_750_000_000
HUGE = base64.urlsafe_b64encode(b"1:99999999999999999999").decode()
_numbers = itertools.count(1)


def define(sandbox: Any, data_type: str) -> str:
    """A new conversation attribute; its name."""
    name = f"field {next(_numbers)}"
    options = {"options": [{"label": "one"}, {"label": "two"}]} if data_type == "list" else {}
    sandbox.ok("POST", "/conversations/attributes", {"name": name, "data_type": data_type, **options})
    return name


def test_the_answer_is_the_message_and_its_id_is_no_conversation(shared: Any) -> None:
    contact = shared.contact(role="lead")
    body = {"from": {"type": "lead", "id": contact}, "body": "Hello", "created_at": 1_600_000_000}
    message = shared.ok("POST", "/conversations", body)
    assert message["type"] == "user_message"
    assert (message["body"], message["created_at"]) == ("Hello", 1_600_000_000)
    assert message["id"] != message["conversation_id"]
    assert shared.refused("GET", f"/conversations/{message['id']}")[:2] == (404, "not_found")
    conversation = shared.read(message["conversation_id"])
    assert conversation["source"]["id"] == message["id"]
    assert conversation["source"]["author"]["id"] == contact
    assert conversation["created_at"] == 1_600_000_000
    assert (conversation["state"], conversation["open"], conversation["read"]) == ("open", True, False)
    assert conversation["contacts"]["contacts"][0]["id"] == contact
    assert (conversation["admin_assignee_id"], conversation["team_assignee_id"]) == (0, 0)


def test_the_body_is_plain_text_and_html_arrives_as_text(shared: Any) -> None:
    made = shared.conversation(body="<b>Bold</b> & more\nline\n\nparagraph")
    assert shared.read(made)["source"]["body"] == (
        "<p>&lt;b&gt;Bold&lt;/b&gt; &amp; more<br>line</p>\n<p>paragraph</p>"
    )
    text = shared.read(made, "?display_as=plaintext")["source"]["body"]
    assert text == "<b>Bold</b> & more\nline\n\nparagraph"


@pytest.mark.parametrize("created_at", [NOW + 1, 0, -5])
def test_a_start_in_the_future_or_before_time_is_refused(shared: Any, created_at: int) -> None:
    body = {"from": {"type": "user", "id": shared.contact()}, "body": "x", "created_at": created_at}
    status, code, message = shared.refused("POST", "/conversations", body)
    assert (status, code) == (400, "parameter_invalid")
    assert message == f"{created_at} is an invalid value for created_at"


def test_only_a_contact_that_is_there_can_start(shared: Any) -> None:
    archived = shared.contact()
    shared.ok("POST", f"/contacts/{archived}/archive")
    lead = shared.contact(role="lead")
    for kind, contact in (("user", "0" * 24), ("user", archived), ("user", lead), ("contact", shared.admin)):
        body = {"from": {"type": kind, "id": contact}, "body": "x"}
        assert shared.refused("POST", "/conversations", body) == (404, "not_found", "User Not Found")


@pytest.mark.parametrize(
    "change",
    [
        {"body": ""},
        {"body": " \n"},
        {"body": None},
        {"from": "me"},
        {"from": {"type": "admin", "id": "1"}},
        {"created_at": "2024-05-01"},
        {"created_at": True},
        {"attachment_urls": ["https://files.test/a"] * 11},
    ],
)
def test_a_conversation_of_the_wrong_shape_is_refused(shared: Any, change: Any) -> None:
    body = {"from": {"type": "contact", "id": shared.contact()}, "body": "x", **change}
    assert shared.refused("POST", "/conversations", body)[0] == 400


def test_one_update_sets_title_read_and_attributes(shared: Any) -> None:
    made, name, other = shared.conversation(), define(shared, "string"), define(shared, "integer")
    body = {"title": "T", "read": True, "custom_attributes": {name: "x" * 5000, other: 7}}
    after = shared.ok("PUT", f"/conversations/{made}", body)
    assert (after["title"], after["read"]) == ("T", True)
    assert after["custom_attributes"] == {name: "x" * 5000, other: 7}
    after = shared.ok("PUT", f"/conversations/{made}", {"custom_attributes": {other: None}})
    assert (after["title"], after["custom_attributes"]) == ("T", {name: "x" * 5000})


def test_an_undefined_attribute_is_refused_and_changes_nothing(shared: Any) -> None:
    made = shared.conversation()
    body = {"title": "T", "custom_attributes": {"nowhere": "x"}}
    assert shared.refused("PUT", f"/conversations/{made}", body) == (
        400,
        "parameter_invalid",
        "Conversation attribute 'nowhere' does not exist",
    )
    assert shared.read(made)["title"] is None


@pytest.mark.parametrize(
    ("data_type", "good", "bad"),
    [
        ("string", "x", 7),
        ("integer", 7, "7"),
        ("integer", 7, 7.5),
        ("decimal", 7.5, "7.5"),
        ("decimal", 7, True),
        ("boolean", True, "true"),
        ("datetime", NOW, "soon"),
        ("list", "one", "three"),
    ],
)
def test_an_attribute_takes_only_values_of_its_type(shared: Any, data_type: str, good: Any, bad: Any) -> None:
    made, name = shared.conversation(), define(shared, data_type)
    after = shared.ok("PUT", f"/conversations/{made}", {"custom_attributes": {name: good}})
    assert after["custom_attributes"] == {name: good}
    status, code, _ = shared.refused("PUT", f"/conversations/{made}", {"custom_attributes": {name: bad}})
    assert (status, code) == (400, "parameter_invalid")


def test_a_company_that_is_not_there_is_refused(shared: Any) -> None:
    made = shared.conversation()
    answer = shared.refused("PUT", f"/conversations/{made}", {"company_id": "1"})
    assert answer[:2] == (404, "company_not_found")


def test_tags_go_on_one_by_one_and_off_again(shared: Any) -> None:
    made, admin = shared.conversation(), shared.admin
    tag = shared.ok("POST", "/tags", {"name": "on and off"})["id"]
    path = f"/conversations/{made}/tags"
    for _ in range(2):
        answer = shared.ok("POST", path, {"id": tag, "admin_id": admin})
        assert answer["applied_by"] == {"type": "admin", "id": admin}
    assert [one["id"] for one in shared.read(made)["tags"]["tags"]] == [tag]
    assert shared.refused("POST", path, {"id": "1", "admin_id": admin})[:2] == (404, "tag_not_found")
    assert shared.refused("POST", path, {"id": tag, "admin_id": "1"})[0] == 404
    assert shared.refused("POST", path, {"id": tag})[0] == 400
    shared.ok("DELETE", f"{path}/{tag}", {"admin_id": admin})
    assert shared.read(made)["tags"]["tags"] == []


def test_a_deleted_conversation_is_gone_with_its_parts(sandbox: Any) -> None:
    made = sandbox.conversation()
    sandbox.reply(made)
    assert sandbox.refused("DELETE", f"/conversations/{made}?retain_metrics=perhaps")[0] == 400
    answer = sandbox.ok("DELETE", f"/conversations/{made}?retain_metrics=false")
    assert answer == {"id": made, "object": "conversation", "deleted": True}
    assert sandbox.refused("GET", f"/conversations/{made}")[:2] == (404, "not_found")
    counts = sandbox.testimony("state")
    assert (counts["conversations"], counts["parts"]) == (0, 0)
    assert sandbox.conversation() != made


def test_deleted_conversations_are_remembered_newest_first(sandbox: Any) -> None:
    ids = [sandbox.conversation() for _ in range(3)]
    for made in ids:
        sandbox.ok("DELETE", f"/conversations/{made}?retain_metrics={str(made == ids[0]).lower()}")
        sandbox.clock.now += 1
    first = sandbox.ok("GET", "/conversations/deleted?per_page=2")
    assert [one["id"] for one in first["conversations"]] == ids[:0:-1]
    assert first["pages"]["next"].endswith("/conversations/deleted?per_page=2&order=desc&page=2")
    second = sandbox.ok("GET", "/conversations/deleted?per_page=2&page=2")
    assert second["conversations"] == [
        {"type": "conversation", "id": ids[0], "metrics_retained": True, "deleted_at": NOW}
    ]
    assert "next" not in second["pages"]
    oldest = sandbox.ok("GET", "/conversations/deleted?order=asc")["conversations"]
    assert [one["id"] for one in oldest] == ids
    for query in ("per_page=61", "page=0", "page=x", "order=up"):
        assert sandbox.refused("GET", f"/conversations/deleted?{query}")[0] == 400


def test_a_merged_conversation_is_closed_and_linked_to_the_one_that_goes_on(shared: Any) -> None:
    one, into = shared.conversation(), shared.conversation()
    body = {"merge_into_conversation_id": int(into)}
    answer = shared.ok("POST", f"/conversations/{one}/merge", body)
    assert (answer["id"], answer["state"]) == (into, "open")
    assert [other["id"] for other in answer["linked_objects"]["data"]] == [one]
    assert shared.read(one)["state"] == "closed"
    for path, to, words in (
        (one, into, "Secondary conversation has already been merged"),
        (into, into, "Cannot merge a conversation into itself"),
        (into, "7", "Primary conversation not found"),
    ):
        body = {"merge_into_conversation_id": int(to)}
        answer = shared.refused("POST", f"/conversations/{path}/merge", body)
        assert answer == (422, "merge_failed", words)


def test_redacting_leaves_a_part_without_its_words(shared: Any) -> None:
    made = shared.conversation(body="my card number")
    file = {"name": "card.png", "content_type": "image/png", "data": "aGk="}
    shared.reply(made, body="secret", attachment_files=[file])
    shared.act(made, "close")
    note, close = shared.parts(made)
    body = {"type": "conversation_part", "conversation_id": made, "conversation_part_id": note["id"]}
    shared.ok("POST", "/conversations/redact", body)
    part = shared.parts(made)[0]
    assert (part["redacted"], part["attachments"]) == (True, [])
    assert part["body"] == "<p><i>This message was deleted</i></p>"
    source = {"type": "source", "conversation_id": made, "source_id": shared.read(made)["source"]["id"]}
    assert "card" not in str(shared.ok("POST", "/conversations/redact", source))
    assert shared.read(made)["source"]["redacted"] is True
    empty = {**body, "conversation_part_id": close["id"]}
    assert shared.refused("POST", "/conversations/redact", empty)[:2] == (
        400,
        "conversation_part_not_redactable",
    )
    missing = (404, "conversation_part_or_message_not_found")
    for change in (
        {"conversation_id": "7"},
        {"conversation_part_id": "7"},
        {"type": "source", "source_id": "7"},
    ):
        assert shared.refused("POST", "/conversations/redact", {**body, **change})[:2] == missing


def test_all_conversations_are_listed_page_by_page(sandbox: Any) -> None:
    ids = [sandbox.conversation() for _ in range(5)]
    first = sandbox.ok("GET", "/conversations?per_page=3")
    after = first["pages"]["next"]["starting_after"]
    second = sandbox.ok("GET", f"/conversations?per_page=3&starting_after={after}")
    assert [one["id"] for one in first["conversations"] + second["conversations"]] == ids
    assert "next" not in second["pages"]
    assert first["total_count"] == 5
    assert "conversation_parts" not in first["conversations"][0]
    for query in ("per_page=151", "per_page=x", "starting_after=nonsense", f"starting_after={HUGE}"):
        assert sandbox.refused("GET", f"/conversations?{query}")[0] == 400


def search(sandbox: Any, query: Any, **more: Any) -> list[str]:
    answer = sandbox.ok("POST", "/conversations/search", {"query": query, **more})
    return [one["id"] for one in answer["conversations"]]


def is_(field: str, operator: str, value: Any) -> Any:
    return {"field": field, "operator": operator, "value": value}


def test_conversations_are_found_by_contact_and_second(shared: Any) -> None:
    contact, other = shared.contact(), shared.contact()
    start = 1_600_000_000
    ids = [shared.conversation(contact, created_at=start + second) for second in range(3)]
    shared.conversation(other, created_at=start + 1)
    mine = is_("contact_ids", "=", contact)

    def at(operator: str, value: Any) -> list[str]:
        return search(shared, {"operator": "AND", "value": [mine, is_("created_at", operator, value)]})

    assert at("=", start + 1) == ids[1:2]
    assert at("=", str(start + 1)) == ids[1:2]
    assert at("IN", [start, start + 2]) == [ids[0], ids[2]]
    assert at("NIN", [start, start + 2]) == [ids[1]]
    # the operators let the bound itself through
    assert at(">", start + 1) == ids[1:]
    assert at("<", start + 1) == ids[:2]
    nested = {"operator": "OR", "value": [is_("created_at", "=", start), is_("created_at", "=", start + 2)]}
    assert search(shared, {"operator": "AND", "value": [mine, nested]}) == [ids[0], ids[2]]


def test_conversations_are_found_by_state_assignee_tag_and_words(sandbox: Any) -> None:
    closed, tagged = sandbox.conversation(body="I need help"), sandbox.conversation(body="Something else")
    sandbox.act(closed, "assignment", type="admin", assignee_id=sandbox.admin)
    sandbox.act(closed, "close")
    tag = sandbox.ok("POST", "/tags", {"name": "t"})["id"]
    sandbox.ok("POST", f"/conversations/{tagged}/tags", {"id": tag, "admin_id": sandbox.admin})
    assert search(sandbox, is_("state", "=", "closed")) == [closed]
    assert search(sandbox, is_("open", "=", True)) == [tagged]
    assert search(sandbox, is_("admin_assignee_id", "=", int(sandbox.admin))) == [closed]
    assert search(sandbox, is_("tag_ids", "=", tag)) == [tagged]
    assert search(sandbox, is_("tag_ids", "!=", tag)) == [closed]
    assert search(sandbox, is_("tag_ids", "IN", [tag])) == [tagged]
    assert search(sandbox, is_("source.body", "=", "help")) == [closed]
    assert search(sandbox, is_("source.body", "=", "need help")) == []
    assert search(sandbox, is_("source.body", "~", "ome")) == [tagged]


def test_search_finds_a_conversation_only_after_the_lag(start: Any) -> None:
    sandbox = start(search_lag=5)
    made = sandbox.conversation()
    assert search(sandbox, is_("id", "=", made)) == []
    assert sandbox.read(made)["id"] == made
    sandbox.clock.now += 5
    assert search(sandbox, is_("id", "=", made)) == [made]


FIFTEEN = [is_("read", "=", True)] * 15


@pytest.mark.parametrize(
    "query",
    [
        None,
        {},
        [],
        is_("custom_attributes.x", "=", 1),
        is_("created_at", "=", "soon"),
        is_("created_at", "~", 7),
        is_("contact_ids", ">", "x"),
        is_("contact_ids", "=", {"a": 1}),
        is_("read", "=", 1),
        {"operator": "AND", "value": []},
        {"operator": "AND", "value": [*FIFTEEN, is_("read", "=", True)]},
        {"operator": "AND", "value": [{"operator": "OR", "value": [{"operator": "AND", "value": FIFTEEN}]}]},
        {"operator": "AND", "value": ["x"]},
        {"field": ["x"], "operator": "=", "value": 1},
    ],
)
def test_a_query_that_intercom_does_not_know_is_refused(shared: Any, query: Any) -> None:
    assert shared.refused("POST", "/conversations/search", {"query": query})[0] == 400


def test_huge_numbers_are_searched_for_in_vain(shared: Any) -> None:
    assert search(shared, is_("created_at", "=", 1 << 70)) == []
