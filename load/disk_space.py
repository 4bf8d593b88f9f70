"""Room for the ledger: a run stops while there is still enough to write down what it has begun."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from deskferry.schemas.errors import RefusedError

LEAST = 100 << 20  # bytes: outcomes, the log of the last intents, and some for everybody else
_EVERY = 1.0  # seconds between two looks


class DiskSpace:
    """The disk a folder lies on. least: bytes that must be free. free: what of a folder's disk is."""

    def __init__(
        self,
        folder: Path,
        *,
        least: int = LEAST,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._least, self._free, self._clock = folder, least, free, clock
        self._looked: float | None = None

    def require(self) -> None:
        """Raise RefusedError when it runs full; asked before each call, it looks once a second."""
        now = self._clock()
        if self._looked is not None and now - self._looked < _EVERY:
            return
        free = self._free(self._folder)
        if free < self._least:
            raise RefusedError(
                f"the disk has {free >> 20:,} MB free, less than {self._least >> 20:,} MB",
                where=self._folder,
                todo="Make room and run it again to go on, or lower --least-free",
            )
        self._looked = now
