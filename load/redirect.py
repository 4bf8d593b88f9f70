"""Where everything went: Zendesk's id and address beside Intercom's, for whoever holds an old link or mail.

In: a ledger, and the dataset of its plans where it can be had. Out: one Redirect for each thing that stands
in Intercom, and for each ticket that was merged into one of them. Nothing is asked of Intercom.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.errors import RefusedError

from .action import HISTORY
from .ledger_file import belongs_to, read_ledger
from .read_people import query

COLUMNS = (
    "kind",
    "zendesk_id",
    "intercom_id",
    "origin",
    "old_path",
    "new_path",
    "old_url",
    "new_url",
    "message_ids",
)
MERGED = "merged_ticket"  # kind of a ticket whose words stand in another one's conversation
# What people have links to. The paths are those of the address bar; Intercom documents none of its own.
_OLD = {
    "contact": "/agent/users/{}",
    "company": "/agent/organizations/{}",
    "conversation": "/agent/tickets/{}",
    "ticket": "/agent/tickets/{}",
    MERGED: "/agent/tickets/{}",
}
_NEW = {
    "contact": "/a/apps/{app}/users/{id}/all-conversations",
    "company": "/a/apps/{app}/companies/{id}/users",
    "conversation": "/a/inbox/{app}/inbox/conversation/{id}",
    "ticket": "/a/inbox/{app}/inbox/conversation/{id}",
}
_HOSTS = {
    "us": "https://app.intercom.com",
    "eu": "https://app.eu.intercom.com",
    "au": "https://app.au.intercom.com",
}
_BATCH = 1_000  # things whose Message-IDs are in memory at once


@dataclass(frozen=True, slots=True)
class Redirect:
    """One line of the table; see COLUMNS.

    kind: contact, company, conversation, ticket or merged_ticket. message_ids: of the mails of a ticket, with
    a blank between them. old_url and new_url are empty where no host is known: an account without a name, a
    sandbox. origin is empty for a merged ticket.
    """

    kind: str
    zendesk_id: str
    intercom_id: str
    origin: str
    old_path: str
    new_path: str
    old_url: str
    new_url: str
    message_ids: str

    def cells(self) -> tuple[str, ...]:
        """As a line of a table, in the order of COLUMNS."""
        return tuple(getattr(self, name) for name in COLUMNS)


def redirects(ledger: Path, *, dataset: Dataset | None) -> Iterator[Redirect]:
    """All that a ledger knows to stand in Intercom, by kind and id, each ticket before what merged into it.

    dataset: for Message-IDs and merged tickets; without it there are none. Raises InputError when the ledger
    or the dataset's archive can't be read, RefusedError when they are of different accounts.
    """
    with read_ledger(ledger) as connection:
        workspace, account = belongs_to(connection)
        if dataset is not None and dataset.account != account:
            raise RefusedError(
                f"the ledger is of account {account}, this dataset of account {dataset.account}",
                where=dataset.path,
                todo="Name the dataset of that account",
            )
        where = _Where(workspace, _zendesk(account), _HOSTS.get(_target(connection), ""))
        if dataset is None:
            yield from _all(connection, where, None)
            return
        with closing(open_archive(dataset.archive)) as archive:
            yield from _all(connection, where, archive)


@dataclass(frozen=True, slots=True)
class _Where:
    """The two ends. old, new: hosts, "" where unknown."""

    app: str
    old: str
    new: str

    def redirect(self, kind: str, key: str, *, to: str, target_id: str, origin: str) -> Redirect:
        """The line of (kind, key), which stands in Intercom as `target_id`, a thing of kind `to`."""
        old = _OLD[kind].format(key)
        new = _NEW[to].format(app=self.app, id=target_id)
        return Redirect(
            kind=kind,
            zendesk_id=key,
            intercom_id=target_id,
            origin=origin,
            old_path=old,
            new_path=new,
            old_url=f"{self.old}{old}" if self.old else "",
            new_url=f"{self.new}{new}" if self.new else "",
            message_ids="",
        )


def _all(
    connection: sqlite3.Connection, where: _Where, archive: duckdb.DuckDBPyConnection | None
) -> Iterator[Redirect]:
    rows = connection.execute(
        "select kind, key, target_id, origin from rows"
        " where step = 'create' and state = 'done' and target_id is not null"
        " and kind in ('contact', 'company', 'conversation', 'ticket')"
        " order by kind, cast(key as integer), key"
    )
    while batch := rows.fetchmany(_BATCH):
        tickets = [int(key) for kind, key, _, _ in batch if kind in HISTORY]
        merged = _merged(connection, archive, tickets)
        mails = _mails(archive, [*tickets, *(other for others in merged.values() for other in others)])
        for kind, key, target_id, origin in batch:
            line = where.redirect(kind, key, to=kind, target_id=target_id, origin=origin or "")
            if kind not in HISTORY:
                yield line
                continue
            yield replace(line, message_ids=mails.get(int(key), ""))
            for other in merged.get(int(key), ()):
                line = where.redirect(MERGED, str(other), to=kind, target_id=target_id, origin="")
                yield replace(line, message_ids=mails.get(other, ""))


def _merged(
    connection: sqlite3.Connection, archive: duckdb.DuckDBPyConnection | None, tickets: list[int]
) -> dict[int, list[int]]:
    """Tickets merged into these which did not go to Intercom themselves."""
    found: dict[int, list[int]] = {}
    if archive is None or not tickets:
        return found
    for row in query(archive, "merged_tickets", tickets):
        stands = connection.execute(
            "select 1 from rows where kind in ('conversation', 'ticket') and key = ?"
            " and step = 'create' and state = 'done'",
            (str(row["other"]),),
        )
        if stands.fetchone() is None:
            found.setdefault(row["ticket_id"], []).append(row["other"])
    return found


def _mails(archive: duckdb.DuckDBPyConnection | None, tickets: list[int]) -> dict[int, str]:
    """The Message-IDs of tickets, each once, with a blank between them."""
    found: dict[int, list[str]] = {}
    if archive is not None and tickets:
        for row in query(archive, "message_ids", tickets):
            found.setdefault(row["ticket_id"], []).append(_message_id(row["message_id"]))
    return {ticket: " ".join(dict.fromkeys(mails)) for ticket, mails in found.items()}


def _message_id(text: str) -> str:
    """As mails write it: in angle brackets and without blanks, which would part one from the next."""
    bare = "".join(text.split()).removeprefix("<").removesuffix(">")
    return f"<{bare}>"


def _target(connection: sqlite3.Connection) -> str:
    row = connection.execute("select value from meta where name = 'target'").fetchone()
    return "" if row is None else str(row[0])


def _zendesk(account: str) -> str:
    """`zendesk` stands for an account the export does not name."""
    return "" if account == "zendesk" else f"https://{account}.zendesk.com"
