"""When calls may leave: one budget for all workers of a run, and the hours in which they may work.

A permit is reserved before a call leaves and given back with its answer, which teaches; see budget.py.
"""

import threading
from collections.abc import Callable, Mapping

from .budget import Budget, Permit, number

_LOOK = 0.25  # seconds after which a waiting worker looks whether it should stop


class Pace:
    """The budget of all calls to one target, for any number of threads.

    clock: unix seconds. wait: how a thread waits on a condition for at most some seconds.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        wait: Callable[[threading.Condition, float], object] = threading.Condition.wait,
    ) -> None:
        self._clock, self._wait = clock, wait
        self._turn = threading.Condition()
        self._budget = Budget()
        self._closed: Callable[[], float] = lambda: 0.0
        self._check: Callable[[], None] = lambda: None

    def govern(
        self,
        *,
        clock: Callable[[], float],
        share: float,
        closed: Callable[[], float],
        check: Callable[[], None],
    ) -> None:
        """Before a run. share: of the limit, most to use in a window. check: asked while waiting, may raise.

        closed: for how many seconds nothing may leave now, whatever the budget.
        """
        with self._turn:
            self._clock, self._closed, self._check = clock, closed, check
            self._budget.share = share

    @property
    def limit(self) -> int | None:
        """Calls per window, as last heard."""
        return self._budget.limit

    @property
    def share(self) -> float:
        """Of the limit, what is used at most."""
        return self._budget.share

    def reserve(self) -> Permit:
        """Return when one more call may leave."""
        while True:
            self._check()
            closed = self._closed()
            with self._turn:
                asked = closed if closed > 0 else self._budget.ask(self._clock())
                if isinstance(asked, Permit):
                    return asked
                self._wait(self._turn, min(asked, _LOOK))

    def answered(self, permit: Permit, headers: Mapping[str, str], *, refused: bool = False) -> None:
        """Take in the answer to the call of a permit. refused: it is a 429."""
        self._settle(permit, headers, refused=refused)

    def lost(self, permit: Permit, *, sent: bool) -> None:
        """No answer came. sent: it may have been counted."""
        if sent:
            self._settle(permit, None, refused=False)
        else:
            with self._turn:
                self._budget.withdrawn(permit)
                self._turn.notify_all()

    def _settle(self, permit: Permit, headers: Mapping[str, str] | None, *, refused: bool) -> None:
        with self._turn:
            self._budget.answered(permit, headers, self._clock(), refused=refused)
            self._turn.notify_all()

    def pause(self, headers: Mapping[str, str], *, jitter: float = 0.0) -> float:
        """After a 429: nothing leaves until the window ends, whoever asks. For how many seconds.

        `Retry-After` is waited out instead, but never longer than a minute.
        """
        said = number(headers, "Retry-After")
        with self._turn:
            wait = None if said is None else max(float(said), 1.0)
            return self._budget.pause(self._clock(), wait=wait, jitter=jitter)
