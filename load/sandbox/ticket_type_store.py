"""Keeping kinds of tickets: made by a request, or read from a workspace file."""

from typing import Any
from uuid import uuid4

import orjson

from deskferry.schemas.errors import InputError

from .answers import Json, not_found
from .state import Row, State

CUSTOMER, BACK_OFFICE, TRACKER = "Customer", "Back-office", "Tracker"
TITLE, DESCRIPTION = "_default_title_", "_default_description_"

_ICON = "🎟️"
_SETTINGS = {
    "required_to_create": False,
    "required_to_create_for_contacts": False,
    "visible_on_create": True,
    "visible_to_contacts": True,
    "multiline": False,
    "allow_multiple_values": False,
}
# category, what teammates read, what customers read
_STATES = (
    ("submitted", "Submitted", "Submitted"),
    ("in_progress", "In progress", "In progress"),
    ("waiting_on_customer", "Waiting on customer", "Waiting on you"),
    ("resolved", "Resolved", "Resolved"),
)


# What a workspace has that was never asked what it has.
_USUAL = (
    {"name": "Customer ticket", "category": CUSTOMER},
    {"name": "Back-office ticket", "category": BACK_OFFICE},
)


def seed(state: State, snapshot: Json, *, now: int) -> None:
    """The ticket types a workspace snapshot names, or a customer and a back-office one. Raises InputError."""
    for wanted in snapshot.get("ticket_types", _USUAL):
        states = [
            {
                "id": _number(one["id"], "ticket state"),
                "category": one["category"],
                "internal_label": one["label"],
                "external_label": one["label"],
            }
            for one in wanted.get("states", [])
        ]
        number = _number(wanted["id"], "ticket type") if "id" in wanted else None
        kind = add_type(state, {**wanted, "id": number}, now=now, states=states or None)
        for attribute in wanted.get("attributes", []):
            _seed_attribute(state, kind, attribute, now=now)


def _seed_attribute(state: State, kind: Row, wanted: Json, *, now: int) -> None:
    items = [{**option, "archived": False} for option in wanted.get("options", [])]
    body = {**wanted, "id": _number(wanted["id"], "ticket attribute"), "items": items}
    body["required_to_create"] = wanted.get("required", False)
    built_in = wanted["name"] in (TITLE, DESCRIPTION)
    if built_in:
        state.run("drop_ticket_type_attribute", ticket_type_id=kind["id"], name=wanted["name"])
    add_attribute(state, kind, body, now=now, built_in=built_in)


def _number(text: str, kind: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise InputError(f"the id of {kind} {text!r} in the workspace file is not a number")
    return int(text)


def add_type(state: State, body: Json, *, now: int, states: list[Json] | None = None) -> Row:
    """A new ticket type with title, description and states of its own.

    body: as POST /ticket_types takes it; `id` only from a workspace file. states: {id, category,
    internal_label, external_label}; None: the usual four.
    """
    row: Row = {
        "id": body.get("id"),
        "name": body["name"],
        "description": body.get("description", ""),
        "category": body.get("category", CUSTOMER),
        "icon": body.get("icon", _ICON),
        "is_internal": int(body.get("is_internal", False)),
        "archived": int(body.get("archived", False)),
        "created_at": now,
        "updated_at": now,
    }
    row["id"] = state.run("insert_ticket_type", **row)
    for name, multiline in ((TITLE, False), (DESCRIPTION, True)):
        wanted = {"name": name, "data_type": "string", "multiline": multiline}
        add_attribute(state, row, wanted, now=now, built_in=True)
    usual = [
        {"id": None, "category": category, "internal_label": internal, "external_label": external}
        for category, internal, external in _STATES
    ]
    for one in usual if states is None else states:
        known = state.one("ticket_state", id=one["id"]) if one["id"] is not None else None
        number = known["id"] if known else state.run("insert_ticket_state", **one)
        state.run("give_ticket_state", ticket_type_id=row["id"], state_id=number)
    return row


def add_attribute(state: State, kind: Row, body: Json, *, now: int, built_in: bool = False) -> Row:
    """A new attribute. body: as POST /ticket_types/{id}/attributes takes it, or with ready `items`."""
    items = body.get("items") or options_of(labels_in(body.get("list_items", "")))
    row: Row = {
        "id": body.get("id"),
        "ticket_type_id": kind["id"],
        "name": body["name"],
        "description": body.get("description", ""),
        "data_type": body["data_type"],
        "items": orjson.dumps(items if body["data_type"] == "list" else []).decode(),
        "settings": orjson.dumps({**_SETTINGS, **settings_in(body)}).decode(),
        "built_in": int(built_in),
        "archived": int(body.get("archived", False)),
        "created_at": now,
        "updated_at": now,
    }
    return {**row, "id": state.run("insert_ticket_type_attribute", **row)}


def known_type(state: State, type_id: Any) -> Row:
    """The ticket type. Raises Problem."""
    row = state.one("ticket_type", id=type_id)
    if row is None:
        raise not_found("Resource Not Found")
    return row


def type_of(state: State, row: Row) -> Row | None:
    """The type of a ticket, None of a conversation."""
    return state.one("ticket_type", id=row["ticket_type_id"]) if row["ticket_id"] is not None else None


def settings_in(body: Json) -> Json:
    """What a body says of who sees an attribute and who must fill it in."""
    return {key: body[key] for key in _SETTINGS if key in body}


def labels_in(wanted: str) -> list[str]:
    """The items of a list, with commas between them."""
    return [label.strip() for label in wanted.split(",") if label.strip()]


def options_of(labels: list[str]) -> list[Json]:
    """New items of a list, each with an id of its own."""
    return [{"id": str(uuid4()), "label": label, "archived": False} for label in labels]
