"""The ticket a file of comments belongs to, from its name or its folder's."""

import re
from pathlib import PurePosixPath

_PAGE = r"(?:[_-](?:page|p)?[_-]?\d{1,6})?"
_WITH_WORD = re.compile(
    rf"(?:tickets?[_-]?(\d+)(?:[_-]comments?)?|(\d+)[_-]comments?|comments?[_-](?:ticket[_-])?(\d+)){_PAGE}"
)
_NUMBER = re.compile(r"(\d+)(?:[_-]page[_-]?\d{1,6})?")
_FOLDER = re.compile(r"(?:tickets?[_-]?)?(\d+)(?:[_-]comments?)?")
_GENERAL = re.compile(r"(?:comments?|audits?|page|p)(?:[_-]?(?:page|p)?[_-]?\d{1,6})?")


def ticket_of_name(name: str) -> int | None:
    """`12.json`, `ticket_12_page2.json`, `12_comments.json`, `comments_12.json`, `12/comments.json` -> 12."""
    path = PurePosixPath(name.lower())
    stem = path.name.split(".")[0]
    for pattern in (_WITH_WORD, _NUMBER):
        if match := pattern.fullmatch(stem):
            return _small(next(group for group in match.groups() if group))
    if _GENERAL.fullmatch(stem) and len(path.parts) > 1 and (match := _FOLDER.fullmatch(path.parts[-2])):
        return _small(match[1])
    return None


def _small(digits: str) -> int | None:
    return int(digits) if len(digits) < 19 else None
