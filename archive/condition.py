"""One SQL condition over ticket_overview, held to be one before it decides anything.

A condition must compile alone, be a yes or no, and give the same answer every time it is asked:
what a plan was made from must still be true when it is loaded.
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import orjson

from deskferry.schemas.errors import InputError

from .query import first_line

# Volatile without saying so in duckdb_functions(): macros, and what the binder rewrites.
_MORE_VOLATILE = frozenset(
    {"ago", "current_localtime", "current_localtimestamp", "query", "query_table", "get_current_date"}
)
# Written without parentheses, these look like columns.
_VOLATILE_WORDS = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"}
    | {"current_user", "session_user", "user", "current_catalog", "current_schema", "current_role"}
)


def check_condition(connection: duckdb.DuckDBPyConnection, condition: str, *, where: str) -> None:
    """Raise InputError at `where` unless `condition` is one stable yes or no over ticket_overview."""
    question = f"select (\n{condition}\n) as verdict from ticket_overview"  # noqa: S608 the user's own SQL, locked in
    for word in _volatile(connection, _parsed(connection, question, where=where)):
        raise InputError(
            f"{word} gives another answer another time; a condition must not change",
            where=where,
            todo="Write the value itself, such as timestamp '2026-11-30'",
        )
    try:
        connection.execute(f"explain select id from ticket_overview where (\n{condition}\n)")  # noqa: S608
        rows = connection.execute(f"describe {question}").fetchall()
    except duckdb.Error as error:
        raise InputError(first_line(error), where=where) from error
    if rows[0][1] != "BOOLEAN":
        raise InputError(f"not a condition: its type is {rows[0][1]}, not BOOLEAN", where=where)


def _parsed(connection: duckdb.DuckDBPyConnection, question: str, *, where: str) -> dict[str, Any]:
    """The syntax tree, which shows that the condition did not close its parenthesis and go on."""
    try:
        row = connection.execute("select json_serialize_sql(?::varchar)", [question]).fetchone()
    except duckdb.Error as error:
        raise InputError(first_line(error), where=where) from error
    tree: dict[str, Any] = orjson.loads(row[0] if row else "{}")
    if tree.get("error"):
        raise InputError(f"not SQL: {str(tree.get('error_message')).splitlines()[0]}", where=where)
    statements = tree.get("statements", [])
    node = statements[0]["node"] if len(statements) == 1 else {}
    if len(node.get("select_list", ())) != 1:
        raise InputError("more than one condition", where=where, todo="Join them with and, or")
    return tree


def _volatile(connection: duckdb.DuckDBPyConnection, tree: dict[str, Any]) -> Iterator[str]:
    rows = connection.execute(
        "select distinct lower(function_name) from duckdb_functions()"
        " where function_type = 'scalar' and stability in ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')"
    ).fetchall()
    unstable = {name for (name,) in rows} | _MORE_VOLATILE
    for node in _nodes(tree):
        name = str(node.get("function_name", "")).lower()
        if name in unstable or (name == "age" and len(node.get("children", ())) == 1):
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
