"""The lines of people in a run, found without reading what is sorted before them."""

import mmap
from collections.abc import Iterator
from pathlib import Path

from .run_lines import GROUP_HEAD, SEPARATOR, group_of

_FAMILY = group_of("users", {"id": 0})[:1]
_USERS = group_of("users", {"id": 0})[GROUP_HEAD : GROUP_HEAD + 2]


def people_lines(run: Path) -> Iterator[bytes]:
    """Each line of a user or an identity, in order."""
    with run.open("rb") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            file.seek(start_of_people(text))
        for line in file:
            if not line.startswith(_FAMILY):
                return
            yield line


def is_user(line: bytes) -> bool:
    """True for a line of a user, False for one of an identity."""
    return line[GROUP_HEAD : GROUP_HEAD + 2] == _USERS


def owner_of(line: bytes) -> int:
    """The id of the user that a line is, or belongs to."""
    return int(line[1:GROUP_HEAD]) - (1 << 63)


def level_of(line: bytes) -> int:
    """The level of a line's record, without taking it apart."""
    return line[line.index(SEPARATOR) + 1] - 48


def start_of_people(text: mmap.mmap) -> int:
    """Where the first line of a person stands, by halving: what is sorted before them may be gigabytes."""
    low, high = 0, len(text)
    while low < high:
        middle = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
        if text[middle : middle + 1] >= _FAMILY:
            high = middle
        else:
            low = text.find(b"\n", middle) + 1 or len(text)
    return low
