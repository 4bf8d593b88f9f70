"""The members of a tar, read as a stream: nothing is sought, nothing is extracted, damage is passed over."""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import IO, Any, cast

from .packing import READ_ERRORS, Layer

_LONGEST_NAME = 1 << 20  # such headers are held in memory, whatever size they claim
_NAMES = frozenset(
    (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, b"X")
)


@dataclass(frozen=True, slots=True)
class TarMember:
    """A file in a tar, to be read before the next; or what cannot be read. name: empty for the tar itself."""

    name: str
    layer: Layer | None = None
    damage: str | None = None
    note: str | None = None


def tar_members(stream: BufferedReader, below: Layer) -> Iterator[TarMember]:
    """Every file, link and device in a tar. The last ones may say what is wrong with the tar itself."""
    seen = _Seen()
    header = type("Header", (_Header,), {"seen": seen})
    try:
        # Zero blocks are passed over: two tars in a row are one, and a damaged header costs its member only.
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=header, ignore_zeros=True) as tar:
            while (member := tar.next()) is not None:
                cast(Any, tar).members.clear()  # it remembers every one
                if not member.isdir():
                    yield _member(member, tar, below)
    except READ_ERRORS as error:
        seen.wrong = seen.wrong or f"damaged in the tar ({error})"
    why = below.damage or seen.wrong or (None if seen.ended else "the tar has no end: it may be cut off")
    if why:
        yield TarMember("", damage=why)


def _member(member: tarfile.TarInfo, tar: tarfile.TarFile, below: Layer) -> TarMember:
    name = member.name.removeprefix("./")
    if not member.isreg():
        kind = "a link; not followed" if member.islnk() or member.issym() else "a device; not read"
        return TarMember(name, note=kind)
    if member.issparse():
        return TarMember(name, damage="a sparse file, which is not unpacked")
    read = cast(IO[bytes], tar.fileobj).read
    left = member.size

    def read_on(size: int) -> bytes:
        nonlocal left
        block = read(min(size, left))
        left -= len(block)
        if left and not block:
            raise EOFError("the tar ends inside it")
        return block

    return TarMember(name, layer=Layer(read_on, name=name, below=below))


class _Seen:
    """What the headers of one tar said."""

    wrong: str | None = None
    ended = False


class _Header(tarfile.TarInfo):
    """A header that tells what tarfile passes over in silence."""

    seen: _Seen

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Header":
        """Read a block; TarError when it is none."""
        try:
            header = super().frombuf(buf, encoding, errors)
            if header.type in _NAMES and header.size > _LONGEST_NAME:
                raise tarfile.HeaderError(f"a name of {header.size:,} bytes")
        except tarfile.HeaderError as error:
            if buf and not any(buf):
                cls.seen.ended = True
            elif buf:
                cls.seen.wrong = cls.seen.wrong or f"damaged in the tar ({error})"
            raise
        cls.seen.ended = False
        return header
