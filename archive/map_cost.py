"""The calls that a mapping's load takes, reckoned before anything is planned.

In: an archive with live values, a mapping, groups of tickets. Out: calls, by schemas/cost.py. The counts are
those of cost_counts.sql; here stands what this mapping answers, wildcards included.
"""

from collections.abc import Sequence
from typing import Any

import duckdb

from deskferry.schemas.cost import Counts, Form, calls
from deskferry.schemas.mapping import Mapping

from .live import Live
from .map_answer import answer_for
from .statement import statement

MEMORY = "300MB"  # what cost_counts.sql takes whatever the archive: its steps hold their tables all at once


def prepare_costs(connection: duckdb.DuckDBPyConnection, mapping: Mapping, live: Sequence[Live]) -> None:
    """Make the temporary tables that cost_counts.sql reads, in the place of those of another mapping."""
    connection.execute(statement("audit_tables"))
    connection.execute(
        "insert into asked (assign, note, files, companies, people_notes, company_notes)"
        " values (?, ?, ?, ?, ?, ?)",
        [
            mapping.data["assign"],
            mapping.data["limits"]["note"],
            mapping.choice("attachments", "policy") == "sent",
            mapping.choice("companies", "policy") == "create",
            mapping.choice("people", "notes") == "contact_notes",
            mapping.choice("companies", "notes") == "company_notes",
        ],
    )
    _prepare_messages(connection, mapping)
    kept, kept_of_people, assignable, states = [], [], [], []
    asleep: list[tuple[str, str]] = []
    for value in live:
        answer, name = answer_for(mapping, value) or {}, value.value.lower()
        match value.block:
            case "tags" if "keep" in answer or "rename" in answer:
                kept.append((name, answer.get("rename", value.value).casefold()))
            case "user_tags" if "keep" in answer or "rename" in answer:
                kept_of_people.append((name, answer.get("rename", value.value).casefold()))
            case "agents" if "admin" in answer or "placeholder" in answer:
                assignable.append(("agent", name))
            case "groups" if "team" in answer:
                assignable.append(("group", name))
            case "statuses" | "custom_statuses":
                kind = "status" if value.block == "statuses" else "custom status"
                states.append((kind, name, answer.get("state") == "closed"))
                if answer.get("state") == "snoozed":
                    asleep.append((kind, name))
            case _:
                pass
    _fill(connection, "kept_tags", kept)
    _fill(connection, "kept_people_tags", kept_of_people)
    _fill(connection, "assignable", assignable)
    _fill(connection, "left_as", states)
    _fill(connection, "asleep", asleep)


def _prepare_messages(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    connection.execute(
        "update asked_messages set message = ?, header = ?, internal = ?, participants = ?, domains = ?",
        [
            mapping.choice("limits", "message"),
            mapping.choice("messages", "header") == "note",
            mapping.choice("private_notes", "policy") == "internal",
            mapping.choice("ccs", "policy") == "participants",
            [domain.lower().lstrip("@") for domain in mapping.data["staff"]["domains"]],
        ],
    )


def calls_of(connection: duckdb.DuckDBPyConnection, form: Form, condition: str) -> tuple[int, int]:
    """Calls of the tickets of the temporary table `decided` for which a condition of ours holds.

    Returns those for conversations and tickets, and those for people and companies besides. Needs
    `prepare_costs`.
    """
    connection.execute("delete from answered")
    connection.execute(f"insert into answered select id, 'conversation', '' from decided where {condition}")  # noqa: S608
    found = calls(form, counted(connection))
    people = found.pop("contacts") + found.pop("companies")
    return sum(found.values()), people


def counted(connection: duckdb.DuckDBPyConnection) -> Counts:
    """What the tickets of the temporary table `answered` would have loaded."""
    cursor = connection.execute(statement("cost_counts"))
    names = [column[0] for column in cursor.description or ()]
    return Counts(**dict(zip(names, cursor.fetchall()[0], strict=True)))


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        chosen = ", ".join("unnest(?)" for _ in rows[0])
        connection.execute(
            f"insert into {table} select {chosen}", [list(column) for column in zip(*rows, strict=True)]
        )
