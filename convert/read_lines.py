r"""JSON values on lines of their own. Lines end at \n only: U+2028 and U+0085 are text."""

from deskferry.schemas.errors import RecordError

from .accept import accept
from .collect import Collector
from .envelope import UNKNOWN, records_in
from .notes import note_repairs
from .parse_json import Parsed, parse
from .parts import Piece
from .read_stream import note_page, read_stream
from .reject import Unit
from .sniff import LONG
from .source_bytes import mapped
from .stream_names import stream_of_name


def read_lines(piece: Piece, out: Collector) -> None:
    """Hand every record on the lines of `piece` to `out`."""
    source = piece.source
    with mapped(source) as text:
        at = piece.start
        while at < piece.end:
            newline = text.find(b"\n", at, piece.end)
            end = piece.end if newline < 0 else newline + 1
            if end - at > LONG:
                read_stream(source, out, start=at, end=end)
            else:
                _read_line(text[at:end], at, piece, out)
            at = end


def _read_line(line: bytes, at: int, piece: Piece, out: Collector) -> None:
    stripped = line.strip()
    if not stripped:
        return
    source = piece.source
    out.unit = Unit(source.index, source.name, source.sha256, at, stripped)
    if stripped.startswith(b"//"):
        out.notes.add("skipped_lines", f"{source.sha256[:16]}:{at}")
        return
    read_values(parse(stripped), at, piece, out)


def read_values(parsed: Parsed, at: int, piece: Piece, out: Collector) -> None:
    """Hand the records in parsed values to `out`. at: where their text starts in the file."""
    source = piece.source
    note_repairs(parsed, f"{source.sha256[:16]}:{at}", out.notes)
    if len(parsed.values) > 1:
        out.notes.add("concatenated", f"{source.sha256[:16]}:{at}", count=len(parsed.values) - 1)
    raw = out.unit.raw
    ends = [offset for offset, _ in parsed.values[1:]]
    ends.append(parsed.broken[0] if parsed.broken else len(raw or b""))
    for (offset, value), end in zip(parsed.values, ends, strict=False):
        out.unit = Unit(source.index, source.name, source.sha256, at + offset, raw and raw[offset:end])
        note_page(value, out)
        for found in records_in(value, stream=stream_of_name(source.name)):
            accept(found, out, ticket_id=source.ticket_id)
    if parsed.broken:
        offset, reason = parsed.broken
        out.unit = Unit(source.index, source.name, source.sha256, at + offset, raw[offset:] if raw else raw)
        out.reject(UNKNOWN, "", RecordError(reason))
