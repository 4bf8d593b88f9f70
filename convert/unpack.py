"""Unpacking: every file in a packed one, however deep. Names are never used as paths.

What is unsafe is refused (bombs, names that lead outside, endless nesting). A damaged member is told, what
stood before the damage is kept, and its neighbours are unpacked. Links and devices are told, never followed.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import cast

from deskferry.schemas.errors import RefusedError

from .ignored import is_attachment, is_ignored
from .packing import HEAD, RATIO, RATIO_FROM, READ_ERRORS, SUFFIXES, Layer, Packing, packing_of, unpacking
from .spool import Spool, Spooled
from .unpack_tar import tar_members

LEFT_PACKED = "an attachment; left packed"
_MEMBERS = 2_000_000
_DEEPEST = 3
_SAYS_UTF_8 = 0x800
# Zips too, but somebody's files: .docx and its like, OpenDocument and e-books, .jar.
_DOCUMENTS = frozenset(("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"))


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file that was packed. damage: why it ends early. note: why it was not unpacked."""

    name: str
    bytes: Spooled
    damage: str | None = None
    unreadable: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a packed file stands. archives: how many zips and tars are around it; layers: how many others."""

    name: str
    archives: int = 0
    layers: int = 0


class Unpacker:
    """Unpacks into a spool, and knows how much it has unpacked. To be closed before anything is read."""

    def __init__(self, work: Path) -> None:
        self._spool = Spool(work)
        self._given = self._taken = 0

    def close(self) -> None:
        """What was unpacked can be read now."""
        self._spool.close()

    def unpack(self, path: Path, name: str) -> Iterator[Unpacked]:
        """Every file in the packed file `path`. Raises RefusedError; OSError where it cannot be opened."""
        self._given, self._taken = path.stat().st_size, 0
        with path.open("rb") as file:
            layer = Layer(file.read, name=name)
            stream = layer.stream()
            if packing_of(stream.peek(HEAD)[:HEAD]) is Packing.ZIP:
                yield from self._zip(path, _Place(name))
            else:
                yield from self._any(stream, layer, _Place(name))

    def _any(self, stream: BufferedReader, layer: Layer, place: _Place) -> Iterator[Unpacked]:
        packing = packing_of(stream.peek(HEAD)[:HEAD])
        match packing:
            case None:
                yield self._kept(stream, layer, place.name)
            case _ if is_attachment(place.name):
                yield replace(self._kept(stream, layer, place.name), note=LEFT_PACKED)
            case Packing.ZIP:
                path = self._spool.aside(stream, name=place.name)
                try:
                    yield from self._zip(path, place, layer=layer)
                finally:
                    path.unlink()
            case Packing.TAR:
                yield from self._tar(stream, layer, place)
            case _:
                yield from self._single(packing, stream, layer, place)

    def _kept(self, stream: BufferedReader, layer: Layer, name: str) -> Unpacked:
        spooled = self._spool.keep(stream, name=name)
        self._taken += spooled.size
        if self._taken > max(RATIO_FROM, RATIO * self._given):
            raise RefusedError(
                f"unpacks to more than {RATIO} times the size of what holds it",
                where=name,
                todo="Unpack it by hand if you trust it",
            )
        return Unpacked(name, spooled, layer.damage)

    def _single(
        self, packing: Packing, stream: BufferedReader, below: Layer, place: _Place
    ) -> Iterator[Unpacked]:
        _refuse_nesting(place.layers, place.name)
        layer = Layer(unpacking(packing, stream), name=place.name, packed=lambda: below.count, below=below)
        inside = layer.stream()
        inner = replace(place, layers=place.layers + 1)
        if packing_of(inside.peek(HEAD)[:HEAD]) is None:
            inner = replace(inner, name=_without_suffix(place.name, packing))
        yield from self._any(inside, layer, inner)

    def _zip(self, path: Path, place: _Place, *, layer: Layer | None = None) -> Iterator[Unpacked]:
        try:
            packed = zipfile.ZipFile(path)
        except READ_ERRORS as error:
            why = (layer.damage if layer else None) or f"not a readable zip ({error})"
            yield replace(self._raw(path, place.name), damage=why, unreadable=True)
            return
        with packed:  # opened once: its directory is read anew by each opening
            members = [info for info in packed.infolist() if not info.filename.endswith("/")]
            if any(info.filename in _DOCUMENTS for info in members):
                yield replace(self._raw(path, place.name), note="a document; not unpacked")
                return
            _refuse_nesting(place.archives, place.name)
            self._refuse_unsafe(members, place.name)
            for info in members:
                if not is_ignored(info.filename):
                    yield from self._zip_member(packed, info, place)

    def _zip_member(
        self, packed: zipfile.ZipFile, info: zipfile.ZipInfo, place: _Place
    ) -> Iterator[Unpacked]:
        name = f"{place.name}/{_name(info)}"
        if info.flag_bits & 1:
            yield Unpacked(name, self._spool.nothing(), "it is encrypted")
            return
        try:
            file = cast(zipfile.ZipExtFile, packed.open(info))
        except READ_ERRORS as error:
            yield Unpacked(name, self._spool.nothing(), f"damaged in the zip ({error})")
            return
        with file:
            layer = Layer(file.read1, name=name, packed=lambda: info.compress_size)
            yield from self._any(layer.stream(), layer, _Place(name, place.archives + 1, place.layers))

    def _tar(self, stream: BufferedReader, below: Layer, place: _Place) -> Iterator[Unpacked]:
        _refuse_nesting(place.archives, place.name)
        count = 0
        for member in tar_members(stream, below):
            name = f"{place.name}/{member.name}" if member.name else place.name
            if member.layer is None:
                yield Unpacked(name, self._spool.nothing(), member.damage, note=member.note)
                continue
            count += 1
            _refuse_members(count, place.name)
            _refuse_outside(member.name, place.name)
            if not is_ignored(member.name):
                inner = _Place(name, place.archives + 1, place.layers)
                yield from self._any(member.layer.stream(), member.layer, inner)

    def _raw(self, path: Path, name: str) -> Unpacked:
        with path.open("rb") as file:
            return Unpacked(name, self._spool.keep(file, name=name))

    def _refuse_unsafe(self, members: list[zipfile.ZipInfo], name: str) -> None:
        _refuse_members(len(members), name)
        for info in members:
            _refuse_outside(info.filename, name)
        self._spool.refuse_full_disk(sum(info.file_size for info in members), name)


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name. Some packers write UTF-8 and do not say so."""
    try:
        return info.filename if info.flag_bits & _SAYS_UTF_8 else info.filename.encode("cp437").decode()
    except ValueError:
        return info.filename


def _without_suffix(name: str, packing: Packing) -> str:
    for suffix in SUFFIXES[packing]:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name


def _refuse_nesting(depth: int, name: str) -> None:
    if depth >= _DEEPEST:
        raise RefusedError(
            f"packed files nested deeper than {_DEEPEST}", where=name, todo="Unpack it by hand"
        )


def _refuse_members(count: int, name: str) -> None:
    if count > _MEMBERS:
        raise RefusedError(f"holds {count} files", where=name, todo="Unpack it by hand if you trust it")


def _refuse_outside(member: str, name: str) -> None:
    path = PurePosixPath(member.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (len(member) > 1 and member[1] == ":"):
        raise RefusedError(
            f"names a file outside itself: {member!r}", where=name, todo="Unpack it by hand if you trust it"
        )
