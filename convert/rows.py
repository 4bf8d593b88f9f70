"""The rows of a piece of a table, with the collector's unit set to each as it is handed out."""

import mmap
from collections.abc import Iterator
from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .csv_layout import decoded
from .csv_rows import CsvRows
from .cut_table import lines_of
from .envelope import UNKNOWN
from .identify import CONFIGURATION
from .notes import note_repairs
from .parse_json import parse
from .parts import Piece
from .reject import Unit
from .source_bytes import mapped, opened


def csv_rows(piece: Piece, out: Collector) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """(header in force, cells) of each row; rows that do not fit their header are rejected."""
    source = piece.source
    table = source.table
    if table is None or table.layout is None:
        return
    layout, short = table.layout, source.sha256[:16]
    entity = table.entity if table.entity and not table.entity.startswith(CONFIGURATION) else UNKNOWN
    if layout.encoding == "cp1252" and piece.start == layout.start:
        out.notes.add("windows_1252", short)
    with opened(source) as file:
        lines = _decoded(lines_of(file, piece.start, piece.end), layout.encoding, out, short)
        rows = CsvRows(
            lines, header=piece.header or layout.header, delimiter=layout.delimiter, before=piece.row
        )
        for row in rows:
            out.unit = Unit(source.index, source.name, source.sha256, row.number, row.text.encode())
            if row.cells is None:
                wrong = f"{row.width} cells where the header has {len(row.header)}"
                reason = wrong if row.width not in (0, len(row.header)) else "a quote in it is never closed"
                out.reject(entity, "", RecordError(reason))
            else:
                yield row.header, row.cells
        for number in rows.repeated:
            out.notes.add("repeated_headers", f"{short}:{number}")


def line_rows(piece: Piece, out: Collector) -> Iterator[dict[str, Any]]:
    """The object on each line; what is none is rejected."""
    source = piece.source
    number = piece.row
    with mapped(source) as text:
        for line in _mapped_lines(text, piece.start, piece.end):
            number += 1
            if not line.strip():
                continue
            out.unit = Unit(source.index, source.name, source.sha256, number, line.strip())
            parsed = parse(line.strip())
            note_repairs(parsed, f"{source.sha256[:16]}:{number}", out.notes)
            for _, value in parsed.values:
                if isinstance(value, dict):
                    yield value
                else:
                    out.reject(UNKNOWN, "", RecordError("not an object"))
            if parsed.broken:
                out.reject(UNKNOWN, "", RecordError(parsed.broken[1]))


def _mapped_lines(text: mmap.mmap, start: int, end: int) -> Iterator[bytes]:
    while start < end:
        newline = text.find(b"\n", start, end)
        stop = end if newline < 0 else newline + 1
        yield text[start:stop]
        start = stop


def _decoded(lines: Iterator[bytes], encoding: str, out: Collector, short: str) -> Iterator[str]:
    for line in lines:
        text = decoded(line, encoding)
        if not line.isascii() or b"\0" in line:
            lost = text.count("\ufffd") - line.count("\ufffd".encode()) + text.count("\0")
            if lost:
                out.notes.add("replaced_characters", short, count=lost)
                text = text.replace("\0", "\ufffd")
        yield text
