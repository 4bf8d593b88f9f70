"""Where one JSON value ends and the next begins, in a document too long to parse at once."""

import mmap
import re
from collections.abc import Iterator

_JOINT = re.compile(rb"[}\]]\s*+[{\[]")  # never stands inside a value, except in its texts
_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([{}\[\]])', re.DOTALL)
_BLANKS = re.compile(rb"[\s,]*+")


def cut_values(text: mmap.mmap, *, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of the values in a range; what is damaged beyond telling comes as one with what follows it."""
    if _JOINT.search(text, start, end) is None:
        yield start, end
        return
    at = begin = start
    depth = 0
    while match := _TO_BRACKET.match(text, at, end):
        at = match.end()
        depth += 1 if match[1] in b"{[" else -1
        if depth <= 0:
            yield begin, at
            begin, depth = _past_blanks(text, at, end), 0
    if _past_blanks(text, begin, end) < end:
        yield begin, end


def _past_blanks(text: mmap.mmap, at: int, end: int) -> int:
    match = _BLANKS.match(text, at, end)
    return match.end() if match else at
