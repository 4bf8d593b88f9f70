"""A ledger as a file: its rows, where it lies, reading it while a loader works, who holds it.

What the columns mean stands in ledger.py.
"""

import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from deskferry.schemas.errors import InputError, RefusedError

from .action import Kind, Step

FORMAT = 1
Key = tuple[Kind, str, Step, int]
COLUMNS = (
    "kind, key, step, part, payload_hash, witness, plan_digest, target_id, origin, state, error,"
    " sent_at, done_at"
)


class State(StrEnum):
    """What is known of a call."""

    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"


class Again(StrEnum):
    """When a failed call is sent again."""

    NEXT = "next"  # with the next run: the target was at fault
    ASKED = "asked"  # when somebody asks for it: the call was refused
    NEVER = "never"  # a person must look


class Origin(StrEnum):
    """Whether we made what stands in the target."""

    CREATED = "created"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Row:
    """One call in the ledger."""

    kind: Kind
    key: str
    step: Step
    part: int
    payload_hash: str
    witness: Mapping[str, Any]
    plan_digest: str
    target_id: str | None
    origin: Origin | None
    state: State
    error: str | None
    sent_at: float
    done_at: float | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that failed, or whose outcome is unknown, with the target's own words."""

    kind: Kind
    key: str
    step: Step
    part: int
    error: str

    def __str__(self) -> str:
        number = f" {self.part}" if self.part else ""
        return f"{self.kind} {self.key}, {self.step}{number}: {self.error}"


def default_ledger(plan: Path, account: str, workspace_id: str) -> Path:
    """Where the ledger of (account, workspace) lies unless the user says otherwise: beside the plan."""
    safe = "".join(char if char.isalnum() or char in "-_" else "_" for char in f"{account}-{workspace_id}")
    return plan.parent / f"{safe}.ledger"


@contextlib.contextmanager
def read_ledger(path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger to read only, also while a loader works on it. Raises InputError when it is none."""
    if not path.is_file():
        raise InputError("no ledger here", where=path, todo="It is made by: deskferry load PLAN --to TARGET")
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        ) as connection:
            require_format(path, connection)
            yield connection
    except sqlite3.DatabaseError as error:
        raise InputError(f"cannot be read ({error})", where=path) from error


def require_format(path: Path, connection: sqlite3.Connection) -> None:
    """Raise InputError unless `connection` is a ledger this version knows."""
    try:
        found = connection.execute("pragma user_version").fetchone()[0]
        tables = {
            name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")
        }
    except sqlite3.DatabaseError as error:
        raise InputError(f"not a ledger ({error})", where=path) from error
    if not {"meta", "rows"} <= tables:
        raise InputError("not a ledger", where=path)
    if found != FORMAT:
        raise InputError(f"a ledger of format {found}; this version knows format {FORMAT}", where=path)


def belongs_to(connection: sqlite3.Connection) -> tuple[str, str]:
    """(workspace id, account) of a ledger."""
    meta = dict(connection.execute("select name, value from meta"))
    return meta.get("workspace", ""), meta.get("account", "")


def require_owner(path: Path, connection: sqlite3.Connection, *, workspace_id: str, account: str) -> None:
    """Raise RefusedError unless the ledger belongs to this workspace and account."""
    found = belongs_to(connection)
    if found != (workspace_id, account):
        raise RefusedError(
            f"this ledger belongs to workspace {found[0]} and account {found[1]},"
            f" the plan to workspace {workspace_id} and account {account}",
            where=path,
            todo="Name the right one with --ledger",
        )


def read_row(values: tuple[object, ...]) -> Row:
    """A row as selected in the order of COLUMNS."""
    kind, key, step, part, payload_hash, witness, plan, target_id, origin, state, error, sent_at, done_at = (
        values
    )
    return Row(
        kind=Kind(str(kind)),
        key=str(key),
        step=Step(str(step)),
        part=int(str(part)),
        payload_hash=str(payload_hash),
        witness=json.loads(str(witness)),
        plan_digest=str(plan),
        target_id=None if target_id is None else str(target_id),
        origin=None if origin is None else Origin(str(origin)),
        state=State(str(state)),
        error=None if error is None else str(error),
        sent_at=float(str(sent_at)),
        done_at=None if done_at is None else float(str(done_at)),
    )


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a ledger's lock. The file is left behind: deleting it would let two loaders hold two locks.

    Raises RefusedError, naming the process, when another loader holds it.
    """
    with lock_path(path).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(
                f"another loader is at work on this ledger (process {_pid(file)})",
                where=path,
                todo="Wait for it, or stop it; then run this again",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def loader_pid(path: Path) -> int | None:
    """The pid of the loader at work on a ledger, None when there is none."""
    if not lock_path(path).is_file():
        return None
    with lock_path(path).open("r", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _pid(file)
    return None


def lock_path(path: Path) -> Path:
    """The file whose lock says that a loader is at work."""
    return path.with_name(path.name + ".lock")


def _pid(file: IO[str]) -> int | None:
    file.seek(0)
    text = file.read().strip()
    return int(text) if text.isdecimal() else None
