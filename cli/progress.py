"""Progress on stderr: a bar on a terminal, nothing but warnings elsewhere."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from .words import number

if TYPE_CHECKING:
    from .bar import Bar

HEARTBEAT = 30.0  # seconds between lines where no terminal shows a bar


class Display:
    """One bar for the phase that runs now. Use it as a context manager; it clears itself at the end.

    Where stderr is no terminal, a line now and then says how far a long phase is. clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._live = sys.stderr.isatty()
        self._clock, self._said = clock, clock()
        self._label, self._unit, self._total, self._count = "", "", 0, 0
        self._bar: Bar | None = None
        self._told = ""

    def __enter__(self) -> "Display":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def start(self, label: str, *, total: int | None = None, unit: str = "") -> None:
        """Replace the bar by one for a new phase."""
        self._stop()
        self._label, self._unit, self._total, self._count = label, unit, total or 0, 0
        self._told = ""
        if not self._live:
            return
        from .bar import Bar  # takes a fifth of a second, which only a terminal is worth

        self._bar = Bar(label, total=total, unit=unit)

    def advance(self, amount: int = 1) -> None:
        """Move the bar."""
        self._count += amount
        if self._bar is not None:
            self._bar.advance(amount)
        else:
            self._beat()

    def tell(self, text: str) -> None:
        """Show how the phase stands, beside the bar."""
        self._told = text
        if self._bar is not None:
            self._bar.tell(text)
        else:
            self._beat()

    def warn(self, text: str) -> None:
        """Print a warning above the bar."""
        if self._bar is not None:
            self._bar.say(f"! {text}")
        else:
            sys.stderr.write(f"! {text}\n")

    def say(self, text: str) -> None:
        """Print a line of what is being done that nobody asked for by name."""
        self._stop()
        sys.stderr.write(f"{text}\n")

    def _beat(self) -> None:
        if self._live or self._clock() - self._said < HEARTBEAT:
            return
        self._said = self._clock()
        of = f" of {number(self._total)}" if self._total else ""
        told = f" · {self._told}" if self._told else ""
        sys.stderr.write(f"{self._label}: {number(self._count)}{of} {self._unit}{told}\n")

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
        self._bar = None
