"""Finding out whether a call was made whose answer is lost, by the witness its row carries.

A conversation is searched by (contact, created_at), and its search lags: nothing found counts only once
it had time to show. A note is a part of its conversation by (author, created_at). Tags, assignment and
state are what a read shows; equal is done. What can be repeated without harm is simply repeated.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deskferry.schemas.errors import InputError
from deskferry.templates.clean import canonical_html, canonical_text

from .action import Action, Kind, Ref, Step
from .answers import Failed
from .client import Call, Client
from .ledger import Ledger
from .ledger_file import Row
from .perform import Patience, perform, require
from .setup import ATTRIBUTES
from .workspace import find_attribute

LATE = 30.0  # seconds in which a server may still do the work of a request we gave up on
_DAY = 86_400
_PAGE = 150  # most per page of a conversation search


@dataclass(frozen=True, slots=True)
class Made:
    """It was made. target_id: what it made, None where a call makes nothing."""

    target_id: str | None


@dataclass(frozen=True, slots=True)
class NotMade:
    """It was not made, or can be repeated: send it again."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A person must look; nothing is sent and nothing deleted. text: why, with every id."""

    text: str


Verdict = Made | NotMade | Unclear


def ready_at(row: Row, action: Action, *, settle: float) -> float:
    """When looking will tell the truth, in unix seconds. settle: how long a search may lag."""
    if repeats(action):
        return 0.0
    if row.kind is Kind.CONVERSATION and row.step is Step.CREATE:
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
    if action.step is Step.CREATE:
        contact = resolve(Ref(Kind.CONTACT, row.witness["contact"]))
        return _conversation(client, row, action, ledger=ledger, contact=contact, patience=patience)
    return _part(client, row, resolve, patience)


def _conversation(
    client: Client, row: Row, action: Action, *, ledger: Ledger, contact: str, patience: Patience
) -> Verdict:
    second = row.witness["created_at"]
    hits = [
        hit
        for hit in _search(client, contact, second, patience)
        if hit.get("created_at") == second and not ledger.holds(Kind.CONVERSATION, str(hit["id"]))
    ]
    if not hits:
        return NotMade()
    ours = [hit for hit in hits if _same_words(hit, row, action)]
    if len(ours) == 1:
        return Made(str(ours[0]["id"]))
    named = ", ".join(str(hit["id"]) for hit in hits)
    if ours:
        return Unclear(f"sent once, but several conversations of the contact begin at {second}: {named}")
    return Unclear(f"unknown whether it was made: conversation {named} begins at {second} with other words")


def _search(client: Client, contact: str, second: int, patience: Patience) -> Iterator[Mapping[str, Any]]:
    """Conversations of a contact around a second.

    Two days wide, because the search may take dates as whole days in the workspace's zone.
    """
    query = {
        "operator": "AND",
        "value": [
            {"field": "contact_ids", "operator": "=", "value": contact},
            {"field": "created_at", "operator": ">", "value": second - 2 * _DAY},
            {"field": "created_at", "operator": "<", "value": second + 2 * _DAY},
        ],
    }
    after: str | None = None
    while True:
        page = {"per_page": _PAGE} if after is None else {"per_page": _PAGE, "starting_after": after}
        call = Call("POST", "/conversations/search", {"query": query, "pagination": page})
        body = require(perform(client, call, patience), "searching conversations")
        yield from (item for item in listed(body, "conversations") if "id" in item)
        after = _object(_object(body.get("pages")).get("next")).get("starting_after")
        if not after:
            return


def _same_words(hit: Mapping[str, Any], row: Row, action: Action) -> bool:
    """The conversation opens with what we sent. Unknown counts as yes: then the witness alone decides."""
    found = _object(hit.get("source")).get("body")
    if found is None or row.payload_hash != action.payload_hash:
        return True
    sent = canonical_text(str(action.payload.get("body", "")))
    return sent in (canonical_html(str(found)), canonical_text(str(found)))


def _part(client: Client, row: Row, resolve: Callable[[Ref], str], patience: Patience) -> Verdict:
    """A call inside a conversation, by what reading it shows."""
    id_ = resolve(Ref(row.kind, row.key))
    # fresh: right after a create a 404 may be the target's delay, and what we look for was just sent
    result = perform(client, Call("GET", f"/conversations/{id_}", fresh=True), patience)
    if isinstance(result, Failed) and result.status == 404:
        return Unclear(f"conversation {id_} is gone")
    conversation = require(result, f"reading conversation {id_}")
    if str(conversation.get("id")) != id_:  # an answer about nothing is no proof that nothing was made
        raise InputError(f"reading conversation {id_} gave something else", todo="Run it again to go on")
    return _shows(conversation, row, resolve)


def _shows(conversation: Mapping[str, Any], row: Row, resolve: Callable[[Ref], str]) -> Verdict:
    if row.step is Step.NOTE:
        notes = notes_at(conversation, row.witness)
        if len(notes) > 1:
            return Unclear(f"sent once, but stands {len(notes)} times: parts {', '.join(notes)}")
        return Made(notes[0]) if notes else NotMade()
    if row.step is Step.TAG:
        tags = listed(conversation, "tags", "tags")
        id_ = resolve(Ref(Kind.TAG, row.witness["tag"]))
        made = any(str(tag.get("id")) == id_ for tag in tags)
    else:  # assignment and state: the witness names the fields; ids come as numbers or as text
        made = all(str(conversation.get(key)) == str(value) for key, value in row.witness.items())
    return Made(None) if made else NotMade()


def notes_at(conversation: Mapping[str, Any], witness: Mapping[str, Any]) -> list[str]:
    """Ids of the notes of a conversation that (author, second) recognises."""
    parts = listed(conversation, "conversation_parts", "conversation_parts")
    return [
        str(part.get("id"))
        for part in parts
        if part.get("part_type") == "note"
        and part.get("created_at") == witness["created_at"]
        and str(_object(part.get("author")).get("id")) == str(witness["admin_id"])
    ]


def listed(body: Any, *path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at `path` inside an answer; [] where the answer has another shape."""
    for name in path:
        body = _object(body).get(name)
    return [item for item in body if isinstance(item, dict)] if isinstance(body, list) else []


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
