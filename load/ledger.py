"""The ledger: durable memory of intents and outcomes. Lose it, and nobody knows what is ours.

A SQLite file, `PRAGMA user_version` = 1, written in WAL mode with synchronous=FULL: what is committed
survives kill -9 and a power cut. (While a loader runs, `<ledger>-wal` belongs to it: move them together.)

    meta(name, value)
        workspace, account    whom it belongs to; any plan for the same pair may run on it
        created_at            RFC 3339
        target                where the last load went, as --to names it
        left                  threads of its plan that the last load left to do or in doubt; "0" is finished
    rows(kind, key, step, part, payload_hash, witness, plan_digest, target_id, origin, state, error, again,
         sent_at, done_at)
        kind, key, step, part one call: see load/action.py; key is the Zendesk id, or a name. Primary key
        payload_hash          of the call as intended (Action.payload_hash)
        witness               JSON: how to recognise the call in what the target shows (Action.witness)
        plan_digest           the plan that made it
        target_id             Intercom's id of what the call made or found; null where a call makes nothing
        origin                created: we made it. adopted: it was there. Only `created` may ever be undone
        state                 sending: intent committed, outcome unknown, so in doubt once the loader is gone.
                              done. failed: not made, `error` has the API's words
        again                 of a failed row, when it is sent again. next: with the next run, because the
                              target was at fault. asked: with --only failed, because the call was refused.
                              never: it may stand there more than once; a person must look
        sent_at, done_at      unix seconds: the last time the call left; when its outcome was known

There are no rows for what is only planned. One loader at a time: flock on `<ledger>.lock`, which holds the
pid of the last one. Intents are committed before their calls leave; outcomes are committed with the next
intents, or at once by `commit`: an outcome lost to a crash leaves its row in doubt, which is safe.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from deskferry.schemas.canonical import canonical
from deskferry.schemas.errors import InputError

from .action import Action, Kind, Ref, Step
from .ledger_file import (
    COLUMNS,
    FORMAT,
    Again,
    Key,
    Origin,
    Row,
    locked,
    read_row,
    require_format,
    require_owner,
)


class Ledger:
    """An open, locked ledger. Use open_ledger."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self.connection = path, connection

    def intend(self, actions: Iterable[Action], *, plan_digest: str, now: float) -> None:
        """Commit that these calls are about to leave, with every outcome noted so far."""
        self.connection.executemany(
            "insert into rows (kind, key, step, part, payload_hash, witness, plan_digest, state, sent_at)"
            " values (?, ?, ?, ?, ?, ?, ?, 'sending', ?)"
            " on conflict do update set payload_hash = excluded.payload_hash, witness = excluded.witness,"
            " state = 'sending', error = null, again = null, plan_digest = excluded.plan_digest,"
            " sent_at = excluded.sent_at, done_at = null",
            [
                (*key_of(action), action.payload_hash, _json(action.witness), plan_digest, now)
                for action in actions
            ],
        )
        self.connection.commit()

    def done(self, key: Key, *, target_id: str | None, origin: Origin | None, now: float) -> None:
        """Note that a call was made. Durable with the next intend or commit."""
        self.connection.execute(
            "update rows set state = 'done', error = null, target_id = ?, origin = ?, done_at = ?"
            " where kind = ? and key = ? and step = ? and part = ?",
            (target_id, origin, now, *key),
        )

    def failed(self, key: Key, *, error: str, again: Again, now: float) -> None:
        """Note that a call was not made. Durable with the next intend or commit."""
        self.connection.execute(
            "update rows set state = 'failed', error = ?, again = ?, done_at = ?"
            " where kind = ? and key = ? and step = ? and part = ?",
            (error, again, now, *key),
        )

    def withdraw(self, key: Key) -> None:
        """Take back an intent whose call surely never left."""
        self.connection.execute(
            "delete from rows where kind = ? and key = ? and step = ? and part = ? and state = 'sending'", key
        )
        self.connection.commit()

    def note(self, name: str, value: str) -> None:
        """Commit a fact of `meta`."""
        self.connection.execute("insert or replace into meta values (?, ?)", (name, value))
        self.connection.commit()

    def fact(self, name: str) -> str | None:
        """A fact of `meta`, None while it is not noted."""
        row = self.connection.execute("select value from meta where name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def commit(self) -> None:
        """Make every outcome noted so far durable."""
        self.connection.commit()

    def thread(self, kind: Kind, key: str) -> dict[tuple[Step, int], Row]:
        """The rows of one thread, by (step, part)."""
        rows = self.connection.execute(f"select {COLUMNS} from rows where kind = ? and key = ?", (kind, key))  # noqa: S608 - our own column list
        return {(row.step, row.part): row for row in map(read_row, rows)}

    def target_id(self, kind: Kind, key: str) -> str | None:
        """Intercom's id of what (kind, key) stands for; None while it is not done."""
        row = self.connection.execute(
            "select target_id from rows where kind = ? and key = ? and step = 'create' and state = 'done'",
            (kind, key),
        ).fetchone()
        return None if row is None else row[0]

    def stands(self, ref: Ref) -> bool:
        """What `ref` names is made or found."""
        found = self.connection.execute(
            "select 1 from rows where kind = ? and key = ? and step = 'create' and state = 'done'",
            (ref.kind, ref.key),
        )
        return found.fetchone() is not None

    def holds(self, kind: Kind, target_id: str) -> bool:
        """Some row already stands for this id of Intercom's."""
        found = self.connection.execute(
            "select 1 from rows where target_id = ? and kind = ? and state = 'done' limit 1",
            (target_id, kind),
        )
        return found.fetchone() is not None


@contextlib.contextmanager
def open_ledger(path: Path, *, workspace_id: str, account: str) -> Iterator[Ledger]:
    """Open or start the ledger of (workspace, account), for the only loader on it.

    Raises RefusedError when another loader holds it or it belongs to another pair, InputError when it is
    no ledger.
    """
    if not path.parent.is_dir():
        raise InputError("no such folder", where=path.parent)
    with locked(path), contextlib.closing(_connect(path)) as connection:
        if _is_empty(connection):
            _start(connection, workspace_id=workspace_id, account=account)
        require_owner(path, connection, workspace_id=workspace_id, account=account)
        ledger = Ledger(path, connection)
        try:
            yield ledger
        finally:
            ledger.commit()


def key_of(action: Action) -> Key:
    """The row of an action."""
    return action.kind, action.key, action.step, action.part


def _json(value: Mapping[str, Any]) -> str:
    return canonical(value).decode()


def _connect(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    connection = sqlite3.connect(path.resolve().as_uri(), uri=True, timeout=10.0)
    try:
        if not _is_empty(connection):
            require_format(path, connection)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise InputError(f"not a ledger ({error})", where=path) from error
    except InputError:
        connection.close()
        raise
    return connection


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute("select count(*) from sqlite_master").fetchone()[0]


def _start(connection: sqlite3.Connection, *, workspace_id: str, account: str) -> None:
    """One transaction, opened by the script: a crash leaves an empty file, never half a ledger."""
    connection.executescript(files("deskferry.load").joinpath("ledger_schema.sql").read_text("utf-8"))
    facts = {
        "workspace": workspace_id,
        "account": account,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    connection.executemany("insert into meta values (?, ?)", facts.items())
    connection.execute(f"pragma user_version = {FORMAT}")
    connection.commit()
