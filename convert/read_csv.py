"""Zendesk's ticket CSV: one row per ticket, names where the JSON has ids, times in the account's zone.

A row fills blanks only: it is a partial ticket, a partial requester and partial metrics. A broken quote costs
its own line, never the rows after it.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .csv_columns import CUSTOM, folded
from .csv_fields import Fields
from .normalize_row import read_row
from .parts import Piece
from .reject import Unit
from .source_bytes import opened
from .sources import Source

_LONGEST_ROW = 200  # lines in one quoted cell before the quote is taken for damage


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a CSV is written. damaged: its bytes are not all valid in it."""

    name: str
    damaged: bool = False


def read_csv(piece: Piece, out: Collector, *, fields: Fields) -> None:
    """Hand every row of a ticket CSV to `out`. fields: ticket fields by title, to give columns their ids."""
    source = piece.source
    encoding = encoding_of(source)
    short = f"{source.sha256[:16]}"
    if encoding.name == "cp1252":
        out.notes.add("windows_1252", short)
    header: list[str] | None = None
    delimiter = ","
    csv.field_size_limit(1 << 30)
    with _text(source, encoding) as file:
        for number, text in enumerate(_rows(_clean(file, out, short)), start=1):
            raw = text.encode()
            out.unit = Unit(source.index, source.name, source.sha256, number, raw)
            if header is None:
                if not text.strip() or text.startswith("//"):
                    continue
                delimiter = max(",;\t", key=text.count)
                header = _cells(text, delimiter)
                continue
            if not text.strip():
                continue
            cells = _cells(text, delimiter)
            if [folded(cell) for cell in cells] == [folded(name) for name in header]:
                out.notes.add("repeated_headers", f"{short}:{number}")
                continue
            if len(cells) != len(header):
                wrong = f"{len(cells)} cells where the header has {len(header)}"
                out.reject("tickets", "", RecordError(wrong))
                continue
            read_row(header, cells, out, fields=fields)


def header_of(source: Source) -> list[str]:
    """The first row of a CSV."""
    with _text(source, encoding_of(source)) as file:
        for text in file:
            if text.strip() and not text.startswith("//"):
                return _cells(text.lstrip("\ufeff"), max(",;\t", key=text.count))
    return []


def encoding_of(source: Source) -> Encoding:
    """UTF-16 by its mark; UTF-8 where it is that or nearly; else Windows-1252, as Excel saves."""
    with opened(source) as file:
        head = file.read(3)
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return Encoding("utf-16")
        file.seek(0)
        wide = broken = 0
        while block := file.readlines(1 << 20):
            for line in block:
                if not line.isascii():
                    text = line.decode("utf-8", "replace")
                    lost = text.count("\ufffd")
                    broken += lost
                    wide += sum(not character.isascii() for character in text) - lost
    if broken > wide:
        return Encoding("cp1252")
    return Encoding("utf-8-sig", damaged=broken > 0)


def _text(source: Source, encoding: Encoding) -> io.TextIOWrapper:
    return io.TextIOWrapper(opened(source), encoding=encoding.name, errors="replace", newline="\n")


def has_custom_columns(header: list[str]) -> bool:
    """True when ticket fields would give columns their ids."""
    return any(CUSTOM.fullmatch(name.strip()) for name in header)


def _clean(file: io.TextIOBase, out: Collector, short: str) -> Iterator[str]:
    for line in file:
        lost = line.count("\ufffd") + line.count("\0")
        if lost:
            out.notes.add("replaced_characters", short, count=lost)
            line = line.replace("\0", "\ufffd")
        yield line


def _rows(lines: Iterator[str]) -> Iterator[str]:
    """Rows as text: lines joined while a quote is open."""
    waiting: deque[str] = deque()
    while True:
        taken: list[str] = []
        quotes = 0
        while len(taken) <= _LONGEST_ROW:
            line = waiting.popleft() if waiting else next(lines, None)
            if line is None:
                break
            taken.append(line)
            quotes += line.count('"')
            if quotes % 2 == 0:
                break
        if not taken:
            return
        if quotes % 2:  # never closed: only the line that opened it is lost
            waiting.extendleft(reversed(taken[1:]))
            taken = taken[:1]
        yield "".join(taken)


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(
            csv.reader(
                [text.rstrip("\r\n")] if text.count('"') % 2 else io.StringIO(text), delimiter=delimiter
            ),
            [],
        )
    except csv.Error:
        return []
