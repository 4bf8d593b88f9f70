"""The bytes of a source: a file of their own, or a range of a big file that many were unpacked into.

Positions that readers count are positions in the source, whichever it is.
"""

import io
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from .sources import Source


@contextmanager
def mapped(source: Source) -> Iterator[mmap.mmap]:
    """A source that is not empty, as memory. OSError passes."""
    with (
        source.path.open("rb") as file,
        mmap.mmap(file.fileno(), source.size, offset=source.offset, access=mmap.ACCESS_READ) as text,
    ):
        yield text


def opened(source: Source) -> IO[bytes]:
    """A source as a file that starts and ends with it. OSError passes."""
    return cast(IO[bytes], io.BufferedReader(Range(source.path.open("rb"), source.offset, source.size)))


class Range(io.RawIOBase):
    """A range of a file as a file. Closes what it stands on."""

    def __init__(self, file: IO[bytes], offset: int, size: int) -> None:
        super().__init__()
        self._file, self._offset, self._size, self._at = file, offset, size, 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """Where in the range."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; ValueError before the start."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a position before the start")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Fill `buffer` with what comes next, as far as the range goes."""
        wanted = min(len(buffer), max(self._size - self._at, 0))
        self._file.seek(self._offset + self._at)
        block = self._file.read(wanted)
        buffer[: len(block)] = block
        self._at += len(block)
        return len(block)

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()
