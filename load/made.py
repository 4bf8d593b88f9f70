"""What a good answer says was made: the id the ledger keeps, and how a part is found in a conversation."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from .action import Action, Kind, Step


class _NoId(Enum):
    NO_ID = 0


NO_ID: Final = _NoId.NO_ID  # the answer lacks the id without which nothing more can be done about it

_ID = re.compile(r"[\w-]+", re.ASCII)
_PEOPLE = ("user", "lead", "contact")
# Intercom knows these by name.
_BY_NAME = (Kind.CONTACT_ATTRIBUTE, Kind.COMPANY_ATTRIBUTE)


def made_id(action: Action, body: Mapping[str, Any]) -> str | _NoId | None:
    """Intercom's id of what the answered call made; None where a call makes nothing that has one."""
    if action.step is Step.NOTE and action.kind in (Kind.CONTACT, Kind.COMPANY):
        return _id(body.get("id"))
    if action.step in (Step.NOTE, Step.MESSAGE):
        if action.kind is Kind.TICKET:  # answered with the part alone
            is_ours = body.get("created_at", action.witness["created_at"]) == action.witness["created_at"]
            return _id(body.get("id")) if is_ours else NO_ID
        parts = parts_at(body, action.witness)
        if not parts and not is_beyond(body, action.witness):
            return NO_ID  # an answer that does not show what it was asked for proves nothing
        return str(parts[0].get("id")) if len(parts) == 1 else None
    if action.step is not Step.CREATE:
        return None
    # The id of a new conversation's answer is that of its first message.
    found = body.get("conversation_id" if action.kind is Kind.CONVERSATION else "id")
    if found is None and action.kind in _BY_NAME:
        return action.key
    return _id(found)


def _id(shown: Any) -> str | _NoId:
    """An id as it stands in paths: text or a number."""
    return str(shown) if type(shown) in (str, int) and _ID.fullmatch(str(shown)) else NO_ID


def parts_at(conversation: Mapping[str, Any], witness: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The notes or messages of a conversation or ticket that (author, second) recognises."""
    return [part for part in shown_parts(conversation) if stands_at(part, witness)]


def shown_parts(conversation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts that an answer about a conversation or ticket shows."""
    kind = "ticket" if conversation.get("type") == "ticket" else "conversation"
    return listed(conversation, f"{kind}_parts", f"{kind}_parts")


def is_beyond(conversation: Mapping[str, Any], witness: Mapping[str, Any]) -> bool:
    """The target keeps older parts to itself, and this one would be among them."""
    shown = shown_parts(conversation)
    total = as_object(conversation.get("conversation_parts")).get("total_count")
    if not isinstance(total, int) or total <= len(shown):
        return False
    return all(int(part.get("created_at") or 0) > witness["created_at"] for part in shown)


def stands_at(part: Mapping[str, Any], witness: Mapping[str, Any]) -> bool:
    """The part is the note or message of this witness.

    A message that opens what was closed is shown as `open`. A contact is any: they are merged, and nobody
    but us gives a part a second of the past.
    """
    if part.get("created_at") != witness["created_at"]:
        return False
    if witness.get("visible"):
        if part.get("part_type") == "note" or part.get("body") is None:
            return False
    elif part.get("part_type") != "note":
        return False
    author = as_object(part.get("author"))
    if "contact" in witness:
        return author.get("type") in _PEOPLE
    return str(author.get("id")) == str(witness["admin_id"])


def listed(body: Any, *path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at `path` inside an answer; [] where the answer has another shape."""
    for name in path:
        body = as_object(body).get(name)
    return [item for item in body if isinstance(item, dict)] if isinstance(body, list) else []


def as_object(value: Any) -> Mapping[str, Any]:
    """An object of an answer; {} where there is none."""
    return value if isinstance(value, dict) else {}
