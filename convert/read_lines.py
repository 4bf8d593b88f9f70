r"""JSON values on lines of their own. Lines end at \n only: U+2028 and U+0085 are text."""

import mmap
from collections.abc import Iterator
from typing import Any

from deskferry.schemas.errors import RecordError

from .accept import accept
from .collect import Collector
from .envelope import UNKNOWN, records_in
from .notes import note_repairs
from .other_lines import is_log, is_number_above, message_at, number_above
from .parse_json import INEXACT, Parsed, exact, parse, with_care
from .parts import Piece
from .read_stream import read_stream
from .reject import Unit
from .sniff import LONG, Form
from .source_bytes import mapped
from .stream_names import stream_of_name
from .unfinished import note_page

_NEWLINE = 10
_BLOCK = 256 << 10  # bytes


def read_lines(piece: Piece, out: Collector) -> None:
    """Hand every record on the lines of `piece` to `out`."""
    source = piece.source
    with mapped(source) as text:
        for at, end in _lines(text, piece):
            if end - at > LONG:
                above = number_above(text, at) if text[at : at + 1] == b"[" else None
                read_stream(source, out, start=at, end=end, ticket_id=above)
            else:
                _read_line(text, at, end, piece, out)


def _lines(text: mmap.mmap, piece: Piece) -> Iterator[tuple[int, int]]:
    """Start and end of each line. Searched for in copied blocks: a map looks at one byte after the other."""
    at = base = piece.start
    while base < piece.end:
        block = text[base : min(base + _BLOCK, piece.end)]
        end = 0
        while (newline := block.find(b"\n", end)) >= 0:
            end = newline + 1
            yield at, base + end
            at = base + end
        base += len(block)
    if at < piece.end:
        yield at, piece.end


def _read_line(text: mmap.mmap, at: int, end: int, piece: Piece, out: Collector) -> None:
    # Without its end: what has nothing to strip is not copied.
    stripped = text[at : end - 1 if text[end - 1] == _NEWLINE else end].strip()
    if not stripped:
        return
    source = piece.source
    out.unit = Unit(source.index, source.name, source.sha256, at, stripped)
    if stripped.startswith(b"//"):
        out.notes.add("skipped_lines", f"{source.sha256[:16]}:{at}")
        return
    if stripped[:1] == b"{":
        value = exact(stripped)
        if value is INEXACT:
            read_values(with_care(stripped), at, piece, out)
        else:
            _take(value, piece, out, ticket_id=source.ticket_id)
    elif source.form == Form.MESSAGES and is_log(stripped):
        out.notes.add("log_lines", f"{source.sha256[:16]}:{at}")
    elif source.form == Form.MESSAGES and (begin := message_at(stripped)):
        out.unit = Unit(source.index, source.name, source.sha256, at + begin, stripped[begin:])
        read_values(parse(stripped[begin:]), at + begin, piece, out)
    elif not is_number_above(stripped, text, end):
        above = number_above(text, at) if stripped[:1] == b"[" else None
        read_values(parse(stripped), at, piece, out, ticket_id=above)


def _take(value: Any, piece: Piece, out: Collector, *, ticket_id: int | None) -> None:
    note_page(value, out)
    for found in records_in(value, stream=stream_of_name(piece.source.name)):
        accept(found, out, ticket_id=ticket_id)


def read_values(
    parsed: Parsed, at: int, piece: Piece, out: Collector, *, ticket_id: int | None = None
) -> None:
    """Hand the records in parsed values to `out`. at: where their text starts in the file.

    ticket_id: of the ticket they stand under, where that is not the one of the file's name.
    """
    source = piece.source
    under = source.ticket_id if ticket_id is None else ticket_id
    note_repairs(parsed, f"{source.sha256[:16]}:{at}", out.notes)
    if len(parsed.values) > 1:
        out.notes.add("concatenated", f"{source.sha256[:16]}:{at}", count=len(parsed.values) - 1)
    raw = out.unit.raw
    ends = [offset for offset, _ in parsed.values[1:]]
    ends.append(parsed.broken[0] if parsed.broken else len(raw or b""))
    for (offset, value), end in zip(parsed.values, ends, strict=False):
        if offset or out.unit.position != at or (raw and end < len(raw)):
            out.unit = Unit(source.index, source.name, source.sha256, at + offset, raw and raw[offset:end])
        _take(value, piece, out, ticket_id=under)
    if parsed.broken:
        offset, reason = parsed.broken
        out.unit = Unit(source.index, source.name, source.sha256, at + offset, raw[offset:] if raw else raw)
        out.reject(UNKNOWN, "", RecordError(reason))
