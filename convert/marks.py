"""Privacy and redaction go one way, so a copy that shows either is the later one, whatever its version says.

A page of comments has no word of when it was saved, so an older slice of tickets may look newer.
A mark is what an event of the history says of a comment, applied to it wherever it stands.
"""

from collections.abc import Iterable

import orjson

from .run_lines import MARK, Line

_BLOCK = "▇".encode()  # what Zendesk puts in the place of redacted text
_REDACTED_FILE = (b'"deleted":true', b'"file_name":"redacted.txt"')


def parted(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """(the records of a group, the marks on them)."""
    if lines[-1].level != MARK:
        return lines, []
    return [line for line in lines if line.level != MARK], [line for line in lines if line.level == MARK]


def redacted_first(lines: list[Line]) -> list[Line]:
    """The records of a group, best first: of those of one level, redacted ones before those that are not."""
    if len(lines) < 2:
        return lines
    return sorted(lines, key=lambda line: (line.level, not _is_redacted(line)))


def made_private(body: bytes, others: Iterable[Line]) -> bytes:
    """The body of a comment, private where another copy of it, or a mark, says so."""
    if not any(_says_private(line) for line in others):
        return body
    return orjson.dumps({**orjson.loads(body), "public": False}, option=orjson.OPT_SORT_KEYS)


def _says_private(line: Line) -> bool:
    if b'"public":false' not in line.body:  # of the comment, or of a call that is told in it
        return False
    comment = orjson.loads(line.body)
    return comment["public"] is False and not comment.get("visibility_unknown")


def _is_redacted(line: Line) -> bool:
    if line.entity == "attachments":
        return any(sign in line.body for sign in _REDACTED_FILE)
    return _BLOCK in line.body
