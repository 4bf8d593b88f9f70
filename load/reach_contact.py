"""How a person comes to a contact: it is made, looked for, or known beforehand from the snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from deskferry.schemas.errors import RecordError

from .known_people import KnownPeople, has_blanks
from .match_person import Found, Nobody, OnlyLeads, Several

NAMES = {"external_id": "product id", "email": "e-mail", "phone": "phone number"}


class Policy(StrEnum):
    """What becomes of people whom Intercom does not know."""

    CREATE = "create"
    MATCH = "match"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class Reach:
    """The first call of a contact; its fields are those of an Action."""

    method: str
    path: str
    payload: Mapping[str, Any]
    calls: tuple[int, int]
    witness: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)


def reach(
    user_id: int,
    known_by: Mapping[str, str],
    values: Mapping[str, Any],
    *,
    policy: Policy,
    known: KnownPeople | None,
) -> Reach:
    """The call for a person. known_by: see match_person. values: what a new contact would be made of.

    known: the people of the snapshot, None where it has none. Raises RecordError where there is none.
    """
    if known is None:
        # A 409, a read, blanks; or a search, blanks.
        return _made(known_by, values, (1, 3)) if policy is Policy.CREATE else _searched(known_by, values)
    match, alike = known.match(known_by)
    leads = [str(one["id"]) for one in alike if one["role"] == "lead"]
    match match:
        case Found(contact, by):
            if leads:
                known.say(
                    "leads",
                    f"user {user_id} is contact {contact['id']}; lead {', '.join(leads)} is left alone",
                )
            if by == "phone":
                known.say("by phone", f"user {user_id} is contact {contact['id']} by his phone number")
            return _known(contact, known_by, values)
        case Several(by, ids):
            reason = f"several contacts of Intercom have the {NAMES[by]} of user {user_id}: {', '.join(ids)}"
            known.say("several", reason)
            if policy is Policy.REQUIRE:
                known.miss(str(user_id), reason)
            raise RecordError(reason)
        case OnlyLeads(ids):
            words = f"only leads of Intercom have the e-mail of user {user_id}: {', '.join(ids)}"
            known.say(
                "leads", words if policy is not Policy.CREATE else f"{words}; a user is made beside them"
            )
        case Nobody():
            words = f"Intercom does not know user {user_id} ({', '.join(known_by.values())})"
    if policy is Policy.CREATE:
        return _made(known_by, values, (1, 1))
    if policy is Policy.REQUIRE:
        known.miss(str(user_id), words)
        raise RecordError(words)
    known.say("unknown", words)
    return _searched(known_by, values)


def _made(known_by: Mapping[str, str], values: Mapping[str, Any], calls: tuple[int, int]) -> Reach:
    identity = {key: value for key, value in known_by.items() if key != "phone"}
    return Reach("POST", "/contacts", values, calls, identity)


def _searched(known_by: Mapping[str, str], values: Mapping[str, Any]) -> Reach:
    terms = [{"field": key, "operator": "=", "value": value} for key, value in known_by.items()]
    query = {"query": {"operator": "OR", "value": terms}}
    return Reach("POST", "/contacts/search", query, (1, 2), known_by, values)


def _known(contact: Mapping[str, Any], known_by: Mapping[str, str], values: Mapping[str, Any]) -> Reach:
    calls = 2 if has_blanks(contact, values) else 1
    return Reach("GET", f"/contacts/{contact['id']}", {}, (calls, calls), known_by, values)
