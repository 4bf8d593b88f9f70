"""Marks: what a later event says of a comment or a file, applied to it wherever it came from.

A comment that was once made private stays private. Where something was redacted, a copy that shows it goes
before the older ones that do not; if there is none, the text stays as it was found.
"""

from collections.abc import Sequence

import orjson

from .run_lines import MARK, Line

_BLOCK = "▇".encode()  # what Zendesk puts in the place of redacted text
_REDACTED_FILE = (b'"deleted":true', b'"file_name":"redacted.txt"')


def parted(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """(the records of a group, the marks on them)."""
    if lines[-1].level != MARK:
        return lines, []
    return [line for line in lines if line.level != MARK], [line for line in lines if line.level == MARK]


def redacted_first(lines: list[Line], marks: Sequence[Line]) -> list[Line]:
    """The records of a group, best first, once more ordered where something was redacted."""
    if not any(b'"redacted":true' in mark.body for mark in marks):
        return lines
    return sorted(lines, key=lambda line: (line.level, not _is_redacted(line)))


def made_private(body: bytes, marks: Sequence[Line]) -> bytes:
    """The body of a comment, private where a mark says so."""
    if not any(b'"public":false' in mark.body for mark in marks):
        return body
    return orjson.dumps({**orjson.loads(body), "public": False}, option=orjson.OPT_SORT_KEYS)


def _is_redacted(line: Line) -> bool:
    if line.entity == "attachments":
        return any(sign in line.body for sign in _REDACTED_FILE)
    return _BLOCK in line.body
