"""Tickets of the archive as the templates see them.

In: archive.duckdb, opened, and ticket ids. Out: a History for each, in the order of the ids. Read in batches,
so that memory does not grow with the account.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from deskferry.schemas.attribute_value import converted
from deskferry.schemas.limits import value_of
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.own_attributes import METRIC_ATTRIBUTES
from deskferry.templates.clean import text_of
from deskferry.templates.history import File, History, Message, Person, Rating

from .field_values import FieldDefinition, field_definitions, field_values
from .mapped import zone_of
from .read_people import NOBODY, query, read_people

BATCH = 200  # tickets read at once; the largest ticket Zendesk allows has 5,000 comments of 64 KB
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

Rows = list[dict[str, Any]]


def read_histories(
    connection: duckdb.DuckDBPyConnection,
    *,
    ticket_ids: Sequence[int],
    mapping: Mapping,
    account: str,
    batch: int = BATCH,
) -> Iterator[History]:
    """The histories of tickets, in the order of their ids. An id the archive does not have is left out.

    connection: from open_archive. account: what the documents call the Zendesk account. Times are in the
    zone of the mapping; raises InputError when there is no such zone.
    """
    zone = zone_of(mapping)
    definitions = field_definitions(query(connection, "history_fields", []))
    for start in range(0, len(ticket_ids), batch):
        ids = list(ticket_ids[start : start + batch])
        found = _Batch(connection, ids, mapping)
        for ticket_id in ids:
            if ticket_id in found.tickets:
                yield _history(found, ticket_id, definitions=definitions, zone=zone, account=account)


class _Batch:
    """The rows of some tickets, by ticket, for as long as their histories are made."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, ids: list[int], mapping: Mapping) -> None:
        self.tickets = {row["id"]: row for row in query(connection, "history_tickets", ids)}
        self.messages = _by_ticket(query(connection, "history_messages", ids))
        self.files = _by_ticket(query(connection, "history_files", ids))
        self.links = _by_ticket(query(connection, "history_links", ids))
        self.people = read_people(connection, self._named(), mapping=mapping)
        self.mapping = mapping

    def person(self, user_id: int | None) -> Person | None:
        """Who that is; None for nobody."""
        return None if user_id is None else self.people[user_id]

    def _named(self) -> set[int]:
        named = {row["author_id"] for rows in self.messages.values() for row in rows}
        for row in self.tickets.values():
            named |= {row["requester_id"], row["submitter_id"], row["assignee_id"]}
            named |= {*row["copied_ids"], *row["follower_ids"]}
        return {user_id for user_id in named if user_id is not None}


def _history(
    found: _Batch,
    ticket_id: int,
    *,
    definitions: dict[str, FieldDefinition],
    zone: ZoneInfo,
    account: str,
) -> History:
    row = found.tickets[ticket_id]
    messages = found.messages.get(ticket_id, [])
    created_at = row["created_at"] or _earliest(row, messages)
    fields = field_values(row["custom_fields"], definitions)
    sent = found.mapping.choice("attachments", "policy") == "sent"
    of_comment: dict[int | None, list[File]] = {}
    for file in found.files.get(ticket_id, []):
        of_comment.setdefault(file["comment_id"], []).append(_file(file, sent=sent))
    return History(
        ticket_id=ticket_id,
        account=account,
        subject=row["subject"],
        status=row["status"],
        priority=row["priority"],
        type=row["type"],
        channel=row["channel"],
        created_at=local(created_at, zone),
        updated_at=local(row["updated_at"], zone) if row["updated_at"] else None,
        solved_at=local(row["solved_at"], zone) if row["solved_at"] else None,
        requester=found.person(row["requester_id"]) or found.people[NOBODY],
        submitter=found.person(row["submitter_id"]),
        assignee=found.person(row["assignee_id"]),
        group=row["group_name"],
        organization=row["organization"],
        organization_id=row["organization_id"],
        brand=row["brand"],
        form=row["form"],
        tags=tuple(row["tags"]),
        ccs=_copied(row, found),
        fields=tuple((field.title, field.shown) for field in fields),
        rating=_rating(row),
        links=_sentences(found.links.get(ticket_id, [])),
        messages=tuple(_messages(messages, of_comment, found=found, since=created_at, zone=zone)),
        custom_status=row["custom_status"],
        loose_files=tuple(file for left in of_comment.values() for file in left),
        field_values=fields,
        metrics=tuple(_metrics(row)),
    )


