"""How a conversation is left: open, closed, or asleep until a second of its own."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import History

from .mapped import State, state_answer

OVER_DAYS = 14  # where the mapping does not say
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Left:
    """until: unix seconds, of what is asleep."""

    state: State
    until: int | None = None


def left_as(history: History, *, mapping: Mapping, now: int) -> Left:
    """How the mapping leaves a ticket. now: of the snapshot.

    Raises RecordError for a ticket without a status.
    """
    answer = state_answer(mapping, status=history.status, custom_status=history.custom_status)
    state = State(answer["state"])
    return Left(state, _wakes(history, answer, now=now) if state is State.SNOOZED else None)


def _wakes(history: History, answer: dict[str, Any], *, now: int) -> int:
    """A second between the bounds of the mapping, the same for a ticket in every plan of the same day.

    Thousands that wake in one second would bury a team, so each ticket has one of its own.
    """
    first = (now // _DAY + 1) * _DAY
    if wanted := answer.get("wake_from"):
        first = max(first, int(datetime.fromisoformat(wanted).replace(tzinfo=UTC).timestamp()))
    chance = int.from_bytes(hashlib.sha256(f"snooze {history.ticket_id}".encode()).digest()[:8], "big")
    span: int = answer.get("over_days", OVER_DAYS) * _DAY
    return first + chance % span
