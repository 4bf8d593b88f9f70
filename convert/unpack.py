"""Unpacking into a work folder, guarded: bombs are refused, names are never used as paths."""

import lzma
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from deskferry.schemas.errors import RefusedError

_BLOCK = 1 << 20
_RATIO, _RATIO_FROM = 200, 32 << 20  # real exports pack 5 to 30 times
_MEMBERS = 2_000_000
_READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


class Damaged(Exception):
    """The packed file cannot be opened at all."""


class Unpacker:
    """Unpacks into one folder, under numbers, and knows how much it has unpacked so far."""

    max_depth = 3

    def __init__(self, work: Path) -> None:
        self.work = work
        self._count = 0

    def open(self, path: Path, name: str, *, depth: int) -> zipfile.ZipFile:
        """A zip, to be closed by the caller. Raises Damaged, or RefusedError for what is unsafe."""
        if depth >= self.max_depth:
            raise RefusedError(
                f"zips nested deeper than {self.max_depth}", where=name, todo="Unpack it by hand"
            )
        try:
            packed = zipfile.ZipFile(path)
        except _READ_ERRORS as error:
            raise Damaged(str(error)) from error
        try:
            self._refuse_unsafe(packed, name)
        except RefusedError:
            packed.close()
            raise
        return packed

    def unpack(self, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[Path, str | None]:
        """One member into the work folder: (where, why its bytes end early or None)."""
        if member.flag_bits & 1:
            return self._new(), "it is encrypted"
        try:
            with packed.open(member) as file:
                return self.copy(file, packed_size=member.compress_size, name=member.filename)
        except _READ_ERRORS as error:
            return self._new(), f"damaged in the zip ({error})"

    def copy(self, packed: IO[bytes], *, packed_size: int, name: str) -> tuple[Path, str | None]:
        """A packed stream into the work folder. What was read before damage is kept."""
        target = self._new()
        written = 0
        with target.open("wb") as file:
            while True:
                try:
                    block = packed.read(_BLOCK)
                except _READ_ERRORS as error:
                    return target, f"damaged in its packing ({error})"
                if not block:
                    return target, None
                file.write(block)
                written += len(block)
                if written > _RATIO_FROM and written > _RATIO * max(packed_size, 1):
                    raise RefusedError(
                        f"unpacks to more than {_RATIO} times its size",
                        where=name,
                        todo="Unpack it by hand if you trust it",
                    )

    def _new(self) -> Path:
        self._count += 1
        path = self.work / f"source-{self._count}"
        path.touch(mode=0o600)
        return path

    def _refuse_unsafe(self, packed: zipfile.ZipFile, name: str) -> None:
        files = members(packed)
        if len(files) > _MEMBERS:
            raise RefusedError(
                f"holds {len(files)} files", where=name, todo="Unpack it by hand if you trust it"
            )
        for info in files:
            if _leaves(info.filename):
                raise RefusedError(
                    f"names a file outside itself: {info.filename!r}",
                    where=name,
                    todo="Unpack it by hand if you trust it",
                )
        self._refuse_full_disk(sum(info.file_size for info in files), name)

    def _refuse_full_disk(self, size: int, name: str) -> None:
        free = shutil.disk_usage(self.work).free
        if size > free:
            raise RefusedError(
                f"unpacks to {size:,} bytes; {free:,} are free beside the dataset",
                where=name,
                todo="Choose another --into",
            )


def members(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files in a zip. Two may have one name: appending to a zip does not remove what stood there."""
    return [info for info in packed.infolist() if not info.is_dir()]


def _leaves(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":")
