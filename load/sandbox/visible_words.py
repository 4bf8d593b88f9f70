"""What a customer could read of a request: the words in it that he sees once it is accepted."""

from collections.abc import Mapping
from typing import Any

import orjson

from .state import Row, State

_CONTACT_WORDS = ("name", "email", "phone", "avatar")
_NEW_TICKETS = ("POST /tickets", "POST /tickets/enqueue", "POST /conversations/{id}/convert")


def visible_words(state: State, endpoint: str, ids: Mapping[str, str], body: Any) -> list[str]:
    """The texts of a request that a customer can read once it is accepted.

    Notes, titles, tags and attributes of conversations are for teammates only. Of tickets, customers see what
    their type shows them, unless the ticket is not shared. endpoint: "METHOD /pattern"; ids: values of it.
    """
    if not isinstance(body, dict):
        return []
    if endpoint in ("POST /contacts", "PUT /contacts/{id}"):
        return _texts([body.get(key) for key in _CONTACT_WORDS])
    if endpoint == "POST /conversations":
        return _texts([body.get("subject"), body.get("body"), body.get("attachment_urls")])
    if endpoint in ("POST /conversations/{id}/reply", "POST /tickets/{id}/reply"):
        return _reply_words(body) if _is_shared(state, ids, {}) else []
    if endpoint == "POST /conversations/{id}/parts":
        return _texts([body.get("body")])
    if endpoint in _NEW_TICKETS:
        kind = _type(state, body.get("ticket_type_id"))
        values = body.get("attributes" if "convert" in endpoint else "ticket_attributes")
        return _shown_values(state, kind, values) if kind and kind["category"] == "Customer" else []
    if endpoint == "PUT /tickets/{id}" and _is_shared(state, ids, body):
        row = state.one("conversation", id=ids["id"]) or {}
        return _shown_values(state, _type(state, row.get("ticket_type_id")), body.get("ticket_attributes"))
    return []


def _reply_words(body: Mapping[str, Any]) -> list[str]:
    if body.get("message_type") == "note":
        return []
    files = body.get("attachment_files")
    names = [file.get("name") for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    return _texts([body.get("body"), body.get("attachment_urls"), names, body.get("reply_options")])


def _is_shared(state: State, ids: Mapping[str, str], body: Mapping[str, Any]) -> bool:
    """Whether the customer sees what is said: in conversations always, in tickets that are shared."""
    row = state.one("conversation", id=ids["id"])
    return row is None or row["ticket_id"] is None or bool(row["is_shared"] or body.get("is_shared"))


def _type(state: State, type_id: Any) -> Row | None:
    return state.one("ticket_type", id=type_id) if isinstance(type_id, (str, int)) else None


def _shown_values(state: State, kind: Row | None, values: Any) -> list[str]:
    if kind is None or not isinstance(values, dict):
        return []
    rows = state.all("attributes_of_ticket_type", id=kind["id"])
    shown = {row["name"] for row in rows if orjson.loads(row["settings"])["visible_to_contacts"]}
    return _texts([value for name, value in values.items() if name in shown])


def _texts(values: Any) -> list[str]:
    if isinstance(values, str):
        return [values] if values else []
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list):
        return [text for value in values for text in _texts(value)]
    return []
