"""The answer of a mapping for one ticket."""

from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What becomes of a ticket."""

    CONVERSATION = "conversation"
    ARCHIVE_ONLY = "archive_only"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Decision:
    """One ticket's target, with the rule that gave it (1-based position in the mapping) and its reason."""

    ticket_id: int
    target: Target
    form: str | None  # of a conversation: note
    rule: int
    reason: str
