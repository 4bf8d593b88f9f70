"""Ticket types of a workspace, with their attributes and states, as a snapshot has them."""

from collections.abc import Iterator, Mapping
from typing import Any

from deskferry.schemas.errors import InputError

from .action import Action, Kind
from .client import Client
from .made import as_object, listed
from .perform import Patience, read


def ticket_types(client: Client, patience: Patience) -> dict[str, Any]:
    """{"ticket_types": [...]}; {} where the workspace, by its plan or for this token, shows none."""
    try:
        return {"ticket_types": read_ticket_types(client, patience)}
    except InputError:
        # Tickets are a feature that not every workspace has. A plan that needs them is refused for it.
        return {}


def read_ticket_types(client: Client, patience: Patience) -> list[dict[str, Any]]:
    """The types in use, by name, then id. One request. Raises InputError when they can't be had."""
    found = listed(read(client, "/ticket_types", patience), "data")
    kinds = [_type(item) for item in found if "id" in item and not item.get("archived")]
    return sorted(kinds, key=lambda kind: (kind["name"], kind["id"]))


def shown_after(action: Action, body: Any) -> list[dict[str, Any]]:
    """The type, as far as the answer to a call that made it or an attribute of it shows it."""
    item = as_object(body)
    if "id" not in item:
        return []
    if action.kind is Kind.TICKET_TYPE:
        return [_type(item)]
    return [{"name": action.witness["ticket_type"], "attributes": [_attribute(item)]}]


def _type(item: Mapping[str, Any]) -> dict[str, Any]:
    kind: dict[str, Any] = {"id": str(item["id"]), "name": str(item.get("name") or "")}
    if item.get("category"):
        kind["category"] = str(item["category"])
    return {
        **kind,
        "states": sorted(map(_state, _of(item, "ticket_states")), key=lambda state: state["id"]),
        "attributes": sorted(
            (_attribute(one) for one in _of(item, "ticket_type_attributes") if not one.get("archived")),
            key=lambda attribute: (attribute["name"], attribute["id"]),
        ),
    }


def _of(item: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """The things of a list inside a type: Intercom shows them under `data`, its description says `key`."""
    inside = as_object(item.get(key))
    yield from (one for one in listed(inside, "data") or listed(inside, key) if "id" in one)


def _state(item: Mapping[str, Any]) -> dict[str, Any]:
    label = item.get("internal_label") or item.get("category")
    return {"id": str(item["id"]), "category": str(item.get("category")), "label": str(label)}


def _attribute(item: Mapping[str, Any]) -> dict[str, Any]:
    attribute = {
        "id": str(item["id"]),
        "name": str(item.get("name") or ""),
        "data_type": str(item.get("data_type") or ""),
        "required": bool(item.get("required_to_create")),
        "visible_to_contacts": bool(item.get("visible_to_contacts", True)),
    }
    inside = as_object(item.get("input_options"))
    items = listed(inside, "list_options") or listed(inside, "list_items")
    options = [
        {"id": str(one["id"]), "label": str(one.get("label") or one.get("name") or "")}
        for one in items
        if "id" in one and not one.get("archived")
    ]
    return {**attribute, "options": options} if options else attribute
