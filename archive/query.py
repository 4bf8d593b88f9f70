"""Questions in SQL, asked of archive.duckdb.

In: one statement that reads. Out: a Table, in DuckDB's own formatting of values. Wrong: InputError with
DuckDB's words. The connection is locked, so a statement can neither write nor reach another file.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.errors import InputError

from .layout import Form, layout
from .table import NUMBERS, Table, is_nested

__all__ = ["Form", "Table", "answer", "first_line", "interruptible", "layout", "run_query"]

Answer = TypeVar("Answer")

_HINTS = ("Did you mean", "Candidate bindings")
# Python holds these exactly. Everything else is turned into text by DuckDB itself: its times, decimals
# and intervals have ranges that Python's do not.
_KEPT = frozenset({*NUMBERS, "BOOLEAN", "VARCHAR", "JSON"})


def run_query(archive: Path, sql: str) -> Table:
    """The answer to one statement that reads. Raises InputError: not SQL, not one, or not a read."""
    with open_archive(archive) as connection:
        return answer(connection, sql)


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> Table:
    """The same on an open archive; its temporary tables can be asked too."""
    try:
        return interruptible(connection, lambda: _answer(connection, sql))
    except duckdb.Error as error:
        raise InputError(first_line(error)) from error


def interruptible(connection: duckdb.DuckDBPyConnection, work: Callable[[], Answer]) -> Answer:
    """Do `work` so that Ctrl-C ends it: DuckDB looks for signals only between steps, which may be hours."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(work)
        try:
            return answer.result()
        except KeyboardInterrupt:
            while not answer.done():  # one that comes between two steps is forgotten by the next
                connection.interrupt()
                wait([answer], timeout=0.1)
            raise


def _answer(connection: duckdb.DuckDBPyConnection, sql: str) -> Table:
    relation = connection.sql(_only_statement(connection, sql))
    if relation is None:
        raise InputError("this statement has no answer", todo="Ask with select ...")
    types = [str(kind) for kind in relation.types]
    return Table(columns=list(relation.columns), types=types, rows=_rows(relation, types))


def first_line(error: duckdb.Error) -> str:
    """DuckDB's complaint in one line, with its hint."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    wanted = lines[:1] + [line for line in lines[1:] if line.startswith(_HINTS)]
    return " ".join(wanted) or type(error).__name__


def _only_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in sql):
        raise InputError("the query holds bytes that are no text", todo="Write it in UTF-8")
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        found = "no statement" if not statements else f"{len(statements)} statements"
        raise InputError(f"{found} in the query", todo="Ask with exactly one: select ...")
    kind = statements[0].type
    if kind not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        raise InputError(
            f"{kind.name} is not a question; the archive is only read", todo="Ask with select ..."
        )
    return str(statements[0].query)


def _rows(relation: duckdb.DuckDBPyRelation, types: list[str]) -> list[tuple[Any, ...]]:
    if all(kind in _KEPT for kind in types):
        return relation.fetchall()
    wanted = ", ".join(_as_text(number, kind) for number, kind in enumerate(types, start=1))
    return relation.project(wanted).fetchall()


def _as_text(number: int, kind: str) -> str:
    if kind in _KEPT:
        return f"#{number}"
    return f"to_json(#{number})" if is_nested(kind) else f"cast(#{number} as varchar)"
