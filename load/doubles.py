"""People who stand more than once in Zendesk or in Intercom: lines of the plan, before the first write."""

from collections.abc import Callable, Iterator

import duckdb

from .action import Kind, Ref
from .known_people import KnownPeople
from .read_people import query

_SHOWN = 10  # users of one line


def doubles(
    connection: duckdb.DuckDBPyConnection, known: KnownPeople | None, *, planned: Callable[[Ref], bool]
) -> Iterator[tuple[str, str]]:
    """(what it is about, a line) for each double among the people of a plan.

    planned: the plan makes or finds this contact. Needs contact_of.
    """
    for row in query(connection, "doubles", []):
        if any(planned(Ref(Kind.CONTACT, contact)) for contact in row["contacts"]):
            users = ", ".join(map(str, row["users"][:_SHOWN]))
            more = len(row["users"]) - _SHOWN
            becomes = "become one contact" if row["what"] == "one contact" else "stay apart"
            and_more = f" and {more:,} more" if more > 0 else ""
            yield row["what"], f"users {users}{and_more} have the same {row['shared']} and {becomes}"
    if known is not None:
        for what in sorted(known.lines):
            for line in known.lines[what]:
                yield what, line
