"""Cutting an export into parts: newline-cut ranges, whole documents, bundles of small files.

A part is the unit of work. How the input is cut never shows in the result.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .cut_table import cuts
from .sniff import Form
from .source_bytes import mapped
from .sources import Source
from .split_xml import ranges

PART = 8 << 20  # bytes of text; at most 32 MB are allowed, small ones need less memory and end together
READ = frozenset((Form.LINES, Form.MESSAGES, Form.DOCUMENT, Form.XML, Form.TICKET_CSV, Form.TABLE))


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of one source. end is exclusive; a range starts at a line and ends after a newline.

    row: of a table, the rows that stand before it. header: of a CSV, the one in force where it starts.
    """

    source: Source
    start: int
    end: int
    row: int = 0
    header: tuple[str, ...] = ()


Part = tuple[Piece, ...]


def parts_of(sources: Sequence[Source], *, size: int = PART) -> Iterator[Part]:
    """Every part of the sources that can be read. Small files are bundled, so that runs stay few."""
    bundle: list[Piece] = []
    weight = 0
    for piece in _pieces(sources, size):
        length = piece.end - piece.start
        if bundle and weight + length > size:
            yield tuple(bundle)
            bundle, weight = [], 0
        bundle.append(piece)
        weight += length
    if bundle:
        yield tuple(bundle)


def _pieces(sources: Iterable[Source], size: int) -> Iterator[Piece]:
    for source in sources:
        if source.form in (Form.LINES, Form.MESSAGES):
            yield from _ranges(source, size)
        elif source.table is not None and source.form in READ:
            if source.table.child is None:
                yield from table_pieces(source, size=size)
        elif source.form == Form.XML and source.size > size:
            with mapped(source) as text:
                yield from (Piece(source, *cut) for cut in ranges(text, start=source.start, size=size))
        elif source.form in READ:
            yield Piece(source, source.start, source.size)


def table_pieces(source: Source, *, size: int) -> Iterator[Piece]:
    """A table, cut between rows."""
    for cut in cuts(source, size=size):
        yield Piece(source, cut.start, cut.end, cut.row, cut.header)


def _ranges(source: Source, size: int) -> Iterator[Piece]:
    if source.size - source.start <= size:
        yield Piece(source, source.start, source.size)
        return
    with mapped(source) as text:
        start = source.start
        while start < source.size:
            newline = text.find(b"\n", min(start + size, source.size) - 1)
            end = source.size if newline < 0 else newline + 1
            yield Piece(source, start, end)
            start = end
