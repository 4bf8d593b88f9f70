"""Writing the entity files, with their sizes and digests, and the list of attachments that are links only."""

import csv
import hashlib
import os
import shutil
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from deskferry.schemas.canonical import file_digest
from deskferry.schemas.dataset import MISSING_ATTACHMENTS
from deskferry.schemas.entities import ENTITIES

from .bundles import Bodies, Range

_BLOCK = 1 << 20
_AHEAD = 2  # blocks, or ranges to copy, that may wait for the thread
_SYNCED = 8 << 20  # bytes that are brought to disk together
_SMALL = 256 << 10  # bytes that are not worth a task of their own


class HashedFile:
    """A file being written, which knows its lines, bytes and SHA-256. Readable by its owner only.

    thread: hashes and writes what is there while more is filled in; without it that is done in between.
    syncing: brings it to disk bit by bit; without it all of that is left to `close`.
    """

    def __init__(self, path: Path, thread: Executor | None = None, syncing: Executor | None = None) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: IO[bytes] = os.fdopen(descriptor, "wb", buffering=0)
        self._hash = hashlib.sha256()
        self._thread, self._under_way = thread, deque[Future[None]]()
        self._syncing, self._synced, self._unsynced = syncing, Future[None](), 0
        self._synced.set_result(None)
        self._block: list[bytes] = []
        self._left = _BLOCK
        self.lines = self.size = 0

    def write(self, line: bytes) -> None:
        """One line, newline included. OSError may be of an earlier one."""
        self.lines += 1
        self._append(line)

    def copy(self, bodies: Bodies, name: str, part: Range) -> None:
        """Lines that are written already. OSError may be of an earlier one."""
        self.lines += part.lines
        if part.size < _SMALL:
            self._append(bodies.read(name, part.start, part.size))
        else:
            self._hand_over()
            self._do(partial(self._put_range, bodies.folder / name, part.start, part.start + part.size))

    def close(self) -> None:
        """To disk, for good."""
        if self._file.closed:
            return
        try:
            self._hand_over()
            while self._under_way:
                self._under_way.popleft().result()
            self._synced.result()
            if self.size:  # that an empty one exists is told by its folder
                os.fsync(self._file.fileno())
        finally:
            self._file.close()

    def facts(self) -> dict[str, Any]:
        """What the manifest says of it, once it is closed."""
        return {"records": self.lines, "bytes": self.size, "sha256": self._hash.hexdigest()}

    def _append(self, text: bytes) -> None:
        self._block.append(text)
        self._left -= len(text)
        if self._left <= 0:
            self._hand_over()

    def _hand_over(self) -> None:
        lines, self._block, self._left = self._block, [], _BLOCK
        if lines:
            self._do(partial(self._put, b"".join(lines)))

    def _do(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            work()
            return
        if len(self._under_way) == _AHEAD:
            self._under_way.popleft().result()
        self._under_way.append(self._thread.submit(work))

    def _put_range(self, path: Path, start: int, end: int) -> None:
        with path.open("rb", buffering=0) as file:
            file.seek(start)
            while start < end:
                block = file.read(min(_BLOCK, end - start))
                start += len(block)
                self._put(block)

    def _put(self, block: bytes) -> None:
        self._hash.update(block)
        self.size += len(block)
        done = 0
        while done < len(block):
            with memoryview(block)[done:] as rest:
                done += self._file.write(rest)
        self._unsynced += len(block)
        if self._syncing is not None and self._unsynced >= _SYNCED and self._synced.done():
            self._synced.result()
            self._synced, self._unsynced = self._syncing.submit(os.fsync, self._file.fileno()), 0


class EntityWriters:
    """All entity files of a dataset. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._threads = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self.files = {
            name: HashedFile(folder / entity.file_name, *self._threads) for name, entity in ENTITIES.items()
        }

    def write(self, entity: str, line: bytes) -> None:
        """One record."""
        self.files[entity].write(line)

    def copy(self, bodies: Bodies, name: str, part: Range) -> None:
        """Records that are written already."""
        self.files[part.entity].copy(bodies, name, part)

    def __enter__(self) -> "EntityWriters":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._threads[0], self._threads[1], ExitStack() as stack:
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
