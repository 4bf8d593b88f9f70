"""How Intercom shows conversations and their parts."""

from typing import Any

import orjson

from .answers import Json
from .bodies import escaped, to_text
from .call import Call
from .companies import company_shape
from .contacts import reference
from .state import Row, State
from .workspace import tag_shape, workspace_id

SHOWN_PARTS = 500  # older ones can't be read at all
REDACTED = "<p><i>This message was deleted</i></p>"  # what is left of a text


def show(state: State, row: Row, call: Call) -> Json:
    """A conversation with its newest parts, oldest of them first."""
    found = state.all("newest_parts", id=row["id"], limit=SHOWN_PARTS)
    count = (state.one("count_parts", id=row["id"]) or {"count": 0})["count"]
    people: dict[tuple[str, str], Json] = {}
    return {
        **show_brief(state, row, call),
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": [_part(state, part, call, people) for part in found],
            "total_count": count,
        },
    }


def show_brief(state: State, row: Row, call: Call) -> Json:
    """A conversation as lists and searches show it: without parts."""
    contact = state.one("contact", id=row["contact_id"]) or {}
    return {
        "type": "conversation",
        "id": str(row["id"]),
        "title": row["title"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "waiting_since": row["waiting_since"],
        "snoozed_until": row["snoozed_until"],
        "source": {
            "type": "conversation",
            "id": str(row["message_id"]),
            "delivered_as": "customer_initiated",
            "subject": row["subject"],
            "body": _body(row["body"], call),
            "author": _person(contact.get("role", "user"), contact),
            "attachments": attachments_shape(row["attachments"], call),
            "url": None,
            "redacted": row["body"] == REDACTED,
        },
        "contacts": {"type": "contact.list", "contacts": _people(state, row, contact)},
        "company": _company(state, row),
        "first_contact_reply": {"created_at": row["created_at"], "type": "conversation", "url": None},
        "open": row["state"] != "closed",
        "state": row["state"],
        "read": bool(row["read"]),
        "priority": "none",
        "admin_assignee_id": row["admin_assignee_id"],
        "team_assignee_id": row["team_assignee_id"],
        "tags": {"type": "tag.list", "tags": _tags(state, row["id"])},
        "sla_applied": None,
        "statistics": None,
        "conversation_rating": None,
        "teammates": None,
        "custom_attributes": orjson.loads(row["custom_attributes"]),
        "linked_objects": linked_shape(state, row),
        "ai_agent": None,
        "ai_agent_participated": False,
    }


def _people(state: State, row: Row, first: Row) -> list[Json]:
    others = state.all("customers_of_conversation", id=row["id"])
    return [reference(one) for one in ([first] if first else []) + others]


def _company(state: State, row: Row) -> Json | None:
    company = state.one("company", id=row["company_id"]) if row["company_id"] else None
    return company_shape(state, company) if company else None


def _part(state: State, row: Row, call: Call, people: dict[tuple[str, str], Json]) -> Json:
    key = (row["author_type"], row["author_id"])
    if key not in people:
        people[key] = author_shape(state, *key)
    assigned: Json | None = None
    if row["assigned_type"] is not None:
        assigned = {"type": row["assigned_type"], "id": row["assigned_id"]}
    return {
        "type": "conversation_part",
        "id": str(row["id"]),
        "part_type": row["part_type"],
        "body": _body(row["body"], call),
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
        "notified_at": row["created_at"],
        "assigned_to": assigned,
        "author": people[key],
        "attachments": attachments_shape(row["attachments"], call),
        "external_id": None,
        "redacted": bool(row["redacted"]),
        "state": row["state"],
        "metadata": {},
        "email_message_metadata": None,
        "app_package_code": None,
    }


def author_shape(state: State, kind: str, author_id: str) -> Json:
    """Who wrote or did something: an admin, a contact, or Operator."""
    if kind == "bot":
        email = f"operator+{workspace_id(state)}@intercom.io"
        return {"type": "bot", "id": author_id, "name": "Operator", "email": email}
    row = state.one("admin", id=author_id) if kind == "admin" else state.one("contact", id=author_id)
    return _person(kind, row or {"id": author_id, "name": None, "email": None})


def _person(kind: str, row: Row) -> Json:
    person: Json = {"type": kind, "id": str(row.get("id", "")), "name": escaped(row.get("name"))}
    if row.get("email"):
        person["email"] = escaped(row["email"])
    return person


def _tags(state: State, conversation_id: int) -> list[Json]:
    return [
        {
            **tag_shape(row),
            "applied_at": row["applied_at"],
            "applied_by": {"type": "admin", "id": row["admin_id"]},
        }
        for row in state.all("tags_of_conversation", id=conversation_id)
    ]


def linked_shape(state: State, row: Row) -> Json:
    """What hangs together with it: tickets and conversations."""
    data = [
        {
            "type": "ticket" if one["ticket_id"] is not None else "conversation",
            "id": str(one["id"]),
            "category": one["category"],
        }
        for one in state.all("linked", id=row["id"])
    ]
    return {"type": "list", "data": data, "total_count": len(data), "has_more": False}


def attachments_shape(stored: str, call: Call) -> list[Json]:
    """Attachments with addresses that lead here."""
    shown: list[Json] = orjson.loads(stored)
    for file in shown:
        if file["url"].startswith("/"):
            file["url"] = call.base_url + file["url"]
    return shown


def _body(body: str | None, call: Call) -> Any:
    return to_text(body) if body is not None and call.query.get("display_as") == "plaintext" else body
