"""Who wins among records of one key, and how the others are counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

from .notes import EXAMPLES
from .run_lines import PARTIAL, WHOLE, Line, key_text


class Verdict(StrEnum):
    """What became of a record that was found, or that it was made."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    SUPERSEDED = "superseded"
    MADE = "made"


@dataclass(slots=True)
class Tally:
    """Verdicts by (file number, entity)."""

    counts: Counter[tuple[int, str, Verdict]] = field(default_factory=Counter)
    newer_partials: int = 0  # partial records that are newer than the whole one that won
    newer_examples: list[str] = field(default_factory=list)

    def add(self, line: Line, verdict: Verdict, *, count: int = 1) -> None:
        """`count` records of a line got a verdict."""
        if count:
            self.counts[line.file, line.entity, verdict] += count

    def note_newer_partial(self, winner: Line) -> None:
        """A CSV row or a search result says something newer than the record that stays."""
        self.newer_partials += 1
        if len(self.newer_examples) < EXAMPLES:
            self.newer_examples.append(f"{winner.entity} {key_text(winner.group)}")


def settle(lines: Sequence[Line], tally: Tally, *, fill: bool = True) -> tuple[Line, bytes]:
    """The winner of one key and its body. lines: all of the key, best first.

    fill: False where nothing older may come back (a deleted ticket).
    """
    winner = lines[0]
    tally.add(winner, Verdict.ACCEPTED)
    if len(lines) == winner.count == 1:
        return winner, winner.body
    tally.add(winner, Verdict.REPEATED, count=winner.count - 1)
    body = winner.body
    partial: list[Line] = []
    for line in lines[1:]:
        equal = line.body == winner.body
        tally.add(line, Verdict.REPEATED if equal else Verdict.SUPERSEDED, count=line.count)
        if line.level == PARTIAL and not equal:
            partial.append(line)
            if winner.level == WHOLE and line.version > winner.version:
                tally.note_newer_partial(winner)
    if partial and fill and winner.level in (WHOLE, PARTIAL):
        body = _filled(body, partial)
    return winner, body


def supersede(lines: Sequence[Line], tally: Tally) -> None:
    """None of these stays."""
    for line in lines:
        tally.add(line, Verdict.SUPERSEDED, count=line.count)


def spliced(body: bytes, **more: Any) -> bytes:
    """The record with keys added at its end, as a line. Bodies are never empty objects: they have an id."""
    return body[:-1] + b"," + orjson.dumps(more)[1:] + b"\n"


def _filled(body: bytes, partial: Sequence[Line]) -> bytes:
    record = orjson.loads(body)
    for line in partial:
        other = orjson.loads(line.body)
        more = other.pop("extra", None)
        for key, value in other.items():
            record.setdefault(key, value)
        if more:
            extra = record.setdefault("extra", {})
            for key, value in more.items():
                extra.setdefault(key, value)
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
