"""What a thread of calls needs next, from its actions and its rows alone. Nothing is done here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .action import Action, Kind, Ref, Step, needs_of
from .ledger_file import Row, State


@dataclass(frozen=True, slots=True)
class Thread:
    """The calls about one thing, in order."""

    kind: Kind
    key: str
    actions: tuple[Action, ...]

    @property
    def needs(self) -> tuple[Ref, ...]:
        """What must stand before its first call."""
        return needs_of(self.actions)


@dataclass(frozen=True, slots=True)
class Send:
    """Make this call."""

    action: Action


@dataclass(frozen=True, slots=True)
class Resolve:
    """Find out whether this call was made."""

    action: Action
    row: Row


@dataclass(frozen=True, slots=True)
class Blocked:
    """A call failed; what follows would stand on nothing."""

    row: Row


@dataclass(frozen=True, slots=True)
class Finished:
    """Every call is made."""


_STATES = {Step.CLOSE, Step.SNOOZE}

Next = Send | Resolve | Blocked | Finished


def next_action(actions: Sequence[Action], rows: Mapping[tuple[Step, int], Row]) -> Next:
    """The first thing to do. rows: what the ledger knows of the thread, by (step, part)."""
    held = _held(actions, rows)
    for action in actions:
        row = rows.get((action.step, action.part))
        if row is None:
            if action.step in held:
                continue
            return Send(action)
        if row.state is State.FAILED:
            return Blocked(row)
        if row.state is State.SENDING:
            return Resolve(action, row)
    return Finished()


def _held(actions: Sequence[Action], rows: Mapping[tuple[Step, int], Row]) -> set[Step]:
    """Steps of which nothing more is sent; `remaining.sql` holds the same rule.

    A ticket that stands in one form is not said a second time in another. Once people in copy take part,
    they would be mailed what its requester says. And what is not said needs no second close.
    """
    there = {step for step, _ in rows}
    missing = {action.step for action in actions if (action.step, action.part) not in rows}
    held = set[Step]()
    if Step.MESSAGE in there or _notes_changed(actions, rows):
        held.add(Step.NOTE)
    if there & {Step.NOTE, Step.PARTICIPANT}:
        held.add(Step.MESSAGE)
    if Step.MESSAGE in held & missing and there & _STATES:
        held |= _STATES
    return held


def _notes_changed(actions: Sequence[Action], rows: Mapping[tuple[Step, int], Row]) -> bool:
    """A note stands with another text than this plan's.

    Notes are slices of one transcript, so that a slice of the new one after a slice of the old would
    repeat or lose words.
    """
    return any(
        row.state is State.DONE and row.payload_hash != action.payload_hash
        for action in actions
        if action.step is Step.NOTE and (row := rows.get((action.step, action.part))) is not None
    )
