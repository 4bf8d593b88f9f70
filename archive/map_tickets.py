"""Ticket types in a mapping: proposed for a new one, and checked as the load will need them. Pure.

In: rules, a mapping, a workspace snapshot. Out: the lines of the block ticket_types, and a Gap for each thing
that keeps tickets from being made.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from deskferry.schemas.mapping import Mapping as TicketMapping
from deskferry.schemas.mapping import shape_at
from deskferry.schemas.ticket_type_troubles import said_wrong, troubles
from deskferry.schemas.ticket_types import STATES, USUAL_STATES, named_types, ticket_type

from .live import Live
from .map_answer import Gap, answer_for, gap
from .map_text import block, counted, quoted, remark, scalar, trailing

_DESCRIPTION = "Tickets of Zendesk that no customer saw."


def ticket_gaps(
    mapping: TicketMapping,
    workspace: dict[str, Any] | None,
    *,
    taken: Mapping[int | None, int],
    portal: Set[str],
) -> Iterator[Gap]:
    """What of the ticket types that rules name is not as the load needs it.

    taken: tickets by number of their rule, from 1. portal: ids of fields that customers see in Zendesk.
    """
    for name, where in named_types(mapping).items():
        count = sum(
            taken.get(number, 0)
            for number, rule in enumerate(mapping.data["rules"], start=1)
            if rule.get("ticket") == name
        )
        if workspace is not None:
            found = troubles(mapping, workspace, name, portal=portal, where=where)
        elif (kind := ticket_type(mapping, {}, name)) is not None:
            found = said_wrong(mapping, kind, portal=portal)
        else:
            continue
        for trouble in found:
            yield Gap(
                "ticket_types", trouble.value, count, trouble.where, f"{trouble.why}; {_small(trouble.todo)}"
            )


def lists_of_none(live: Sequence[Live], mapping: TicketMapping) -> Iterator[Gap]:
    """A list needs items, and only fields with options have such."""
    with_options = {value.field for value in live if value.block == "options"}
    for value in live:
        if value.block != "custom_fields" or value.value in with_options:
            continue
        if (answer_for(mapping, value) or {}).get("type") == "list":
            yield gap(value, mapping, f"a field of type {value.kind or 'unknown'} has no options for a list")


def unnamed_types(mapping: TicketMapping) -> Iterator[Gap]:
    """Ticket types that are described and that no rule names."""
    for name in mapping.block("ticket_types")["values"]:
        if name not in named_types(mapping):
            where = mapping.where("ticket_types", "values", name)
            yield Gap("ticket_types", name, 0, where, "no rule names it")


def ticket_types_block(rules: Sequence[Mapping[str, Any]], taken: Mapping[int, int]) -> list[str]:
    """The lines of the block: a back-office type for each that a rule names.

    taken: tickets by number of their rule, from 1.
    """
    said = shape_at("ticket_types")["description"]
    head = remark(f"{said} States: {', '.join(STATES)}, or a label. The usual ones are written out.")
    lines: list[str] = []
    for number, rule in enumerate(rules, start=1):
        if "ticket" in rule:
            about = trailing(counted(taken.get(number, 0), "ticket"))
            lines += [
                f"    {quoted(rule['ticket'])}:{about}",
                "      category: back_office",
                f"      description: {quoted(_DESCRIPTION)}",
                "      states:",
                *(f"        {scalar(status)}: {scalar(state)}" for status, state in USUAL_STATES.items()),
            ]
    return [*head, "ticket_types:", *block(lines)]


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
