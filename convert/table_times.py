"""Times as spreadsheets write them, in the order of the machine that saved them, brought into ISO order.

`08-04-2023 20:52` and `8.4.2023` are day first wherever they are written. With slashes it may be either: the
file says it somewhere (13/5/2024 has no month 13), or nobody knows and the time is left alone.
"""

import re

from .source_bytes import opened
from .sources import Source

_DATE = re.compile(
    r"\s*(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})"
    r"(?:[T ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp]\.?[Mm]\.?)?)?\s*"
)
_NOON = re.compile(r"\s*(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])\.?[Mm]\.?\s*")
# Whole cells only: a date inside a sentence says nothing of the columns.
_CELL = re.compile(
    rb'(?:^|[,;\t|"])(\d{1,2})/(\d{1,2})/\d{2,4}'
    rb'(?: \d{1,2}:\d{2}(?::\d{2})?(?: [AaPp][Mm])?)?(?=["\r\n,;\t|]|$)',
    re.M,
)
_BLOCK = 1 << 20


def written_out(text: str, *, month_first: bool | None) -> str:
    """`text` in ISO order where it is a spreadsheet's date; as it is where it is not, or nobody knows how."""
    if match := _NOON.fullmatch(text):
        day, hour, minute, second, half = match.groups()
        return f"{day} {_hour(hour, half):02d}:{minute}:{second or '00'}"
    match = _DATE.fullmatch(text)
    if match is None:
        return text
    first, mark, other, year, hour, minute, second, half = match.groups()
    if mark == "/" and month_first is None:
        return text
    month, day = (first, other) if mark == "/" and month_first else (other, first)
    if len(year) == 2:
        year = f"20{year}"
    time = f" {_hour(hour, half):02d}:{minute}:{second or '00'}" if hour else ""
    return f"{year}-{int(month):02d}-{int(day):02d}{time}"


def month_first_in(source: Source) -> bool | None:
    """How dates with slashes are meant in a CSV; None where there are none, or both would do, or neither."""
    day = month = False
    with opened(source) as file:
        while lines := file.readlines(_BLOCK):
            block = b"".join(lines)
            if b"/" not in block:
                continue
            for match in _CELL.finditer(block):
                day = day or int(match[1]) > 12
                month = month or int(match[2]) > 12
    return month if day != month else None


def _hour(hour: str, half: str | None) -> int:
    if not half:
        return int(hour)
    return int(hour) % 12 + (12 if half[0] in "pP" else 0)
