"""Stopping between calls, never inside one: the answers under way still reach the ledger.

Ctrl-C, `deskferry stop` and a run that gives up all end here.
"""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

_SLICE = 0.2  # seconds a wait may go on after Ctrl-C
_LOOK = 0.5  # seconds between two looks for a request to stop


class Interrupt:
    """Whether the run is to stop, for any number of threads. Use interrupts().

    requested: whether somebody asks for it from outside. reason: of the first to stop it; None for Ctrl-C.
    at_once: Ctrl-C again, so that nothing is waited for.
    """

    def __init__(self, requested: Callable[[], bool] = lambda: False) -> None:
        self.wanted = False
        self.reason: str | None = None
        self.was_requested = self.at_once = False
        self._requested, self._looked = requested, 0.0

    def stop(self, reason: str) -> None:
        """End the run; the first reason stands."""
        if not self.wanted:
            self.reason, self.wanted = reason, True

    def check(self) -> None:
        """Raise KeyboardInterrupt when it is to stop."""
        now = time.monotonic()
        if not self.wanted and now - self._looked >= _LOOK:
            self._looked = now
            if self._requested():
                self.was_requested = True
                self.stop("deskferry stop")
        if self.wanted:
            raise KeyboardInterrupt

    def sleeper(self, sleep: Callable[[float], None]) -> Callable[[float], None]:
        """`sleep` that ends early, raising KeyboardInterrupt."""

        def sleep_in_slices(seconds: float) -> None:
            left = seconds
            while left > 0:
                self.check()
                sleep(min(left, _SLICE))
                left -= _SLICE
            self.check()

        return sleep_in_slices


@contextlib.contextmanager
def interrupts(requested: Callable[[], bool] = lambda: False) -> Iterator[Interrupt]:
    """Turn the first Ctrl-C into a wish, the second into a KeyboardInterrupt at once.

    Outside the main thread signals are not ours to take, and nothing is changed.
    """
    interrupt = Interrupt(requested)
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if interrupt.wanted:
            interrupt.at_once = True
            raise KeyboardInterrupt
        interrupt.wanted = True

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
