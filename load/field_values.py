"""Custom fields of tickets as people read them.

Zendesk stores the value of an option and shows its name; it stores numbers as text and ticks as true.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deskferry.templates.history import FieldValue

_WITH_OPTIONS = frozenset({"tagger", "multiselect"})


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A ticket field. names: an option's name by its value."""

    id: str
    title: str
    type: str | None
    names: Mapping[str, str]


def field_definitions(rows: Sequence[Mapping[str, Any]]) -> dict[str, FieldDefinition]:
    """Definitions by field id, in the order of the rows of history_fields.sql."""
    found = {}
    for row in rows:
        key = str(row["id"])
        title = " ".join((row["title"] or "").split()) or f"Field {key}"
        names = {
            str(option["value"]): str(option["name"]).replace("::", " > ")
            for option in json.loads(row["options"] or "[]")
            if option.get("value") is not None and option.get("name")
        }
        found[key] = FieldDefinition(key, title, row["type"], names)
    return found


def field_values(stored: str | None, definitions: Mapping[str, FieldDefinition]) -> tuple[FieldValue, ...]:
    """Each field of a ticket that has a value, in the account's order; then those nobody defines, by id.

    stored: the JSON of the archive's column custom_fields.
    """
    values: dict[str, Any] = json.loads(stored or "{}") or {}
    order = [key for key in definitions if key in values]
    order += sorted((key for key in values if key not in definitions), key=lambda key: (len(key), key))
    made = []
    for key in order:
        definition = definitions.get(key) or FieldDefinition(key, f"Field {key}", None, {})
        text = shown(values[key], definition)
        if text:
            chosen = _chosen(values[key], definition)
            made.append(FieldValue(key, definition.title, text, values[key], chosen))
    return tuple(made)


def _chosen(stored: Any, definition: FieldDefinition) -> tuple[tuple[str, str], ...]:
    """Each option with its name; nothing for a field of another kind."""
    if definition.type not in _WITH_OPTIONS:
        return ()
    items = stored if isinstance(stored, list) else [stored]
    return tuple((str(item), text) for item in items if (text := shown(item, definition)))


def shown(value: Any, definition: FieldDefinition) -> str:
    """A value as people read it; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, (shown(item, definition) for item in value)))
    if isinstance(value, bool) or definition.type == "checkbox":
        return {"true": "yes", "1": "yes", "false": "no", "0": "no"}.get(str(value).lower(), str(value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return definition.names.get(str(value), str(value)).strip()
