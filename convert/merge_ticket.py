"""A ticket with all that belongs to it: comments numbered, deletion respected, a first message rebuilt.

Groups of one ticket arrive in this order: the ticket, its comments, attachments, metrics, events, links.
"""

from collections.abc import Sequence
from typing import Protocol

import orjson

from .attachment_twins import without_attachment_doubles
from .attachments import Attachments
from .comment_twins import without_doubles
from .end_users import EndUsers
from .gone_tickets import GoneTickets, last_word_gone, marked_deleted, restored
from .made import rebuilt
from .marks import made_private, parted, redacted_first
from .merge_bundle import BundleMerge
from .merge_person import Writes
from .notes import EXAMPLES
from .run_lines import GROUP_HEAD, PARTIAL, Line, placed
from .settle import Tally, Verdict, settle, supersede
from .stretches import Stretch

_REDACTED = "▇".encode()  # what Zendesk puts in the place of redacted text


class Names(Protocol):
    """Takes the ids of users that are named."""

    def add(self, user_id: int) -> None:
        """One more."""


class TicketMerge:
    """Takes the groups of the ticket family in order; holds the comments of one ticket at a time."""

    def __init__(
        self,
        tally: Tally,
        writers: Writes,
        attachments: Attachments,
        named: Names,
        *,
        bundles: BundleMerge,
        end_users: EndUsers,
        gone: GoneTickets | None,
    ) -> None:
        """gone: takes the deleted and scrubbed ones; None: older text of theirs is kept."""
        self._bundles, self._end_users, self._gone_tickets = bundles, end_users, gone
        self._tally, self._writers, self._named = tally, writers, named
        self._attachments = attachments
        self._owner = b""
        self._ticket: tuple[Line, bytes] | None = None
        self._gone = self._open = False
        self._since = 0  # what is older than this, in milliseconds, does not come back
        self._comments: list[tuple[Line, bytes]] | None = None
        self._held: list[tuple[Line, bytes]] = []  # attachments
        self._replaced: dict[int, int] = {}
        self._had_comments = False
        self._last_id: int | None = None
        self._facts: dict[str, tuple[int, list[str]]] = {}

    def take(self, lines: list[Line]) -> None:
        """One group: all records of one key."""
        owner = lines[0].group[:GROUP_HEAD]
        if owner != self._owner:
            self.finish()
            self._owner, self._comments = owner, []
        match lines[0].entity:
            case "tickets":
                self._take_ticket(lines)
            case "comments":
                self._take_comment(lines)
            case "attachments":
                self._write_comments()
                self._take_attachment(lines)
            case "ticket_links":
                self._write_comments()
                self._tally.add(lines[0], Verdict.MADE)
                self._writers.write("ticket_links", placed(lines[0].body, lines[0]))
            case entity:
                self._write_comments()
                # Events repeat the words of a ticket; what was measured of it has none.
                kept = self._not_erased(lines) if entity == "ticket_events" else lines
                if kept:
                    winner, body = settle(kept, self._tally)
                    self._writers.write(entity, placed(body, winner))

    def take_stretch(self, stretch: Stretch) -> None:
        """Tickets of which nothing else speaks: all of them stay as they were written."""
        if self._owner:
            self._end_ticket()
        self._bundles.take(stretch)
        for user in stretch.users:
            self._named.add(user)
        for ticket_id in stretch.ids:
            self._follow(ticket_id)

    def finish(self) -> None:
        """The ticket is complete, and what was taken before it is written."""
        self._bundles.finish()
        self._end_ticket()

    def _end_ticket(self) -> None:
        self._write_comments()
        self._write_attachments()
        self._ticket, self._gone, self._open, self._had_comments = None, False, False, False
        self._comments = None
        self._owner = b""

    def facts(self) -> dict[str, tuple[int, list[str]]]:
        """What to report: kind -> (count, examples)."""
        return self._facts

    def _follow(self, ticket_id: int) -> None:
        """The next ticket, in ascending order."""
        if self._last_id is not None and ticket_id > self._last_id + 1:
            gap = ticket_id - self._last_id - 1
            self._note("id_gaps", f"{self._last_id + 1}-{ticket_id - 1}", count=gap)
        self._last_id = ticket_id

    def _take_ticket(self, lines: list[Line]) -> None:
        later = last_word_gone(lines)
        if later is not None and self._gone_tickets is not None:
            lines = [later, *(line for line in lines if line is not later)]
        gone, opened, people = lines[0].info.decode().split("\x02")
        self._gone, self._open = gone == "1" or later is not None, opened == "1" and later is None
        winner, body = settle(lines, self._tally, fill=gone == "0")
        ticket_id = winner.owner
        if self._gone and self._gone_tickets is None:
            body = restored(body, lines[1:]) if later is None else marked_deleted(body)
        elif self._gone and self._gone_tickets is not None:
            self._since = winner.version + (later is not None)  # a list brings no comments of its own
            self._gone_tickets.add(ticket_id, self._since)
        self._ticket = (winner, body)
        for user in people.split(",") if people else ():
            self._named.add(int(user))
        self._writers.write("tickets", placed(body, winner))
        self._follow(ticket_id)
        if winner.level == PARTIAL and later is None:
            self._note("partial_tickets", str(ticket_id))

    def _take_comment(self, lines: list[Line]) -> None:
        lines, marks = parted(lines)
        self._had_comments = self._had_comments or bool(lines)
        kept = self._not_erased(redacted_first(lines))
        if kept and self._comments is not None:
            winner, body = settle(kept, self._tally)
            self._comments.append((winner, made_private(body, (*kept[1:], *marks))))

    def _take_attachment(self, lines: list[Line]) -> None:
        kept = self._not_erased(redacted_first(lines))
        if kept:
            self._held.append(settle(kept, self._tally))

    def _write_attachments(self) -> None:
        for line, body in without_attachment_doubles(self._held, self._replaced, self._tally):
            body = self._attachments.take(body, opened=self._open)
            self._writers.write("attachments", placed(body, line))
        self._held, self._replaced = [], {}

    def _not_erased(self, lines: list[Line]) -> list[Line]:
        """Deletion wins: what is older than a deleted ticket's last word is superseded."""
        if not self._gone or self._ticket is None or self._gone_tickets is None:
            return lines
        supersede([line for line in lines if line.version < self._since], self._tally)
        return [line for line in lines if line.version >= self._since]

    def _write_comments(self) -> None:
        comments, self._comments = self._comments, None
        if comments is None:
            return
        if comments:
            if self._ticket is None:
                self._note(
                    "comments_without_ticket", str(int(self._owner[1:]) - (1 << 63)), count=len(comments)
                )
            kept, self._replaced = without_doubles(comments, self._tally)
            self._number(kept)
        elif self._ticket is not None:
            self._without_comments(*self._ticket)

    def _number(self, comments: Sequence[tuple[Line, bytes]]) -> None:
        infos = [line.info.decode().split("\x02") for line, _ in comments]
        order = sorted(
            range(len(comments)),
            key=lambda index: (
                infos[index][1],
                int(infos[index][2]),
                comments[index][0].where,
                comments[index][0].group,
            ),
        )
        positions = {index: position for position, index in enumerate(order, start=1)}
        for index, (line, body) in enumerate(comments):
            if infos[index][0]:
                self._named.add(int(infos[index][0]))
            if _REDACTED in body:
                self._note("redacted_comments", line.source)
            self._writers.write("comments", placed(body, line, b'"position":%d,' % positions[index]))

    def _without_comments(self, winner: Line, body: bytes) -> None:
        ticket = orjson.loads(body)
        number = str(ticket["id"])
        if self._gone:
            self._note("tickets_without_comments: deleted or scrubbed", number)
            return
        comment = rebuilt(ticket, is_end_user=self._end_users.has) if not self._had_comments else None
        if comment is None:
            self._note("tickets_without_comments: nothing to rebuild a message from", number)
            return
        self._note("tickets_without_comments: first message rebuilt from the description", number)
        self._tally.counts[winner.file, "comments", Verdict.MADE] += 1
        if comment.get("author_id") is not None:
            self._named.add(comment["author_id"])
        written = orjson.dumps(comment, option=orjson.OPT_SORT_KEYS)
        self._writers.write("comments", placed(written, winner, b'"position":1,'))

    def _note(self, kind: str, example: str, *, count: int = 1) -> None:
        known, examples = self._facts.get(kind, (0, []))
        if len(examples) < EXAMPLES:
            examples.append(example)
        self._facts[kind] = (known + count, examples)
