"""A side conversation with its events, which were found apart from it.

Its groups arrive in this order: the conversation, if there is one, then each of its events.
"""

from typing import Any

import orjson

from .gone_tickets import GoneTickets
from .merge_person import Writes
from .run_lines import SIDE_EVENTS, Line, placed, side_conversation_of
from .settle import Tally, Verdict, settle


class SideConversationMerge:
    """Holds one conversation at a time; writes it when the next one begins."""

    def __init__(self, tally: Tally, writers: Writes, *, gone: GoneTickets | None) -> None:
        self._tally, self._writers = tally, writers
        self._gone = gone
        self._id = b""
        self._ticket: int | None = None
        self._winner: tuple[Line, bytes] | None = None
        self._events: list[tuple[Line, dict[str, Any]]] = []

    def take(self, lines: list[Line]) -> None:
        """One group: all records of one conversation, or of one event."""
        conversation = side_conversation_of(lines[0].group)
        if conversation != self._id:
            self.finish()
            self._id, self._ticket = conversation, None
        if self._ticket is None:
            self._ticket = orjson.loads(lines[0].body).get("ticket_id")
        if self._gone is not None and self._ticket is not None:
            lines = self._gone.living(lines, self._tally, ticket_id=self._ticket)
        if not lines:
            return
        winner, body = settle(lines, self._tally)
        if winner.entity == SIDE_EVENTS:
            self._events.append((winner, {**orjson.loads(body), "source": winner.source}))
        else:
            self._winner = winner, body

    def finish(self) -> None:
        """The conversation is complete."""
        if self._winner is None and not self._events:
            return
        self._events.sort(key=lambda found: (found[1].get("created_at") or "~", found[1]["id"]))
        events = [event for _, event in self._events]
        if self._winner is not None:
            line, body = self._winner
            record = orjson.loads(body)
        else:
            line = min((line for line, _ in self._events), key=lambda line: line.where)
            record = {"id": events[0]["side_conversation_id"], "placeholder": True}
            self._tally.counts[line.file, "side_conversations", Verdict.MADE] += 1
        if record.get("ticket_id") is None:
            record["ticket_id"] = next(
                (event["ticket_id"] for event in events if event.get("ticket_id") is not None), None
            )
        if events:
            record["events"] = events
        written = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
        self._writers.write("side_conversations", placed(written, line))
        self._winner, self._events = None, []
