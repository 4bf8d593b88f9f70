"""Kinds of packing, known by their first bytes, and one layer of packing as a stream that guards itself."""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from deskferry.schemas.errors import RefusedError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HEAD = 512
RATIO, RATIO_FROM = 200, 32 << 20  # real exports pack 5 to 30 times
READ_ERRORS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    zstd.ZstdError,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
_BUFFER = 1 << 16


class Packing(StrEnum):
    """How a file is packed. The last four hold one file, the others many."""

    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"


_MAGIC = {
    b"PK\x03\x04": Packing.ZIP,
    b"PK\x05\x06": Packing.ZIP,
    b"PK\x07\x08PK": Packing.ZIP,
    b"\x1f\x8b": Packing.GZIP,
    b"\xfd7zXZ\0": Packing.XZ,
    b"\x28\xb5\x2f\xfd": Packing.ZSTD,
}
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
SUFFIXES = {
    Packing.GZIP: (".gz", ".gzip"),
    Packing.BZIP2: (".bz2",),
    Packing.XZ: (".xz",),
    Packing.ZSTD: (".zst", ".zstd"),
}


def packing_of(head: bytes) -> Packing | None:
    """How something is packed that starts with these (at least 512, if there are so many) bytes."""
    for magic, packing in _MAGIC.items():
        if head.startswith(magic):
            return packing
    if head[:3] == b"BZh" and head[4:10] in _BZIP2_BLOCKS:
        return Packing.BZIP2
    if head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F:
        return Packing.ZSTD  # a frame to be skipped comes first
    return Packing.TAR if _is_tar(head) else None


def _is_tar(head: bytes) -> bool:
    if len(head) < HEAD or b"\0" not in head:
        return False
    if head[257:262] == b"ustar":
        return True
    try:
        tarfile.TarInfo.frombuf(head[:HEAD], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def unpacking(packing: Packing, stream: io.BufferedReader) -> Callable[[int], bytes]:
    """`read` of what a stream of one packed file holds."""
    match packing:
        case Packing.GZIP:
            return gzip.GzipFile(fileobj=stream, mode="rb").read1
        case Packing.BZIP2:
            return bz2.BZ2File(stream).read1
        case Packing.XZ:
            return lzma.LZMAFile(stream).read1
        case _:
            return zstd.ZstdFile(stream).read1


class Layer(io.RawIOBase):
    """One layer of packing as a file: damage ends it early and is told, a bomb is refused.

    packed: bytes that were packed, so far or in all; None where nothing is packed. below: the layer it reads.
    """

    def __init__(
        self,
        read: Callable[[int], bytes],
        *,
        name: str,
        packed: Callable[[], int] | None = None,
        below: "Layer | None" = None,
        size: int | None = None,
    ) -> None:
        super().__init__()
        self._read, self._name, self._packed, self._below, self._size = read, name, packed, below, size
        self.count = 0
        self._damage: str | None = None

    @property
    def damage(self) -> str | None:
        """Why it ended early, None as long as it did not."""
        return (self._below.damage if self._below else None) or self._damage

    def stream(self) -> io.BufferedReader:
        """The layer, buffered; its first `peek` shows 512 bytes or all there are."""
        return io.BufferedReader(self, _BUFFER)

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill `buffer`: as little as possible is lost when the next read shows damage."""
        filled = 0
        while filled < len(buffer) and self._damage is None:
            wanted = len(buffer) - filled
            if self._size is not None:
                wanted = min(wanted, self._size - self.count)
            try:
                block = self._read(wanted) if wanted else b""
            except READ_ERRORS as error:
                self._damage = f"damaged in its packing ({error or type(error).__name__})"
                break
            if not block:
                break
            buffer[filled : filled + len(block)] = block
            filled += len(block)
            self.count += len(block)
            self._refuse_bomb()
        return filled

    def _refuse_bomb(self) -> None:
        if self._packed is None or self.count <= RATIO_FROM:
            return
        if self.count > RATIO * max(self._packed(), 1):
            raise RefusedError(
                f"unpacks to more than {RATIO} times its size",
                where=self._name,
                todo="Unpack it by hand if you trust it",
            )
