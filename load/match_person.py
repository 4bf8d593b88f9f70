"""Which of Intercom's contacts a person is: by product id, then by e-mail, then by phone number.

In: what a person is known by, and contacts that share some of it. Out: the one, or why there is none.
Leads are nobody: they can't write in a conversation, and to make one a user would change who it is.
"""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

KEYS = ("external_id", "email", "phone")  # the surest first
_LEAST_DIGITS = 7  # shorter numbers are extensions


@dataclass(frozen=True, slots=True)
class Found:
    """The contact that stands for a person. by: one of KEYS."""

    contact: Mapping[str, Any]
    by: str


@dataclass(frozen=True, slots=True)
class Several:
    """More than one contact could be meant. by: one of KEYS. ids: of Intercom."""

    by: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnlyLeads:
    """Nobody but leads has this e-mail or product id."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nobody:
    """No contact is this person."""


Match = Found | Several | OnlyLeads | Nobody


def match_person(known_by: Mapping[str, Any], contacts: Iterable[Mapping[str, Any]]) -> Match:
    """The contact among `contacts` that a person is. known_by: of KEYS, those he may be found by.

    A phone number is a hint only: it counts for a contact that has no other e-mail and no other product id.
    """
    here = [contact for contact in contacts if not contact.get("archived")]
    users = [contact for contact in here if contact.get("role") != "lead"]
    for key in KEYS:
        wanted = comparable(key, known_by.get(key))
        same = [one for one in users if wanted and comparable(key, one.get(key)) == wanted]
        if key == "phone":
            same = [one for one in same if not _someone_else(known_by, one)]
        if len(same) == 1:
            return Found(same[0], key)
        if same:
            return Several(key, tuple(sorted(str(one["id"]) for one in same)))
    leads = {str(one["id"]) for one in here if one.get("role") == "lead" and _named(known_by, one)}
    return OnlyLeads(tuple(sorted(leads))) if leads else Nobody()


def comparable(key: str, value: Any) -> str:
    """A value of a key as it is compared; nothing where there is none. Intercom escapes what it shows."""
    if value is None:
        return ""
    text = html.unescape(str(value)).strip()
    if key == "phone":
        digits = "".join(char for char in text if char.isdecimal()).lstrip("0")
        return digits if len(digits) >= _LEAST_DIGITS else ""
    return text.casefold() if key == "email" else text


def _someone_else(known_by: Mapping[str, Any], contact: Mapping[str, Any]) -> bool:
    pairs = [(comparable(key, known_by.get(key)), comparable(key, contact.get(key))) for key in KEYS[:2]]
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def _named(known_by: Mapping[str, Any], contact: Mapping[str, Any]) -> bool:
    return any(
        (wanted := comparable(key, known_by.get(key))) and comparable(key, contact.get(key)) == wanted
        for key in KEYS[:2]
    )
