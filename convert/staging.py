"""The folder a dataset is written in before it gets its name: a hidden sibling, gone when anything fails."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deskferry.schemas.errors import InputError, RefusedError

from .sources import is_dataset


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
    """A hidden folder in `parent`, readable by its owner only. Raises InputError when it cannot be made."""
    try:
        root = Path(tempfile.mkdtemp(prefix=".deskferry-", suffix=".tmp", dir=parent))
    except OSError as error:
        raise InputError(f"cannot be written to ({error.strerror})", where=parent) from error
    try:
        staged = Staging(dataset=root / "dataset", work=root / "work")
        staged.dataset.mkdir(mode=0o700)
        staged.work.mkdir(mode=0o700)
        yield staged
    finally:
        shutil.rmtree(root, ignore_errors=True)


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
