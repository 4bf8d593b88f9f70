"""One difference between what a plan intends and what the target shows."""

import html
from dataclasses import dataclass
from typing import Any

_SHOWN = 60  # characters of a text, from a little before the first difference

EQUAL, MISSING, ADDED, DIFFERENT, UNREAD = "=", "-", "+", "*", "!"


@dataclass(frozen=True, slots=True)
class Difference:
    """One line. key: the Zendesk id.

    symbol: - missing, + added by people since (no error), * different, ! failed, in doubt or unreadable. What
    is equal (=) is only counted.
    """

    symbol: str
    kind: str
    key: str
    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        what = f"{self.symbol} {self.kind} {self.key}  {self.field}"
        if self.symbol == ADDED:
            return f"{what}: {self.found}"
        return f"{what}: expected {self.expected}, found {self.found}"


def same(expected: Any, found: Any) -> bool:
    """Two values mean the same: ids come as text or number, names come escaped, blanks at the ends go."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        return expected == found
    return _plain(expected) == _plain(found)


def shown(value: Any) -> str:
    """A value for people, short."""
    if value is None or value == "":
        return "nothing"
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def shown_apart(expected: str, found: str) -> tuple[str, str]:
    """Two texts, each from a little before the place where they part."""
    start = next(
        (at for at, (one, other) in enumerate(zip(expected, found, strict=False)) if one != other),
        min(len(expected), len(found)),
    )
    start = max(start - 10, 0)
    lead = "..." if start else ""
    return lead + shown(expected[start:]), lead + shown(found[start:])


def _plain(value: Any) -> str:
    if value is None:
        return ""
    text = " ".join(str(value).split())
    unescaped = html.unescape(text)
    return unescaped
