"""Writing the entity files, with their sizes and digests, and the list of attachments that are links only."""

import csv
import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from deskferry.schemas.canonical import file_digest
from deskferry.schemas.dataset import MISSING_ATTACHMENTS
from deskferry.schemas.entities import ENTITIES

_BUFFER = 1 << 18


class HashedFile:
    """A file being written, which knows its lines, bytes and SHA-256. Readable by its owner only."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: IO[bytes] = os.fdopen(descriptor, "wb", buffering=_BUFFER)
        self._hash = hashlib.sha256()
        self.lines = self.size = 0

    def write(self, line: bytes) -> None:
        """One line, newline included."""
        self._file.write(line)
        self._hash.update(line)
        self.lines += 1
        self.size += len(line)

    def close(self) -> None:
        """To disk, for good."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def facts(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {"records": self.lines, "bytes": self.size, "sha256": self._hash.hexdigest()}


class EntityWriters:
    """All entity files of a dataset. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.files = {name: HashedFile(folder / entity.file_name) for name, entity in ENTITIES.items()}

    def write(self, entity: str, line: bytes) -> None:
        """One record."""
        self.files[entity].write(line)

    def __enter__(self) -> "EntityWriters":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as stack:
            for file in self.files.values():
                stack.callback(file.close)


class MissingAttachments:
    """attachments-missing.csv: what is a link only, of open tickets first. Use as a context manager."""

    def __init__(self, folder: Path, work: Path) -> None:
        self._path = folder / MISSING_ATTACHMENTS
        self._later_path = work / "missing-closed"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._first = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
        self._later = self._later_path.open("w", encoding="utf-8", newline="")
        self._writers = tuple(csv.writer(file, lineterminator="\n") for file in (self._later, self._first))
        self._writers[1].writerow(("url", "ticket", "name", "size", "attachment"))
        self.count = self.size = 0

    def note(self, record: Mapping[str, Any], *, opened: bool) -> None:
        """An accepted attachment. One whose bytes came along, or that was deleted, is not listed."""
        if record.get("sha256") or record.get("deleted"):
            return
        url = record.get("content_url") or record.get("mapped_content_url") or record.get("url") or ""
        name = record.get("file_name") or ""
        # A lone carriage return is not quoted by the writer, and no reader takes the row then.
        url, name = url.replace("\r", " "), name.replace("\r", " ")
        row = (url, record["ticket_id"], name, record.get("size"), record["id"])
        self._writers[opened].writerow(row)
        self.count += 1
        self.size += record.get("size") or 0

    def facts(self) -> dict[str, Any]:
        """What the manifest says of it, once it is written."""
        return {
            "records": self.count,
            "bytes": self._path.stat().st_size,
            "sha256": file_digest(self._path),
        }

    def __enter__(self) -> "MissingAttachments":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._later.close()
        if error is None:
            with self._later_path.open("r", encoding="utf-8", newline="") as later:
                shutil.copyfileobj(later, self._first)
        self._first.flush()
        os.fsync(self._first.fileno())
        self._first.close()
