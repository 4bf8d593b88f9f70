"""Where a table is cut into parts: between rows, with the row number and the header in force at each cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from .csv_rows import CsvRows
from .source_bytes import mapped, opened
from .sources import Source
from .table import Layout

_LATIN = "latin-1"  # a byte is a character: quotes and delimiters are found, lengths are bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """A range of a table. row: rows that stand before it. header: of a CSV, empty for JSON lines."""

    start: int
    end: int
    row: int
    header: tuple[str, ...] = ()


def cuts(source: Source, *, size: int) -> Iterator[Cut]:
    """A table in ranges of about `size` bytes. OSError passes."""
    layout = source.table.layout if source.table else None
    row, header = (layout.row, layout.header) if layout else (0, ())
    if source.size - source.start <= size:
        yield Cut(source.start, source.size, row, header)
    elif layout:
        yield from _between_rows(source, layout, size)
    else:
        yield from _between_lines(source, size)


def lines_of(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    """The lines in a range of a file."""
    file.seek(start)
    while start < end and (line := file.readline()):
        start += len(line)
        yield line


def _between_rows(source: Source, layout: Layout, size: int) -> Iterator[Cut]:
    header = tuple(name.encode(layout.encoding, "replace").decode(_LATIN) for name in layout.header)
    start, before, held, done = source.start, layout.row, header, 0
    with opened(source) as file:
        lines = (line.decode(_LATIN) for line in lines_of(file, source.start, source.size))
        rows = CsvRows(lines, header=header, delimiter=layout.delimiter, before=layout.row)
        for _ in rows:
            if rows.length - done >= size:
                end = source.start + rows.length
                yield Cut(start, end, before, _as_text(held, layout))
                start, before, held, done = end, rows.number, rows.header, rows.length
    if start < source.size:
        yield Cut(start, source.size, before, _as_text(held, layout))


def _between_lines(source: Source, size: int) -> Iterator[Cut]:
    start, before = source.start, 0
    with mapped(source) as text:
        while start < source.size:
            newline = text.find(b"\n", min(start + size, source.size) - 1)
            end = source.size if newline < 0 else newline + 1
            yield Cut(start, end, before)
            before += text[start:end].count(b"\n")
            start = end


def _as_text(header: tuple[str, ...], layout: Layout) -> tuple[str, ...]:
    return tuple(name.encode(_LATIN).decode(layout.encoding, "replace") for name in header)
