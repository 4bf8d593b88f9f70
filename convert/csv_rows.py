r"""A CSV as rows, cut at row boundaries, whatever a spreadsheet or a script did to it.

In: lines of text that end at \n. Out: rows with their number and cells. A quote that is never closed costs
its own line and not the rows after it: a row of several lines must have the width of the header, or only its
first line is taken for it.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .csv_columns import folded, is_ticket_header

_LONGEST_ROW = 5_000  # lines; the text of a comment has up to 64 KB
csv.field_size_limit(1 << 30)


@dataclass(frozen=True, slots=True)
class Row:
    """A row. number: counted from 1 over the whole file. cells: None where they do not fit the header."""

    number: int
    text: str
    header: tuple[str, ...]
    cells: list[str] | None
    width: int


class CsvRows:
    """The rows below a header; headers that stand again in the middle are left out and remembered.

    header: in force where the reading begins. before: rows that stand before that place. number and length:
    rows and characters taken so far.
    """

    def __init__(
        self, lines: Iterable[str], *, header: Sequence[str], delimiter: str, before: int = 0
    ) -> None:
        self.header = tuple(header)
        self.number, self.length = before, 0
        self.repeated: list[int] = []
        self._feed = _Feed(iter(lines))
        self._reader = csv.reader(self._feed, delimiter=delimiter)
        self._folded = [folded(name) for name in header]

    def __iter__(self) -> Iterator[Row]:
        for text, cells in self._taken():
            width = len(cells) if cells is not None else 0
            yield Row(self.number, text, self.header, cells if width == len(self.header) else None, width)

    def _taken(self) -> Iterator[tuple[str, list[str] | None]]:
        while (taken := self._next()) is not None:
            self.number += 1
            text, cells = taken
            self.length += len(text)
            if not text.strip():
                continue
            if cells is not None and self._is_header(cells):
                self.repeated.append(self.number)
                continue
            yield text, cells

    def _next(self) -> tuple[str, list[str] | None] | None:
        """The text of the next row and its cells, None where it is broken; None at the end."""
        feed = self._feed
        feed.begin()
        cells: list[str] | None
        try:
            cells = next(self._reader)
        except StopIteration:
            return None
        except csv.Error:
            cells = None
        taken = feed.taken
        broken = cells is None or feed.over
        if len(taken) > 1 and (broken or len(cells or ()) != len(self.header)):
            feed.give_back(taken[1:])
            return taken[0], None
        return "".join(taken), None if broken else cells

    def _is_header(self, cells: list[str]) -> bool:
        if cells and self._folded and len(cells) == len(self.header) and folded(cells[0]) != self._folded[0]:
            return False
        names = [folded(cell) for cell in cells]
        if names == self._folded:
            return True
        if len(cells) == len(self.header) or not is_ticket_header(cells):
            return False
        # A slice of another view was appended: its own columns hold from here on.
        self.header, self._folded = tuple(cells), names
        return True


class _Feed:
    """Hands lines to the CSV reader and knows which of them it took for one row."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.over = False

    def begin(self) -> None:
        """A new row."""
        self.taken, self.over = [], False

    def give_back(self, lines: Sequence[str]) -> None:
        """Lines that belong to later rows after all."""
        self._waiting.extendleft(reversed(lines))

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = None
        if len(self.taken) < _LONGEST_ROW:
            line = self._waiting.popleft() if self._waiting else next(self._lines, None)
        if line is None:
            self.over = True
            raise StopIteration
        self.taken.append(line)
        return line
