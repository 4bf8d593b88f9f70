"""Asking a loader to stop, from any terminal of the machine: a file beside the ledger it works on.

No signal is sent: a process id may have passed to somebody else's process since. The file names the loader
that it is for, so that a later one is not stopped by it.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from deskferry.schemas.errors import InputError

from .ledger_file import loader_pid, read_ledger

_LOOK = 0.1  # seconds between two looks whether it has stopped


def stop_path(ledger: Path) -> Path:
    """The file whose presence asks the loader of a ledger to stop."""
    return ledger.with_name(f"{ledger.name}.stop")


@contextlib.contextmanager
def stop_requests(ledger: Path) -> Iterator[Callable[[], bool]]:
    """Whether this process is asked to stop its work on a ledger, while it works. The file goes with it."""
    path, me = stop_path(ledger), str(os.getpid())
    path.unlink(missing_ok=True)

    def is_asked() -> bool:
        try:
            return path.read_text("ascii").strip() == me
        except (OSError, UnicodeDecodeError):
            return False

    try:
        yield is_asked
    finally:
        path.unlink(missing_ok=True)


def stop(
    ledger: Path,
    *,
    patience: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[int | None, bool]:
    """Ask the loader at work on `ledger` to stop, and wait until it has.

    patience: seconds. The loader's pid, None when none was at work; whether it has stopped. Raises InputError
    when there is no ledger, or nothing can be written beside it.
    """
    with read_ledger(ledger):
        pid = loader_pid(ledger)
    if pid is None:
        return None, True
    try:
        stop_path(ledger).write_text(f"{pid}\n", "ascii")
    except OSError as error:
        raise InputError(f"cannot ask it to stop ({error.strerror})", where=stop_path(ledger)) from error
    deadline = clock() + patience
    while loader_pid(ledger) == pid:
        if clock() >= deadline:
            return pid, False
        sleep(_LOOK)
    return pid, True
