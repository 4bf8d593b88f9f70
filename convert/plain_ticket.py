"""A ticket with its comments, attachments and metrics as a bundle, where there is nothing to repair.

Nearly every ticket of an official export is so. Any other is left to the general way, which gives the lines
that the bundle stands for; a test holds them equal.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from deskferry.schemas.errors import RecordError

from .bundles import PARTS, Written
from .collect import PLAIN, Collector
from .links import is_merged, links_of_comment, links_of_ticket, may_link
from .normalize_comment import attachment_record
from .normalize_metrics import metrics_of
from .normalize_record import normalized
from .normalize_time import Zone
from .plain_comments import plain_comment
from .record_facts import OPEN, dumps, is_gone
from .run_lines import WHOLE, source_bytes

_LARGEST = 256 << 10  # bytes of records: copies of a ticket are held together where they meet
_REDACTED = "▇".encode()  # counted by the merge
_PEOPLE = ("requester_id", "submitter_id", "assignee_id")
_NO_ZONE = Zone(None)  # what is plain needs none


class _NotPlainError(Exception):
    """Something needs more thought."""


def take_plain(
    raw: Mapping[str, Any], ticket: dict[str, Any], pointer: str, out: Collector, *, version: int
) -> bool:
    """True where the ticket and what belongs to it were kept; False, and nothing done, otherwise.

    ticket: its record, not yet checked. Of what it embeds only comments and metrics are looked at.
    """
    comments = raw.get("comments")
    if type(comments) is not list or not comments or "audits" in raw:
        return False
    plain = _PlainTicket(ticket, pointer, out)
    try:
        parts = plain.parts(raw, comments)
    except (_NotPlainError, RecordError):
        return False
    plain.keep(parts, version=version)
    links_of_ticket(ticket, pointer, out)
    for index, comment in plain.linking:
        merged = is_merged(raw.get("tags"))
        links_of_comment(comment, f"{pointer}/comments/{index}", out, merged=merged)
    return True


class _PlainTicket:
    """Lives while one ticket is read. Nothing is told to `out` before `keep`."""

    def __init__(self, ticket: dict[str, Any], pointer: str, out: Collector) -> None:
        self._ticket, self._pointer, self._out = ticket, pointer, out
        self._where = out.place(pointer)
        self._source = source_bytes(self._where)
        self._below = self._source if pointer else self._source + b"#"
        self._files: dict[int, bytes] = {}
        self._authors: dict[int, int] = {}  # -> their first comment
        self._size = 0
        self._extra: list[tuple[str, dict[str, Any]]] = []
        self.linking: list[tuple[int, dict[str, Any]]] = []

    def parts(self, raw: Mapping[str, Any], comments: Sequence[Any]) -> Sequence[tuple[int, bytes]]:
        """Lines and text of each of `PARTS`. _NotPlainError or RecordError where it is not plain."""
        ticket = self._sourced("tickets", self._ticket, self._source)
        if is_gone(self._ticket):
            raise _NotPlainError
        written = self._comments(comments)
        files = [self._files[number] for number in sorted(self._files)]
        metrics = self._metrics(raw)
        parts = (
            (1, ticket),
            (len(comments), written),
            (len(files), b"".join(files)),
            (1 if metrics else 0, metrics),
        )
        self._size = sum(len(text) for _, text in parts)
        if self._size > _LARGEST:
            raise _NotPlainError
        return parts

    def keep(self, parts: Sequence[tuple[int, bytes]], *, version: int) -> None:
        """Tell all of it to `out`."""
        out, ticket, pointer = self._out, self._ticket, self._pointer
        file = out.unit.file
        for entity, (lines, _) in zip(PARTS, parts, strict=True):
            if lines:
                out.found[file, entity] += lines
        for entity, extra in self._extra:
            out.note_extra(entity, extra)
        people = [user for key in _PEOPLE if (user := ticket.get(key)) is not None]
        for user in people:
            out.name(user, pointer)
        for user, index in self._authors.items():
            if user not in out.named:
                out.name(user, f"{pointer}/comments/{index}")
        opened = ticket.get("status") in OPEN
        users = {*people, *self._authors}
        written = Written(ticket["id"], version, self._where, file, users, opened, parts)
        out.keep_bundle(written, size=self._size)

    def _comments(self, comments: Sequence[Any]) -> bytes:
        """The comments, in the order of their ids, each with its position."""
        check, ticket_id = PLAIN["comments"], self._ticket["id"]
        ids, times, bodies = [], [], []
        for index, raw in enumerate(comments):
            comment = plain_comment(raw, ticket_id=ticket_id)
            if comment is None or "id_made" in comment or not check(comment):
                raise _NotPlainError
            body = dumps(comment)
            if not body.isascii() and _REDACTED in body:
                raise _NotPlainError
            if may_link(comment):
                self.linking.append((index, comment))
            files = raw.get("attachments")
            if files is not None and files != []:
                self._take_files(files, comment["id"], index)
            author = comment.get("author_id")
            if author is not None and author not in self._authors:
                self._authors[author] = index
            ids.append(comment["id"])
            times.append(comment["created_at"])
            bodies.append(body)
        if len(set(ids)) < len(ids):
            raise _NotPlainError
        return self._numbered(ids, times, bodies)

    def _numbered(self, ids: list[int], times: list[str], bodies: list[bytes]) -> bytes:
        places = range(len(ids))
        order: Sequence[int] = places
        positions: Sequence[int] = range(1, len(ids) + 1)
        if times != sorted(times):
            positions = [0] * len(ids)
            for position, index in enumerate(sorted(places, key=times.__getitem__), start=1):
                positions[index] = position
        if ids != sorted(ids):
            order = sorted(places, key=ids.__getitem__)
        source = self._below + b"/comments"
        lines = [
            b'%b,"position":%d,"source":"%b/%d"}\n' % (bodies[index][:-1], positions[index], source, index)
            for index in order
        ]
        return b"".join(lines)

    def _take_files(self, files: Any, comment_id: int, index: int) -> None:
        if type(files) is not list:
            raise _NotPlainError
        for place, raw in enumerate(files):
            if type(raw) is not dict or type(raw.get("id")) is not int or "id_made" in raw:
                raise _NotPlainError
            file = attachment_record(raw, ticket_id=self._ticket["id"], comment_id=comment_id, index=place)
            if file["id"] < 0 or file["id"] in self._files:
                raise _NotPlainError
            source = b"%b/comments/%d/attachments/%d" % (self._below, index, place)
            self._files[file["id"]] = self._sourced("attachments", file, source)

    def _metrics(self, raw: Mapping[str, Any]) -> bytes:
        ticket_id = self._ticket["id"]
        told = metrics_of(raw, ticket_id=ticket_id)
        if told is None:
            return b""
        metrics, key, level = told
        if level != WHOLE or type(metrics) is not dict:
            raise _NotPlainError
        record = normalized("ticket_metrics", metrics, zone=_NO_ZONE)
        if record.get("ticket_id") is None:
            record["ticket_id"] = ticket_id
        if record["ticket_id"] != ticket_id or "result_type" in record.get("extra", ()):
            raise _NotPlainError
        return self._sourced("ticket_metrics", record, b"%b/%b" % (self._below, key.encode()))

    def _sourced(self, entity: str, record: dict[str, Any], source: bytes) -> bytes:
        """A record checked and written."""
        if not PLAIN[entity](record):
            raise _NotPlainError
        if "extra" in record:
            self._extra.append((entity, record["extra"]))
        return b'%b,"source":"%b"}\n' % (dumps(record)[:-1], source)
