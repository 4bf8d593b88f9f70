"""Making a contact, or taking over the one that is there, without ever changing who it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from .action import Action
from .answers import Conflict, Done, Failed, InDoubt
from .client import Call, Client
from .ledger_file import Origin
from .made import as_object, listed
from .match_person import Found, OnlyLeads, Several, match_person
from .perform import Patience, Result, perform

# Of a contact that exists only blanks are filled, and these not even then: they say who it is, or that
# we made it.
_NEVER = {"external_id", "name", "email", "role", "unsubscribed_from_emails", "email_verified", "owner_id"}
_OURS = "imported_from"


@dataclass(frozen=True, slots=True)
class Settled:
    """The contact or company that stands for somebody."""

    id: str
    origin: Origin


def settle_contact(
    client: Client, action: Action, result: Result, patience: Patience, *, revive: bool = False
) -> Settled | Failed | InDoubt:
    """What the answer to a contact's call comes to: made, found, taken over, or failed with the reason.

    revive: a contact that was put away is brought back.
    """
    match result:
        case Done(body) if action.path == "/contacts/search":
            return _matched(client, action, body, patience)
        case Done(dict() as body) if action.method == "GET":
            return _take_over(client, action, body, patience)
        case Failed(status=404) if action.method == "GET":
            text = f"{result.text}: the contact of the snapshot is gone; take a new one and plan again"
            return replace(result, text=text)
        case Done({"id": str(id_)}):
            return Settled(id_, Origin.CREATED)
        case Done():
            return Failed("no_id", "the answer names no contact")
        case Conflict(archived=True) if not revive:
            return Failed("conflict", f"{result.text} (archived contacts are not revived)", 409)
        case Conflict():
            return _adopt(client, action, result, patience)
        case _:
            return result


def blanks_of(found: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    """What of `payload` the contact has no value for and may be given."""
    blanks = {
        key: value
        for key, value in payload.items()
        if key not in _NEVER and key != "custom_attributes" and found.get(key) in (None, "")
    }
    theirs = as_object(found.get("custom_attributes"))
    attributes = {
        key: value
        for key, value in (payload.get("custom_attributes") or {}).items()
        if key != _OURS and theirs.get(key) in (None, "")
    }
    return {**blanks, "custom_attributes": attributes} if attributes else blanks


def _matched(client: Client, action: Action, body: Any, patience: Patience) -> Settled | Failed | InDoubt:
    contacts = [item for item in listed(body, "data") if item.get("id")]
    match match_person(action.witness, contacts):
        case Found(contact):
            return _take_over(client, action, contact, patience)
        case Several(ids=ids):
            return Failed("several_matches", f"several contacts match: {', '.join(ids)}")
        case OnlyLeads(ids=ids):
            return Failed("only_leads", f"only leads match, who can't write: {', '.join(ids)}")
        case _:
            words = "Intercom has no contact with these details, and the mapping makes none"
            return Failed("no_match", words)


def _adopt(
    client: Client, action: Action, conflict: Conflict, patience: Patience
) -> Settled | Failed | InDoubt:
    """Take over the contact that a 409 speaks of."""
    if conflict.archived:
        failed = _revive(client, conflict, patience)
        if failed is not None:
            return failed
    found = _existing(client, action.intended, conflict, patience)
    return found if isinstance(found, Failed) else _take_over(client, action, found, patience)


def _take_over(
    client: Client, action: Action, found: Mapping[str, Any], patience: Patience
) -> Settled | Failed | InDoubt:
    """A contact that is there stands for the person; its blanks are filled."""
    id_ = str(found["id"])
    if found.get("role") == "lead":
        return Failed("only_leads", f"contact {id_} is a lead, who can't write; make it a user in Intercom")
    theirs = as_object(found.get("custom_attributes"))
    if theirs.get(_OURS) == "zendesk" and str(theirs.get("zendesk_user_id")) == action.key:
        return Settled(id_, Origin.CREATED)  # our own call, whose answer was lost
    blanks = blanks_of(found, action.intended)
    if blanks:
        match perform(client, Call("PUT", f"/contacts/{id_}", blanks), patience):
            case Failed() as failed:
                return replace(failed, text=f"contact {id_} exists; filling its blanks: {failed.text}")
            case Conflict(text=text):
                return Failed("conflict", f"contact {id_} exists; filling its blanks: {text}", 409)
            case _:
                pass
    return Settled(id_, Origin.ADOPTED)


def _revive(client: Client, conflict: Conflict, patience: Patience) -> Failed | None:
    """Bring back the contact that was put away; why it can't be, if it can't."""
    if conflict.id is None:
        return Failed("conflict", f"{conflict.text}: it has no id to be revived by", 409)
    match perform(client, Call("POST", f"/contacts/{conflict.id}/unarchive", {}), patience):
        case Done():
            return None
        case Failed() as failed:
            return replace(failed, text=f"{conflict.text}; reviving it: {failed.text}")
        case _:
            return Failed("conflict", f"{conflict.text}; it can't be revived", 409)


def _existing(
    client: Client, intended: Mapping[str, Any], conflict: Conflict, patience: Patience
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
    if intended.get("external_id"):  # does not lag, as search does
        path = f"/contacts/find_by_external_id/{quote(str(intended['external_id']), safe='')}"
        match perform(client, Call("GET", path), patience):
            case Done(dict() as body) if "id" in body:
                return body
            case _:
                pass
    for field in ("external_id", "email"):
        if intended.get(field):
            query = {"field": field, "operator": "=", "value": intended[field]}
            match perform(client, Call("POST", "/contacts/search", {"query": query}), patience):
                case Done(body):
                    match match_person({field: intended[field]}, listed(body, "data")):
                        case Found(contact):
                            return contact
                        case _:
                            pass
                case _:
                    pass
    # Whom we cannot find now the search may know by the next run.
    return Failed("conflict", conflict.text, 409, passing=True)
