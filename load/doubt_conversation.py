"""Whether a conversation was made whose answer is lost: by contact and second, through a search that lags."""

from collections.abc import Iterator, Mapping
from typing import Any

from deskferry.templates.clean import canonical_html, canonical_text

from .action import Action, Kind
from .client import Call, Client
from .ledger import Ledger
from .ledger_file import Row
from .made import as_object, listed
from .perform import Patience, perform, require
from .verdict import Made, NotMade, Unclear, Verdict

_DAY = 86_400
_PAGE = 150  # most per page of a conversation search


def find_conversation(
    client: Client, row: Row, action: Action, *, ledger: Ledger, contact: str, patience: Patience
) -> Verdict:
    """Whether the conversation of `row` was made. contact: Intercom's id of whom it is with."""
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
        after = as_object(as_object(body.get("pages")).get("next")).get("starting_after")
        if not after:
            return


def _same_words(hit: Mapping[str, Any], row: Row, action: Action) -> bool:
    """The conversation opens with what we sent. Unknown counts as yes: then the witness alone decides."""
    found = as_object(hit.get("source")).get("body")
    if found is None or row.payload_hash != action.payload_hash:
        return True
    sent = canonical_text(str(action.payload.get("body", "")))
    return sent in (canonical_html(str(found)), canonical_text(str(found)))