def _messages(
    rows: Rows, files: dict[int | None, list[File]], *, found: _Batch, since: datetime, zone: ZoneInfo
) -> Iterator[Message]:
    """The messages; takes their files out of `files`.

    A comment without a time takes that of the one before it: its place is known, its second is not.
    """
    last = since
    for row in rows:
        last = row["created_at"] or last
        yield Message(
            id=row["id"],
            position=row["position"],
            author=found.person(row["author_id"]) or found.people[NOBODY],
            created_at=local(last, zone),
            public=row["public"],
            text=row["text"] if row["has_text"] else text_of(row["html"] or ""),
            html=row["html"],
            files=tuple(files.pop(row["id"], ())),
            channel=row["channel"],
            reconstructed=row["reconstructed"],
        )


def _metrics(row: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for attribute in METRIC_ATTRIBUTES:
        measured = converted(row[attribute.name], attribute.data_type)
        if isinstance(measured, int):
            yield attribute.name, measured


def _file(row: dict[str, Any], *, sent: bool) -> File:
    """A file as named. sent: those whose bytes are at hand are delivered."""
    absence = None
    if row["deleted"]:
        absence = "deleted in Zendesk (redacted)"
    elif row["malware"]:
        absence = "malware found"
    elif row["sha256"] is None:
        absence = "not in the export"
    elif not sent:
        absence = "kept in the archive"
    elif row["size"] is not None and row["size"] > value_of("file_bytes"):
        absence = "larger than Intercom takes"
    return File(
        row["id"], row["name"], row["size"], row["content_type"], row["inline"], absence, row["sha256"]
    )


def _rating(row: dict[str, Any]) -> Rating | None:
    """Zendesk notes that it asked, and that it did not; neither is a rating."""
    if not row["score"] or row["score"] in {"offered", "unoffered"}:
        return None
    return Rating(row["score"], (row["score_comment"] or "").strip() or None)


def _copied(row: dict[str, Any], found: _Batch) -> tuple[str, ...]:
    """People in copy, each once; followers, who are staff, are called that."""
    followers = set(row["follower_ids"])
    names = []
    for user_id in dict.fromkeys([*row["copied_ids"], *row["follower_ids"]]):
        person = found.people[user_id]
        name = f"{person.name} <{person.email}>" if person.email else person.name
        names.append(f"{name} (follower)" if user_id in followers else name)
    return tuple(names)


def _sentences(links: Rows) -> tuple[str, ...]:
    """One sentence for each kind of link in each direction."""
    made = []
    for (kind, outward), rows in groupby(links, key=lambda row: (row["type"], row["outward"])):
        others = [f"#{row['other']}" for row in rows if row["other"] is not None]
        if kind == "side" and outward:
            made.append("Has side conversations, which stay in the archive")
        elif others:
            made.append(_sentence(kind, outward=outward, others=others))
    return tuple(made)


def _sentence(kind: str, *, outward: bool, others: list[str]) -> str:
    many, named = len(others) > 1, ", ".join(others)
    match kind, outward:
        case "merged", True:
            return f"Merged into {named}"
        case "merged", False:
            return (
                f"Requests {named} were merged into this one" if many else f"{named} was merged into this one"
            )
        case "follow_up", True:
            return f"Follow-up of {named}"
        case "follow_up", False:
            return f"Followed up by {named}"
        case "problem", True:
            return f"Incident of problem {named}"
        case "problem", False:
            return f"Problem of incidents {named}" if many else f"Problem of incident {named}"
        case _:
            return f"Linked with {named}"


def _earliest(row: dict[str, Any], messages: Rows) -> datetime:
    """When a ticket began whose date is missing: with its first comment, or before its last change."""
    known = [message["created_at"] for message in messages] + [row["solved_at"], row["updated_at"]]
    return min((moment for moment in known if moment is not None), default=_EARLIEST)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """A time of the archive, which is UTC and does not say so, in the zone of the mapping."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return aware.astimezone(zone)
    except OverflowError:  # the first or last day there is
        return aware


def _by_ticket(rows: Rows) -> dict[int, Rows]:
    found: dict[int, Rows] = {}
    for row in rows:
        found.setdefault(row["ticket_id"], []).append(row)
    return found
