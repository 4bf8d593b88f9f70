"""Why a thread waits for its time, and saying so."""

from collections.abc import Mapping
from enum import StrEnum


class Why(StrEnum):
    """Why a thread waits, in the words that are shown."""

    DOUBT = "in doubt"
    REPLIES = "waiting for the limit of replies"
    NEED = "waiting for what they need"


def told(waiting: Mapping[Why, int]) -> str:
    """Such as `2 in doubt, 1 waiting for the limit of replies`."""
    return ", ".join(f"{count:,} {why}" for why in Why if (count := waiting.get(why, 0)))
