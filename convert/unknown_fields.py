"""Values of tickets whose field, or whose option, no definition in the export explains."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .finding import Finding
from .notes import EXAMPLES

_CHOICES = frozenset(("tagger", "multiselect"))
_EMPTY: tuple[Any, ...] = (None, "", False, [])


class UnknownFields:
    """Takes tickets; counts per field, and per option, in how many a value without definition stands."""

    def __init__(self, definitions: Iterable[Mapping[str, Any]]) -> None:
        self._options: dict[str, frozenset[str] | None] = {}
        self._titles: dict[str, str] = {}
        for field in definitions:
            choices = field.get("custom_field_options") if field.get("type") in _CHOICES else None
            self._titles[str(field.get("id"))] = str(field.get("title") or field.get("id"))
            self._options[str(field.get("id"))] = (
                frozenset(str(one.get("value")) for one in choices) if isinstance(choices, list) else None
            )
        self._fields: Counter[str] = Counter()
        self._values: Counter[str] = Counter()

    def take(self, ticket: Mapping[str, Any]) -> None:
        """One ticket."""
        for field, value in (ticket.get("custom_fields") or {}).items():
            if value in _EMPTY:
                continue
            if field not in self._options:
                self._fields[field] += 1
                continue
            known = self._options[field]
            if known is not None:
                for option in value if isinstance(value, list) else [value]:
                    if str(option) not in known:
                        self._values[f"{self._titles[field]}: {option}"] += 1

    def findings(self) -> list[Finding]:
        """Fields first, then options; each of count 0 when all are explained."""
        fields = "custom fields stand in tickets and no definition names them"
        if self._fields and not self._options:
            fields += " (this export holds no ticket_fields at all)"
        options = "options stand in tickets and their field's definition does not list them"
        return [
            Finding("unknown_fields", fields, len(self._fields), _shown(self._fields)),
            Finding("unknown_options", options, len(self._values), _shown(self._values)),
        ]


def _shown(found: Counter[str]) -> tuple[str, ...]:
    order = sorted(found, key=lambda name: (-found[name], name))[:EXAMPLES]
    return tuple(f"{name} ({found[name]})" for name in order)
