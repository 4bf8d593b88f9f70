"""Whether anything that was internal in Zendesk stands where a customer can read it in Intercom.

In: what was said inside tickets, from the archive; what was read back. Out: a line for each internal text
that a customer could see. Looked for in whatever a customer can see, whoever wrote it there.
"""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from deskferry.schemas.ticket_types import Category
from deskferry.templates.clean import canonical_html, canonical_text, text_of

from .action import HISTORY, Kind
from .difference import DIFFERENT, Difference, shown
from .made import as_object, listed
from .read_back import parts_of
from .read_people import query

_INSIDE = ("note", "note_and_reopen")  # part types that only teammates see
# Shorter lines ("thanks", "done", a ticket number) stand in texts by chance; they count when a customer
# sees them alone.
_TELLING = 16  # characters without blanks


@dataclass(slots=True)
class Said:
    """What is known of one ticket's words, in canonical form. internal: comments, not lines."""

    internal: int = 0
    lines: dict[str, str] = field(default_factory=dict)  # canonical to as written
    public: list[str] = field(default_factory=list)


def read_said(archive: duckdb.DuckDBPyConnection, ticket_ids: Sequence[int]) -> dict[int, Said]:
    """The words of tickets, by ticket."""
    found: dict[int, Said] = {}
    for row in query(archive, "said_inside", list(ticket_ids)):
        said = found.setdefault(row["ticket_id"], Said())
        texts = [row["body"], row["plain_body"], row["html_body"] and text_of(row["html_body"])]
        texts = [text for text in (*texts, row["file_name"]) if text]
        if row["public"]:
            said.public += [canonical_text(text) for text in texts]
            if row["html_body"]:
                said.public.append(canonical_html(row["html_body"]))
            continue
        said.internal += row["file_name"] is None
        for line in (line for text in texts for line in text.splitlines()):
            if canonical := canonical_text(line):
                said.lines.setdefault(canonical, line.strip())
    return found


def shown_inside(kind: Kind, key: str, found: Mapping[str, Any], said: Said) -> Iterator[Difference]:
    """Each internal line of a ticket that a customer can see in what was read back.

    Words that stand in a public comment of the ticket, too, are no secret.
    """
    visible = [text for text in map(canonical_html, visible_texts(kind, found)) if text]
    for canonical, line in said.lines.items():
        alone = len(canonical) < _TELLING
        seen = any(canonical == text if alone else canonical in text for text in visible)
        if seen and not any(canonical in text for text in said.public):
            yield Difference(DIFFERENT, kind, key, "customer sees", "nothing internal", shown(line))


def visible_texts(kind: Kind, found: Mapping[str, Any]) -> Iterator[str]:
    """Every text and file name that a customer can see of a conversation or ticket, as HTML."""
    if kind not in HISTORY or found.get("category") == Category.BACK_OFFICE:
        return
    source = as_object(found.get("source"))
    attributes = as_object(found.get("ticket_attributes"))
    titles = (found.get("title"), attributes.get("_default_title_"))
    yield from (html.escape(str(title)) for title in titles if title)
    yield from _texts([source])
    if description := attributes.get("_default_description_"):
        yield str(description)
    yield from _texts(part for part in parts_of(kind, found) if part.get("part_type") not in _INSIDE)


def _texts(things: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for thing in things:
        yield from (str(thing[name]) for name in ("subject", "body") if thing.get(name))
        yield from (html.escape(str(file.get("name"))) for file in listed(thing, "attachments"))
