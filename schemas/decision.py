"""The answer of a mapping for one ticket."""

from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What becomes of a ticket."""

    CONVERSATION = "conversation"
    TICKET = "ticket"
    ARCHIVE_ONLY = "archive_only"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Decision:
    """One ticket's target, with the rule that gave it (1-based position in the mapping) and its reason.

    form: of a conversation: bare, note, messages; of a ticket: the name of its type.
    """

    ticket_id: int
    target: Target
    form: str | None
    rule: int
    reason: str
