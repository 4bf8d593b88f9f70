"""Whether a file is a table we know, and how it is written."""

from dataclasses import replace
from itertools import islice
from typing import Any

from .csv_layout import encoding_of, layout_of
from .csv_rows import CsvRows
from .parse_json import parse
from .sniff import Form
from .source_bytes import opened
from .sources import Source
from .table import Kind, Layout, Table
from .table_kind import is_bookkeeping, known_table
from .table_times import month_first_in

_MAY_BE_ROWS = frozenset((Form.LINES, Form.NOT_READ, Form.UNKNOWN, Form.OTHER, Form.TABLE))
_MARKS = frozenset(("_fivetran_synced", "_dlt_id", "_dlt_parent_id"))
_SAMPLE = 256 << 10
_START = 1024


def as_table(source: Source) -> Source:
    """`source` with its table, where it is one; as it is where not. OSError passes."""
    if source.size == 0 or source.form in (Form.DAMAGED, Form.OTHER_ACCOUNT):
        return source
    if source.form in (Form.UNKNOWN, Form.TABLE) and is_bookkeeping(_columns(source)):
        return replace(source, form=Form.OTHER, note="a pipeline's own bookkeeping")
    lines = source.form == Form.LINES or (source.form in _MAY_BE_ROWS and _first(source)[:1] == b"{")
    table = line_table(source) if lines else None
    if table is None and not lines and source.form in (Form.UNKNOWN, Form.OTHER, Form.TICKET_CSV):
        table = csv_table(source)
    if table is None:
        unread = source.form in (Form.TICKET_CSV, Form.TABLE)
        return replace(source, form=Form.UNKNOWN) if unread else source
    form = Form.TICKET_CSV if table.kind == Kind.TICKETS else Form.TABLE
    return replace(source, form=form, start=table.layout.start if table.layout else 0, note=None, table=table)


def csv_table(source: Source) -> Table | None:
    """The table a CSV is; None where its header is none we know. OSError passes."""
    layout = layout_of(source) if b"\0" not in _first(source) else None
    if layout is None or not any(name.strip() for name in layout.header):
        return None
    first = next(iter(sampled(source, layout)), {})
    table = known_table(layout.header, name=source.name, first=first)
    if table is None:
        return None
    layout = layout_of(source, encoding=encoding_of(source)) or layout
    return replace(table, layout=layout, month_first=month_first_in(source))


def line_table(source: Source) -> Table | None:
    """The table that JSON lines are rows of; None where they are records of their own."""
    rows = sampled_lines(source)
    columns = {key: None for row in rows for key in row}  # in the order they are met
    dotted = sum(any("." in key for key in row) for row in rows)  # of one row alone: damage in a key
    is_flat = 2 * dotted > len(rows) and not any(isinstance(row.get("via"), dict) for row in rows)
    unpacked = source.form == Form.TABLE  # out of a database: rows, whatever their columns
    if not rows or not (_MARKS & columns.keys() or is_flat or unpacked):
        return None
    first = next((row for row in rows if row.get("url")), rows[0])
    return known_table(list(columns), name=source.name, first=first)


def _columns(source: Source) -> list[str]:
    if _first(source)[:1] == b"{":
        return list(dict.fromkeys(key for row in sampled_lines(source) for key in row))
    layout = layout_of(source)
    return list(layout.header) if layout else []


def _first(source: Source) -> bytes:
    with opened(source) as file:
        file.seek(source.start)
        return file.read(_START).lstrip()


def sampled(source: Source, layout: Layout) -> list[dict[str, str]]:
    """Rows from the start of a CSV, by column."""
    with opened(source) as file:
        file.seek(layout.start)
        text = file.read(_SAMPLE)
    if len(text) == _SAMPLE:
        text = text[: text.rfind(b"\n") + 1]
    lines = (line + "\n" for line in text.decode(layout.encoding, "replace").split("\n"))
    rows = CsvRows(lines, header=layout.header, delimiter=layout.delimiter)
    return [dict(zip(row.header, row.cells, strict=True)) for row in islice(rows, 1_000) if row.cells]


def sampled_lines(source: Source) -> list[dict[str, Any]]:
    """Objects on the first lines."""
    with opened(source) as file:
        lines = file.read(_SAMPLE).split(b"\n")
    values = [value for line in lines[:1_000] for _, value in parse(line).values]
    return [value for value in values if isinstance(value, dict)]
