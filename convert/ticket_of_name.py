"""The ticket a file of comments belongs to, from its name or its folder's."""

import re
from pathlib import PurePosixPath

_PAGE = r"(?:[_-](?:page|p)?[_-]?\d{1,6})?"
_WITH_WORD = re.compile(
    rf"(?:tickets?[_-]?(\d+)(?:[_-]comments?)?|(\d+)[_-]comments?|comments?[_-](?:ticket[_-])?(\d+)){_PAGE}"
)
_NUMBER = re.compile(r"(\d+)(?:[_-]page[_-]?\d{1,6})?")
_FOLDER = re.compile(r"(?:tickets?[_-]?)?(\d+)(?:[_-]comments?)?")
_LIST = frozenset(("comments", "audits"))  # a folder of pages, or of single comments, inside a ticket's own
_TICKETS = frozenset(("ticket", "tickets"))
_GENERAL = re.compile(r"(?:comments?|audits?|page|p)(?:[_-]?(?:page|p)?[_-]?\d{1,6})?")


def ticket_of_name(name: str) -> int | None:
    """`12.json`, `ticket_12_page2.json`, `12_comments.json`, `comments_12.json`, `12/comments.json` -> 12."""
    path = PurePosixPath(name.lower())
    stem = path.name.split(".")[0]
    if (around := _ticket_around(path.parts)) is not None:
        return around
    for pattern in (_WITH_WORD, _NUMBER):
        if match := pattern.fullmatch(stem):
            return _small(next(group for group in match.groups() if group))
    if _GENERAL.fullmatch(stem) and len(path.parts) > 1 and (match := _FOLDER.fullmatch(path.parts[-2])):
        return _small(match[1])
    return None


def _ticket_around(parts: tuple[str, ...]) -> int | None:
    """`tickets/12/comments/7.json`, `ticket_12/comments/page_1.json` -> 12: 7 is no ticket."""
    if len(parts) < 3 or parts[-2] not in _LIST or not (match := _FOLDER.fullmatch(parts[-3])):
        return None
    named = parts[-3].startswith("ticket") or (len(parts) > 3 and parts[-4] in _TICKETS)
    return _small(match[1]) if named else None


def _small(digits: str) -> int | None:
    return int(digits) if len(digits) < 19 else None
