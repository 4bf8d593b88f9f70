"""The blocks of a new mapping that name values: each with its count and what is proposed for it. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from . import map_suggest as suggest
from .live import Live, Mirror
from .map_text import block, counted, entry, flow, nested, remark, tickets

_NAMES = "{keep: true}, {rename: NAME} or {drop: true, reason: ...}"
_STATES = "{state: open}, {state: closed} or {state: snoozed}"
_ATTRIBUTES = "{attribute: NAME, type: TYPE} or {drop: true, reason: ...}; the attribute"
_HEADS = {
    "agents": (
        "Assignees: {admin: E-MAIL}, {placeholder: true} (see staff) or {unassigned: true}; the name stands "
        "in attribute zendesk_assignee."
    ),
    "groups": "Groups: {team: NAME}, or {attribute: true}; the name stands in attribute zendesk_group.",
    "statuses": f"Zendesk's status categories: {_STATES}.",
    "custom_statuses": f"The account's own statuses, which decide before the category: {_STATES}.",
    "priorities": f"Priorities, in attribute zendesk_priority: {_NAMES}.",
    "types": f"Types of tickets, in attribute zendesk_type: {_NAMES}.",
    "brands": f"Brands, in attribute zendesk_brand: {_NAMES}.",
    "forms": f"Ticket forms, in attribute zendesk_form: {_NAMES}.",
    "channels": f"Channels, in attribute zendesk_channel: {_NAMES}.",
    "custom_fields": (
        "Ticket fields that are filled, by id: {attribute: NAME, type: TYPE} of a conversation attribute "
        "(string, integer, decimal, boolean, datetime), {transcript: true}, or {drop: true, reason: ...}. "
        f"options: what each value of a drop-down is called: {_NAMES}."
    ),
    "tags": (
        "Tags: {keep: true}, {rename: NAME}, {attribute: NAME}, or {drop: true, reason: ...}. Zendesk "
        "repeats drop-downs, multi-selects and checkboxes as tags; those are dropped. "
        'A "*" takes what is not named.'
    ),
    "user_tags": f"Tags of requesters, on their contacts, a call each: {_NAMES}.",
    "user_fields": f"Filled fields of requesters, by key: {_ATTRIBUTES} of a contact.",
    "organization_fields": f"Filled fields of organizations, by key: {_ATTRIBUTES} of a company.",
}
_KEEP = {"keep": True}
_STAYS = {"drop": True, "reason": "Stays in the archive"}


def value_blocks(
    live: Mapping[str, Sequence[Live]],
    mirrored: Mapping[str, Sequence[Mirror]],
    workspace: Mapping[str, Any] | None,
) -> dict[str, list[str]]:
    """The lines of each block, by its name. workspace: a snapshot to find admins, teams and attributes in."""
    answers: dict[str, Callable[[Live], suggest.Answer]] = {
        "agents": lambda value: suggest.agent(value, workspace),
        "groups": lambda value: suggest.group(value, workspace),
        "statuses": suggest.state,
        "custom_statuses": suggest.state,
        **dict.fromkeys(("priorities", "types", "brands", "forms", "channels"), lambda _: _KEEP),
    }
    made = {
        name: [
            line
            for value in live[name]
            for line in entry(value.value, answer(value), comment=_about(value), indent=4)
        ]
        for name, answer in answers.items()
    }
    made["custom_fields"] = list(_fields(live["custom_fields"], live["options"], workspace))
    made["tags"] = list(_tags(live["tags"], mirrored, live["custom_fields"]))
    for name, noun in (
        ("user_tags", ("person", "people")),
        ("user_fields", ("person", "people")),
        ("organization_fields", ("organization", None)),
    ):
        made[name] = list(_left(live[name], noun))
    return {name: [*remark(_HEADS[name]), f"{name}:", *block(lines)] for name, lines in made.items()}


def _about(value: Live) -> str:
    return ", ".join(filter(None, [tickets(value.tickets), value.label, value.kind]))


def _fields(
    values: Sequence[Live], options: Sequence[Live], workspace: Mapping[str, Any] | None
) -> Iterator[str]:
    answers = suggest.fields(values, workspace)
    of_field: dict[str | None, list[Live]] = {}
    for option in options:
        of_field.setdefault(option.field, []).append(option)
    for value in values:
        about = ", ".join(
            filter(None, [tickets(value.tickets), value.kind or "no definition in the export", value.label])
        )
        if value.value not in of_field:
            yield from entry(value.value, answers[value.value], comment=about, indent=4)
            continue
        yield from nested(value.value, answers[value.value], comment=about, indent=4)
        yield "      options:"
        yield from _options(of_field[value.value])


def _options(options: Sequence[Live]) -> Iterator[str]:
    listed, left = suggest.listed(options)
    for option in listed:
        kind = "no definition in the export" if option.kind else None
        about = ", ".join(filter(None, [tickets(option.tickets), kind, option.label]))
        yield from entry(option.value, suggest.option(option), comment=about, indent=8)
    if left:
        # Kept, because a "*" that dropped them would empty the field.
        reason = f"{left:,} options on fewer than {suggest.RARE} tickets each"
        yield f'        "*": {flow({"keep": True, "reason": reason})}'


def _tags(
    values: Sequence[Live], mirrored: Mapping[str, Sequence[Mirror]], fields: Sequence[Live]
) -> Iterator[str]:
    titles = {field.value: field.label or field.value for field in fields}
    named, rest = suggest.tags(values, mirrored, titles)
    for value, answer in named:
        yield from entry(value.value, answer, comment=tickets(value.tickets), indent=4)
    if rest is not None:
        yield f'    "*": {flow(rest)}'


def _left(values: Sequence[Live], noun: tuple[str, str | None]) -> Iterator[str]:
    listed, left = suggest.listed(values)
    for value in listed:
        about = ", ".join(filter(None, [counted(value.tickets, *noun), value.label, value.kind]))
        yield from entry(value.value, _STAYS, comment=about, indent=4)
    if left:
        yield f'    "*": {flow(_STAYS)}'
