"""The folder a dataset is written in before it gets its name: a hidden sibling, gone when anything fails."""

import fcntl
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deskferry.schemas.errors import InputError, RefusedError

from .sources import is_dataset

_PREFIX, _SUFFIX = ".deskferry-", ".tmp"


@dataclass(frozen=True, slots=True)
class Staging:
    """dataset: becomes the result. work: for runs and unpacked files, always removed."""

    dataset: Path
    work: Path


def refuse_existing(into: Path, *, replace: bool) -> None:
    """Raise RefusedError when `into` exists and may not, or must not, be replaced."""
    if not into.exists() and not into.is_symlink():
        return
    if not replace:
        raise RefusedError("exists already", where=into, todo="Choose another --into, or add --replace")
    if not is_dataset(into):
        raise RefusedError(
            "exists and is not a dataset; it is left alone", where=into, todo="Choose another --into"
        )


@contextmanager
def staging(parent: Path) -> Iterator[Staging]:
    """A hidden folder in `parent`, readable by its owner only. Raises InputError when it cannot be made.

    It is removed at the end, after a SIGTERM too. What a killed run left in `parent` is removed first.
    """
    try:
        _remove_leavings(parent)
        root, lock = _locked_folder(parent)
    except OSError as error:
        raise InputError(f"cannot be written to ({error.strerror})", where=parent) from error
    try:
        with _terminable():
            staged = Staging(dataset=root / "dataset", work=root / "work")
            staged.dataset.mkdir(mode=0o700)
            staged.work.mkdir(mode=0o700)
            yield staged
    finally:
        shutil.rmtree(root, ignore_errors=True)
        os.close(lock)


def _locked_folder(parent: Path) -> tuple[Path, int]:
    """A new folder and the descriptor that holds its lock: it tells a living run from a dead one."""
    while True:
        root = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=parent))
        lock = os.open(root, os.O_RDONLY)
        with suppress(OSError):  # some file systems know no locks; nothing is cleared away there
            fcntl.flock(lock, fcntl.LOCK_EX)
        if root.is_dir():
            return root, lock
        os.close(lock)  # another run took it for leavings before it was locked


def _remove_leavings(parent: Path) -> None:
    for old in parent.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError):
            lock = os.open(old, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(old)
            finally:
                os.close(lock)


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends the run as Ctrl-C does, unless whoever called us handles it."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def publish(staged: Path, into: Path, *, replace: bool) -> None:
    """Give a finished dataset its name. What it replaces is removed only after it stands there."""
    _sync(staged)
    refuse_existing(into, replace=replace)
    old: Path | None = None
    if into.exists():
        old = Path(tempfile.mkdtemp(prefix=".deskferry-", suffix=".old", dir=into.parent)) / "dataset"
        into.rename(old)
    try:
        staged.rename(into)
    except OSError:
        if old is not None:
            old.rename(into)
        raise
    _sync(into.parent)
    if old is not None:
        shutil.rmtree(old.parent, ignore_errors=True)


def _sync(folder: Path) -> None:
    with suppress(OSError):  # some file systems cannot sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
