"""The answer to a question in SQL."""

from dataclasses import dataclass
from typing import Any

_NESTED = ("STRUCT(", "MAP(", "UNION(")
NUMBERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE"}
    | {"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
)


@dataclass(frozen=True, slots=True)
class Table:
    """The answer. types: DuckDB's names.

    Values are None, bool, int, float or str. A list, struct or map is its JSON text; a time, decimal or
    interval is DuckDB's text.
    """

    columns: list[str]
    types: list[str]
    rows: list[tuple[Any, ...]]


def is_nested(kind: str) -> bool:
    """Whether a column of this DuckDB type holds JSON text in a Table."""
    return kind == "JSON" or kind.endswith("]") or kind.startswith(_NESTED)


def is_number(kind: str) -> bool:
    """Whether this DuckDB type is a number."""
    return kind in NUMBERS or kind.startswith("DECIMAL")
