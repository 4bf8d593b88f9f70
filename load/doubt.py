"""Finding out whether a call was made whose answer is lost, by the witness its row carries.

A conversation is searched by (contact, created_at), a ticket by its number in Zendesk, and searches lag:
nothing found counts only once it had time to show. A note is a part of its conversation by (author,
created_at). Tags, assignment and state are what a read shows; equal is done. What can be repeated without
harm is simply repeated.
"""

from collections.abc import Callable

from .action import HISTORY, Action, Kind, Ref, Step
from .client import Call, Client
from .doubt_conversation import find_conversation
from .doubt_note import find_note
from .doubt_part import find_part
from .doubt_ticket import find_ticket, find_ticket_setup
from .ledger import Ledger
from .ledger_file import Row
from .perform import Patience
from .setup import ATTRIBUTES, TICKET_SETUP
from .verdict import Made, NotMade, Verdict
from .workspace import find_attribute

LATE = 30.0  # seconds in which a server may still do the work of a request we gave up on


def ready_at(row: Row, action: Action, *, settle: float) -> float:
    """When looking will tell the truth, in unix seconds. settle: how long a search may lag."""
    if repeats(action):
        return 0.0
    if row.kind in HISTORY and row.step is Step.CREATE:
        return row.sent_at + settle
    return row.sent_at + min(settle, LATE)


def repeats(action: Action) -> bool:
    """The call needs no witness. Contacts: the second create is refused with the id of the first."""
    if action.kind in ATTRIBUTES:
        return False
    return Call(action.method, action.path, action.payload).repeatable


def look(
    client: Client,
    row: Row,
    action: Action,
    *,
    ledger: Ledger,
    resolve: Callable[[Ref], str],
    patience: Patience,
) -> Verdict:
    """Whether the call of `row` was made. resolve: Intercom's id of what the witness names."""
    if repeats(action):
        return NotMade()
    if action.kind in ATTRIBUTES:
        found = find_attribute(client, action.kind, action.key, patience)
        return NotMade() if found is None else Made(found[0])
    if action.kind in TICKET_SETUP:
        return find_ticket_setup(client, action, patience=patience)
    if action.kind is Kind.TICKET and action.step is Step.CREATE:
        return find_ticket(client, row, action, ledger=ledger, resolve=resolve, patience=patience)
    if action.kind in (Kind.CONTACT, Kind.COMPANY):
        return find_note(client, row, resolve=resolve, patience=patience)
    if action.step is Step.CREATE:
        contact = resolve(Ref(Kind.CONTACT, row.witness["contact"]))
        return find_conversation(client, row, action, ledger=ledger, contact=contact, patience=patience)
    return find_part(client, row, action, ledger=ledger, resolve=resolve, patience=patience)
