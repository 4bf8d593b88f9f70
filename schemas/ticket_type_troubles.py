"""What keeps tickets from being made in a workspace: types, states and attributes that are not as needed.

In: a mapping and a snapshot. Out: a Trouble for each. What the plan makes by itself is none.
"""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from .attribute_value import same_type
from .mapping import Mapping
from .ticket_types import (
    OF_ALL,
    REPLIES,
    Category,
    TicketAttribute,
    TicketType,
    state_called,
    ticket_type,
    types_called,
    wanted_attributes,
    wanted_states,
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something a person must put right. value: what it is about. where: `file:line`."""

    value: str
    where: str
    why: str
    todo: str


def troubles(
    mapping: Mapping, workspace: dict[str, Any], name: str, *, portal: Set[str], where: str
) -> Iterator[Trouble]:
    """Everything that keeps tickets of the type `name` from being made.

    portal: ids of the ticket fields that customers see in Zendesk. where: `file:line` of the rule.
    """
    kind = ticket_type(mapping, workspace, name)
    count = len(types_called(workspace, name))
    if "ticket_types" not in workspace:
        why = "the snapshot does not say which ticket types the workspace has"
        yield Trouble(name, where, why, "Take it again; the token needs to read tickets")
    elif count > 1:
        yield Trouble(
            name, where, f'{count} ticket types are called "{name}"', "Rename or archive the others"
        )
    elif kind is None:
        why = f'no ticket type "{name}" in the workspace, and ticket_types does not say what it is'
        yield Trouble(name, where, why, "Say it in ticket_types, or choose another")
    else:
        yield from _category(kind)
        yield from _states(mapping, kind)
        yield from said_wrong(mapping, kind, portal=portal)
        yield from _there(mapping, kind, portal=portal)


def said_wrong(mapping: Mapping, kind: TicketType, *, portal: Set[str]) -> Iterator[Trouble]:
    """What is wrong whatever the workspace has."""
    if kind.form == REPLIES and not kind.customers_see:
        why = f'customers cannot reply in back-office tickets, so "{kind.name}" cannot have form replies'
        yield Trouble(kind.name, kind.where, why, "Choose form: note")
    yield from _names(mapping, kind)
    yield from _shown(mapping, kind, portal=portal)


def _category(kind: TicketType) -> Iterator[Trouble]:
    there = Category((kind.there or {}).get("category", kind.category))
    if there is Category.TRACKER:
        why = f'ticket type "{kind.name}" is for trackers, which hold no history'
        yield Trouble(kind.name, kind.where, why, "Choose another type")
    elif there is not kind.category:
        why = f'ticket type "{kind.name}" is {there} in the workspace'
        yield Trouble(kind.name, kind.where, why, "Change category, or choose another name")


def _states(mapping: Mapping, kind: TicketType) -> Iterator[Trouble]:
    told: set[str] = set()
    for state, where in wanted_states(mapping, kind):
        if state_called(kind, state) is None and state not in told:
            told.add(state)
            why = f'ticket type "{kind.name}" has no state "{state}"'
            todo = "Name another state, or make it in Intercom under Settings > Tickets: no call makes one"
            yield Trouble(state, where, why, todo)


def _names(mapping: Mapping, kind: TicketType) -> Iterator[Trouble]:
    """An attribute has one type and one spelling, and holds one thing."""
    first: dict[str, TicketAttribute] = {}
    for attribute in wanted_attributes(mapping, kind):
        before = first.setdefault(attribute.name.casefold(), attribute)
        place, name = attribute.where or kind.where, attribute.name
        if name in OF_ALL or (before.where is None and before is not attribute):
            yield Trouble(name, place, f"attribute {name} holds something else", "Choose another name")
        elif before.data_type != attribute.data_type:
            why = f"attribute {name} is {attribute.data_type} here and {before.data_type} elsewhere"
            yield Trouble(name, place, why, "Choose one type")
        elif before.name != name:
            yield Trouble(
                name, place, f'attribute {name} is spelled "{before.name}" elsewhere', "Spell it so"
            )


def _there(mapping: Mapping, kind: TicketType, *, portal: Set[str]) -> Iterator[Trouble]:
    """Attributes the type has already."""
    existing = (kind.there or {}).get("attributes", ())
    named = Counter(item["name"] for item in existing)
    wanted = {attribute.name: attribute for attribute in wanted_attributes(mapping, kind)}
    for item in existing:
        name = item["name"]
        attribute = wanted.get(name)
        if attribute is None:
            if item.get("required", False) and name not in OF_ALL:
                why = f'ticket type "{kind.name}" requires attribute {name}, which nothing fills'
                yield Trouble(name, kind.where, why, "Map a field to it, or make it optional in Intercom")
            continue
        place = attribute.where or kind.where
        if named[name] > 1:
            why = f'ticket type "{kind.name}" has several attributes {name}'
            yield Trouble(name, place, why, "Archive or rename one of them in Intercom")
        elif not same_type(item["data_type"], attribute.data_type):
            what = f'attribute {name} of ticket type "{kind.name}"'
            why = f"{what} is {item['data_type']}, not {attribute.data_type}"
            yield Trouble(name, place, why, "Choose another name or type")
        elif kind.customers_see and item.get("visible_to_contacts", True) and _private(attribute, portal):
            why = (
                f'customers see attribute {name} of ticket type "{kind.name}", and it holds what they did not'
            )
            yield Trouble(name, place, why, "Hide it from customers in Intercom, or choose another name")


def _shown(mapping: Mapping, kind: TicketType, *, portal: Set[str]) -> Iterator[Trouble]:
    for attribute in wanted_attributes(mapping, kind):
        if attribute.visible and kind.customers_see and _private(attribute, portal):
            why = f"customers do not see field {attribute.field} in Zendesk"
            place = attribute.where or kind.where
            yield Trouble(attribute.name, place, why, "Leave visible out, or choose {transcript: true}")


def _private(attribute: TicketAttribute, portal: Set[str]) -> bool:
    """Customers did not see in Zendesk what it holds; what nobody can say counts as hidden."""
    return attribute.field is None or attribute.field not in portal
