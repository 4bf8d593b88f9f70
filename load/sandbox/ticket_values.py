"""Values of ticket attributes: by name in requests, by id in the state, lists by the id of their item."""

from typing import Any

import orjson

from .answers import Json, invalid
from .attribute_values import fits
from .state import Row, State


def checked_ticket_values(state: State, kind: Row, values: Json, *, before: Json) -> Json:
    """`before` with `values` set, {attribute id: value}; null takes one away. Raises Problem."""
    named = {row["name"]: row for row in _attributes(state, kind) if not row["archived"]}
    extra = [name for name in values if name not in named]
    if extra:
        raise invalid(
            f"Extra attributes provided that are not found on ticket type: {', '.join(extra)}",
            field="ticket_attributes",
        )
    after = dict(before)
    for name, value in values.items():
        row = named[name]
        if value is None:
            after.pop(str(row["id"]), None)
        elif fits(row["data_type"], value, [item["id"] for item in _items(row) if not item["archived"]]):
            after[str(row["id"])] = value
        else:
            message = f"Value of ticket attribute '{name}' is not a valid {row['data_type']}"
            raise invalid(message, field="ticket_attributes")
    return after


def require_filled_in(state: State, kind: Row, values: Json) -> None:
    """Raise Problem unless every attribute that a ticket of this type can't be without is there."""
    for row in _attributes(state, kind):
        required = orjson.loads(row["settings"])["required_to_create"] and not row["archived"]
        if required and values.get(str(row["id"])) in (None, ""):
            raise invalid("Missing required ticket attributes", field="ticket_attributes")


def shown_values(state: State, kind: Row, stored: Json) -> Json:
    """{name: value} as tickets show them: all that the type has, lists by their label."""
    shown: Json = {}
    for row in _attributes(state, kind):
        value = stored.get(str(row["id"]))
        if value is not None or not row["archived"]:
            shown[row["name"]] = label(row, value)
    return shown


def changed_values(state: State, kind: Row, values: Json) -> list[Json]:
    """What the parts of an update say, one of each attribute that it names."""
    named = {row["name"]: row for row in _attributes(state, kind)}
    return [
        {
            "attribute": {"type": "attribute", "id": str(named[name]["id"]), "label": name},
            "value": {"type": "value", "id": _text(value), "label": _text(label(named[name], value)) or ""},
        }
        for name, value in values.items()
    ]


def label(row: Row, value: Any) -> Any:
    """The value as people read it: of a list, the label of its item."""
    if row["data_type"] != "list":
        return value
    return next((item["label"] for item in _items(row) if item["id"] == value), value)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


def _items(row: Row) -> list[Json]:
    items: list[Json] = orjson.loads(row["items"])
    return items


def _attributes(state: State, kind: Row) -> list[Row]:
    return state.all("attributes_of_ticket_type", id=kind["id"])
