"""Rows that are values inside rows of another table: tags, options, events of a chat.

They are written into an index on disk before the tables are read, so that memory does not grow with them, and
looked up row by row. What no row asked for is reported at the end: it belongs to nothing in the export.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from .normalize_record import small, whole_number
from .table import Child

_SCHEMA = """
create table child (key text, field text, rank integer, file integer, row integer, value text, raw blob);
create table asked (key text primary key) without rowid;
"""
_DEEPEST = 12


class ChildIndex:
    """Takes the rows of every child table; `finished` makes them ready to be looked up."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = sqlite3.connect(path)
        self._database.executescript("pragma journal_mode=off; pragma synchronous=off;" + _SCHEMA)

    def add(self, child: Child, rows: Iterable[tuple[int, bytes, dict[str, Any]]], *, file: int) -> None:
        """Rows of one file: (number, raw bytes, values). One that names no row to go into stays an orphan."""
        entries = (_entry(child, row, number=number, raw=raw, file=file) for number, raw, row in rows)
        while batch := list(islice(entries, 5_000)):
            self._database.executemany("insert into child values (?, ?, ?, ?, ?, ?, ?)", batch)

    def finished(self) -> None:
        """No more rows."""
        self._database.execute("create index by_key on child (key)")
        self._database.commit()
        self._database.close()


class ChildRows:
    """Looks children up while a part is read, and remembers for whom."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        self._asked: set[str] = set()

    def of(self, entity: str, owner: Any, *, depth: int = 0) -> dict[str, list[Any]]:
        """What belongs into a row: key -> values in order, each once. entity: empty for a row id."""
        key = key_of(entity, owner)
        found: dict[str, list[Any]] = {}
        for field, value in self._database.execute(
            "select field, value from child where key = ? order by field, rank, file, row", (key,)
        ):
            item = orjson.loads(value)
            if isinstance(item, dict):
                item = self._whole(item, depth)
            values = found.setdefault(field, [])
            if item not in values or len(values) > 1_000:
                values.append(item)
        if found:
            self._asked.add(key)
        return found

    def _whole(self, row: dict[str, Any], depth: int) -> dict[str, Any]:
        """A row that is a value: without what its pipeline added, with its own children."""
        own = row.get("_dlt_id")
        item = {
            key: _number(key, value) for key, value in row.items() if key[:1] != "_" and value is not None
        }
        if own and depth < _DEEPEST:
            item.update(self.of("", own, depth=depth + 1))
        return item

    def write_asked(self, path: Path) -> None:
        """Leave the keys that were looked up and led to something."""
        if self._asked:
            path.write_text("\n".join(sorted(self._asked)))

    def close(self) -> None:
        """No more rows."""
        self._database.close()


def orphans(index: Path, asked: Iterable[Path]) -> Iterator[tuple[int, int, str, bytes]]:
    """Rows that no row asked for: (file number, row, field, raw bytes), in order."""
    database = sqlite3.connect(index)
    try:
        for path in asked:
            keys = path.read_text().split("\n")
            database.executemany("insert or ignore into asked values (?)", ((key,) for key in keys))
        yield from database.execute(
            "select file, row, field, raw from child where key is null or key not in (select key from asked) "
            "order by file, row"
        )
    finally:
        database.close()


def _number(key: str, value: Any) -> Any:
    """The id in a cell as a number."""
    whole = whole_number(value) if key == "id" or key.endswith("_id") else None
    return value if whole is None else whole


def _entry(child: Child, row: dict[str, Any], *, number: int, raw: bytes, file: int) -> tuple[Any, ...]:
    owner = row.get(child.key)
    rank = whole_number(row.get(child.rank)) if child.rank else None
    value = row.get(child.value) if child.value else row
    return (
        None if owner in (None, "") else key_of(child.of, owner),
        child.field,
        rank or 0,
        file,
        number,
        orjson.dumps(small(value)).decode(),
        raw,
    )


def key_of(entity: str, owner: Any) -> str:
    """The key of a row: of its entity and id, or of a pipeline's row id."""
    text = str(owner).replace("\n", " ")  # the keys that were asked for are written one per line
    if entity and text.endswith(".0"):
        text = text[:-2]
    return f"{entity}:{text}"
