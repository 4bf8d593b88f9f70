"""What a verification comes to, gathered thing by thing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .action import HISTORY, Kind, Step
from .difference import ADDED, DIFFERENT, EQUAL, MISSING, UNREAD, Difference
from .ledger_file import State
from .read_back import ReadBack, Rows, parts_of
from .silent import heard
from .twins import TWICE
from .verify_files import Files, LostFiles, check_files
from .verify_visible import Said, shown_inside

_AUTOMATIC = ("bot", "team", "app")  # types of authors who are nobody


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What was read back.

    checked: things read, contacts, conversations and tickets among them. planned: things of the plan, read
    or not. differences: all but what people added since. additions, added: that, listed and counted.
    symbols: how many things are equal (=), and how many lines each other symbol has. parts: read; hidden:
    counted by the target and not shown. tickets_different, tickets_missing, tickets_unread: tickets of
    Zendesk with such a line. twice: things that stand more than once. internal: private comments held
    against all that customers can see; internal_shown: lines of them that were seen. unsilenced: calls made
    without silence. automatic: parts by automation. answered: conversations and tickets in which people went
    on. files_lost: reasons, with how many files each. sample: the share that was read, None for all.
    standing: differences in what was loaded; the others are calls that a load has yet to make.
    """

    checked: int
    planned: int
    contacts: int
    conversations: int
    tickets: int
    companies: int
    parts: int
    hidden: int
    differences: tuple[Difference, ...]
    standing: int
    additions: tuple[Difference, ...]
    symbols: dict[str, int]
    tickets_different: int
    tickets_missing: int
    tickets_unread: int
    twice: int
    internal: int
    internal_shown: int
    unsilenced: int
    automatic: int
    answered: int
    files_delivered: int
    files_lost: dict[str, int]
    sample: float | None
    calls: int

    @property
    def added(self) -> int:
        """Parts that people, or automation, wrote since."""
        return len(self.additions)

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **asdict(self),
            "differences": [asdict(item) for item in self.differences],
            "additions": [asdict(item) for item in self.additions],
            "added": self.added,
        }


@dataclass(slots=True)
class Tally:
    """A verification under way. lost: where files that were not delivered are listed. share: see sample."""

    lost: LostFiles
    share: float
    planned: int = 0
    read: Counter[Kind] = field(default_factory=Counter)
    equal: int = 0
    parts: int = 0
    hidden: int = 0
    tickets: Counter[str] = field(default_factory=Counter)  # by symbol
    internal: int = 0
    internal_shown: int = 0
    unsilenced: int = 0
    automatic: int = 0
    answered: int = 0
    files: Files = field(default_factory=Files)
    differences: list[Difference] = field(default_factory=list)
    standing: int = 0
    additions: list[Difference] = field(default_factory=list)

    def add(self, back: ReadBack, rows: Rows, *, said: Said, files: Sequence[Any]) -> None:
        """Take in one thing. said, files: of its ticket, empty for anything else."""
        kind, key = back.thread.kind, back.thread.key
        lines = list(back.differences)
        if back.found is not None:
            self.read[kind] += 1
            inside = list(shown_inside(kind, key, back.found, said))
            self.internal += said.internal
            self.internal_shown += len(inside)
            lines += [*inside, *check_files(back, back.found, files, into=self.files, lost=self.lost)]
            self.parts += back.parts
            self.hidden += back.hidden
            self._count_others(back)
        self.unsilenced += sum(
            heard(action.method, action.path, action.payload) is not None
            for action in back.thread.actions
            if (row := rows.get((action.step, action.part))) and row.state is not State.FAILED
        )
        self.equal += not lines
        if kind in HISTORY:
            self.tickets.update({line.symbol for line in lines})
        self.differences += lines
        self.standing += _standing(back, rows, lines)
        self.additions += back.added

    def add_twins(self, twins: Sequence[Difference]) -> None:
        """Take in what stands more than once."""
        self.differences += twins
        self.standing += len(twins)

    def result(self, *, calls: int) -> VerifyResult:
        """What came of it."""
        lines = Counter(line.symbol for line in self.differences)
        return VerifyResult(
            checked=self.read.total(),
            planned=self.planned,
            contacts=self.read[Kind.CONTACT],
            conversations=self.read[Kind.CONVERSATION],
            tickets=self.read[Kind.TICKET],
            companies=self.read[Kind.COMPANY],
            parts=self.parts,
            hidden=self.hidden,
            differences=tuple(self.differences),
            standing=self.standing,
            additions=tuple(self.additions),
            symbols={
                EQUAL: self.equal,
                ADDED: len(self.additions),
                **{symbol: lines[symbol] for symbol in (MISSING, DIFFERENT, UNREAD)},
            },
            tickets_different=self.tickets[DIFFERENT],
            tickets_missing=self.tickets[MISSING],
            tickets_unread=self.tickets[UNREAD],
            twice=sum(line.field == TWICE and line.symbol == DIFFERENT for line in self.differences),
            internal=self.internal,
            internal_shown=self.internal_shown,
            unsilenced=self.unsilenced,
            automatic=self.automatic,
            answered=self.answered,
            files_delivered=self.files.delivered,
            files_lost=dict(self.files.lost.most_common()),
            sample=None if self.share >= 1 else self.share,
            calls=calls,
        )

    def _count_others(self, back: ReadBack) -> None:
        """What others wrote into a conversation: people who answered, and automation."""
        if back.found is None or not back.added:
            return
        added = {line.field for line in back.added}
        parts = parts_of(back.thread.kind, back.found)
        authors = [
            (part.get("author") or {}).get("type") for part in parts if f"part {part.get('id')}" in added
        ]
        automatic = sum(author in _AUTOMATIC for author in authors)
        self.automatic += automatic
        self.answered += automatic < len(authors)


def _standing(back: ReadBack, rows: Rows, lines: Sequence[Difference]) -> int:
    """Lines that a load does not mend by going on: all, but where calls of the thing are yet to be made."""
    done = {call for call, row in rows.items() if row.state is State.DONE}
    failed = any(row.state is State.FAILED for row in rows.values())
    is_gone = back.found is None and (Step.CREATE, 0) in done
    if is_gone or failed or all((action.step, action.part) in done for action in back.thread.actions):
        return len(lines)
    return sum(line.symbol == DIFFERENT for line in lines)
