"""Ticket ids that are absent, with the most likely reason: Zendesk leaves no number out."""

from array import array
from collections import Counter
from datetime import datetime

from .finding import Finding
from .notes import EXAMPLES

_RUN = 10  # so many in a row are no accident of single deletions
_BURST = 0.1  # of the usual time that so many tickets take
_SELECTION = 0.2  # of the tickets stand after such a run: nobody exported everything

DELETED = "few in a row; deleted for good, most likely: Zendesk forgets a deleted ticket after 30 days"
BURST = "many in a short time; spam that was deleted, most likely"
SLICE = "many in a row over a long time; a slice or pages of the export are missing, most likely"
SELECTION = "most runs of ids; the export is a selection (a view, a search, one group), most likely"
DAMAGED = "a file of the export is damaged or cut, most likely"
BEFORE = "below the first ticket; created before the export's dates, most likely"


class IdGaps:
    """Takes ticket ids in ascending order with the time each was created."""

    def __init__(self, *, damaged: bool = False) -> None:
        """damaged: a file of the export could not be read to its end."""
        self._damaged = damaged
        self._tickets = 0
        self._first: tuple[int, datetime | None] | None = None
        self._last: tuple[int, datetime | None] | None = None
        # A long gap can only be judged by the usual pace, which is known at the end.
        self._long = array("q")  # first id, last id
        self._took = array("d")  # seconds; -1: unknown
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def take(self, ticket_id: int, created_at: str | None) -> None:
        """The next ticket."""
        at = datetime.fromisoformat(created_at) if created_at else None
        if self._last is None:
            self._first = (ticket_id, at)
        else:
            self._gap(self._last, ticket_id, at)
        self._last = (ticket_id, at)
        self._tickets += 1

    def findings(self) -> list[Finding]:
        """One per reason that was met; one of count 0 when no id is absent."""
        pace = self._pace()
        selection = len(self._took) > max(_RUN, _SELECTION * self._tickets)
        for index, seconds in enumerate(self._took):
            first, last = self._long[2 * index], self._long[2 * index + 1]
            quick = pace is not None and 0 <= seconds < _BURST * pace * (last - first + 1)
            why = SELECTION if selection else DAMAGED if self._damaged else BURST if quick else SLICE
            self._note(why, first, last)
        if self._first is not None and self._first[0] > _RUN:
            self._note(BEFORE, 1, self._first[0] - 1)
        if not self._counts:
            return [Finding("absent_ids", "ticket ids are absent", 0)]
        return [
            Finding("absent_ids", f"ticket ids are absent: {why}", count, tuple(self._examples[why]))
            for why, count in self._counts.items()
        ]

    def _gap(self, last: tuple[int, datetime | None], ticket_id: int, at: datetime | None) -> None:
        absent = ticket_id - last[0] - 1
        if absent >= _RUN:
            self._long.extend((last[0] + 1, ticket_id - 1))
            self._took.append(max((at - last[1]).total_seconds(), 0) if at and last[1] else -1)
        elif absent > 0:
            self._note(DAMAGED if self._damaged else DELETED, last[0] + 1, ticket_id - 1)

    def _pace(self) -> float | None:
        """Seconds from one ticket to the next, over the whole export."""
        if self._first is None or self._last is None or self._first[1] is None or self._last[1] is None:
            return None
        ids = self._last[0] - self._first[0]
        return (self._last[1] - self._first[1]).total_seconds() / ids if ids > 0 else None

    def _note(self, why: str, first: int, last: int) -> None:
        self._counts[why] += last - first + 1
        shown = self._examples.setdefault(why, [])
        if len(shown) < EXAMPLES:
            shown.append(str(first) if first == last else f"{first}-{last}")
