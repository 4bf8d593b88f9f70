"""The sandbox's memory: one SQLite file, one transaction per request, one process at a time."""

import fcntl
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from deskferry.schemas.errors import InputError

from .bodies import to_text

Row = dict[str, Any]

APPLICATION_ID = 0x64666279  # "dfby": says that an SQLite file is a sandbox's
FORMAT = 5


class State:
    """An open state file. seed: fills a new one, inside its first transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, name: str, /, **values: Any) -> int:
        """Run a named statement; the id of the row it inserted, or 0."""
        return self._connection.execute(statements()[name], values).lastrowid or 0

    def one(self, name: str, /, **values: Any) -> Row | None:
        """The first row of a named statement."""
        row: Row | None = self._connection.execute(statements()[name], values).fetchone()
        return row

    def all(self, name: str, /, **values: Any) -> list[Row]:
        """Every row of a named statement."""
        return self._connection.execute(statements()[name], values).fetchall()

    def select(self, name: str, /, values: list[Any], **words: str) -> list[Row]:
        """Every row of a named statement with `words` in its `{gaps}`: SQL of ours; values are bound."""
        return self._connection.execute(statements()[name].format(**words), values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing."""
        self._connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Inside a transaction: what an error leaves half done is undone, the rest stays."""
        self._connection.execute("savepoint attempt")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback to attempt")
            raise
        finally:
            self._connection.execute("release attempt")


@contextmanager
def open_state(
    path: Path,
    *,
    seed: Callable[[State], None],
    wait: float = 5.0,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[State]:
    """The state in `path`, made and seeded when it is new, held alone until the end.

    wait: seconds another sandbox on the same file gets to end. Raises InputError: in use, no sandbox state,
    not readable.
    """
    if path.is_dir():
        raise InputError("a folder, not a sandbox state", where=path)
    with _held_alone(path, wait=wait, sleep=sleep, clock=clock):
        connection = _connect(path)
        try:
            state = State(connection)
            if _is_new(connection, path):
                _create(connection, state, seed)
            yield state
        finally:
            connection.close()


@contextmanager
def _held_alone(
    path: Path, *, wait: float, sleep: Callable[[float], None], clock: Callable[[], float]
) -> Iterator[None]:
    # A file of its own: where flock and SQLite's locks are one mechanism, locking the state itself
    # would lock us out.
    beside = path.with_name(f"{path.name}.lock")
    deadline = clock() + wait
    while (lock := _lock(beside)) is None:
        if clock() >= deadline:
            raise InputError(
                "another sandbox runs on this state", where=path, todo="Stop it, or name another --state"
            )
        sleep(0.05)
    try:
        yield
    finally:
        beside.unlink(missing_ok=True)
        os.close(lock)


def _lock(path: Path) -> int | None:
    """The open lock file, or None while another process has it."""
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=path) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The last holder may have removed the file while we waited: then we hold what nobody looks at.
        if os.path.samestat(os.fstat(lock), path.stat()):
            return lock
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(lock)
    return None


def _connect(path: Path) -> sqlite3.Connection:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(path, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise InputError(f"cannot be opened as a sandbox state ({error})", where=path) from error
    connection.row_factory = lambda cursor, row: {
        column[0]: value for column, value in zip(cursor.description, row, strict=True)
    }
    for name, function in _FUNCTIONS.items():
        connection.create_function(name, 2, function, deterministic=True)
    return connection


def _is_new(connection: sqlite3.Connection, path: Path) -> bool:
    try:
        application = connection.execute("pragma application_id").fetchone()["application_id"]
        version = connection.execute("pragma user_version").fetchone()["user_version"]
        tables = connection.execute("select count(*) as n from sqlite_master").fetchone()["n"]
        if tables and application != APPLICATION_ID:
            raise InputError("not a sandbox state", where=path, todo="Name another --state")
        if tables and version != FORMAT:
            raise InputError(
                f"a sandbox state of format {version}, not {FORMAT}", where=path, todo="Name another --state"
            )
        connection.execute("pragma journal_mode = wal")
        # The process may be killed at any moment, the machine is not: a commit need not reach the disk.
        connection.execute("pragma synchronous = normal")
    except sqlite3.DatabaseError as error:
        raise InputError(f"not a sandbox state ({error})", where=path, todo="Name another --state") from error
    return not tables


def _create(connection: sqlite3.Connection, state: State, seed: Callable[[State], None]) -> None:
    with state.transaction():
        for statement in _each_statement(_read("tables.sql")):
            connection.execute(statement)
        try:
            seed(state)
        except (sqlite3.IntegrityError, OverflowError) as error:
            raise InputError(f"the workspace cannot be set up from its file ({error})") from error
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        connection.execute(f"pragma user_version = {FORMAT}")


def _each_statement(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):  # triggers hold semicolons of their own
            yield statement
            statement = ""


# What search asks of texts. The body is looked at word by word, never as a whole.
_FUNCTIONS: Mapping[str, Callable[[str | None, str], bool]] = {
    "starts_with": lambda text, start: text is not None and text.startswith(start),
    "ends_with": lambda text, end: text is not None and text.endswith(end),
    "has_word": lambda body, word: word.casefold() in _words(body),
    "has_part": lambda body, part: any(part.casefold() in word for word in _words(body)),
}


def _words(body: str | None) -> list[str]:
    return re.findall(r"\w+", to_text(body or "").casefold())


@cache
def statements() -> Mapping[str, str]:
    """The statements of statements.sql by name."""
    found = re.split(r"^-- name: (\w+)\n", _read("statements.sql"), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def _read(name: str) -> str:
    return files("deskferry.load.sandbox").joinpath(name).read_text(encoding="utf-8")
