"""One SQL condition over ticket_overview, held to be one before it decides anything.

A condition must compile alone, be a yes or no, and give the same answer every time it is asked:
what a plan was made from must still be true when it is loaded.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import duckdb
import orjson

from deskferry.schemas.errors import InputError

from .query import first_line

# Volatile without saying so in duckdb_functions(): macros, and what the binder rewrites.
_MORE_VOLATILE = frozenset(
    {"ago", "current_localtime", "current_localtimestamp", "current_setting", "getvariable"}
    | {"query", "query_table"}
)
# Written without parentheses, these look like columns.
_VOLATILE_WORDS = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"}
    | {"current_user", "session_user", "user", "current_catalog", "current_schema", "current_role"}
)


def check_conditions(connection: duckdb.DuckDBPyConnection, conditions: Iterable[tuple[str, str]]) -> None:
    """Raise InputError unless each (condition, where) is one stable yes or no over ticket_overview.

    where: the place that the error names.
    """
    unstable = _unstable_functions()
    for condition, where in conditions:
        for word in _volatile(_parsed(connection, condition, where=where), unstable):
            raise InputError(
                f"{word} gives another answer another time; a condition must not change",
                where=where,
                todo="Write the value itself, such as timestamp '2026-11-30'",
            )
        try:
            kind = _type(connection, condition)
        except duckdb.Error as error:
            raise InputError(first_line(error), where=where) from error
        if kind != "BOOLEAN":
            raise InputError(f"not a condition: its type is {kind}, not BOOLEAN", where=where)


def _type(connection: duckdb.DuckDBPyConnection, condition: str) -> str:
    """DuckDB's type of the condition, bound but not run; as a filter too, which knows no aggregates."""
    sql = f"describe select (\n{condition}\n) from ticket_overview where (\n{condition}\n)"  # noqa: S608 locked in
    return str(connection.execute(sql).fetchall()[0][1])


def _parsed(connection: duckdb.DuckDBPyConnection, condition: str, *, where: str) -> dict[str, Any]:
    """The syntax tree of the condition, and of nothing else.

    It is read as the only element of a list: what closes our parenthesis and goes on would have to close
    this bracket too, and cannot do both.
    """
    question = f"select [\n{condition}\n] from ticket_overview"  # noqa: S608 parsed, not run
    try:
        row = connection.execute("select json_serialize_sql(?::varchar)", [question]).fetchone()
    except duckdb.Error as error:
        raise InputError(first_line(error), where=where) from error
    tree = orjson.loads(row[0] if row else "{}")
    if tree.get("error"):
        raise InputError(f"not SQL: {str(tree.get('error_message')).splitlines()[0]}", where=where)
    statements = tree.get("statements", [])
    chosen = statements[0]["node"].get("select_list", []) if len(statements) == 1 else []
    elements = _arguments(chosen[0]) if len(chosen) == 1 else []
    if len(elements) != 1 or chosen[0].get("function_name") != "list_value":
        raise InputError("not one condition", where=where, todo="Join several with and, or")
    return dict(elements[0])


def _arguments(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a function: DuckDB 1 calls them children, DuckDB 2 arguments."""
    found: list[dict[str, Any]] = node.get("arguments") or node.get("children") or []
    return found


@cache
def _unstable_functions() -> frozenset[str]:
    """Of this DuckDB: the archive holds macros, never functions of its own."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct lower(function_name) from duckdb_functions()"
            " where function_type = 'scalar' and stability in ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')"
        ).fetchall()
    return _MORE_VOLATILE | {name for (name,) in rows}


def _volatile(tree: dict[str, Any], unstable: frozenset[str]) -> Iterator[str]:
    for node in _nodes(tree):
        name = str(node.get("function_name", "")).lower()
        if name in unstable or (name == "age" and len(_arguments(node)) == 1):
            yield f"{name}()"
        words = node.get("column_names") or []
        if node.get("class") == "COLUMN_REF" and len(words) == 1 and words[0].lower() in _VOLATILE_WORDS:
            yield words[0]
        if node.get("sample"):
            yield "a sample"


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item)
