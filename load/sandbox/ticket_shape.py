"""How Intercom shows tickets and their parts."""

from typing import Any

import orjson

from .answers import Json
from .call import Call
from .contacts import reference
from .conversation_shape import SHOWN_PARTS, attachments_shape, author_shape, linked_shape
from .state import Row, State
from .ticket_type_shape import state_shape, type_shape
from .ticket_values import shown_values


def show_ticket(state: State, row: Row, call: Call) -> Json:
    """A ticket with its newest parts, oldest of them first. Neither its tags nor its company are shown."""
    kind = state.one("ticket_type", id=row["ticket_type_id"]) or {}
    contact = state.one("contact", id=row["contact_id"])
    previous = row["previous_ticket_state_id"]
    found = state.all("newest_parts", id=row["id"], limit=SHOWN_PARTS)
    count = (state.one("count_parts", id=row["id"]) or {"count": 0})["count"]
    ticket = {
        "type": "ticket",
        "id": str(row["id"]),
        "ticket_id": str(row["ticket_id"]),
        "category": kind["category"],
        "ticket_attributes": shown_values(state, kind, orjson.loads(row["ticket_attributes"])),
        "ticket_state": state_shape(state.one("ticket_state", id=row["ticket_state_id"]) or {}),
        "ticket_type": type_shape(state, kind),
        "contacts": {"type": "contact.list", "contacts": [reference(contact)] if contact else []},
        "admin_assignee_id": row["admin_assignee_id"],
        "team_assignee_id": row["team_assignee_id"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "open": row["state"] != "closed",
        "linked_objects": linked_shape(state, row),
        "ticket_parts": {
            "type": "ticket_part.list",
            "ticket_parts": [_part(state, part, call) for part in found],
            "total_count": count,
        },
        "is_shared": bool(row["is_shared"]),
        "previous_ticket_state_id": None if previous is None else str(previous),
    }
    if row["snoozed_until"] is not None:
        ticket["snoozed_until"] = row["snoozed_until"]
    return ticket


def show_reply(state: State, part: Row, call: Call) -> Json:
    """A part as the answer to the reply that made it."""
    return _part(state, part, call)


def _part(state: State, row: Row, call: Call) -> Json:
    part: Json = {
        "type": "ticket_part",
        "id": str(row["id"]),
        "part_type": row["part_type"],
        "body": row["body"],
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
        "author": _author(state, row),
        "attachments": attachments_shape(row["attachments"], call),
        "redacted": bool(row["redacted"]),
    }
    if row["assigned_type"] is not None:
        part["assigned_to"] = {"type": row["assigned_type"], "id": row["assigned_id"]}
    if row["ticket_state"] is not None:
        part |= {key: row[key] for key in ("previous_ticket_state", "ticket_state")}
    if row["changed"] is not None:
        part["updated_attribute_data"] = orjson.loads(row["changed"])
    return part


def _author(state: State, row: Row) -> Any:
    author = author_shape(state, row["author_type"], row["author_id"])
    # Authors of ticket parts are admins, bots, teams and users.
    return {**author, "type": "user"} if author["type"] == "lead" else author
