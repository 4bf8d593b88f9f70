"""Finding text in comments.

In: archive.duckdb, a text, conditions. Out: Hits with a snippet each, newest first, and how many there are in
all. Upper and lower case are one, and so are blanks, line ends and &nbsp;. Text goes in as a parameter only.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.errors import InputError

from .query import first_line, interruptible
from .statement import statement

_AROUND = 60  # characters of a snippet on either side of the hit
_BLANK = r"(?:\s|\xa0|&nbsp;)+"


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions on comments; None does not narrow.

    first, last: days in UTC, both included. requester: e-mail, user id, or part of a name. tag: a ticket's.
    """

    first: date | None = None
    last: date | None = None
    requester: str | None = None
    tag: str | None = None
    public: bool | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One comment that holds the text. snippet: on one line; start, end: the text in it."""

    ticket_id: int
    comment_id: int
    created_at: str | None
    author: str | None
    public: bool
    snippet: str
    start: int
    end: int


def search(archive: Path, text: str, *, where: Where, limit: int) -> tuple[int, list[Hit]]:
    """How many comments hold `text`, and the newest `limit` of them. Raises InputError for an empty text."""
    words = text.split()
    if not words:
        raise InputError("there is no text to find", todo="Give a word or a phrase")
    pattern = "(?i)" + _BLANK.join(map(_literal, words))
    values = {
        "pattern": pattern,
        "after": where.first,
        "before": where.last + timedelta(days=1) if where.last else None,
        **_of_tickets(where),
        "public": where.public,
        "limit": limit,
    }
    rows = _rows(archive, "search", values)
    found = re.compile(pattern)
    return (rows[0][0] if rows else 0), [_hit(row[1:], found) for row in rows]


def unmet(archive: Path, where: Where) -> list[str]:
    """In words, each condition on tickets that no ticket at all meets."""
    values = _of_tickets(where)
    [(tag_known, requester_known)] = _rows(archive, "search_unmet", values)
    found = [] if tag_known else [f"no ticket has the tag '{values['tag']}'"]
    return found if requester_known else [*found, f"no ticket is of a requester '{values['requester']}'"]


def _of_tickets(where: Where) -> dict[str, str | None]:
    return {"requester": where.requester.strip() if where.requester else None, "tag": where.tag}


def _rows(archive: Path, name: str, values: dict[str, Any]) -> list[Any]:
    sql = statement(name)
    with open_archive(archive) as connection:
        try:
            return interruptible(connection, lambda: connection.execute(sql, values).fetchall())
        except duckdb.Error as error:
            raise InputError(first_line(error)) from error


def _literal(word: str) -> str:
    """A word as RE2 and Python's re both take it. RE2 knows no escaped letters."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", word)


def _hit(row: tuple[int, int, str | None, str | None, bool, str], pattern: re.Pattern[str]) -> Hit:
    ticket_id, comment_id, created_at, author, public, text = row
    match = pattern.search(text)
    # The two engines may differ about a rare letter's case; then the snippet is the beginning.
    start, end = match.span() if match else (0, 0)
    before = _one_line(text[max(0, start - _AROUND) : start]).lstrip()
    middle = _one_line(text[start:end])
    after = _one_line(text[end : end + _AROUND]).rstrip()
    before = f"…{before}" if start > _AROUND else before
    after = f"{after}…" if end + _AROUND < len(text) else after
    return Hit(
        ticket_id=ticket_id,
        comment_id=comment_id,
        created_at=created_at,
        author=author,
        public=public,
        snippet=f"{before}{middle}{after}",
        start=len(before),
        end=len(before) + len(middle),
    )


def _one_line(text: str) -> str:
    return re.sub(_BLANK, " ", text)
