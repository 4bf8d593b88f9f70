"""What the default mapping would do, as temporary tables that the questions of an audit can read.

People decide after an audit; until then its costs and policies assume what `map init` would write: its
rules, its tags, and assignment of open conversations to whom the workspace knows.
"""

from datetime import date, datetime
from typing import Any

import duckdb

from deskferry.schemas.cost import LIMITS_PER_10S, Form, calls, seconds, verify_calls

from .decide import as_case, loaded_rules
from .map_cost import counted
from .map_init import default_rules
from .map_suggest import MANY, RARE
from .statement import statement

# Those a mapping is chosen from; replies are a choice of a ticket type.
_FORMS = (Form.BARE, Form.NOTE, Form.MESSAGES, Form.TICKET)


def prepare(
    connection: duckdb.DuckDBPyConnection,
    *,
    workspace: dict[str, Any] | None,
    now: datetime,
    delta: date | None,
) -> None:
    """Make the temporary tables; audit_tables.sql says what they hold.

    workspace: a snapshot. now: aware. delta: the proposed delta date.
    """
    connection.execute(statement("audit_tables"))
    connection.execute(
        "insert into asked (now, delta, workspace) select to_timestamp($now)::timestamp, $delta, $known",
        {"now": now.timestamp(), "delta": delta, "known": workspace is not None},
    )
    _answer(connection)
    connection.execute(statement("audit_uses"), {"many": MANY, "rare": RARE})
    if workspace is not None:
        _read_workspace(connection, workspace)
    connection.execute("insert into kept_tags select lower(tag), lower(tag) from tag_uses where kept")
    _estimate(connection)


def _answer(connection: duckdb.DuckDBPyConnection) -> None:
    """What the default rules make of each ticket."""
    rules = default_rules("context")
    loaded = loaded_rules(rules)
    answers = [
        (number, "conversation" if number in loaded else "archive_only", rule["reason"])
        for number, rule in enumerate(rules, start=1)
    ]
    connection.execute("create temp table rules (number bigint, target varchar, reason varchar)")
    connection.executemany("insert into rules values (?, ?, ?)", answers)
    connection.execute(
        f"insert into answered select t.id, rules.target, rules.reason"  # noqa: S608 our own rules
        f" from (select id, {as_case(rules)} as number from ticket_overview) t join rules using (number)"
    )


def _read_workspace(connection: duckdb.DuckDBPyConnection, workspace: dict[str, Any]) -> None:
    """Whom the workspace has, and whom open conversations would be assigned to."""
    admins = [(admin["email"].strip().lower(), admin["seat"]) for admin in workspace["admins"]]
    teams = [(team["name"].lower(),) for team in workspace["teams"]]
    if admins:
        connection.executemany("insert into admins values (?, ?)", admins)
    if teams:
        connection.executemany("insert into teams values (?)", teams)
    connection.execute(
        "insert into assignable select distinct 'agent', email from admins where seat"
        " union all select distinct 'group', name from teams"
    )


def _estimate(connection: duckdb.DuckDBPyConnection) -> None:
    """The table `estimates`: what schemas/cost.py makes of what would be loaded."""
    counts = counted(connection)
    verify = verify_calls(counts)
    verify_times = [seconds(verify, limit) for limit in LIMITS_PER_10S]
    rows: list[tuple[Any, ...]] = []
    for form in _FORMS:
        shares = calls(form, counts)
        total = sum(shares.values())
        times = [seconds(total, limit) for limit in LIMITS_PER_10S]
        rows += [
            (form, cause, share, total, *times, verify, *verify_times) for cause, share in shares.items()
        ]
    connection.executemany("insert into estimates values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
