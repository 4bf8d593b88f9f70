"""Which files of the tickets read back were delivered, and why the others were not.

A file is delivered when a call that stands carried its bytes and the conversation shows a file of its name.
"""

import csv
import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import duckdb

from deskferry.schemas.errors import InputError

from .action import FileBytes
from .difference import MISSING, Difference
from .made import as_object, listed
from .read_back import ReadBack, parts_of
from .read_people import query

COLUMNS = ("ticket_id", "intercom_id", "file", "bytes", "content_type", "public", "reason", "url")
_NOT_SEEN = "sent, but not shown by Intercom"
_HIDDEN = "sent, in a part that Intercom does not show any more"
_NOT_SENT = "its bytes are in the dataset; the plan does not send them"


@dataclass(slots=True)
class Files:
    """The files of the tickets read back so far. lost: how many for each reason."""

    delivered: int = 0
    lost: Counter[str] = field(default_factory=Counter)


class LostFiles:
    """lost-files.csv, made anew with the first file that is lost; nothing stands there without one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sibling = path.with_name(f".{path.name}.new")
        self._file: IO[str] | None = None

    def __enter__(self) -> "LostFiles":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._file is not None:
                self._file.close()
                if kind is None:
                    self._sibling.replace(self.path)
            elif kind is None:
                self.path.unlink(missing_ok=True)
        finally:
            self._sibling.unlink(missing_ok=True)

    def add(self, row: Sequence[object]) -> None:
        """Write one line, in the order of COLUMNS. Raises InputError when it can't be written."""
        try:
            if self._file is None:
                self._sibling.touch(mode=0o600)  # links carry tokens
                self._file = self._sibling.open("w", encoding="utf-8", newline="")
                csv.writer(self._file).writerow(COLUMNS)
            csv.writer(self._file).writerow(["" if value is None else value for value in row])
        except OSError as error:
            raise InputError(f"cannot be written ({error.strerror})", where=self.path) from error


def read_files(archive: duckdb.DuckDBPyConnection, ticket_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The files of tickets as the archive has them, by ticket."""
    found: dict[int, list[Any]] = {}
    for row in query(archive, "files_of_tickets", list(ticket_ids)):
        found.setdefault(row["ticket_id"], []).append(row)
    return found


def check_files(
    back: ReadBack,
    there: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
    *,
    into: Files,
    lost: LostFiles,
) -> Iterator[Difference]:
    """Count the files of one ticket; a line for each that was sent and is not shown. there: as read."""
    sent = _sent(back)
    seen = _seen(back, there)
    for file in files:
        names = sent.get(file["sha256"], []) if file["reason"] is None else []
        there_as = next((name for name in names if seen[name] > 0), None)
        if there_as is not None:
            seen[there_as] -= 1
            into.delivered += 1
            continue
        reason = file["reason"] or (_NOT_SENT if not names else _HIDDEN if back.hidden else _NOT_SEEN)
        if reason is _NOT_SEEN:
            expected = str(file["name"])
            yield Difference(MISSING, back.thread.kind, back.thread.key, "file", expected, "nothing")
        into.lost[reason] += 1
        shown = (file["name"], file["size"], file["content_type"], file["public"], reason, file["url"])
        lost.add((file["ticket_id"], there.get("id"), *shown))


def _sent(back: ReadBack) -> dict[str, list[str]]:
    """The names under which the calls of a thread carry bytes, by digest: equal files may have several."""
    names: dict[str, list[str]] = {}
    for action in back.thread.actions:
        for file in action.payload.get("attachment_files") or ():
            if isinstance(file["data"], FileBytes):
                names.setdefault(file["data"].sha256, []).append(_name(file["name"]))
    return names


def _seen(back: ReadBack, there: Mapping[str, Any]) -> Counter[str]:
    shown = [as_object(there.get("source")), *parts_of(back.thread.kind, there)]
    return Counter(_name(file.get("name")) for thing in shown for file in listed(thing, "attachments"))


def _name(name: object) -> str:
    return " ".join(html.unescape(str(name)).split())
