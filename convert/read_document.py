"""Documents: JSON values that span lines, one after another. Small ones at once, large ones as a stream."""

from .collect import Collector
from .parse_json import parse
from .parts import Piece
from .read_lines import read_values
from .read_stream import read_stream
from .reject import Unit
from .sniff import LONG
from .source_bytes import opened


def read_document(piece: Piece, out: Collector) -> None:
    """Hand every record in a document to `out`."""
    source = piece.source
    if piece.end - piece.start > LONG:
        read_stream(source, out, start=piece.start, end=piece.end)
        return
    with opened(source) as file:
        file.seek(piece.start)
        text = file.read(piece.end - piece.start)
    parsed = parse(text)
    out.unit = Unit(source.index, source.name, source.sha256, 0, text)
    if parsed.broken and (not parsed.values or parsed.broken[0] < len(text) // 2):
        read_stream(source, out, start=piece.start, end=piece.end)  # keeps what stands before the damage
        return
    read_values(parsed, 0, piece, out)
