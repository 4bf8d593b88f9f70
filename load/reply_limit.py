"""Ten replies to one conversation in ten seconds.

Intercom documents no such limit, others have met it: so it is kept only by a run that was refused once.
"""

from collections import deque
from collections.abc import Callable

from .action import Action

MOST = 9  # one less than it is said to be
SPAN = 11.0  # seconds, one more


class ReplyLimit:
    """What a run knows of the limit. clock: unix seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.was_met = False

    def until(self, action: Action, replies: deque[float]) -> float | None:
        """When the next call may leave, None for now. replies: when the last MOST of the thread left."""
        if not action.path.endswith("/reply"):
            return None
        now = self._clock()
        if self.was_met and len(replies) == MOST and replies[0] + SPAN > now:
            return replies[0] + SPAN
        replies.append(now)
        return None
