"""The live values of an archive: what the tickets that a mapping loads really carry."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from deskferry.schemas.yaml_lines import Pointer

from .statement import statement

# The blocks of a mapping that name values, in the order of the file; options stand inside custom_fields.
BLOCKS = (
    *("user_tags", "user_fields", "organization_fields", "agents", "groups", "statuses", "custom_statuses"),
    *("priorities", "types", "brands", "forms", "channels", "custom_fields", "options", "tags"),
)

# What is counted in a block, where it is not tickets.
UNITS = {
    "people": "people",
    "user_tags": "people",
    "user_fields": "people",
    "companies": "organizations",
    "organization_fields": "organizations",
    "attachments": "files",
}


@dataclass(frozen=True, slots=True)
class Live:
    """One value, as the mapping names it, and on how many loaded tickets (people, organizations) it stands.

    field: of an option, its ticket field. label: a name for people (of an agent, a field, an option).
    kind: type of a field, category of a custom status, `left` or `unknown` for an agent, `undefined` for an
    option that its field does not define.
    """

    block: str
    field: str | None
    value: str
    tickets: int
    label: str | None
    kind: str | None

    @property
    def values_at(self) -> Pointer:
        """Where the answers of its block stand in a mapping."""
        if self.field is not None:
            return ("custom_fields", "values", self.field, "options")
        return (self.block, "values")

    @property
    def name(self) -> str:
        """The value, of an option with its field."""
        return self.value if self.field is None else f"{self.field}: {self.value}"


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over the loaded tickets; see live_totals.sql."""

    tickets: int
    requesters: int
    without_email: int
    with_notes: int
    organizations: int
    comments: int
    private_comments: int
    attachments: int
    files_here: int
    rated: int
    rated_in_words: int
    solved: int
    linked: int
    merged: int
    deleted: int
    never_public: int
    copied: int


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
    taken = f"select id from ticket_overview where {rule_of} in ({numbers})"  # noqa: S608
    connection.execute(f"create or replace temp table loaded as {taken}")


def live_values(connection: duckdb.DuckDBPyConnection) -> list[Live]:
    """Every live value, by block and then by tickets, most first. Needs `mark_loaded`."""
    return [Live(*row) for row in connection.execute(statement("live_values")).fetchall()]


def live_totals(connection: duckdb.DuckDBPyConnection) -> Totals:
    """What the settings of a mapping decide about. Needs `mark_loaded`."""
    return Totals(*connection.execute(statement("live_totals")).fetchall()[0])


def mirrors(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Mirror]]:
    """The fields that set each tag. Needs `mark_loaded`."""
    found: dict[str, list[Mirror]] = {}
    for tag, field, tickets in connection.execute(statement("mirrored_tags")).fetchall():
        found.setdefault(tag, []).append(Mirror(tag=tag, field=str(field), tickets=tickets))
    return found


def account(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The Zendesk account of the archive, None where the export does not name it."""
    row = connection.execute("select value from manifest where key = 'account'").fetchone()
    return None if row is None else row[0]
