"""Chats, side conversations, calls, the Help Center: what stands beside tickets."""

from collections.abc import Callable
from typing import Any

import pytest

Record = dict[str, Any]
API = "https://acme.zendesk.com/api/v2"
UUID = "8566255a-ece5-11e8-857d-493066fa7b17"


def chat(chat_id: str = "2404.11.a", **more: Any) -> Record:
    return {
        "id": chat_id,
        "type": "chat",
        "visitor": {"id": "11.v", "name": "Ann", "email": "", "phone": "", "notes": ""},
        "session": {"id": "s", "ip": "192.0.2.1", "start_date": "2024-04-24T04:36:31Z"},
        "agent_ids": [4120927],
        "agent_names": ["Bob"],
        "department_id": None,
        "department_name": "",
        "timestamp": "2024-04-24T12:45:32+00:00Z",
        "end_timestamp": "2024-04-24T12:50:01Z",
        "duration": "717",
        "missed": False,
        "rating": "",
        "zendesk_ticket_id": "7",
        "history": [
            {"type": "chat.msg", "name": "Ann", "msg": "", "timestamp": "2024-04-24T12:45:33.165000Z"},
            {"type": "chat.rating", "rating": None, "new_rating": "good"},
        ],
        **more,
    }


def side(**more: Any) -> Record:
    return {
        "id": UUID,
        "ticket_id": 7,
        "url": f"{API}/tickets/7/side_conversations/{UUID}",
        "subject": "Part for Ann",
        "state": "open",
        "participants": [{"user_id": 21, "name": "Bob", "email": "bob@acme.test"}],
        "external_ids": {},
        "created_at": "2018-11-20T16:58:36.453+00:00",
        "updated_at": "2018-11-20T16:58:36.453+00:00",
        **more,
    }


def event(number: int, **more: Any) -> Record:
    return {
        "id": f"event-{number}",
        "url": f"{API}/tickets/7/side_conversations/{UUID}",
        "side_conversation_id": UUID,
        "ticket_id": 7,
        "type": "reply",
        "actor": {"user_id": 21, "name": "Bob"},
        "message": {"subject": "Part", "body": f"text {number}", "to": [{"email": "x@x.test"}]},
        "updates": {},
        "created_at": f"2018-11-20T16:58:{number:02d}.000+00:00",
        **more,
    }


def only(dataset: Any, entity: str) -> Record:
    (record,) = dataset.records(entity)
    return dict(record)


def found(dataset: Any, entity: str) -> int:
    return int(dataset.manifest["entities"].get(entity, {"found": 0})["found"])


def test_a_page_of_chats_gives_chats_with_empty_texts_as_null_and_times_in_utc(desk: Any) -> None:
    page = {"chats": [chat()], "count": 1, "end_time": 1, "next_page": f"{API}/incremental/chats?start=1"}
    dataset = desk.convert(desk.write("c.json", page))
    record = only(dataset, "chats")
    assert record["timestamp"] == "2024-04-24T12:45:32.000Z"
    assert record["visitor"] == {"id": "11.v", "name": "Ann", "email": None, "phone": None, "notes": None}
    assert (record["department_name"], record["rating"]) == (None, None)
    assert (record["agent_ids"], record["duration"], record["zendesk_ticket_id"]) == (["4120927"], 717.0, 7)
    assert record["history"] == chat()["history"]
    assert "extra" not in record


def test_chats_stand_on_lines_of_their_own_too_and_the_newest_copy_stays(desk: Any) -> None:
    left = chat("b", type="offline_msg", message="Are you there?", history=None, session=None)
    del left["history"], left["session"]
    older = chat(rating="bad", end_timestamp="2024-04-24T12:49:00Z")
    dataset = desk.convert(desk.write("chats.ndjson", desk.lines(older, chat(rating="good"), left)))
    first, second = dataset.records("chats")
    assert first["rating"] == "good"
    assert (second["type"], second["message"]) == ("offline_msg", "Are you there?")
    assert dataset.manifest["entities"]["chats"] == {
        **{"found": 3, "accepted": 2, "superseded": 1, "repeated": 0, "rejected": 0, "made": 0}
    }


def test_a_damaged_detail_never_costs_its_chat(desk: Any) -> None:
    odd = chat(visitor="Ann", history=["lost", {"type": "chat.msg"}], webpath={}, session="")
    record = only(desk.convert(desk.write("c.json", {"chats": [odd]})), "chats")
    assert (record["visitor"], record["session"]) == (None, None)
    assert record["history"] == [{"type": "chat.msg"}]
    assert record["extra"] == {"visitor": "Ann", "history": odd["history"], "webpath": {}}


