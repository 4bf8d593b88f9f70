"""The files of a ticket whose bytes are at hand, as notes and messages carry them.

Bytes are sent, never links: those die with the Zendesk account, and whoever fetches one is seen.
"""

import mimetypes
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from deskferry.schemas.errors import InputError
from deskferry.schemas.limits import value_of
from deskferry.templates.history import File, History

from .action import FileBytes

UNKNOWN = "application/octet-stream"

Parcel = list[File]


def parcels(files: Iterable[File]) -> list[Parcel]:
    """The files that are delivered, in order, in as many parts of a conversation as they take.

    A part takes so many files, and so many bytes; a file that is larger goes alone.
    """
    made: list[Parcel] = []
    size = 0
    for file in files:
        if file.absence is not None:
            continue
        full = made and len(made[-1]) >= value_of("files_per_part")
        if not made or full or size + (file.size or 0) > value_of("part_bytes"):
            made.append([])
            size = 0
        made[-1].append(file)
        size += file.size or 0
    return made


def files_of(history: History) -> Iterator[File]:
    """Every file of a ticket, in the order of its messages; last those that no message claims."""
    for message in history.messages:
        yield from message.files
    yield from history.loose_files


def attachment_files(parcel: Parcel, *, folder: Path) -> dict[str, Any]:
    """The key of a payload that carries these files; none for no files. folder: where the bytes lie.

    Raises InputError for bytes that the dataset names and does not have.
    """
    if not parcel:
        return {}
    return {
        "attachment_files": [
            {"content_type": content_type(file), "name": file.name, "data": _bytes(file, folder)}
            for file in parcel
        ]
    }


def content_type(file: File) -> str:
    """What the file is: as its sender said, else as its name says."""
    said = (file.content_type or "").partition(";")[0].strip().lower()
    return said if "/" in said else mimetypes.guess_type(file.name)[0] or UNKNOWN


def _bytes(file: File, folder: Path) -> FileBytes:
    path = folder / str(file.sha256)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(
            f"the bytes of file {file.id} ({file.name}) are gone",
            where=path,
            todo="Convert the export again, or say attachments: named in the mapping",
        ) from error
    return FileBytes(str(file.sha256), size, path)
