"""Whether a ticket, a ticket type or an attribute of one was made whose answer is lost.

A ticket carries its number in Zendesk, and its search by that lags. Types and attributes are listed at once.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from deskferry.schemas.own_attributes import TICKET_ID
from deskferry.schemas.ticket_types import DESCRIPTION
from deskferry.templates.clean import canonical_html, canonical_text

from .action import Action, Kind, Ref
from .client import Call, Client
from .ledger import Ledger
from .ledger_file import Row
from .made import as_object, listed
from .perform import Patience, perform, require
from .ticket_ids import attribute_key
from .verdict import Made, NotMade, Unclear, Verdict
from .workspace_tickets import read_ticket_types

_PAGE = 150


def find_ticket(
    client: Client,
    row: Row,
    action: Action,
    *,
    ledger: Ledger,
    resolve: Callable[[Ref], str],
    patience: Patience,
) -> Verdict:
    """Whether the ticket of `row` was made. resolve: Intercom's id of what the witness names."""
    key = attribute_key(row.witness["ticket_type"], TICKET_ID)
    field = f"ticket_attribute.{resolve(Ref(Kind.TICKET_ATTRIBUTE, key))}"
    number = str(row.witness[TICKET_ID])
    hits = [
        hit
        for hit in _search(client, field, number, patience)
        if _number(hit) == number and not ledger.holds(Kind.TICKET, str(hit["id"]))
    ]
    if not hits:
        return NotMade()
    ours = [hit for hit in hits if _is_ours(hit, row, action)]
    if len(ours) == 1 and len(hits) == 1:
        return Made(str(ours[0]["id"]))
    named = ", ".join(str(hit["id"]) for hit in hits)
    if ours:
        return Unclear(f"sent once, but several tickets say {TICKET_ID} {number}: {named}")
    return Unclear(f"unknown whether it was made: ticket {named} says {TICKET_ID} {number} and is another")


def find_ticket_setup(client: Client, action: Action, *, patience: Patience) -> Verdict:
    """Whether a ticket type or an attribute of one was made."""
    types = read_ticket_types(client, patience)
    if action.kind is Kind.TICKET_TYPE:
        found = [kind["id"] for kind in types if kind["name"] == action.key]
    else:
        found = [
            attribute["id"]
            for kind in types
            if kind["name"] == action.witness["ticket_type"]
            for attribute in kind["attributes"]
            if attribute["name"] == action.witness["name"]
        ]
    if len(found) > 1:
        return Unclear(f"sent once, but {len(found)} are called '{action.key}': {', '.join(found)}")
    return Made(found[0]) if found else NotMade()


def ticket_shows(ticket: Mapping[str, Any], row: Row, resolve: Callable[[Ref], str]) -> bool:
    """A ticket is in the state that an update should leave it in."""
    state = resolve(Ref(Kind.TICKET_STATE, row.witness["ticket_state"]))
    if str(as_object(ticket.get("ticket_state")).get("id")) != state:
        return False
    fields = ("open", "snoozed_until")
    return all(ticket.get(name) == row.witness[name] for name in fields if name in row.witness)


def _search(client: Client, field: str, number: str, patience: Patience) -> Iterator[Mapping[str, Any]]:
    query = {"field": field, "operator": "=", "value": number}
    after: str | None = None
    while True:
        page = {"per_page": _PAGE} if after is None else {"per_page": _PAGE, "starting_after": after}
        call = Call("POST", "/tickets/search", {"query": query, "pagination": page})
        body = require(perform(client, call, patience), "searching tickets")
        yield from (item for item in listed(body, "tickets") if "id" in item)
        after = as_object(as_object(body.get("pages")).get("next")).get("starting_after")
        if not after:
            return


def _number(hit: Mapping[str, Any]) -> str:
    return str(as_object(hit.get("ticket_attributes")).get(TICKET_ID))


def _is_ours(hit: Mapping[str, Any], row: Row, action: Action) -> bool:
    """It begins in our second and with our words. Words that are not shown do not count."""
    if hit.get("created_at") != row.witness["created_at"]:
        return False
    found = as_object(hit.get("ticket_attributes")).get(DESCRIPTION)
    if found is None or row.payload_hash != action.payload_hash:
        return True
    sent = canonical_text(str(action.payload["ticket_attributes"][DESCRIPTION]))
    return sent in (canonical_html(str(found)), canonical_text(str(found)))
