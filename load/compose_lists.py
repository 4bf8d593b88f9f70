"""What list attributes take: the items that are there, else those the plan makes."""

from collections.abc import Iterable, Mapping
from typing import Any

from deskferry.schemas.mapping import Mapping as TicketMapping
from deskferry.schemas.ticket_types import TicketAttribute, TicketType, wanted_attributes

from .field_facts import FieldFacts
from .mapped import field_targets

Workspace = dict[str, Any]


def conversation_lists(
    mapping: TicketMapping, workspace: Workspace, *, facts: FieldFacts
) -> dict[str, tuple[str, ...]]:
    """The labels that each list attribute of conversations takes, by its name."""
    fields = [
        (target.attribute, target.field_id) for target in field_targets(mapping) if target.data_type == "list"
    ]
    there = {
        item["name"]: tuple(item.get("options", ()))
        for item in workspace["conversation_attributes"]
        if item["data_type"] == "list"
    }
    return {name: there.get(name, labels) for name, labels in _by_attribute(fields, facts).items()}


def ticket_lists(mapping: TicketMapping, kind: TicketType, *, facts: FieldFacts) -> dict[str, dict[str, str]]:
    """By list attribute of a ticket type, how each label is written there."""
    fields = [
        (attribute.name, attribute.field)
        for attribute in wanted_attributes(mapping, kind)
        if attribute.data_type == "list" and attribute.field is not None
    ]
    there = {
        item["name"]: [option["label"] for option in item.get("options", ())]
        for item in (kind.there or {}).get("attributes", ())
    }
    found = {}
    for name, labels in _by_attribute(fields, facts).items():
        written = there.get(name)
        found[name] = {
            label: spelled
            for label in labels
            for spelled in dict.fromkeys((label, without_commas(label)))
            if (spelled in written if written is not None else "," not in spelled)
        }
    return found


def new_items(attribute: TicketAttribute, lists: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The items a list is made with."""
    return list(dict.fromkeys(lists[attribute.name].values()))


def without_commas(label: str) -> str:
    """A label as a list of a ticket type can hold it: its items are told apart by commas."""
    return label.replace(",", ";")


def _by_attribute(fields: Iterable[tuple[str, str]], facts: FieldFacts) -> dict[str, tuple[str, ...]]:
    """Fields may share an attribute."""
    found: dict[str, tuple[str, ...]] = {}
    for name, field in fields:
        found[name] = tuple(dict.fromkeys([*found.get(name, ()), *facts.labels.get(field, ())]))
    return found
