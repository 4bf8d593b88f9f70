"""What of a plan is not simply made by it, into temp.open_calls: all other questions are asked of that alone.

Of a large load almost everything is made. So plan and ledger are walked side by side in long steps, and calls
are looked up one by one only where they do not arrive at the same call: a million threads take seconds.
"""

import json
import sqlite3
from importlib.resources import files
from typing import Any

_RANGE = 5_000  # calls of one step
_COLUMNS = ("kind", "key", "step", "part")
_BEGIN: tuple[Any, ...] = ("", "", "", 0)
_END: tuple[Any, ...] = ("\U0010ffff", "", "", 0)  # after every kind


def find_open_calls(connection: sqlite3.Connection) -> None:
    """Fill temp.open_calls. connection: of a ledger with its plan attached."""
    (digest,) = connection.execute("select value from plan.meta where name = 'digest'").fetchone()
    connection.execute("create temp table open_calls (phase, seq, undone)")
    planned, made, look = (_sql(f"{name}.sql") for name in ("next_planned", "next_made", "open_calls"))
    begin = _BEGIN
    while begin != _END:
        values = {**dict(zip(_COLUMNS, begin, strict=True)), "plan": json.loads(digest), "range": _RANGE - 1}
        end = connection.execute(planned, values).fetchone()
        if end is None or connection.execute(made, values).fetchone() != end:
            ends = zip(_COLUMNS, end or _END, strict=True)
            connection.execute(look, values | {f"to_{name}": value for name, value in ends})
        begin = end or _END


def see_outcomes(connection: sqlite3.Connection) -> None:
    """Undone in temp.open_calls is no longer what has an outcome by now."""
    connection.execute(_sql("outcomes.sql"))


def _sql(name: str) -> str:
    return files("deskferry.load").joinpath(name).read_text("utf-8")
