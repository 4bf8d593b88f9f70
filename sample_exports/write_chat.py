"""What stands beside tickets: chats, calls, side conversations, suspended mails, as their APIs give them."""

import json
from pathlib import Path

from .company import ACCOUNT, SECRET, Record, api_url
from .people import PEOPLE, person_id

_SUPPLIER = "7c1f0c52-5d0e-11f0-8f4d-493066fa7b17"
_CHILD = "91ab6c30-7714-11f0-9a60-493066fa7b17"


def write_chat(folder: Path) -> None:
    """Write one file for each answer."""
    pages: dict[str, Record] = {
        "chats.json": {"chats": _chats(), "count": 3, "end_time": 1780398000, "next_page": None},
        "calls.json": {"calls": _calls(), "count": 2, "next_page": None},
        "legs.json": {"legs": _legs(), "count": 2, "next_page": None},
        "side_conversations.json": {"side_conversations": _side(), "count": 2, "next_page": None},
        "side_conversation_events.json": {"events": _events(), "count": 3, "next_page": None},
        "suspended_tickets.json": {"suspended_tickets": _suspended(), "count": 1, "next_page": None},
    }
    for name, page in pages.items():
        text = json.dumps(page, ensure_ascii=False, indent=1)
        (folder / name).write_bytes(text.encode() + b"\n")


def _chats() -> list[Record]:
    """A chat that became ticket 50, one that nobody took, and a message left at night."""
    visitor = {"id": "2314815.h1", "name": "Siobhán", "email": PEOPLE["siobhan"]["email"], "phone": ""}
    session = {
        **{"id": "260602.2314815.s1", "ip": "192.0.2.50", "city": "Bergen", "country_code": "NO"},
        **{"browser": "Firefox", "platform": "Linux", "start_date": "2026-06-02T10:50:11Z"},
        "end_date": "2026-06-02T10:54:40Z",
    }
    said = [
        _said("10:51:40.112", "Siobhán", "Visitor", "hi, can I change the pick-up place of booking 5581?"),
        _said("10:52:03.807", "Jonas Lie", "Agent", "Hello Siobhán, of course. Where to?"),
        _said("10:52:47.310", "Siobhán", "Visitor", "Bergen harbour, thanks <3"),
        _said("10:53:10.004", "Jonas Lie", "Agent", "Done & confirmed."),
        {
            **{"type": "chat.rating", "timestamp": "2026-06-02T10:54:31.500000Z", "name": "Siobhán"},
            **{"rating": None, "new_rating": "good"},
        },
    ]
    served = _chat(
        "2606.2314815.T1",
        visitor={**visitor, "notes": f"{SECRET}: rents for a whole school class"},
        session=session,
        agent_ids=["4120927"],
        agent_names=["Jonas Lie"],
        department_id=771,
        department_name="Rentals",
        timestamp="2026-06-02T10:51:40Z",
        end_timestamp="2026-06-02T10:54:40Z",
        duration=180,
        rating="good",
        zendesk_ticket_id=50,
        history=said,
        tags=["rental"],
    )
    missed = _chat(
        "2606.2314815.T2",
        visitor={"id": "2314815.h2", "name": "Visitor 75731813", "email": "", "phone": "", "notes": ""},
        timestamp="2026-06-03T18:02:00+00:00Z",
        end_timestamp="2026-06-03T18:04:10+00:00Z",
        duration=130,
        missed=True,
        history=[_said("18:02:00.000", "Visitor 75731813", "Visitor", "anybody there?", day="2026-06-03")],
    )
    left = _chat(
        "2606.2314815.T3",
        type="offline_msg",
        visitor={
            "id": "2314815.h3",
            "name": "Wei",
            "email": PEOPLE["wei"]["email"],
            "phone": "",
            "notes": "",
        },
        timestamp="2026-06-04T02:15:32+00:00Z",
        message="Do you ship frames to Kobe? 神戸",
        unread=True,
    )
    del left["history"]
    return [served, missed, left]


def _chat(chat_id: str, **more: object) -> Record:
    return {
        "id": chat_id,
        "type": "chat",
        "session": {},
        "agent_ids": [],
        "agent_names": [],
        "department_id": None,
        "department_name": None,
        "missed": False,
        "unread": False,
        "rating": None,
        "comment": "",
        "tags": [],
        "webpath": [],
        "started_by": "visitor",
        "triggered": False,
        "zendesk_ticket_id": None,
        "history": [],
        **more,
    }


def _said(time: str, name: str, sender: str, text: str, *, day: str = "2026-06-02") -> Record:
    return {
        "type": "chat.msg",
        "timestamp": f"{day}T{time}000Z",
        "name": name,
        "sender_type": sender,
        "channel": "#supportchat:2314815",
        "msg": text,
    }


