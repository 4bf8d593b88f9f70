"""Intercom's ticket types: what a mapping says of them and what a workspace has.

One rule for the check of a mapping and for the load; what keeps the two apart stands in
ticket_type_troubles.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .mapping import Mapping
from .own_attributes import of_tickets

OF_ALL = TITLE, DESCRIPTION = "_default_title_", "_default_description_"  # every type has them


class Category(StrEnum):
    """Who has to do with tickets of a type, in Intercom's words."""

    CUSTOMER = "Customer"
    BACK_OFFICE = "Back-office"
    TRACKER = "Tracker"


_CATEGORIES = {"customer": Category.CUSTOMER, "back_office": Category.BACK_OFFICE}
# Categories of states, with the label that those of a new type have. No call of the API makes a state.
STATES = {
    "submitted": "Submitted",
    "in_progress": "In progress",
    "waiting_on_customer": "Waiting on customer",
    "resolved": "Resolved",
}
USUAL_STATES = {
    "new": "submitted",
    "open": "in_progress",
    "hold": "in_progress",
    "pending": "waiting_on_customer",
    "solved": "resolved",
    "closed": "resolved",
}
_ICON = "🎟️"
NOTE, REPLIES = "note", "replies"  # forms of a ticket


@dataclass(frozen=True, slots=True)
class TicketType:
    """A ticket type that a rule names. there: as the snapshot has it, None where the plan makes it.

    states: the mapping's, by status in small letters. where: `file:line` of what says most of it.
    """

    name: str
    category: Category
    description: str
    icon: str
    form: str
    states: dict[str, str]
    there: dict[str, Any] | None
    where: str

    @property
    def customers_see(self) -> bool:
        """Title, description, state and some attributes of its tickets stand where customers read them."""
        return self.category is Category.CUSTOMER


@dataclass(frozen=True, slots=True)
class TicketAttribute:
    """An attribute that tickets of a type need. field, tag: what fills it, None of our own."""

    name: str
    data_type: str
    description: str
    where: str | None = None
    field: str | None = None
    tag: str | None = None
    visible: bool = False


def named_types(mapping: Mapping) -> dict[str, str]:
    """The ticket types that rules name, each with `file:line` of the first such rule."""
    found: dict[str, str] = {}
    for index, rule in enumerate(mapping.data["rules"]):
        if "ticket" in rule:
            found.setdefault(rule["ticket"], mapping.where("rules", index, "ticket"))
    return found


def ticket_type(mapping: Mapping, workspace: dict[str, Any], name: str) -> TicketType | None:
    """What mapping and snapshot say of a type together; None when neither knows it."""
    said = mapping.block("ticket_types")["values"].get(name)
    there = next(iter(types_called(workspace, name)), None)
    if said is None and there is None:
        return None
    answer = said or {}
    category = category_of(answer) or Category((there or {}).get("category", Category.CUSTOMER))
    where = named_types(mapping).get(name, mapping.where("rules"))
    return TicketType(
        name=name,
        category=category,
        description=answer.get("description", "Tickets that were in Zendesk."),
        icon=answer.get("icon", _ICON),
        form=answer.get("form", NOTE),
        states={status.casefold(): state for status, state in answer.get("states", {}).items()},
        there=there,
        where=mapping.where("ticket_types", "values", name) if said else where,
    )


def category_of(answer: dict[str, Any]) -> Category | None:
    """The category that the mapping gives a type, None where it says nothing of it."""
    return _CATEGORIES.get(answer.get("category", ""))


def types_called(workspace: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The types of a snapshot with a name, but for archived ones."""
    return [
        kind
        for kind in workspace.get("ticket_types", ())
        if kind["name"] == name and not kind.get("archived", False)
    ]


def wanted_state(kind: TicketType, *, status: str, custom_status: str | None) -> str:
    """The state a ticket is left in, as the mapping names it: a category, or a label.

    The account's own status decides where the mapping names it, else its category.
    """
    own = kind.states.get(custom_status.casefold()) if custom_status else None
    return own or kind.states.get(status.casefold()) or USUAL_STATES.get(status.casefold(), "resolved")


def state_called(kind: TicketType, wanted: str) -> str | None:
    """The state as the type has it: the category, or the label to the letter; None when it has no such."""
    if kind.there is None:
        known = {label.casefold(): category for category, label in STATES.items()}
        return wanted if wanted in STATES else known.get(wanted.casefold())
    states = kind.there.get("states", [])
    if wanted in STATES:
        return wanted if any(state["category"] == wanted for state in states) else None
    labels = [state["label"] for state in states if state["label"].casefold() == wanted.casefold()]
    return labels[0] if labels else None


def wanted_states(mapping: Mapping, kind: TicketType) -> Iterator[tuple[str, str]]:
    """(state, `file:line`) of each that tickets of the type may be left in."""
    given = mapping.block("ticket_types")["values"].get(kind.name, {}).get("states", {})
    for status, state in given.items():
        yield state, mapping.where("ticket_types", "values", kind.name, "states", status)
    for status in mapping.data["statuses"]["values"]:
        if status.casefold() not in kind.states and status != "*":
            yield wanted_state(kind, status=status, custom_status=None), kind.where


def wanted_attributes(mapping: Mapping, kind: TicketType) -> list[TicketAttribute]:
    """Every attribute that tickets of a type may fill: ours, then those of fields and tags.

    What custom_fields says holds here too, unless the type says otherwise. Several fields may share one.
    """
    ours = [TicketAttribute(own.name, own.data_type, own.description) for own in of_tickets(mapping)]
    return [*ours, *_of_fields(mapping, kind.name), *_of_tags(mapping)]


def _of_fields(mapping: Mapping, name: str) -> Iterator[TicketAttribute]:
    common = mapping.data["custom_fields"]["values"]
    own = mapping.block("ticket_types")["values"].get(name, {}).get("fields", {})
    for field in dict.fromkeys([*common, *own]):
        answer = own.get(field, common.get(field, {}))
        if "attribute" not in answer:
            continue
        where = (
            mapping.where("ticket_types", "values", name, "fields", field)
            if field in own
            else mapping.where("custom_fields", "values", field)
        )
        yield TicketAttribute(
            answer["attribute"],
            answer.get("type", "string"),
            "A ticket field in Zendesk.",
            where,
            field=field,
            visible=answer.get("visible", False),
        )


def _of_tags(mapping: Mapping) -> Iterator[TicketAttribute]:
    for tag, answer in mapping.data["tags"]["values"].items():
        if "attribute" in answer:
            data_type = "string" if "value" in answer else "boolean"
            where = mapping.where("tags", "values", tag)
            yield TicketAttribute(answer["attribute"], data_type, "A tag in Zendesk.", where, tag=tag)
