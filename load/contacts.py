"""Making a contact, or taking over the one that is there, without ever changing who it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .action import Action
from .answers import Conflict, Done, Failed, InDoubt
from .client import Call, Client
from .ledger_file import Origin
from .perform import Patience, Result, perform

# Of a contact that exists only blanks are filled, and these not even then: they say who it is, or that
# we made it.
_NEVER = {"external_id", "name", "email", "role", "unsubscribed_from_emails", "email_verified", "owner_id"}
_OURS = "imported_from"


@dataclass(frozen=True, slots=True)
class Contact:
    """The contact that stands for a person."""

    id: str
    origin: Origin


def settle_contact(
    client: Client, action: Action, payload: Mapping[str, Any], result: Result, patience: Patience
) -> Contact | Failed | InDoubt:
    """What the answer to a contact's call comes to: made, found, taken over, or failed with the reason."""
    match result:
        case Done(body) if action.path == "/contacts/search":
            return _matched(body)
        case Done({"id": str(id_)}):
            return Contact(id_, Origin.CREATED)
        case Done():
            return Failed("no_id", "the answer names no contact")
        case Conflict(archived=True):
            return Failed("conflict", f"{result.text} (archived contacts are not revived)", 409)
        case Conflict():
            return _adopt(client, action, payload, result, patience)
        case _:
            return result


def _matched(body: Any) -> Contact | Failed:
    found = body.get("data") if isinstance(body, dict) else None
    ids = [str(item["id"]) for item in found or () if isinstance(item, dict) and item.get("id")]
    if len(ids) == 1:
        return Contact(ids[0], Origin.ADOPTED)
    if not ids:
        return Failed("no_match", "Intercom has no contact with these details, and the mapping makes none")
    return Failed("several_matches", f"several contacts match: {', '.join(ids)}")


def _adopt(
    client: Client, action: Action, payload: Mapping[str, Any], conflict: Conflict, patience: Patience
) -> Contact | Failed | InDoubt:
    found = _existing(client, payload, conflict, patience)
    if isinstance(found, Failed):
        return found
    id_ = str(found["id"])
    theirs = found.get("custom_attributes") or {}
    if theirs.get(_OURS) == "zendesk" and str(theirs.get("zendesk_user_id")) == action.key:
        return Contact(id_, Origin.CREATED)  # our own call, whose answer was lost
    blanks = blanks_of(found, payload)
    if blanks:
        match perform(client, Call("PUT", f"/contacts/{id_}", blanks), patience):
            case Failed() as failed:
                return replace(failed, text=f"contact {id_} exists; filling its blanks: {failed.text}")
            case Conflict(text=text):
                return Failed("conflict", f"contact {id_} exists; filling its blanks: {text}", 409)
            case _:
                pass
    return Contact(id_, Origin.ADOPTED)


def blanks_of(found: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    """What of `payload` the contact has no value for and may be given."""
    blanks = {
        key: value
        for key, value in payload.items()
        if key not in _NEVER and key != "custom_attributes" and found.get(key) in (None, "")
    }
    theirs = found.get("custom_attributes") or {}
    attributes = {
        key: value
        for key, value in (payload.get("custom_attributes") or {}).items()
        if key != _OURS and theirs.get(key) in (None, "")
    }
    return {**blanks, "custom_attributes": attributes} if attributes else blanks


def _existing(
    client: Client, payload: Mapping[str, Any], conflict: Conflict, patience: Patience
) -> Mapping[str, Any] | Failed:
    """The contact a 409 speaks of: by the id in its words, which are no contract, else by searching."""
    if conflict.id is not None:
        match perform(client, Call("GET", f"/contacts/{conflict.id}"), patience):
            case Done(dict() as body):
                return body
            case Failed(status=404):
                pass
            case Failed() as failed:
                return replace(failed, text=f"{conflict.text}; reading it: {failed.text}")
            case _:
                return Failed("conflict", f"{conflict.text}; it can't be read", 409)
    for field in ("external_id", "email"):
        if payload.get(field):
            query = {"field": field, "operator": "=", "value": payload[field]}
            match perform(client, Call("POST", "/contacts/search", {"query": query}), patience):
                case Done({"data": [dict() as body]}):
                    return body
                case _:
                    pass
    return Failed("conflict", conflict.text, 409)