def _calls() -> list[Record]:
    caller = {"phone_number": "+47 22 55 01 00", "direction": "inbound", "customer_id": person_id("caller")}
    return [
        {
            **{"id": 90071, "ticket_id": 2, "completion_status": "voicemail", "duration": 41},
            **{"talk_time": 0, "agent_id": None, "created_at": "2026-05-12T08:14:22Z"},
            **{"updated_at": "2026-05-12T08:15:40Z", **caller},
        },
        {
            **{"id": 90072, "ticket_id": 42, "completion_status": "completed", "duration": 391},
            **{"talk_time": 360, "agent_id": person_id("maryam"), "created_at": "2026-05-13T09:00:00Z"},
            **{"updated_at": "2026-05-13T09:06:31Z", **caller},
        },
    ]


def _legs() -> list[Record]:
    both = {"call_id": 90072, "duration": 391, "created_at": "2026-05-13T09:00:00Z"}
    return [
        {"id": 180144, "type": "customer", "user_id": person_id("caller"), "talk_time": 360, **both},
        {"id": 180145, "type": "agent", "agent_id": person_id("maryam"), "talk_time": 360, **both},
    ]


def _side() -> list[Record]:
    """A question to the courier, and one to the workshop as a ticket of its own."""
    mailed = {
        **{"url": _address(18, _SUPPLIER), "id": _SUPPLIER, "ticket_id": 18, "state": "closed"},
        **{
            "subject": f"{SECRET} who broke the frame",
            "preview_text": "It left us whole.",
            "external_ids": {},
        },
        "participants": [_jonas(), _courier()],
        "created_at": "2026-06-09T08:00:00.453+00:00",
        "updated_at": "2026-06-10T09:30:00.101+00:00",
        "message_added_at": "2026-06-10T09:30:00.000+00:00",
        "state_updated_at": "2026-06-10T09:31:00.000+00:00",
    }
    child = {
        **{"url": _address(18, _CHILD), "id": _CHILD, "ticket_id": 18, "state": "open"},
        **{"subject": f"{SECRET} spare frame?", "preview_text": "", "external_ids": {"targetTicketId": "19"}},
        "participants": [_jonas()],
        "created_at": "2026-06-09T08:05:00.000+00:00",
        "updated_at": "2026-06-09T08:05:00.000+00:00",
    }
    return [mailed, child]


def _events() -> list[Record]:
    asked = {
        **{
            "subject": f"{SECRET} who broke the frame",
            "preview_text": "Was the box damaged?",
            "from": _jonas(),
        },
        **{
            "to": [_courier()],
            "body": f"{SECRET} Was the box damaged?",
            "attachments": [],
            "external_ids": {},
        },
        "html_body": f"<p>{SECRET} Was the box damaged?</p>",
    }
    answer = {
        **{"subject": "Re: the frame", "preview_text": "It left us whole.", "from": _courier()},
        **{"to": [_jonas()], "body": f"It left us whole. {SECRET}", "attachments": [], "external_ids": {}},
        "html_body": f"<p>It left us whole. {SECRET}</p>",
    }
    return [
        _event("reply", "2026-06-10T09:30:00.000+00:00", _courier(), message=answer),
        _event("create", "2026-06-09T08:00:00.453+00:00", _jonas(), message=asked),
        _event("update", "2026-06-10T09:31:00.000+00:00", _jonas(), updates={"state": "closed"}),
    ]


def _event(kind: str, time: str, actor: Record, **more: object) -> Record:
    return {
        "id": f"{_SUPPLIER}-{kind}",
        "side_conversation_id": _SUPPLIER,
        "ticket_id": 18,
        "type": kind,
        "via": "support" if actor == _jonas() else "email",
        "actor": actor,
        "message": None,
        "updates": {},
        "created_at": time,
        "url": _address(18, _SUPPLIER),
        **more,
    }


def _suspended() -> list[Record]:
    number = 25_300_000_000_001
    return [
        {
            **{"url": api_url(f"suspended_tickets/{number}"), "id": number, "subject": "You won a bicycle"},
            **{"content": f"Click here. {SECRET}", "cause": "Detected as spam", "cause_id": 0},
            "author": {"id": None, "name": "Prize Office", "email": "prize@spam.test"},
            **{"recipient": "support@haldenbikes.test", "message_id": "<prize@spam.test>", "ticket_id": None},
            **{"brand_id": None, "attachments": [], "error_messages": None},
            "via": {"channel": "email", "source": {"from": {"address": "prize@spam.test"}, "to": {}}},
            **{"created_at": "2026-11-20T03:00:00Z", "updated_at": "2026-11-20T03:00:00Z"},
        }
    ]


def _jonas() -> Record:
    return _participant("jonas")


def _courier() -> Record:
    return _participant("courier")


def _participant(name: str) -> Record:
    person = PEOPLE[name]
    return {"user_id": person["id"], "name": person["name"], "email": person["email"]}


def _address(ticket: int, conversation: str) -> str:
    return f"https://{ACCOUNT}.zendesk.com/api/v2/tickets/{ticket}/side_conversations/{conversation}.json"
