"""Where unpacked bytes go: a few big files, because making and removing one for each member is slow."""

import hashlib
import mmap
import shutil
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, BinaryIO

from deskferry.schemas.errors import RefusedError

_BLOCK = 1 << 20
_FULL = 1 << 30  # a new file after this
_LOOK = 256 << 20  # free space is looked at after so many bytes, and so much of it is left


@dataclass(frozen=True, slots=True)
class Spooled:
    """Where bytes lie, and their digest."""

    path: Path
    offset: int
    size: int
    sha256: str


class Spool:
    """Takes bytes, one file after another; to be closed before they are read."""

    def __init__(self, work: Path) -> None:
        self._work, self._count = work, 0
        self._file: IO[bytes] | None = None
        self._path, self._at, self._since = work, 0, 0

    def keep(self, stream: BinaryIO | BufferedReader, *, name: str) -> Spooled:
        """All of `stream`, hashed on the way. name: for the refusal when the disk gets full."""
        file = self._opened()
        start, digest, size = self._at, hashlib.sha256(), 0
        while block := stream.read(_BLOCK):
            file.write(block)
            digest.update(block)
            size += len(block)
            self._spend(len(block), name)
        self._at = start + size
        return Spooled(self._path, start, size, digest.hexdigest())

    def nothing(self) -> Spooled:
        """No bytes at all."""
        self._opened()
        return Spooled(self._path, self._at, 0, hashlib.sha256(b"").hexdigest())

    def aside(self, stream: BinaryIO | BufferedReader, *, name: str) -> Path:
        """All of `stream` in a file of its own, which the caller removes."""
        self._count += 1
        path = self._work / f"packed-{self._count}"
        path.touch(mode=0o600)
        with path.open("wb") as file:
            while block := stream.read(_BLOCK):
                file.write(block)
                self._spend(len(block), name)
        return path

    def refuse_full_disk(self, size: int, name: str) -> None:
        """Raise RefusedError when so many bytes would not fit beside the dataset."""
        free = shutil.disk_usage(self._work).free
        if size > free:
            raise RefusedError(
                f"unpacks to {size:,} bytes; {free:,} are free beside the dataset",
                where=name,
                todo="Choose another --into",
            )

    def close(self) -> None:
        """What was kept can be read now."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> IO[bytes]:
        if self._file is not None and self._at >= _FULL:
            self.close()
        if self._file is None:
            self._count += 1
            self._path, self._at = self._work / f"spool-{self._count}", 0
            self._path.touch(mode=0o600)
            self._file = self._path.open("wb")
        # Each starts where memory can be mapped; the gap is a hole and takes no space.
        self._at += -self._at % mmap.ALLOCATIONGRANULARITY
        self._file.seek(self._at)
        return self._file

    def _spend(self, size: int, name: str) -> None:
        self._since += size
        if self._since >= _LOOK:
            self._since = 0
            self.refuse_full_disk(_LOOK, name)
