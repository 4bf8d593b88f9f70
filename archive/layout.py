"""A Table as text: for a terminal, for a spreadsheet, for a program, for a document.

Pure. Only the table form cuts long cells and shows control characters by name; the others lose nothing.
"""

import csv
import io
import json
import math
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, assert_never

from .table import Table, is_nested, is_number

_NARROWEST = 6  # a column is never cut below this
_GAP = "  "
# They would reorder or hide what stands beside them.
_UNSEEN = {"\u2028", "\u2029", "\ufeff", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


class Form(StrEnum):
    """How a table can be laid out."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"


def layout(table: Table, form: str, width: int | None = None) -> str:
    """`table` as text that ends with a newline. form: a Form, or its name.

    width: of the terminal in cells, for the table form; None never cuts. A terminal too narrow for all
    columns is exceeded.
    """
    match Form(form):
        case Form.TABLE:
            return _as_table(table, width)
        case Form.CSV:
            return _as_csv(table)
        case Form.JSON:
            return _as_json(table)
        case Form.MARKDOWN:
            return _as_markdown(table)
        case other:
            assert_never(other)


def _as_table(table: Table, width: int | None) -> str:
    cells = [[_visible(_text(value)) for value in row] for row in table.rows]
    header = [_visible(name) for name in table.columns]
    natural = [max(map(cell_width, column)) for column in zip(header, *cells, strict=True)]
    widths = _fit(natural, width)
    right = [is_number(kind) for kind in table.types]
    lines = [_line(header, widths, right), _GAP.join("─" * size for size in widths)]
    lines += [_line(row, widths, right) for row in cells]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _fit(natural: list[int], width: int | None) -> list[int]:
    """Cut the widest columns, all to the same size, until the line fits."""
    if width is None:
        return natural
    room = width - len(_GAP) * (len(natural) - 1)
    cap = max(natural, default=0)
    while cap > _NARROWEST and sum(min(size, cap) for size in natural) > room:
        cap -= 1
    return [min(size, cap) for size in natural]


def _line(cells: Iterable[str], widths: list[int], right: list[bool]) -> str:
    return _GAP.join(
        _padded(cell, size, to_right=to_right)
        for cell, size, to_right in zip(cells, widths, right, strict=True)
    )


def _padded(text: str, size: int, *, to_right: bool) -> str:
    if cell_width(text) > size:
        text = _cut(text, size)
    blanks = " " * (size - cell_width(text))
    return blanks + text if to_right else text + blanks


def _cut(text: str, size: int) -> str:
    kept, used = [], 0
    for character in text:
        used += _character_width(character)
        if used > size - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def cell_width(text: str) -> int:
    """Cells that a terminal gives `text`: 2 for East Asian wide and emoji, 0 for combining characters."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _visible(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    if character == "\n":
        return "↵"
    if character in _UNSEEN or unicodedata.category(character) == "Cc":
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return character


def _as_csv(table: Table) -> str:
    """RFC 4180. NULL and empty text are both an empty cell, as the format has it."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(["" if value is None else _text(value) for value in row] for row in table.rows)
    return target.getvalue()


def _as_json(table: Table) -> str:
    """An array of objects, one a line. A name that comes twice gets a number."""
    keys = [json.dumps(name, ensure_ascii=False) for name in _distinct(table.columns)]
    kinds = table.types
    lines = (
        "{"
        + ",".join(f"{key}:{_json(value, kind)}" for key, value, kind in zip(keys, row, kinds, strict=True))
        + "}"
        for row in table.rows
    )
    return "[" + ",\n".join(lines) + "]\n"


def _json(value: Any, kind: str) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "null"
    if isinstance(value, str) and is_nested(kind):
        return value  # JSON text already, kept digit by digit
    if isinstance(value, str) and kind.startswith("TIMESTAMP"):
        return json.dumps(value.replace(" ", "T", 1))
    if isinstance(value, str) and kind.startswith("DECIMAL"):
        return value
    return json.dumps(value, ensure_ascii=False)


def _distinct(names: list[str]) -> list[str]:
    taken: set[str] = set()
    result = []
    for name in names:
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        result.append(free)
    return result


def _as_markdown(table: Table) -> str:
    marks = ["---:" if is_number(kind) else "---" for kind in table.types]
    rows = [[_markdown_cell(_text(value)) for value in row] for row in table.rows]
    lines = [[_markdown_cell(name) for name in table.columns], marks, *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown_cell(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return "<br>".join(escaped.splitlines())


def _text(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
