"""Tickets that were deleted or scrubbed. What is older than that, beside them, is superseded too."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import orjson

from .identify import CONFIGURATION
from .record_facts import is_scrubbed
from .run_lines import PARTIAL, Line
from .settle import Tally, supersede

_TICKET = {
    "chats": "zendesk_ticket_id",
    "satisfaction_ratings": "ticket_id",
    "suspended_tickets": "ticket_id",
}
_RAW = {"requests": "id", "skips": "ticket_id", "ticket_skips": "ticket_id"}  # a request is its ticket
_WORDS = ("subject", "raw_subject", "description")


class GoneTickets:
    """Remembers them, sixteen bytes each."""

    def __init__(self) -> None:
        self._ids, self._since = array("q"), array("q")

    def add(self, ticket_id: int, since: int) -> None:
        """One more; ids must ascend. since: version of its last word, in milliseconds."""
        self._ids.append(ticket_id)
        self._since.append(since)

    def living(self, lines: Sequence[Line], tally: Tally, *, ticket_id: int | None = None) -> list[Line]:
        """The records of one key that stay. ticket_id: whose they are, None: what the first one says."""
        if not self._ids:
            return list(lines)
        if ticket_id is None:
            ticket_id = _ticket_of(lines[0])
        at = bisect_left(self._ids, ticket_id) if isinstance(ticket_id, int) else len(self._ids)
        if at == len(self._ids) or self._ids[at] != ticket_id:
            return list(lines)
        supersede([line for line in lines if line.version < self._since[at]], tally)
        return [line for line in lines if line.version >= self._since[at]]


def _ticket_of(line: Line) -> Any:
    """The id of the ticket whose words a record may hold, None if it is nobody's."""
    if line.entity == CONFIGURATION:
        record = orjson.loads(line.body)
        key = _RAW.get(record["kind"])
        return record["record"].get(key) if key else None
    key = _TICKET.get(line.entity)
    return orjson.loads(line.body).get(key) if key else None


def last_word_gone(lines: Sequence[Line]) -> Line | None:
    """The copy that says a ticket is deleted, where no copy is newer and a whole one that knows it would win.

    lines: all copies, best first. A list of deleted tickets is only part of what the account knows, and yet
    its later word must not lose against a whole copy from before.
    """
    if _says_gone(lines[0]):
        return None
    gone = next((line for line in lines if line.level == PARTIAL and _says_gone(line)), None)
    if gone is None or any(line.version > gone.version for line in lines):
        return None
    return gone


def _says_gone(line: Line) -> bool:
    return line.info.startswith(b"1")


def restored(body: bytes, older: Sequence[Line]) -> bytes:
    """A scrubbed ticket with the words its best older copy still had: what --keep-erased asks for."""
    ticket = orjson.loads(body)
    copies = [copy for copy in (orjson.loads(line.body) for line in older) if not is_scrubbed(copy)]
    if not is_scrubbed(ticket) or not copies:
        return body
    words = {key: copies[0][key] for key in _WORDS if copies[0].get(key) is not None}
    return orjson.dumps({**ticket, **words}, option=orjson.OPT_SORT_KEYS)


def marked_deleted(body: bytes) -> bytes:
    """A ticket as its older copy knew it, with the status that it has since."""
    return orjson.dumps({**orjson.loads(body), "status": "deleted"}, option=orjson.OPT_SORT_KEYS)
