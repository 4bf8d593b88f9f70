"""An XML export cut into records, each of which is read on its own: damage stays where it is.

A record is found by its tags alone, as bytes; comments and CDATA are passed over. So a record has a byte
offset, no file has to be held, and what is declared outside of a record (entities) is unknown inside.
"""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass

LISTS = {
    "tickets": "ticket",
    "users": "user",
    "organizations": "organization",
    "groups": "group",
    "accounts": "account",
    "forums": "forum",
    "entries": "entry",
    "posts": "post",
    "categories": "category",
    "ticket-fields": "ticket-field",
    "ticket_fields": "ticket_field",
    "records": "record",
}
_NAMES = "|".join(re.escape(name) for name in LISTS.values()).encode()
_TOKEN = re.compile(rb"<!--|<!\[CDATA\[|<\?|<((?:[\w.-]+:)?(?:%b))(?=[\s/>])" % _NAMES, re.IGNORECASE)
_LIST = re.compile(rb"<(?:%b)(?=[\s/>])" % "|".join(map(re.escape, LISTS)).encode(), re.IGNORECASE)
_CLOSING = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_ALONE = re.compile(rb"<[^<>]*/>")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A range of the text. name: of the record in it, as written; empty for what stands between records.

    open: it has no end of its own (an account that holds the lists, or a text that was cut off).
    """

    start: int
    end: int
    name: bytes = b""
    open: bool = False


def chunks(text: mmap.mmap, *, start: int, end: int) -> Iterator[Chunk]:
    """All of the range, in order: records, and what stands between them."""
    passed = _Passed(text, end)
    at = start
    while at < end:
        first = passed.next_record(at)
        if first is None:
            yield Chunk(at, end)
            return
        if first.start() > at:
            yield Chunk(at, first.start())
        chunk = _record(text, first, end)
        yield chunk
        at = chunk.end


def ranges(text: mmap.mmap, *, start: int, size: int) -> Iterator[tuple[int, int]]:
    """The text cut between records, at least `size` bytes each; an end is where a record ends."""
    begun = start
    for chunk in chunks(text, start=start, end=len(text)):
        if chunk.name and not chunk.open and chunk.end - begun >= size:
            yield begun, chunk.end
            begun = chunk.end
    if begun < len(text):
        yield begun, len(text)


def starts_in(chunk: bytes, name: bytes) -> Iterator[int]:
    """Where else a record of this name starts in the text of one that cannot be read."""
    for match in re.finditer(rb"<%b(?=[\s/>])" % re.escape(name), chunk):
        if match.start():
            yield match.start()


class _Passed:
    """Looks for records behind comments and CDATA; each end of those is looked for once."""

    def __init__(self, text: mmap.mmap, end: int) -> None:
        self._text, self._end = text, end
        self._closings: dict[bytes, int] = {}

    def next_record(self, at: int) -> re.Match[bytes] | None:
        while (match := _TOKEN.search(self._text, at, self._end)) is not None:
            if match[1] is not None:
                return match
            at = self._behind(match)
        return None

    def _behind(self, match: re.Match[bytes]) -> int:
        closing = _CLOSING[match[0].upper()]
        known = self._closings.get(closing, -1)
        if known < match.end():
            found = self._text.find(closing, match.end(), self._end)
            known = self._closings[closing] = self._end if found < 0 else found
        # never closed: it is text like any other
        return match.end() if known == self._end else known + len(closing)


def _record(text: mmap.mmap, first: re.Match[bytes], end: int) -> Chunk:
    name, start = first[1], first.start()
    if alone := _ALONE.match(text, start, end):
        return Chunk(start, alone.end(), name)
    closing = b"</" + name + b">"
    stop = text.find(closing, start, end)
    if name.lower().rpartition(b":")[2] == b"account":
        inner = _LIST.search(text, first.end(), end if stop < 0 else stop)
        if inner:
            return Chunk(start, inner.start(), name, open=True)
    if stop >= 0 and text.find(b"<!", start, stop) >= 0:
        stop = _real_end(text, closing, start, end)
    if stop < 0:
        return Chunk(start, end, name, open=True)
    return Chunk(start, stop + len(closing), name)


def _real_end(text: mmap.mmap, closing: bytes, start: int, end: int) -> int:
    """Where the record's end tag stands when comments or CDATA may hold its like."""
    token = re.compile(rb"<!--|<!\[CDATA\[|" + re.escape(closing))
    passed = _Passed(text, end)
    at = start
    while (match := token.search(text, at, end)) is not None:
        if match[0] == closing:
            return match.start()
        at = passed._behind(match)
    return -1
