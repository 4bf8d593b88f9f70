"""The entity table: every kind of thing a dataset holds, its key, and the ticket it belongs to.

The columns themselves are defined in `<entity>.json` beside this module and nowhere else.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of thing. `key`: the properties its file is sorted by, each combination once."""

    name: str
    key: tuple[str, ...] = ("id",)

    @property
    def file_name(self) -> str:
        """Name of its file in a dataset."""
        return f"{self.name}.ndjson"


# Comments, attachments and events are sorted by their ticket first, so that one pass over two
# files joins them, and so that the converter can number the comments of a ticket as it goes.
ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        Entity("tickets"),
        Entity("comments", ("ticket_id", "id")),
        Entity("attachments", ("ticket_id", "id")),
        Entity("users"),
        Entity("identities", ("user_id", "id")),
        Entity("organizations"),
        Entity("organization_memberships"),
        Entity("groups"),
        Entity("group_memberships"),
        Entity("ticket_fields"),
        Entity("user_fields"),
        Entity("organization_fields"),
        Entity("ticket_forms"),
        Entity("custom_statuses"),
        Entity("brands"),
        Entity("satisfaction_ratings"),
        Entity("ticket_metrics", ("ticket_id",)),
        Entity("ticket_events", ("ticket_id", "id")),
        Entity("ticket_links", ("ticket_id", "id")),
        Entity("side_conversations"),
        Entity("chats"),
        Entity("suspended_tickets"),
        Entity("articles"),
        Entity("configuration"),
    )
}


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) in `<name>.json`. name: an entity, manifest, reject, ...."""
    text = files("deskferry.schemas").joinpath(f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
