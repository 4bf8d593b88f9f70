"""When a run has failed often enough to stop: the same refusal again and again, or too many in all."""

import threading
from dataclasses import dataclass, field

IN_A_ROW = 25  # failures of one code: the target or the mapping is wrong, not the records
AT_LEAST = 25  # failures that never stop a small plan
SHARE = 0.01


@dataclass(slots=True)
class Failures:
    """Counts the threads of a run, told by any of its workers.

    most: how many may fail, or a share of `threads`; None: SHARE of them, and IN_A_ROW of one code.
    """

    most: int | float | None
    threads: int
    failed: int = 0
    code: str = ""
    in_a_row: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def success(self) -> None:
        """A thread went through."""
        with self._lock:
            self.in_a_row = 0

    def failure(self, code: str) -> str | None:
        """A thread failed with the target's `code`; why to stop, None to go on."""
        with self._lock:
            self.failed += 1
            self.in_a_row = self.in_a_row + 1 if code == self.code else 1
            self.code = code
            return self._verdict()

    def _verdict(self) -> str | None:
        if self.most is None and self.in_a_row >= IN_A_ROW:
            return f"{self.in_a_row} failures of one kind in a row ({self.code})"
        if isinstance(self.most, int):
            if self.failed <= self.most:
                return None
            return f"{self.failed:,} failed, more than --max-failures {self.most:,}"
        share = SHARE if self.most is None else self.most
        if self.failed <= max(AT_LEAST, share * self.threads):
            return None
        return (
            f"{self.failed:,} of {self.threads:,} failed, more than --max-failures {share * 100:g}%"
            f" (and more than {AT_LEAST})"
        )
