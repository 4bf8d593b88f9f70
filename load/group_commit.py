"""One commit for what several threads want committed, as each commit waits for the disk."""

import threading
from collections.abc import Callable, Sequence
from typing import Any


class GroupCommit:
    """Whoever comes while a commit is under way waits, and all that wait share the next one.

    write: writes rows and commits them; called by one thread at a time. What it raises, everybody whose rows
    it was given gets, and everybody after them: a ledger that cannot be written is at its end.
    """

    def __init__(self, write: Callable[[list[Any]], None]) -> None:
        self._write = write
        self._turn = threading.Condition()
        self._waiting: list[Any] = []
        self._collecting = self._committed = 0  # numbers of commits
        self._is_busy = False
        self._broken: BaseException | None = None

    def add(self, rows: Sequence[Any]) -> None:
        """Return when these rows are durable."""
        with self._turn:
            self._waiting.extend(rows)
            mine = self._collecting
            while self._is_busy and self._committed <= mine:
                self._turn.wait()
            if self._committed > mine:
                self._require()
                return
            batch, self._waiting = self._waiting, []
            self._collecting += 1
            self._is_busy = True
        try:
            if self._broken is None:
                self._write(batch)
        except BaseException as error:
            self._broken = error
            raise
        finally:
            with self._turn:
                self._committed, self._is_busy = mine + 1, False
                self._turn.notify_all()
        self._require()

    def _require(self) -> None:
        if self._broken is not None:
            raise self._broken
