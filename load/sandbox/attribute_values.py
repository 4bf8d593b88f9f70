"""Values of custom attributes: only defined ones, only of their type."""

from datetime import datetime
from typing import Any

import orjson

from .answers import Json, invalid
from .state import Row, State

_LONGEST = 255  # characters of a string about a contact or company


def checked_values(state: State, *, model: str, values: Json, before: Json) -> Json:
    """`before` with `values` set; null takes one away. Raises Problem: undefined, or of another type."""
    defined = {row["name"]: row for row in state.all("attributes", model=model) if not row["archived"]}
    after = dict(before)
    for name, value in values.items():
        if name not in defined:
            kind = "Conversation" if model == "conversation" else "Custom"
            raise invalid(f"{kind} attribute '{name}' does not exist", field="custom_attributes")
        if value is None:
            after.pop(name, None)
        elif _fits_row(defined[name], value):
            after[name] = value
        else:
            wanted = defined[name]["data_type"]
            raise invalid(f"Value of attribute '{name}' is not a valid {wanted}", field="custom_attributes")
    return after


def _fits_row(row: Row, value: Any) -> bool:
    # Contacts keep short strings only; conversations have no known limit.
    if isinstance(value, str) and len(value) > _LONGEST and row["model"] != "conversation":
        return bool(row["data_type"] != "string")
    options = orjson.loads(row["options"]) if row["options"] is not None else []
    return fits(row["data_type"], value, [option["label"] for option in options if not option["archived"]])


def fits(data_type: str, value: Any, allowed: list[str]) -> bool:
    """Whether an attribute of that type takes the value. allowed: what a list takes."""
    number = not isinstance(value, bool)
    match data_type:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and number
        case "float" | "decimal":
            return isinstance(value, (int, float)) and number
        case "boolean":
            return isinstance(value, bool)
        case "datetime" | "date":
            return (isinstance(value, int) and number) or _is_time(value)
        case "list" | "options":
            return isinstance(value, str) and value in allowed
        case _:
            return False  # relationships and files are not set by a plain value


def _is_time(value: Any) -> bool:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True
