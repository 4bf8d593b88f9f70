"""How Intercom shows ticket types, their attributes and their states."""

import orjson

from .answers import Json
from .state import Row, State
from .workspace import workspace_id


def type_shape(state: State, row: Row) -> Json:
    """A ticket type as tickets show it: with its attributes, without its states."""
    workspace = workspace_id(state)
    rows = state.all("attributes_of_ticket_type", id=row["id"])
    attributes = [attribute_shape(one, workspace, place=place) for place, one in enumerate(rows)]
    return {
        **brief_shape(row),
        "workspace_id": workspace,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "ticket_type_attributes": {"type": "list", "data": attributes},
    }


def state_shape(row: Row) -> Json:
    """A ticket state."""
    return {
        "type": "ticket_state",
        "id": str(row["id"]),
        "category": row["category"],
        "internal_label": row["internal_label"],
        "external_label": row["external_label"],
    }


def full_shape(state: State, row: Row) -> Json:
    """A ticket type as its own endpoints show it."""
    states = [state_shape(one) for one in state.all("states_of_ticket_type", id=row["id"])]
    return {**type_shape(state, row), "ticket_states": {"type": "list", "data": states}}


def brief_shape(row: Row) -> Json:
    """A ticket type as states name it."""
    return {
        "type": "ticket_type",
        "id": str(row["id"]),
        "name": row["name"],
        "description": row["description"],
        "icon": row["icon"],
        "archived": bool(row["archived"]),
        "is_internal": bool(row["is_internal"]),
        "category": row["category"],
    }


def attribute_shape(row: Row, workspace: str, *, place: int) -> Json:
    """An attribute of a ticket type. place: its number on the form, from 0."""
    settings = orjson.loads(row["settings"])
    multiline, several = settings.pop("multiline"), settings.pop("allow_multiple_values")
    options: Json = {}
    match row["data_type"]:
        case "string":
            options = {"multiline": multiline}
        case "list":
            options = {"list_options": orjson.loads(row["items"])}
        case "files":
            options = {"allow_multiple_values": several}
    return {
        "type": "ticket_type_attribute",
        "id": str(row["id"]),
        "workspace_id": workspace,
        "name": row["name"],
        "description": row["description"],
        "data_type": row["data_type"],
        "input_options": options,
        "order": place,
        **settings,
        "default": bool(row["built_in"]),
        "ticket_type_id": row["ticket_type_id"],
        "archived": bool(row["archived"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