def test_a_chat_inside_a_ticket_stays_whole_in_its_events(desk: Any) -> None:
    value = {"chat_id": "c", "history": [{"type": "ChatMessage", "message": "hi", "actor_id": "agent:4"}]}
    audit = {
        **{"id": 1, "ticket_id": 7, "author_id": -1, "created_at": "2024-05-01T10:00:00Z"},
        "events": [
            {"id": 2, "type": "ChatStartedEvent", "value": value},
            {"id": 3, "type": "ChatEndedEvent", "value": {"chat_id": "c", "is_served": True}},
        ],
    }
    started, ended = desk.convert(desk.write("a.json", {"audits": [audit]})).records("ticket_events")
    assert started["value"] == value
    assert ended["type"] == "ChatEndedEvent"


def test_events_found_apart_are_united_with_their_side_conversation(desk: Any) -> None:
    desk.write("7/side.json", {"side_conversations": [side()], "count": 1, "next_page": None})
    desk.write("7/events-2.json", {"events": [event(2), event(3)], "count": 3})
    desk.write("7/events-1.json", {"events": [event(1), event(2)], "count": 3})
    dataset = desk.convert()
    record = only(dataset, "side_conversations")
    assert [one["message"]["body"] for one in record["events"]] == ["text 1", "text 2", "text 3"]
    assert record["created_at"] == "2018-11-20T16:58:36.453Z"
    link = only(dataset, "ticket_links")
    assert (link["type"], link["ticket_id"], link["linked_id"]) == ("side", 7, UUID)
    counts = dataset.manifest["entities"]["side_conversation_events"]
    assert (counts["found"], counts["accepted"], counts["repeated"]) == (4, 3, 1)
    assert dataset.digest == desk.convert(workers=2).digest


def test_events_may_stand_inside_and_a_bad_one_costs_no_other(
    desk: Any, rejects: Callable[[Any], list[Record]]
) -> None:
    held = side(events=[event(1), "lost", event(2, created_at="yesterday"), event(3, message="text")])
    dataset = desk.convert(desk.write("s.json", {"side_conversation": held}))
    record = only(dataset, "side_conversations")
    assert [one["id"] for one in record["events"]] == ["event-1", "event-3"]
    assert record["events"][1]["extra"] == {"message": "text"}
    assert [(one["entity"], one["pointer"]) for one in rejects(dataset)] == [
        ("side_conversation_events", "/side_conversation/events/1"),
        ("side_conversation_events", "/side_conversation/events/2/created_at"),
    ]


def test_messages_whose_side_conversation_is_not_there_make_one(desk: Any) -> None:
    dataset = desk.convert(desk.write("e.ndjson", desk.lines(event(1), event(2))))
    record = only(dataset, "side_conversations")
    assert (record["id"], record["ticket_id"], record["placeholder"]) == (UUID, 7, True)
    assert len(record["events"]) == 2
    assert dataset.manifest["entities"]["side_conversations"]["made"] == 1


def test_a_side_conversation_by_child_ticket_names_that_ticket(desk: Any) -> None:
    held = side(external_ids={"targetTicketId": "8"})
    dataset = desk.convert(desk.write("s.json", {"side_conversations": [held]}))
    assert only(dataset, "ticket_links")["linked_ticket_id"] == 8


def test_a_side_conversation_without_a_ticket_takes_that_of_its_page(desk: Any) -> None:
    held = side(url=None)
    del held["ticket_id"]
    page = {"side_conversations": [held], "next_page": f"{API}/tickets/7/side_conversations?page=2"}
    assert only(desk.convert(desk.write("s.json", page)), "side_conversations")["ticket_id"] == 7


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("conversation_log", {"id": 1, "reference": "zen:ticket_event:1", "content": {}, "author": {}}),
        ("calls", {"id": 1, "completion_status": "completed", "duration": 8, "ticket_id": 7}),
        ("legs", {"id": 1, "call_id": 1, "talk_time": 8, "type": "agent"}),
        ("categories", {"id": 1, "name": "General", "html_url": "https://x.test"}),
        ("sections", {"id": 1, "name": "FAQ", "category_id": 1}),
        ("translations", {"id": 1, "source_id": 2, "locale": "de", "body": "<p>Hallo</p>"}),
        ("posts", {"id": 1, "title": "Idea", "details": "text"}),
        ("topics", {"id": 1, "name": "Ideas"}),
        ("votes", {"id": 1, "user_id": 11, "value": 1}),
        ("article_attachments", {"id": 1, "article_id": 2, "file_name": "a.pdf"}),
    ],
)
def test_what_has_no_entity_of_its_own_is_kept_raw(desk: Any, kind: str, record: Record) -> None:
    newer = {**record, "updated_at": "2024-05-02T00:00:00Z", "note": "newer"}
    older = {**record, "updated_at": "2024-05-01T00:00:00Z"}
    key = "events" if kind == "conversation_log" else kind
    dataset = desk.convert(desk.write("x.json", {key: [newer, older], "count": 2, "next_page": None}))
    kept = only(dataset, "configuration")
    assert (kept["id"], kept["kind"], kept["record"]) == (f"{kind}/1", kind, newer)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"source_type": "Article", "source_id": 2}, "article_comments"),
        ({"url": f"{API}/help_center/en-us/articles/2/comments/5.json"}, "article_comments"),
        ({"url": f"{API}/community/posts/2/comments/5.json"}, "post_comments"),
    ],
)
def test_a_comment_under_an_article_is_no_comment_of_a_ticket(desk: Any, more: Record, kind: str) -> None:
    record = {"id": 5, "author_id": 11, "body": "<p>Thanks</p>", "html_body": "x", **more}
    dataset = desk.convert(desk.write("12/comments.json", {"comments": [record], "count": 1}))
    assert found(dataset, "comments") == 0
    assert only(dataset, "configuration")["id"] == f"{kind}/5"


