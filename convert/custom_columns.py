"""Columns named after the title of a custom field, back to the field's id and its options' values."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .csv_fields import Fields, TicketField, value_of

_NOT_PLAIN = re.compile(r"[^a-z0-9]")


class CustomColumns:
    """Finds the one field a column's name can stand for. fields: by title."""

    def __init__(self, fields: Fields) -> None:
        self._by_name: dict[str, dict[int, TicketField]] = {}
        for title, named in fields.items():
            for field in named:
                self._by_name.setdefault(_plain(title), {})[field.id] = field

    def take(self, record: Mapping[str, Any], known: frozenset[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """`record` without the columns that are custom fields, and those by field id."""
        rest: dict[str, Any] = {}
        custom: dict[str, Any] = {}
        for key, value in record.items():
            field = None if key in known or key.startswith("_") else self.field(key)
            if field is None:
                rest[key] = value
            elif isinstance(value, list):
                custom[str(field.id)] = [field.options.get(str(item), item) for item in value]
            else:
                custom[str(field.id)] = value_of(value, field) if isinstance(value, str) else _as_text(value)
        return rest, custom

    def field(self, column: str) -> TicketField | None:
        """The field; None where there is none, or more than one."""
        for name in (column, column.removeprefix("custom_")):
            found = self._by_name.get(_plain(name), {})
            if len(found) == 1:
                return next(iter(found.values()))
        return None


def _as_text(value: Any) -> Any:
    """A number as the API writes it in a custom field: as text."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """Letters and digits only: pipelines disagree on what becomes of the rest."""
    return _NOT_PLAIN.sub("", name.lower())
