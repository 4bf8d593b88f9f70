"""Whether a call inside a conversation was made whose answer is lost: by what reading it shows."""

from collections.abc import Callable, Mapping
from typing import Any

from deskferry.schemas.errors import InputError

from .action import Kind, Ref, Step
from .answers import Failed
from .client import Call, Client
from .doubt_ticket import ticket_shows
from .ledger_file import Row
from .made import listed, parts_at
from .perform import Patience, perform, require
from .verdict import Made, NotMade, Unclear, Verdict


def find_part(client: Client, row: Row, *, resolve: Callable[[Ref], str], patience: Patience) -> Verdict:
    """A call inside a conversation or ticket, by what reading that shows."""
    id_ = resolve(Ref(row.kind, row.key))
    # fresh: right after a create a 404 may be the target's delay, and what we look for was just sent
    result = perform(client, Call("GET", f"/{row.kind}s/{id_}", fresh=True), patience)
    if isinstance(result, Failed) and result.status == 404:
        return Unclear(f"{row.kind} {id_} is gone")
    conversation = require(result, f"reading {row.kind} {id_}")
    if str(conversation.get("id")) != id_:  # an answer about nothing is no proof that nothing was made
        raise InputError(f"reading {row.kind} {id_} gave something else", todo="Run it again to go on")
    return shows(conversation, row, resolve)


def shows(conversation: Mapping[str, Any], row: Row, resolve: Callable[[Ref], str]) -> Verdict:
    """Whether a call inside a conversation or ticket was made, by how that is shown."""
    if row.step in (Step.NOTE, Step.MESSAGE):
        notes = parts_at(conversation, row.witness)
        if len(notes) > 1:
            return Unclear(f"sent once, but stands {len(notes)} times: parts {', '.join(notes)}")
        return Made(notes[0]) if notes else NotMade()
    if row.kind is Kind.TICKET:
        made = ticket_shows(conversation, row, resolve)
    elif row.step is Step.TAG:
        tags = listed(conversation, "tags", "tags")
        id_ = resolve(Ref(Kind.TAG, row.witness["tag"]))
        made = any(str(tag.get("id")) == id_ for tag in tags)
    else:  # assignment and state: the witness names the fields; ids come as numbers or as text
        made = all(str(conversation.get(key)) == str(value) for key, value in row.witness.items())
    return Made(None) if made else NotMade()
