"""Progress on stderr: a bar on a terminal, nothing but warnings elsewhere."""

import sys
import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import (
    Progress as Bar,
)

from .words import number

HEARTBEAT = 30.0  # seconds between lines where no terminal shows a bar


class Display:
    """One bar for the phase that runs now. Use it as a context manager; it clears itself at the end.

    Where stderr is no terminal, a line now and then says how far a long phase is. clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = Console(stderr=True)
        self._live = self._console.is_terminal
        self._clock, self._said = clock, clock()
        self._label, self._unit, self._total, self._count = "", "", 0, 0
        self._bar: Bar | None = None
        self._task: TaskID | None = None

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
        if not self._live:
            return
        count: ProgressColumn = DownloadColumn() if unit == "bytes" else MofNCompleteColumn()
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            count,
            TextColumn("" if unit == "bytes" else unit),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task(label, total=total)
        self._bar.start()

    def advance(self, amount: int = 1) -> None:
        """Move the bar."""
        self._count += amount
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, amount)
        elif not self._live and self._clock() - self._said >= HEARTBEAT:
            self._said = self._clock()
            of = f" of {number(self._total)}" if self._total else ""
            sys.stderr.write(f"{self._label}: {number(self._count)}{of} {self._unit}\n")

    def warn(self, text: str) -> None:
        """Print a warning above the bar."""
        if self._bar is not None:
            self._bar.console.print(f"! {text}", markup=False, highlight=False)
        else:
            sys.stderr.write(f"! {text}\n")

    def say(self, text: str) -> None:
        """Print a line of what is being done that nobody asked for by name."""
        self._stop()
        sys.stderr.write(f"{text}\n")

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
        self._bar = self._task = None
