"""The merge: one pass over all runs in key order, deciding winners and writing the entity files."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .end_users import EndUsers
from .merge_side_conversation import SideConversationMerge
from .merge_ticket import TicketMerge
from .run_lines import PLACEHOLDER, SIDE_EVENTS, Line, split
from .settle import Tally, Verdict, settle, spliced
from .write_entities import EntityWriters, MissingAttachments


@dataclass(slots=True)
class MergeResult:
    """What the merge learned: verdicts, and facts to report."""

    tally: Tally = field(default_factory=Tally)
    facts: dict[str, tuple[int, list[str]]] = field(default_factory=dict)


def merge(
    lines: Iterable[bytes], writers: EntityWriters, missing: MissingAttachments, *, end_users: EndUsers
) -> MergeResult:
    """Write every winner. lines: of all runs, in order."""
    result = MergeResult()
    named = Named()
    tickets = TicketMerge(result.tally, writers, missing, named, end_users=end_users)
    side = SideConversationMerge(result.tally, writers)
    placeholders = 0
    for group in _groups(lines):
        family = group[0].group[:1]
        if family == b"a":
            tickets.take(group)
            continue
        tickets.finish()
        if group[0].entity == "users":
            placeholders += _person(group, result.tally, writers, named)
        elif group[0].entity in ("side_conversations", SIDE_EVENTS):
            side.take(group)
        else:
            winner, body = settle(group, result.tally)
            writers.write(winner.entity, spliced(body, source=winner.source))
    tickets.finish()
    side.finish()
    result.facts = {
        **tickets.facts(),
        "placeholder_users": (placeholders, []),
        "newer_partials": (result.tally.newer_partials, result.tally.newer_examples),
    }
    return result


class Named:
    """Ids of users that accepted tickets and comments name; asked for in ascending order."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._limit = 1 << 20
        self._at = -1

    def add(self, user_id: int) -> None:
        """One more."""
        self._ids.append(user_id)
        if len(self._ids) > self._limit:
            self._ids = array("q", sorted(set(self._ids)))
            self._limit = max(self._limit, 2 * len(self._ids))

    def has(self, user_id: int) -> bool:
        """True if it was added. Ids must be asked for in ascending order, after the last `add`."""
        if self._at < 0:
            self._ids, self._at = array("q", sorted(set(self._ids))), 0
        while self._at < len(self._ids) and self._ids[self._at] < user_id:
            self._at += 1
        return self._at < len(self._ids) and self._ids[self._at] == user_id


def _person(lines: list[Line], tally: Tally, writers: EntityWriters, named: Named) -> int:
    """Write one user; 1 if it is a placeholder, which only stands where a ticket or comment names it."""
    found = [line for line in lines if line.level < PLACEHOLDER]
    if not found:
        user_id = int(lines[0].group[-20:]) - (1 << 63)
        if not named.has(user_id):
            return 0
        tally.add(lines[0], Verdict.MADE)
        writers.write("users", spliced(lines[0].body, source=lines[0].source))
        return 1
    winner, body = settle(found, tally)
    roles = sorted({line.info.decode() for line in found if line.info})
    if roles:
        writers.write("users", spliced(body, roles_seen=roles, source=winner.source))
    else:
        writers.write("users", spliced(body, source=winner.source))
    return 0


def _groups(lines: Iterable[bytes]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for text in lines:
        line = split(text)
        if group and line.group != group[0].group:
            yield group
            group = []
        group.append(line)
    if group:
        yield group
