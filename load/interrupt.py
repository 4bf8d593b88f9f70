"""Ctrl-C between calls, never inside one: the answer in flight still reaches the ledger."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_SLICE = 0.2  # seconds a wait may go on after Ctrl-C


class Interrupt:
    """Whether the user wants to stop. Use interrupts()."""

    def __init__(self) -> None:
        self.wanted = False

    def check(self) -> None:
        """Raise KeyboardInterrupt when he does."""
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
def interrupts() -> Iterator[Interrupt]:
    """Turn the first Ctrl-C into a wish, the second into a KeyboardInterrupt at once.

    Outside the main thread signals are not ours to take, and nothing is changed.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if interrupt.wanted:
            raise KeyboardInterrupt
        interrupt.wanted = True

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
