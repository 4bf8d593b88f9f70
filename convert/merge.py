"""The merge: one pass over all runs in key order, deciding winners and writing the entity files."""

import heapq
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from .attachments import Attachments
from .bundles import Bodies, alone, bundle_of, is_bundle
from .end_users import EndUsers
from .erased_people import ErasedPeople
from .erasing_writers import ErasingWriters
from .gone_tickets import GoneTickets
from .merge_bundle import BundleMerge
from .merge_person import PersonMerge
from .merge_side_conversation import SideConversationMerge
from .merge_ticket import TicketMerge
from .run_lines import SIDE_EVENTS, Line, best_first, placed, split
from .settle import Tally, settle
from .stretches import Stretch, is_stretch, stretch_of, stretch_of_one, taken_apart
from .write_entities import EntityWriters


@dataclass(slots=True)
class MergeResult:
    """What the merge learned: verdicts, and facts to report."""

    tally: Tally = field(default_factory=Tally)
    facts: dict[str, tuple[int, list[str]]] = field(default_factory=dict)


def merge(
    lines: Iterable[bytes],
    writers: EntityWriters,
    attachments: Attachments,
    *,
    bodies: Bodies,
    end_users: EndUsers,
    erased: ErasedPeople | None,
) -> MergeResult:
    """Write every winner. lines: of all runs, in order. erased: None keeps what was deleted or erased."""
    result = MergeResult()
    tally, named = result.tally, Named()
    gone = GoneTickets() if erased is not None else None
    erasing = ErasingWriters(writers, erased) if erased is not None and erased.anybody else None
    to = erasing or writers
    bundles = BundleMerge(tally, writers, attachments, bodies)
    tickets = TicketMerge(tally, to, attachments, named, bundles=bundles, end_users=end_users, gone=gone)
    side = SideConversationMerge(tally, to, gone=gone)
    people = PersonMerge(tally, to, named, erased=erased)
    # Where every record is looked at, none may be hidden in a bundle.
    always = erasing is not None or attachments.may_store
    for group in _groups(alone(taken_apart(lines, bodies.read, always=always), bodies.read, always=always)):
        if isinstance(group, Stretch):
            tickets.take_stretch(group)
            continue
        family = group[0].group[:1]
        if family == b"a":
            tickets.take(group)
            continue
        tickets.finish()
        if family == b"b":
            people.take(group)
        elif group[0].entity in ("side_conversations", SIDE_EVENTS):
            side.take(group)
        elif kept := gone.living(group, tally) if gone is not None else group:
            winner, body = settle(kept, tally)
            to.write(winner.entity, placed(body, winner))
    tickets.finish()
    side.finish()
    result.facts = {
        **tickets.facts(),
        **(erasing.facts if erasing else {}),
        "erased_people": (people.erased, []),
        "erased_values": (erasing.taken if erasing else 0, []),
        "placeholder_users": (people.placeholders, []),
        "newer_partials": (tally.newer_partials, tally.newer_examples),
    }
    return result


class Named:
    """Ids of users that accepted tickets and comments name; asked for in ascending order.

    Eight bytes each, and some for the last ones.
    """

    def __init__(self) -> None:
        self._last: set[int] = set()
        self._before: list[array[int]] = []
        self._ids: array[int] | None = None
        self._at = 0

    def add(self, user_id: int) -> None:
        """One more."""
        self._last.add(user_id)
        if len(self._last) == _LAST:
            self._settle()

    def has(self, user_id: int) -> bool:
        """True if it was added. Ids must be asked for in ascending order, after the last `add`."""
        if self._ids is None:
            self._settle()
            self._ids = _united(self._before)
        while self._at < len(self._ids) and self._ids[self._at] < user_id:
            self._at += 1
        return self._at < len(self._ids) and self._ids[self._at] == user_id

    def _settle(self) -> None:
        self._before.append(array("q", sorted(self._last)))
        self._last = set()
        if len(self._before) == _AT_ONCE:
            self._before = [_united(self._before)]


_LAST, _AT_ONCE = 1 << 16, 32


def _united(parts: list["array[int]"]) -> "array[int]":
    return array("q", (user_id for user_id, _ in groupby(heapq.merge(*parts))))


def _groups(lines: Iterable[bytes]) -> Iterator[list[Line] | Stretch]:
    """The records of one key after the other, best first; what is copied is by itself."""
    group: list[Line] = []
    for text in lines:
        if (stretched := is_stretch(text)) or is_bundle(text):
            if group:
                yield best_first(group)
                group = []
            yield stretch_of(text) if stretched else stretch_of_one(bundle_of(text))
            continue
        line = split(text)
        if group and line.group != group[0].group:
            yield group if len(group) == 1 else best_first(group)
            group = []
        group.append(line)
    if group:
        yield best_first(group)
