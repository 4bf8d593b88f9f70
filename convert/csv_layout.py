"""How a CSV is written: its encoding, its delimiter, its header and where its rows begin."""

import csv
from collections.abc import Iterator

from .source_bytes import opened
from .sources import Source
from .table import Layout

_DELIMITERS = ",;\t|"
_BLOCK = 1 << 20
_HEAD = 1 << 18
_TOP = 64  # lines a header may reach over, with what stands above it
_BOM = b"\xef\xbb\xbf"


def layout_of(source: Source, *, encoding: str = "") -> Layout | None:
    """The layout of what may be a CSV; None where nothing could be a header. OSError passes.

    encoding: empty to go by the head of the file; whoever reads it asks `encoding_of` for all of it.
    """
    with opened(source) as file:
        head = file.read(_HEAD)
    encoding = encoding or _encoding(*_broken(head))
    lines = [line + b"\n" for line in head.split(b"\n")][:_TOP]
    lines[-1] = lines[-1].removesuffix(b"\n")
    at, row, told = 0, 0, ""
    while lines:
        text = _text(lines[0], encoding).strip()
        if _names_delimiter(text):
            told = text.strip('"')[4:] or "\t"  # Excel's own way
        elif text and not text.startswith("//"):
            break
        at, row = at + len(lines.pop(0)), row + 1
    if not lines:
        return None
    delimiter = told or max(_DELIMITERS, key=_outside_quotes(_text(lines[0], encoding)).count)
    counted = _Counted(_text(line, encoding) for line in lines)
    try:
        header = next(csv.reader(counted, delimiter=delimiter), [])
    except csv.Error:
        return None
    return Layout(encoding, delimiter, tuple(header), at + sum(map(len, lines[: counted.taken])), row + 1)


def encoding_of(source: Source) -> str:
    """UTF-8 where it is that or nearly, else Windows-1252, as Excel saves."""
    wide = broken = 0
    with opened(source) as file:
        while lines := file.readlines(_BLOCK):
            for line in lines:
                if not line.isascii():
                    more = _broken(line)
                    wide, broken = wide + more[0], broken + more[1]
    return _encoding(wide, broken)


def _broken(text: bytes) -> tuple[int, int]:
    """Characters beyond ASCII that are UTF-8, and places that are not."""
    decoded = text.decode("utf-8", "replace")
    lost = decoded.count("\ufffd") - text.count("\ufffd".encode())
    return len(decoded) - len(decoded.encode("ascii", "ignore")) - lost, lost


def _encoding(wide: int, broken: int) -> str:
    return "cp1252" if broken > wide else "utf-8"


def decoded(line: bytes, encoding: str) -> str:
    """A line of a file in that encoding; as UTF-8 where it is that: a damaged line may not spoil others."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode(encoding, "replace")


def _text(line: bytes, encoding: str) -> str:
    return decoded(line.removeprefix(_BOM), encoding)


def _names_delimiter(line: str) -> bool:
    plain = line.strip('"')
    return plain[:4].lower() == "sep=" and plain[4:] in ("", *_DELIMITERS)


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


class _Counted:
    """Counts the lines that were taken from it."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self.taken = lines, 0

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken += 1
        return line
