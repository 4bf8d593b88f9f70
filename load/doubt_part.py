"""Whether a call inside a conversation was made whose answer is lost: by what reading it shows."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from deskferry.schemas.errors import InputError

from .action import Action, Kind, Ref, Step
from .answers import Failed
from .client import Call, Client
from .doubt_ticket import ticket_shows
from .ledger import Ledger
from .ledger_file import Row
from .made import is_beyond, listed, parts_at
from .perform import Patience, perform, require
from .verdict import Made, NotMade, Unclear, Verdict
from .words import same_words


def find_part(
    client: Client,
    row: Row,
    action: Action,
    *,
    ledger: Ledger,
    resolve: Callable[[Ref], str],
    patience: Patience,
) -> Verdict:
    """A call inside a conversation or ticket, by what reading that shows, beside what the ledger has."""
    id_ = resolve(Ref(row.kind, row.key))
    # fresh: right after a create a 404 may be the target's delay, and what we look for was just sent
    result = perform(client, Call("GET", f"/{row.kind}s/{id_}", fresh=True), patience)
    if isinstance(result, Failed) and result.status == 404:
        return Unclear(f"{row.kind} {id_} is gone")
    conversation = require(result, f"reading {row.kind} {id_}")
    if str(conversation.get("id")) != id_:  # an answer about nothing is no proof that nothing was made
        raise InputError(f"reading {row.kind} {id_} gave something else", todo="Run it again to go on")
    known = {other.target_id for other in ledger.thread(row.kind, row.key).values()}
    return shows(conversation, row, resolve, action=action, known=known)


def shows(
    conversation: Mapping[str, Any],
    row: Row,
    resolve: Callable[[Ref], str],
    *,
    action: Action | None = None,
    known: Collection[str | None] = (),
) -> Verdict:
    """Whether a call inside a conversation or ticket was made, by how that is shown.

    action: the call, where it is at hand, for its words. known: ids of parts that other calls made.
    """
    if row.step in (Step.NOTE, Step.MESSAGE):
        return _said(conversation, row, action, known)
    if row.kind is Kind.TICKET:
        made = ticket_shows(conversation, row, resolve)
    elif row.step is Step.TAG:
        tags = listed(conversation, "tags", "tags")
        id_ = resolve(Ref(Kind.TAG, row.witness["tag"]))
        made = any(str(tag.get("id")) == id_ for tag in tags)
    elif row.step is Step.PARTICIPANT:
        people = listed(conversation, "contacts", "contacts")
        id_ = resolve(Ref(Kind.CONTACT, row.witness["participant"]))
        made = any(str(person.get("id")) == id_ for person in people)
    else:  # assignment and state: the witness names the fields; ids come as numbers or as text
        made = all(str(conversation.get(key)) == str(value) for key, value in row.witness.items())
    return Made(None) if made else NotMade()


def _said(
    conversation: Mapping[str, Any], row: Row, action: Action | None, known: Collection[str | None]
) -> Verdict:
    parts = [part for part in parts_at(conversation, row.witness) if str(part.get("id")) not in known]
    ids = ", ".join(str(part.get("id")) for part in parts)
    if len(parts) > 1:
        return Unclear(f"sent once, but stands {len(parts)} times: parts {ids}")
    if parts:
        told = action is not None and row.payload_hash == action.payload_hash
        if action is not None and told and not same_words(action, str(parts[0].get("body") or "")):
            return Unclear(f"unknown whether it was made: part {ids} has its author and second, other words")
        return Made(ids)
    if is_beyond(conversation, row.witness):
        return Unclear("unknown whether it was made: it would be older than any part that is shown")
    return NotMade()
