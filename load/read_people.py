"""People of the archive: who they are in a history, and what a contact is made of."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import duckdb

from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import SYSTEM, Person

NOBODY = 0  # no user of Zendesk has this id; it stands for an author the export does not name


def read_people(
    connection: duckdb.DuckDBPyConnection, user_ids: Iterable[int], *, mapping: Mapping
) -> dict[int, Person]:
    """A Person for each id, also for those without a row. Blank names get a telling one."""
    domains = {domain.lower().lstrip("@") for domain in mapping.data["staff"]["domains"]}
    people = {NOBODY: Person(NOBODY, "Unknown author", None, staff=False)}
    for row in query(connection, "history_people", sorted(set(user_ids))):
        email = (row["email"] or "").strip() or None
        ours = email is not None and email.rpartition("@")[2].lower() in domains
        people[row["id"]] = Person(row["id"], _name(row, email), email, staff=row["staff"] or ours)
    people[SYSTEM] = Person(SYSTEM, "Zendesk system", None, staff=False)
    return people


def query(connection: duckdb.DuckDBPyConnection, name: str, ids: list[int]) -> list[dict[str, Any]]:
    """The rows of one of our questions about some ids, as dicts."""
    sql = files("deskferry.load.queries").joinpath(f"{name}.sql").read_text(encoding="utf-8")
    cursor = connection.execute(sql, {"ids": ids} if "$ids::" in sql else None)
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _name(row: dict[str, Any], email: str | None) -> str:
    return " ".join((row["name"] or "").split()) or email or f"Zendesk user {row['id']}"
