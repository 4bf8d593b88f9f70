"""Kinds of tickets, with their attributes and states."""

import orjson

from .answers import Json, invalid, not_found
from .call import Call
from .state import Row, State
from .ticket_type_shape import attribute_shape, brief_shape, full_shape, state_shape
from .ticket_type_store import add_attribute, add_type, known_type, labels_in, options_of, settings_in
from .workspace import workspace_id


def list_types(state: State, _call: Call) -> Json:
    """GET /ticket_types."""
    return {"type": "list", "data": [full_shape(state, row) for row in state.all("ticket_types")]}


def get_type(state: State, call: Call) -> Json:
    """GET /ticket_types/{id}."""
    return full_shape(state, known_type(state, call.ids["id"]))


def create_type(state: State, call: Call) -> Json:
    """POST /ticket_types. Not by name: the same again is another one."""
    return full_shape(state, add_type(state, call.body, now=call.second))


def update_type(state: State, call: Call) -> Json:
    """PUT /ticket_types/{id}: only what is named changes."""
    row = known_type(state, call.ids["id"])
    named = ("name", "description", "category", "icon", "is_internal", "archived")
    changed = {key: call.body[key] for key in named if key in call.body}
    row = {**row, **changed, "updated_at": call.second}
    state.run("update_ticket_type", **row)
    return full_shape(state, row)


def create_attribute(state: State, call: Call) -> Json:
    """POST /ticket_types/{id}/attributes."""
    kind = known_type(state, call.ids["id"])
    _require_free(state, kind, call.body["name"], but=None)
    row = add_attribute(state, kind, call.body, now=call.second)
    if row["data_type"] == "list" and row["items"] == "[]":
        raise invalid("list_items is required for a list attribute", field="list_items")
    return attribute_shape(row, workspace_id(state), place=len(_attributes(state, kind)) - 1)


def update_attribute(state: State, call: Call) -> Json:
    """PUT /ticket_types/{id}/attributes/{attribute_id}: everything but its type."""
    kind, body = known_type(state, call.ids["id"]), call.body
    rows = _attributes(state, kind)
    row = next((row for row in rows if str(row["id"]) == call.ids["attribute_id"]), None)
    if row is None:
        raise not_found("Resource Not Found")
    if "name" in body:
        _require_free(state, kind, body["name"], but=row["id"])
    items = orjson.loads(row["items"])
    if "list_items" in body and row["data_type"] == "list":
        items = _items_after(items, body["list_items"])
    after = {
        **row,
        **{key: body[key] for key in ("name", "description", "archived") if key in body},
        "items": orjson.dumps(items).decode(),
        "settings": orjson.dumps({**orjson.loads(row["settings"]), **settings_in(body)}).decode(),
        "updated_at": call.second,
    }
    state.run("update_ticket_type_attribute", **after)
    return attribute_shape(after, workspace_id(state), place=rows.index(row))


def list_states(state: State, _call: Call) -> Json:
    """GET /ticket_states: each with the types it is for. Types of the same kind have states of their own."""
    data = []
    for row in state.all("ticket_states"):
        kinds = [brief_shape(kind) for kind in state.all("ticket_types_of_state", id=row["id"])]
        types = {"type": "list", "data": kinds}
        data.append({**state_shape(row), "archived": bool(row["archived"]), "ticket_types": types})
    return {"type": "list", "data": data}


def _require_free(state: State, kind: Row, name: str, *, but: int | None) -> None:
    for row in _attributes(state, kind):
        if row["name"].casefold() == name.casefold() and row["id"] != but:
            raise invalid(f"An attribute named '{name}' already exists on this ticket type", field="name")


def _attributes(state: State, kind: Row) -> list[Row]:
    return state.all("attributes_of_ticket_type", id=kind["id"])


def _items_after(items: list[Json], wanted: str) -> list[Json]:
    """Items that stay keep their id; those no longer named can be read, not chosen."""
    names = labels_in(wanted)
    kept = [{**item, "archived": item["label"] not in names} for item in items]
    return kept + options_of([name for name in names if name not in {item["label"] for item in items}])
