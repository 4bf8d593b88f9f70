"""Tables whose lines end in a carriage return alone, as spreadsheets on a Mac still offer."""

from dataclasses import replace
from pathlib import Path

from .source_bytes import opened
from .sources import Source

_BLOCK = 1 << 20


def with_newlines(source: Source, *, work: Path) -> Source:
    r"""`source`, or a copy in `work` with \n for \r where text has no other line ends. OSError passes."""
    with opened(source) as file:
        head = file.read(_BLOCK)
        is_text = b"\0" not in head and head[:1] not in (b"", b"{", b"[", b"<")
        if b"\n" in head or b"\r" not in head[:-1] or not is_text:
            return source
        path = work / f"newlines-{source.index}"
        with path.open("wb") as target:
            while head:
                target.write(head.replace(b"\r", b"\n"))
                head = file.read(_BLOCK)
    return replace(source, path=path, offset=0)
