"""Errors, grouped by what the caller should do about them. Anything else that is raised is a bug."""

from pathlib import Path


class InputError(Exception):
    """The user must fix something: one line is printed, no traceback, exit 1.

    what: the sentence. where: file, or file and line. todo: what to do next, if it is not obvious.
    """

    def __init__(self, what: str, *, where: Path | str | None = None, todo: str | None = None) -> None:
        self.what, self.where, self.todo = what, where, todo
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where is not None else self.what
        return f"{text}. {self.todo}" if self.todo else text


class RefusedError(InputError):
    """It would be unsafe without an explicit flag, which `todo` names: one line, exit 4."""


class RecordError(Exception):
    """One record is rejected or failed; the run goes on.

    pointer: JSON pointer to the offending value inside the record. reason: one clause.
    """

    def __init__(self, reason: str, *, pointer: str = "") -> None:
        self.reason, self.pointer = reason, pointer
        super().__init__(f"{pointer}: {reason}" if pointer else reason)


class RetryableError(Exception):
    """It may work later. wait: seconds to wait at least before the next try, None if unknown."""

    def __init__(self, what: str, *, wait: float | None = None) -> None:
        self.what, self.wait = what, wait
        super().__init__(what)
