"""Attributes, tags and ticket types: what of a plan's setup is there already."""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.attribute_value import same_type

from .action import Action, Kind, Ref
from .ticket_ids import ids_of

ATTRIBUTES = (Kind.CONTACT_ATTRIBUTE, Kind.COMPANY_ATTRIBUTE, Kind.CONVERSATION_ATTRIBUTE)
TICKET_SETUP = (Kind.TICKET_TYPE, Kind.TICKET_ATTRIBUTE)


def standing(live: Mapping[str, Any], action: Action) -> str | None:
    """Id of what a call of setup would make and the workspace has, else None. live: a snapshot."""
    if action.kind is Kind.TAG:
        tags = {tag["name"].casefold(): tag["id"] for tag in live["tags"]}
        found = tags.get(action.key.casefold())
        return None if found is None else str(found)
    if action.kind in TICKET_SETUP:
        return ids_of(live.get("ticket_types", ())).get(Ref(action.kind, action.key))
    if action.kind in ATTRIBUTES:
        for item in live.get(f"{action.kind}s", ()):
            if item["name"] == action.key and same_type(item["data_type"], str(action.payload["data_type"])):
                return str(item.get("id", item["name"]))
    return None
