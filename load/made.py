"""What a good answer says was made: the id the ledger keeps, and how a part is found in a conversation."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from .action import Action, Kind, Step


class _NoId(Enum):
    NO_ID = 0


NO_ID: Final = _NoId.NO_ID  # the answer lacks the id without which nothing more can be done about it

# Intercom knows these by name.
_BY_NAME = (Kind.CONTACT_ATTRIBUTE, Kind.COMPANY_ATTRIBUTE)


def made_id(action: Action, body: Mapping[str, Any]) -> str | _NoId | None:
    """Intercom's id of what the answered call made; None where a call makes nothing that has one."""
    if action.step is Step.NOTE and action.kind in (Kind.CONTACT, Kind.COMPANY):
        return str(body["id"]) if "id" in body else NO_ID
    if action.step in (Step.NOTE, Step.MESSAGE):
        if action.kind is Kind.TICKET:  # answered with the part alone
            return str(body["id"]) if "id" in body else None
        parts = parts_at(body, action.witness)
        return parts[0] if len(parts) == 1 else None
    if action.step is not Step.CREATE:
        return None
    # The id of a new conversation's answer is that of its first message.
    found = body.get("conversation_id" if action.kind is Kind.CONVERSATION else "id")
    if found is None and action.kind in _BY_NAME:
        return action.key
    return NO_ID if found is None else str(found)


def parts_at(conversation: Mapping[str, Any], witness: Mapping[str, Any]) -> list[str]:
    """Ids of the notes of a conversation or ticket that (author, second) recognises."""
    kind = "ticket" if conversation.get("type") == "ticket" else "conversation"
    parts = listed(conversation, f"{kind}_parts", f"{kind}_parts")
    return [
        str(part.get("id"))
        for part in parts
        if part.get("part_type") == "note"
        and part.get("created_at") == witness["created_at"]
        and str(as_object(part.get("author")).get("id")) == str(witness["admin_id"])
    ]


def listed(body: Any, *path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at `path` inside an answer; [] where the answer has another shape."""
    for name in path:
        body = as_object(body).get(name)
    return [item for item in body if isinstance(item, dict)] if isinstance(body, list) else []


def as_object(value: Any) -> Mapping[str, Any]:
    """An object of an answer; {} where there is none."""
    return value if isinstance(value, dict) else {}
