"""The files of an export: what the arguments name, out of folders and packed files, with their digests.

Plain files are read where they lie; what is packed goes into a spool in the work folder, never to the names
it claims. Wholly unreadable arguments raise InputError; a damaged member inside a
readable one is marked and the run goes on.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from deskferry.schemas.dataset import MANIFEST
from deskferry.schemas.errors import InputError
from deskferry.schemas.progress import Progress

from .ignored import IGNORED_FOLDERS, is_attachment, is_attachment_folder, is_ignored
from .packing import HEAD, packing_of
from .table import Table
from .ticket_of_name import ticket_of_name
from .unpack import LEFT_PACKED, Unpacked, Unpacker

_OTHER = "other"  # sniff.Form.OTHER, which knows sources


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read. path: where its (unpacked) bytes lie. ticket_id: what its name says, if it does.

    offset: where in `path` they begin; small files are unpacked into one big one.
    damage: why its bytes end early, None when they are whole. undecoded: the size of the file itself, where
    `path` holds a decoded copy of `size` bytes. table: what is known of it where it is one.
    given: the folder that `name` begins in; only tells which files lie beside which.
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
    table: Table | None = None
    given: str = ""


def list_sources(exports: Sequence[Path], *, work: Path, progress: Progress) -> list[Source]:
    """Every file in `exports`, sorted by (sha256, name), numbered. Raises InputError, RefusedError."""
    if not exports:
        raise InputError("no export given")
    found: list[Source] = []
    with closing(Unpacker(work)) as unpacker:
        for export in exports:
            before = len(found)
            place = export.resolve()
            given = (place if export.is_dir() else place.parent).as_posix()
            for source in _of_argument(export, unpacker):
                found.append(replace(source, given=given))
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
        within = f"{export.name}/" if is_attachment_folder(export.name) else ""
        for path in _files(export):
            name = within + path.relative_to(export).as_posix()
            if not is_ignored(name):
                yield from _of_file(path, name, unpacker, alone=False)
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
            hidden = path.name.startswith(".") or path.name.lower() in IGNORED_FOLDERS
            if not hidden and not path.is_symlink() and not is_dataset(path):
                yield from _files(path)
        elif path.is_file():
            yield path


def _of_file(path: Path, name: str, unpacker: Unpacker, *, alone: bool) -> Iterator[Source]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        if packing_of(head) is None or is_attachment(name):
            if alone and path.suffix.lower() == ".zip":
                raise InputError("not a readable zip", where=path, todo="Download it again")
            yield _plain(path, name, packed=packing_of(head) is not None)
            return
        for one in unpacker.unpack(path, name):
            if alone and one.unreadable and one.name == name:
                raise InputError(str(one.damage), where=path, todo="Download it again")
            yield _unpacked(one)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path) from error


def _unpacked(one: Unpacked) -> Source:
    name, form = _shown(one.name), _OTHER if one.note else "damaged" if one.unreadable else ""
    return Source(
        name=name,
        path=one.bytes.path,
        offset=one.bytes.offset,
        size=one.bytes.size,
        sha256=one.bytes.sha256,
        ticket_id=ticket_of_name(name),
        damage=one.damage,
        form=form,
        note=one.note,
    )


def _plain(path: Path, name: str, *, packed: bool) -> Source:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    name = _shown(name)
    form, note = (_OTHER, LEFT_PACKED) if packed else ("", None)
    return Source(name, path, size, digest, ticket_id=ticket_of_name(name), form=form, note=note)


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode()  # a name that is no text is still shown
