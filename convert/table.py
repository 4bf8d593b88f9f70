"""What is known of a table before its rows are read."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Whose table it is: how columns become keys."""

    TICKETS = "tickets"  # Zendesk's ticket CSV: names where the API has ids
    THREADS = "threads"  # a row per comment, its ticket beside it
    RAW = "raw"  # a record as JSON text in one column
    FLAT = "flat"  # the API's keys, flattened
    FIVETRAN = "fivetran"
    DLT = "dlt"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV is written. start: byte at which its rows begin. row: the header's number, from 1."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    start: int
    row: int


@dataclass(frozen=True, slots=True)
class Child:
    """Rows that are values inside rows of another table.

    of: the entity they belong to; empty where `key` holds the row id of a pipeline. key: the column that
    names the row they belong into. field: the key they fill there. value: the column with the value; empty:
    the row. rank: the column they are ordered by, empty for the order of the file.
    """

    of: str
    key: str
    field: str
    value: str = ""
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. entity: of its rows (or `configuration:<kind>`); empty where each row says it itself.

    layout: of a CSV, None for rows as JSON lines. month_first: how 5/6/2024 is meant, None if nobody knows.
    """

    kind: Kind
    entity: str
    layout: Layout | None = None
    child: Child | None = None
    month_first: bool | None = None
