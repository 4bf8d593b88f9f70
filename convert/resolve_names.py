"""Names in ticket CSVs, where the API has ids, given back their ids where the export knows one of that name.

It is done between reading and merging, when every user, group and organization stands in a run, whatever form
it came in. A name that two bear is left as it was found, and counted: nobody is guessed.
"""

import mmap
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from .notes import Notes
from .people_lines import start_of_people
from .record_facts import info_of
from .run_lines import GROUP_HEAD, PARTIAL, PLACEHOLDER, Line, group_of, split

# Column of the CSV, as it stands in `extra` -> what it names, and the key its id belongs under.
_COLUMNS = {
    "requester email": ("emails", "requester_id"),
    "requester": ("users", "requester_id"),
    "assignee": ("users", "assignee_id"),
    "submitter": ("users", "submitter_id"),
    "group": ("groups", "group_id"),
    "organization": ("organizations", "organization_id"),
}
_TABLE = "create table name (kind text, name text, id integer, primary key (kind, name, id)) without rowid"
_NAMED = frozenset(("users", "groups", "organizations"))
_TICKETS = group_of("tickets", {"id": 0})[:1]
_TICKET = group_of("tickets", {"id": 0})[GROUP_HEAD : GROUP_HEAD + 2]
_GONE = "permanently deleted user"  # Zendesk's name for everybody it deleted for good


def resolve_names(runs: Sequence[Path], marked: Iterable[Path], notes: Notes, *, work: Path) -> None:
    """Rewrite the marked runs, in place. marked: `named-<part>` for each part that may hold names."""
    numbers = {path.name.removeprefix("named-") for path in marked}
    wanted = [run for run in runs if run.name.split("-")[1] in numbers]  # run-<part>-<number>
    if not wanted:
        return
    with closing(sqlite3.connect(work / "names")) as database:
        database.execute("pragma synchronous=off")
        database.execute(_TABLE)
        for run in runs:
            database.executemany("insert or ignore into name values (?, ?, ?)", _names_in(run))
        finder = _Finder(database, notes)
        for run in wanted:
            _rewrite(run, finder)


class _Finder:
    """Finds the one id of a name."""

    def __init__(self, database: sqlite3.Connection, notes: Notes) -> None:
        self._database, self.notes = database, notes
        self._ids = lru_cache(maxsize=10_000)(self._look_up)

    def id_of(self, kind: str, name: str) -> int | None:
        """None where nobody is called so, or more than one."""
        ids = self._ids(kind, _folded(name))
        if len(ids) > 1:
            self.notes.add("ambiguous_names", f"{kind}: {name}")
        return ids[0] if len(ids) == 1 else None

    def _look_up(self, kind: str, name: str) -> list[int]:
        found = self._database.execute(
            "select id from name where kind = ? and name = ? limit 2", (kind, name)
        )
        return [row[0] for row in found]


def _names_in(run: Path) -> Iterator[tuple[str, str, int]]:
    """(kind, name, id) of every copy of everybody and everything named."""
    with run.open("rb") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            file.seek(start_of_people(text))
        for text_line in file:
            line = split(text_line)
            if line.level >= PLACEHOLDER or line.entity not in _NAMED:
                continue
            record = orjson.loads(line.body)
            name = record.get("name")
            if isinstance(name, str) and _folded(name) not in ("", _GONE):
                yield line.entity, _folded(name), record["id"]
            if line.entity == "users" and isinstance(record.get("email"), str):
                yield "emails", _folded(record["email"]), record["id"]


def _rewrite(run: Path, finder: _Finder) -> None:
    new = run.with_name(f"{run.name}.named")
    with run.open("rb") as file, new.open("wb") as target:
        for text in file:
            is_ticket = text.startswith(_TICKETS) and text[GROUP_HEAD : GROUP_HEAD + 2] == _TICKET
            target.write(_with_ids(text, finder) if is_ticket and b'"extra":{' in text else text)
    new.replace(run)


def _with_ids(text: bytes, finder: _Finder) -> bytes:
    line = split(text)
    if line.level != PARTIAL:
        return text
    record: dict[str, Any] = orjson.loads(line.body)
    extra = record.get("extra") or {}
    for column, (kind, key) in _COLUMNS.items():
        name = extra.get(column)
        if isinstance(name, str) and key not in record and (found := finder.id_of(kind, name)) is not None:
            record[key] = found
            del extra[column]
            finder.notes.counts[f"unknown_keys tickets.{column}"] -= 1
    if not extra:
        record.pop("extra", None)
    return _line(line, record)


def _line(line: Line, record: dict[str, Any]) -> bytes:
    body = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    info = info_of("tickets", record, rank=0)
    return b"%b\x01%b\x01%d\x01%d\x01%b\x01%b\n" % (line.group, line.rank, line.file, line.count, info, body)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
