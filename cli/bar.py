"""The bar that a terminal shows while a phase runs."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)


class Bar:
    """A bar on stderr, from its making until `stop`. total: None if unknown. unit: bytes, records, calls."""

    def __init__(self, label: str, *, total: int | None, unit: str) -> None:
        count: ProgressColumn = DownloadColumn() if unit == "bytes" else MofNCompleteColumn()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            count,
            TextColumn("" if unit == "bytes" else unit),
            TimeRemainingColumn(),
            TextColumn("{task.fields[told]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task(label, total=total, told="")
        self._progress.start()

    def advance(self, amount: int) -> None:
        """Move it."""
        self._progress.advance(self._task, amount)

    def tell(self, text: str) -> None:
        """How it stands, at its end."""
        self._progress.update(self._task, told=text)

    def say(self, text: str) -> None:
        """A line above it."""
        self._progress.console.print(text, markup=False, highlight=False)

    def stop(self) -> None:
        """Take it away."""
        self._progress.stop()
