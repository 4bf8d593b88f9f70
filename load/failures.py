"""When a run has failed often enough to stop: the same refusal again and again, or too many in all."""

from dataclasses import dataclass

IN_A_ROW = 25  # failures of one code: the target or the mapping is wrong, not the records
AT_LEAST = 25  # failures that never stop a small plan


@dataclass(slots=True)
class Failures:
    """Counts the threads of a run. share: of `threads` that may fail."""

    share: float
    threads: int
    failed: int = 0
    code: str = ""
    in_a_row: int = 0

    def success(self) -> None:
        """A thread went through."""
        self.in_a_row = 0

    def failure(self, code: str) -> None:
        """A thread failed with the target's `code`."""
        self.failed += 1
        self.in_a_row = self.in_a_row + 1 if code == self.code else 1
        self.code = code

    def verdict(self) -> str | None:
        """Why to stop, None to go on."""
        if self.in_a_row >= IN_A_ROW:
            return f"{self.in_a_row} failures of one kind in a row ({self.code})"
        allowed = max(AT_LEAST, self.share * self.threads)
        if self.failed > allowed:
            return (
                f"{self.failed:,} of {self.threads:,} failed, more than {self.share:.0%}"
                f" (and more than {AT_LEAST})"
            )
        return None
