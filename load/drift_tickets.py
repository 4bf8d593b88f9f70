"""What has changed in a workspace's ticket types since a plan was made, as far as the plan stands on it."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from deskferry.schemas.attribute_value import same_type
from deskferry.schemas.ticket_types import OF_ALL

from .action import Kind, Ref
from .ticket_ids import attribute_key, ids_of


def ticket_drift(
    needs: Mapping[str, Any], live: Mapping[str, Any], *, made: Set[tuple[Kind, str]]
) -> Iterator[str]:
    """Each difference that matters, as a clause. What the plan itself still makes is none.

    needs: `ticket_names` and `ticket_attributes` of plan_needs. made: setup the ledger has done already.
    """
    types = live.get("ticket_types", [])
    ids = ids_of(types)
    coming = [key for kind, key in needs["makes"] if (Kind(kind), key) not in made]
    for kind, key in needs.get("ticket_names", ()):
        awaited = any(key == one or key.startswith(f"{one}/") for one in coming)
        if Ref(Kind(kind), key) not in ids and not awaited:
            yield f"{kind} '{key}' is gone"
    filled: dict[str, str] = needs.get("ticket_attributes", {})
    used = {key for kind, key in needs.get("ticket_names", ()) if kind == Kind.TICKET_TYPE}
    for one in types:
        if one["name"] not in used:
            continue
        for attribute in one.get("attributes", ()):
            key = attribute_key(one["name"], attribute["name"])
            wanted = filled.get(key)
            if wanted is not None and not same_type(attribute["data_type"], wanted):
                yield f"attribute {key} is {attribute['data_type']}, not {wanted}"
            elif wanted is None and attribute.get("required") and attribute["name"] not in OF_ALL:
                yield f"attribute {key} is required now"