def article(locale: str, **more: Any) -> Record:
    return {
        **{"id": 2, "url": f"{API}/help_center/{locale}/articles/2.json", "html_url": "https://x.test/2"},
        **{"section_id": 1, "author_id": 11, "locale": locale, "source_locale": "en-us"},
        **{"title": f"Title {locale}", "body": f"<p>{locale}</p>", "label_names": ["a"], "draft": False},
        "updated_at": "2024-05-01T00:00:00Z",
        **more,
    }


def test_an_article_in_several_languages_is_one_article_and_its_translations(desk: Any) -> None:
    desk.write("de/articles.json", {"articles": [article("de", updated_at="2024-06-01T00:00:00Z")]})
    desk.write("en-us/articles.json", {"articles": [article("en-us")]})
    dataset = desk.convert()
    assert only(dataset, "articles")["body"] == "<p>en-us</p>"
    translation = only(dataset, "configuration")
    assert (translation["id"], translation["record"]["body"]) == ("translations/article/2/de", "<p>de</p>")
    alone = desk.convert(desk.exports / "de")
    assert only(alone, "articles")["body"] == "<p>de</p>"


def test_a_suspended_ticket_keeps_what_it_holds(desk: Any) -> None:
    held = {
        **{"id": 3, "url": f"{API}/suspended_tickets/3.json", "subject": "Hi", "content": "text"},
        **{
            "cause": "Detected as spam",
            "cause_id": 0,
            "author": {"id": None, "name": "A", "email": "a@x.test"},
        },
        **{"message_id": "<1@x>", "error_messages": ["odd"], "attachments": [], "ticket_id": None},
        **{"via": {"channel": "email"}, "created_at": "2024-05-01T10:00:00Z"},
    }
    record = only(desk.convert(desk.write("s.json", {"suspended_tickets": [held]})), "suspended_tickets")
    assert (record["cause"], record["author"]["email"]) == ("Detected as spam", "a@x.test")
    assert (record["error_messages"], record["extra"]) == ([], {"error_messages": ["odd"]})


def test_a_deleted_ticket_and_a_deleted_person_are_told_apart_from_living_ones(desk: Any) -> None:
    gone = {
        **{"id": 7, "subject": "Old", "actor": {"id": 21, "name": "Bob"}, "previous_state": "open"},
        "deleted_at": "20140704T15:37:04Z",
    }
    desk.write("t.json", {"deleted_tickets": [gone], "count": 1})
    desk.write("u.json", {"deleted_users": [{"id": 11, "name": "Ann", "email": None, "role": "end-user"}]})
    dataset = desk.convert()
    record = only(dataset, "tickets")
    assert (record["status"], record["deleted_at"]) == ("deleted", "2014-07-04T15:37:04.000Z")
    assert (record["actor"], record["previous_state"]) == ({"id": 21, "name": "Bob"}, "open")
    assert "extra" not in record
    assert only(dataset, "users")["active"] is False


def test_what_a_call_or_a_facebook_comment_tells_is_kept_on_its_comment(desk: Any) -> None:
    voice = desk.comment(
        1,
        type="VoiceComment",
        data={"from": "+1", "recording_duration": "7", "call_duration": 7, "transcription_text": None},
        formatted_from="+1 (000)",
        formatted_to="+2",
        transcription_visible=False,
        trusted=True,
    )
    post = desk.comment(2, type="FacebookComment", data={"type": "status"}, graph_object_id="9_9")
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, comments=[voice, post]))))
    first, second = dataset.records("comments")
    assert first["data"] == voice["data"]
    assert (first["formatted_from"], first["transcription_visible"]) == ("+1 (000)", False)
    assert second["graph_object_id"] == "9_9"
    assert "extra" not in first
    assert "extra" not in second
