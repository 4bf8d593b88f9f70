"""Intercom's ids of ticket types, their attributes, states and list items, by what payloads call them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .action import Kind, Ref

NAMED = (Kind.TICKET_TYPE, Kind.TICKET_ATTRIBUTE, Kind.TICKET_STATE, Kind.LIST_ITEM)
Types = Iterable[Mapping[str, Any]]  # as a snapshot has them


def attribute_key(kind: str, name: str) -> str:
    """How an attribute of a ticket type is named. kind: the name of the type."""
    return f"{kind}/{name}"


def state_ref(kind: str, state: str) -> Ref:
    """A state of a ticket type: a category, or a label to the letter."""
    return Ref(Kind.TICKET_STATE, f"{kind}/{state}")


def item_ref(kind: str, attribute: str, label: str) -> Ref:
    """An item of a list attribute of a ticket type."""
    return Ref(Kind.LIST_ITEM, f"{kind}/{attribute}/{label}")


def ids_of(types: Types) -> dict[Ref, str]:
    """Everything payloads may name. Of several states of one category the oldest is meant."""
    found: dict[Ref, str] = {}
    for kind in types:
        if kind.get("archived", False):
            continue
        name = kind["name"]
        if "id" in kind:
            found.setdefault(Ref(Kind.TICKET_TYPE, name), kind["id"])
        states = sorted(kind.get("states", ()), key=lambda state: (len(state["id"]), state["id"]))
        for state in states:
            found.setdefault(state_ref(name, state["category"]), state["id"])
        for state in states:
            found.setdefault(state_ref(name, state["label"]), state["id"])
        for attribute in kind.get("attributes", ()):
            key = attribute_key(name, attribute["name"])
            found.setdefault(Ref(Kind.TICKET_ATTRIBUTE, key), attribute["id"])
            for item in attribute.get("options", ()):
                found.setdefault(item_ref(name, attribute["name"], item["label"]), item["id"])
    return found


def named_in(value: Any) -> Iterator[Ref]:
    """Everything of ticket types that a payload names."""
    if isinstance(value, Ref) and value.kind in NAMED:
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from named_in(item)


class TicketIds:
    """What is known of the workspace's ticket types in a run; read again for what setup has made since.

    types: of the snapshot. reread: the types as they are now.
    """

    def __init__(self, types: Types, *, reread: Callable[[], Types]) -> None:
        self._ids, self._reread = ids_of(types), reread

    def learn(self, types: Types) -> None:
        """Take in what was made just now."""
        self._ids = {**ids_of(types), **self._ids}

    def find(self, ref: Ref) -> str | None:
        """Intercom's id, None where the workspace has no such."""
        if ref not in self._ids:
            self._ids = ids_of(self._reread())
        return self._ids.get(ref)
