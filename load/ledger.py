"""The ledger: durable memory of intents and outcomes. Lose it, and nobody knows what is ours.

A SQLite file, `PRAGMA user_version` = 1, written in WAL mode with synchronous=FULL: what is committed
survives kill -9 and a power cut. (While a loader runs, `<ledger>-wal` belongs to it: move them together.)

    meta(name, value)
        workspace, account    whom it belongs to; any plan for the same pair may run on it
        created_at            RFC 3339
        target                where the last load went, as --to names it
        plan_file             JSON: the last plan and what its file was like, see load/plan_stamp.py
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
pid of the last one. Intents are committed before their calls leave, those of several workers together;
outcomes are committed with the next intents, or at once by `commit`: an outcome lost to a crash leaves its
row in doubt, which is safe. Every worker sees at once what another has noted.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from deskferry.schemas.canonical import canonical
from deskferry.schemas.errors import InputError

from .action import Action, Kind, Ref, Step
from .disk_space import DiskSpace
from .group_commit import GroupCommit
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
    """An open, locked ledger, for any number of threads. Use open_ledger."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, space: DiskSpace | None = None) -> None:
        self.path, self.connection, self._space = path, connection, space
        self._lock = threading.RLock()
        self._group = GroupCommit(self._commit_intents)

    def intend(self, actions: Iterable[Action], *, plan_digest: str, now: float) -> None:
        """Commit that these calls are about to leave, with every outcome noted so far.

        Raises RefusedError when the disk runs full.
        """
        self._group.add(
            [
                (*key_of(action), action.payload_hash, _json(action.witness), plan_digest, now)
                for action in actions
            ]
        )

    def _commit_intents(self, rows: list[tuple[Any, ...]]) -> None:
        if self._space is not None:
            self._space.require()
        with self._writing():
            self.connection.executemany(
                "insert into rows (kind, key, step, part, payload_hash, witness, plan_digest, state, sent_at)"
                " values (?, ?, ?, ?, ?, ?, ?, 'sending', ?)"
                " on conflict do update set payload_hash = excluded.payload_hash, witness = excluded.witness,"
                " state = 'sending', error = null, again = null, plan_digest = excluded.plan_digest,"
                " sent_at = excluded.sent_at, done_at = null",
                rows,
            )
            self.connection.commit()

    def done(self, key: Key, *, target_id: str | None, origin: Origin | None, now: float) -> None:
        """Note that a call was made. Durable with the next intend or commit."""
        self._execute(
            "update rows set state = 'done', error = null, target_id = ?, origin = ?, done_at = ?"
            " where kind = ? and key = ? and step = ? and part = ?",
            (target_id, origin, now, *key),
        )

    def failed(self, key: Key, *, error: str, again: Again, now: float) -> None:
        """Note that a call was not made. Durable with the next intend or commit."""
        self._execute(
            "update rows set state = 'failed', error = ?, again = ?, done_at = ?"
            " where kind = ? and key = ? and step = ? and part = ?",
            (error, again, now, *key),
        )

    def withdraw(self, key: Key) -> None:
        """Take back an intent whose call surely never left. Durable with the next intend or commit."""
        self._execute(
            "delete from rows where kind = ? and key = ? and step = ? and part = ? and state = 'sending'", key
        )

    def note(self, name: str, value: str) -> None:
        """Commit a fact of `meta`."""
        self._execute("insert or replace into meta values (?, ?)", (name, value))
        self.commit()

    def fact(self, name: str) -> str | None:
        """A fact of `meta`, None while it is not noted."""
        row = self._one("select value from meta where name = ?", (name,))
        return None if row is None else str(row[0])

    def commit(self) -> None:
        """Make every outcome noted so far durable. Raises InputError when it can't be written, as all do."""
        with self._writing():
            self.connection.commit()

    def thread(self, kind: Kind, key: str) -> dict[tuple[Step, int], Row]:
        """The rows of one thread, by (step, part)."""
        query = f"select {COLUMNS} from rows where kind = ? and key = ?"  # noqa: S608 - our own column list
        with self._lock:
            rows = self.connection.execute(query, (kind, key)).fetchall()
        return {(row.step, row.part): row for row in map(read_row, rows)}

    def row(self, key: Key) -> Row | None:
        """One row, None while there is none."""
        query = f"select {COLUMNS} from rows where kind = ? and key = ? and step = ? and part = ?"  # noqa: S608 - our own column list
        found = self._one(query, key)
        return None if found is None else read_row(found)

    def target_id(self, kind: Kind, key: str) -> str | None:
        """Intercom's id of what (kind, key) stands for; None while it is not done."""
        row = self._one(
            "select target_id from rows where kind = ? and key = ? and step = 'create' and state = 'done'",
            (kind, key),
        )
        return None if row is None else row[0]

    def stands(self, ref: Ref) -> bool:
        """What `ref` names is made or found."""
        return (
            self._one(
                "select 1 from rows where kind = ? and key = ? and step = 'create' and state = 'done'",
                (ref.kind, ref.key),
            )
            is not None
        )

    def holds(self, kind: Kind, target_id: str) -> bool:
        """Some row already stands for this id of Intercom's."""
        return (
            self._one(
                "select 1 from rows where target_id = ? and kind = ? and state = 'done' limit 1",
                (target_id, kind),
            )
            is not None
        )

    def _execute(self, statement: str, values: Sequence[Any]) -> None:
        with self._writing():
            self.connection.execute(statement, values)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """What is not written is in doubt at worst: its outcome is looked up by the next run."""
        with self._lock:
            try:
                yield
            except sqlite3.OperationalError as error:
                raise InputError(
                    f"the ledger cannot be written ({error})",
                    where=self.path,
                    todo="Make room and run it again to go on; nothing is lost",
                ) from error

    def _one(self, query: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        with self._lock:
            row: tuple[Any, ...] | None = self.connection.execute(query, values).fetchone()
        return row


@contextlib.contextmanager
def beside(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """A second connection to an open ledger, for long questions: they see what is committed."""
    ledger.commit()
    with contextlib.closing(_connect(ledger.path)) as connection:
        yield connection


@contextlib.contextmanager
def open_ledger(
    path: Path, *, workspace_id: str, account: str, space: DiskSpace | None = None
) -> Iterator[Ledger]:
    """Open or start the ledger of (workspace, account), for the only loader on it.

    space: on its disk, looked at before each call. Raises RefusedError when another loader holds it or it
    belongs to another pair, InputError when it is no ledger.
    """
    if not path.parent.is_dir():
        raise InputError("no such folder", where=path.parent)
    with locked(path), contextlib.closing(_connect(path)) as connection:
        if _is_empty(connection):
            _start(connection, workspace_id=workspace_id, account=account)
        require_owner(path, connection, workspace_id=workspace_id, account=account)
        ledger = Ledger(path, connection, space=space)
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
    connection = sqlite3.connect(path.resolve().as_uri(), uri=True, timeout=10.0, check_same_thread=False)
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
