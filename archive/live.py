"""The live values of an archive: what the tickets that a mapping loads really carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import duckdb

# The blocks of a mapping that name values, in the order of the file.
BLOCKS = ("agents", "groups", "statuses", "custom_statuses", "custom_fields", "tags")


@dataclass(frozen=True, slots=True)
class Live:
    """One value, as the mapping names it, and on how many loaded tickets it stands.

    label: a name for people (of an agent, a field). kind: type of a field, category of a custom status,
    `left` or `unknown` for an agent.
    """

    block: str
    value: str
    tickets: int
    label: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Mirror:
    """A field that sets a tag: `tickets` carry both."""

    tag: str
    field: str
    tickets: int


def mark_loaded(connection: duckdb.DuckDBPyConnection, rule_of: str, loaded: Sequence[int]) -> None:
    """Make the temporary table loaded(id) of the tickets that one of the rules `loaded` takes.

    rule_of: the SQL expression of `decide.checked_rules`. Raises duckdb.Error where a rule meets a value
    it cannot compute with.
    """
    numbers = ", ".join(str(int(number)) for number in loaded) or "null"
    connection.execute(
        f"create temp table loaded as select id from ticket_overview where {rule_of} in ({numbers})"  # noqa: S608
    )


def live_values(connection: duckdb.DuckDBPyConnection) -> list[Live]:
    """Every live value, by block and then by tickets, most first. Needs `mark_loaded`."""
    return [Live(*row) for row in connection.execute(_query("live_values")).fetchall()]


def mirrors(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Mirror]]:
    """The fields that set each tag. Needs `mark_loaded`."""
    found: dict[str, list[Mirror]] = {}
    for tag, field, tickets in connection.execute(_query("mirrored_tags")).fetchall():
        found.setdefault(tag, []).append(Mirror(tag=tag, field=str(field), tickets=tickets))
    return found


def account(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The Zendesk account of the archive, None where the export does not name it."""
    row = connection.execute("select value from manifest where key = 'account'").fetchone()
    return None if row is None else row[0]


def _query(name: str) -> str:
    return files("deskferry.archive").joinpath(f"{name}.sql").read_text(encoding="utf-8")
