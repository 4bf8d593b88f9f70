"""What must be known before tables are read: which fields there are, which rows go into rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deskferry.schemas.errors import RecordError

from .child_rows import ChildIndex, ChildRows, orphans
from .collect import Collector
from .csv_columns import CUSTOM
from .csv_fields import Fields, fields_by_title
from .envelope import UNKNOWN
from .find_fields import field_records
from .normalize_time import Zone
from .parts import Piece, table_pieces
from .read_table import TableReader
from .reject import Unit
from .rows import csv_rows, line_rows
from .sources import Source
from .table import Kind
from .table_columns import key_of

_INDEX = "children"


@dataclass(frozen=True, slots=True)
class Tables:
    """fields: ticket fields by title. children: the index of rows that go into rows, None without any."""

    fields: Fields = field(default_factory=dict)
    children: Path | None = None


def prepare_tables(sources: Sequence[Source], *, work: Path) -> Tables:
    """Index child tables and find ticket fields, where a table needs them."""
    tables = [source for source in sources if source.table is not None]
    children = _indexed([source for source in tables if source.table and source.table.child], work)
    if not any(map(_names_fields, tables)):
        return Tables(children=children)
    found = fields_by_title((*field_records(sources), *_rows_of_fields(tables, children)))
    return Tables(found, children)


def reject_orphans(
    sources: Sequence[Source],
    tables: Tables,
    found: Counter[tuple[int, str]],
    rejected: Counter[tuple[int, str]],
    runs: list[Path],
    *,
    work: Path,
) -> None:
    """A reject for each row of a child table that no row asked for."""
    if tables.children is None:
        return
    out = Collector(Zone(None), account=None)
    of = {source.index: source for source in sources}
    for file, row, name, raw in orphans(tables.children, sorted(work.glob("asked-*"))):
        source = of[file]
        out.unit = Unit(source.index, source.name, source.sha256, row, raw)
        out.reject(UNKNOWN, "", RecordError(f"{name} of something that is not in the export"))
    if out.rejects:
        found.update(out.found)
        rejected.update(out.rejected)
        path = work / "rejects-orphans"
        path.write_bytes(b"".join(sorted(out.rejects)))
        runs.append(path)


def _indexed(sources: Sequence[Source], work: Path) -> Path | None:
    if not sources:
        return None
    index = ChildIndex(work / _INDEX)
    for source in sources:
        if source.table and source.table.child:
            index.add(source.table.child, _values(source), file=source.index)
    index.finished()
    return index.path


def _values(source: Source) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    out = Collector(Zone(None), account=None)
    for piece in _whole(source):
        rows: Iterable[dict[str, Any]]
        if source.table and source.table.layout:
            rows = (dict(zip(header, cells, strict=True)) for header, cells in csv_rows(piece, out))
        else:
            rows = line_rows(piece, out)
        for row in rows:
            values = {key_of(column): value for column, value in row.items()}
            if str(values.get("_fivetran_deleted")).lower() not in ("true", "t", "1"):
                yield out.unit.position, out.unit.raw or b"", values


def _whole(source: Source) -> Iterator[Piece]:
    return table_pieces(source, size=max(source.size, 1))


def _names_fields(source: Source) -> bool:
    """True for a table in which columns may be custom fields by title."""
    table = source.table
    if table is None or table.entity != "tickets":
        return False
    if table.kind in (Kind.FIVETRAN, Kind.DLT):
        return True
    return table.layout is not None and any(CUSTOM.fullmatch(name.strip()) for name in table.layout.header)


def _rows_of_fields(sources: Sequence[Source], children: Path | None) -> Iterator[dict[str, Any]]:
    held = [source for source in sources if source.table and source.table.entity == "ticket_fields"]
    if not held:
        return
    rows = ChildRows(children) if children else None
    reader = TableReader(Collector(Zone(None), account=None), fields={}, children=rows)
    for source in held:
        for piece in _whole(source):
            yield from reader.records(piece)
    if rows:
        rows.close()
