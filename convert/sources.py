"""The files of an export: what the arguments name, out of folders, zips and gzips, with their digests.

Plain files are read where they lie; packed ones are unpacked into a work folder under numbers, never
under the names they claim. Wholly unreadable arguments raise InputError; a damaged member inside a
readable one is marked and the run goes on.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, cast

import orjson

from deskferry.schemas.dataset import MANIFEST
from deskferry.schemas.errors import InputError
from deskferry.schemas.progress import Progress

from .ticket_of_name import ticket_of_name
from .unpack import Damaged, Unpacker, members

_IGNORED_NAMES = frozenset(
    (".ds_store", "readme.md", "thumbs.db", "desktop.ini", ".gitignore", ".gitkeep", "__init__.py")
)
_IGNORED_ENDS = (".py", ".pyc", ".pl", ".sh")
_IGNORED_FOLDERS = frozenset(("__macosx", "__pycache__", ".git"))


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read. path: where its (unpacked) bytes lie. ticket_id: what its name says, if it does.

    offset: where in `path` they begin; small files are unpacked into one big one.
    damage: why its bytes end early, None when they are whole. undecoded: the size of the file itself, where
    `path` holds a decoded copy of `size` bytes.
    """

    name: str
    path: Path
    size: int
    sha256: str
    ticket_id: int | None = None
    damage: str | None = None
    form: str = ""
    start: int = 0
    note: str | None = None
    index: int = -1
    undecoded: int | None = None
    offset: int = 0


def list_sources(exports: Sequence[Path], *, work: Path, progress: Progress) -> list[Source]:
    """Every file in `exports`, sorted by (sha256, name), numbered. Raises InputError, RefusedError."""
    if not exports:
        raise InputError("no export given")
    unpacker = Unpacker(work)
    found: list[Source] = []
    for export in exports:
        before = len(found)
        for source in _of_argument(export, unpacker):
            found.append(source)
            progress.advance()
        if len(found) == before:
            raise InputError(
                "nothing to read in here", where=export, todo="Point at the export's zip, file or folder"
            )
    found.sort(key=lambda source: (source.sha256, source.name))
    return [replace(source, index=index) for index, source in enumerate(found)]


def _of_argument(export: Path, unpacker: Unpacker) -> Iterator[Source]:
    if export.is_dir():
        if is_dataset(export):
            raise InputError("is a dataset already, not an export", where=export)
        for path in _files(export):
            yield from _of_file(path, path.relative_to(export).as_posix(), unpacker, alone=False)
    elif export.is_file():
        yield from _of_file(export, export.name, unpacker, alone=True)
    else:
        raise InputError("no such file or folder", where=export)


def is_dataset(folder: Path) -> bool:
    """True for a folder that a conversion wrote."""
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return False
    return isinstance(manifest, dict) and manifest.get("type") == "manifest"


def _files(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=folder) from error
    for path in entries:
        if path.is_dir():
            # A dataset beside its export is not part of it; hidden folders are somebody's tools.
            hidden = path.name.startswith(".") or path.name.lower() in _IGNORED_FOLDERS
            if not hidden and not path.is_symlink() and not is_dataset(path):
                yield from _files(path)
        elif path.is_file() and not is_ignored(path.name):
            yield path


def is_ignored(name: str) -> bool:
    """True for what desks, tools and packages leave beside the data."""
    parts = [part.lower() for part in PurePosixPath(name).parts]
    last = parts[-1] if parts else ""
    return (
        last in _IGNORED_NAMES
        or last.startswith("._")
        or last.endswith(_IGNORED_ENDS)
        or any(part in _IGNORED_FOLDERS for part in parts[:-1])
    )


def _of_file(path: Path, name: str, unpacker: Unpacker, *, alone: bool, depth: int = 0) -> Iterator[Source]:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path) from error
    if magic in (b"PK\x03\x04", b"PK\x05\x06"):
        yield from _of_zip(path, name, unpacker, alone=alone, depth=depth)
    elif magic[:2] == b"\x1f\x8b":
        yield from _of_gzip(path, name, unpacker, alone=alone, depth=depth)
    elif alone and depth == 0 and path.suffix.lower() == ".zip":
        raise InputError("not a readable zip", where=path, todo="Download it again")
    else:
        yield _plain(path, name)


def _of_zip(path: Path, name: str, unpacker: Unpacker, *, alone: bool, depth: int) -> Iterator[Source]:
    try:
        packed = unpacker.open(path, name, depth=depth)
    except Damaged as error:
        if alone and depth == 0:
            raise InputError(f"not a readable zip ({error})", where=path, todo="Download it again") from error
        yield replace(_plain(path, name), damage=f"not a readable zip ({error})", form="damaged")
        return
    with packed:  # opened once: its directory is read anew by each opening
        for member in members(packed):
            if is_ignored(member.filename):
                continue
            unpacked, damage = unpacker.unpack(packed, member)
            inner = f"{name}/{member.filename}"
            if damage:
                yield replace(_plain(unpacked, inner), damage=damage)
            else:
                yield from _of_file(unpacked, inner, unpacker, alone=alone, depth=depth + 1)


def _of_gzip(path: Path, name: str, unpacker: Unpacker, *, alone: bool, depth: int) -> Iterator[Source]:
    try:
        with gzip.open(path) as packed:
            unpacked, damage = unpacker.copy(
                cast(IO[bytes], packed), packed_size=path.stat().st_size, name=name
            )
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"not a readable gzip ({error})", where=path, todo="Download it again") from error
    inner = name.removesuffix(".gz") if name.endswith(".gz") else name
    if damage and unpacked.stat().st_size == 0 and alone and depth == 0:
        raise InputError(f"not a readable gzip ({damage})", where=path, todo="Download it again")
    if damage or depth >= unpacker.max_depth:
        yield replace(_plain(unpacked, inner), damage=damage)
    else:
        yield from _of_file(unpacked, inner, unpacker, alone=alone, depth=depth + 1)


def _plain(path: Path, name: str) -> Source:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path) from error
    name = name.encode("utf-8", "replace").decode()  # a name that is no text is still shown
    return Source(name=name, path=path, size=size, sha256=digest, ticket_id=ticket_of_name(name))
