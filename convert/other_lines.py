"""Lines that hold no record and mean something all the same.

A pipeline's saved output has log lines between its messages. One exporter writes a ticket's number on a line
and the list of its comments on the next. What a line means is told by itself and its neighbours, so that a
file can be cut into parts anywhere.
"""

import mmap
import re

_JSON_LIKE = re.compile(rb'[\]}\[{]\s*$|"\s*:')
_EMBEDDED = re.compile(rb'\{"type"\s*:\s*"[A-Z_]+"\s*,')
_LONGEST_NUMBER = 24  # bytes of a line that holds an id and nothing else


def is_log(line: bytes) -> bool:
    """True for a line of a pipeline's output that is no message, and no piece of one either."""
    return line[:1] not in (b"{", b"[") and _JSON_LIKE.search(line) is None


def message_at(line: bytes) -> int:
    """Where the message in a line of a pipeline's output starts: a log may stand before it."""
    match = None if line[:1] == b"{" else _EMBEDDED.search(line)
    return match.start() if match else 0


def is_number_above(line: bytes, text: mmap.mmap, end: int) -> bool:
    """True for an id whose list stands on the next line. end: where that begins."""
    return line.isdigit() and len(line) <= _LONGEST_NUMBER and text[end : end + 1] == b"["


def number_above(text: mmap.mmap, at: int) -> int | None:
    """The id on the line above the one that starts at `at`, None if there is none."""
    start = text.rfind(b"\n", max(0, at - 1 - _LONGEST_NUMBER), max(0, at - 1)) + 1
    if start == 0:
        start = max(0, at - 1 - _LONGEST_NUMBER)
        if start:
            return None
    above = text[start:at].strip().removeprefix(b"\xef\xbb\xbf")
    return int(above) if above.isdigit() and len(above) < 19 else None
