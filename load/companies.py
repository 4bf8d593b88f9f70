"""Making a company, or taking over the one that is there, whose blanks are filled and nothing else.

POST /companies changes whatever is there under its company_id, so a company is looked for first. Lists of
companies leave out those without people; the look-up by company_id does not.
"""

import html
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from .action import Action
from .answers import Conflict, Done, Failed, InDoubt
from .client import Call, Client
from .contacts import Settled
from .ledger_file import Origin
from .made import as_object, listed
from .perform import Patience, perform

_OURS = "company_imported_from"


def settle_company(client: Client, action: Action, patience: Patience) -> Settled | Failed | InDoubt:
    """Find or make the company of a call on POST /companies."""
    company_id = str(action.payload["company_id"])
    call = Call("GET", f"/companies?company_id={quote(company_id, safe='')}")
    match perform(client, call, patience):
        case Done(body):
            found = _named(body, company_id)
            if found is not None:
                return _take_over(client, action, found, patience)
        case Failed(status=404):
            pass
        case Conflict(text=text):
            return Failed("conflict", text, 409)
        case other:
            return other
    match perform(client, Call(action.method, action.path, action.payload), patience):
        case Done({"id": str(id_)}):
            return Settled(id_, Origin.CREATED)
        case Done():
            return InDoubt("the answer names no company")
        case Conflict(text=text):
            return Failed("conflict", text, 409)
        case other:
            return other


def company_blanks(found: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of `payload` that the company has no value for. Its name is its own."""
    theirs = as_object(found.get("custom_attributes"))
    return {
        name: value
        for name, value in payload["custom_attributes"].items()
        if name != _OURS and theirs.get(name) in (None, "")
    }


def _take_over(
    client: Client, action: Action, found: Mapping[str, Any], patience: Patience
) -> Settled | Failed | InDoubt:
    id_, theirs = str(found["id"]), as_object(found.get("custom_attributes"))
    if theirs.get(_OURS) == "zendesk" and str(theirs.get("zendesk_organization_id")) == action.key:
        return Settled(id_, Origin.CREATED)  # our own call, whose answer was lost
    blanks = company_blanks(found, action.payload)
    if blanks:
        match perform(client, Call("PUT", f"/companies/{id_}", {"custom_attributes": blanks}), patience):
            case Failed() as failed:
                return replace(failed, text=f"company {id_} exists; filling its blanks: {failed.text}")
            case Conflict(text=text):
                return Failed("conflict", f"company {id_} exists; filling its blanks: {text}", 409)
            case _:
                pass
    return Settled(id_, Origin.ADOPTED)


def _named(body: Any, company_id: str) -> Mapping[str, Any] | None:
    """The company of this id in an answer, which is the company itself or a list."""
    found = [as_object(body), *listed(body, "data")]
    return next(
        (one for one in found if "id" in one and html.unescape(str(one.get("company_id"))) == company_id),
        None,
    )
