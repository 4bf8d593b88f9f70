"""The attributes a contact or conversation carries: which there are, and their values for one ticket.

Zendesk's dates, status and rating cannot be written into Intercom's own fields; as attributes they can be
shown, filtered and reported on.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from types import MappingProxyType

from deskferry.schemas.attribute_value import Value, converted, unix_seconds
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.own_attributes import (
    CONVERSATION_ATTRIBUTES,
    METRIC_ATTRIBUTES,
    Attribute,
    of_conversations,
)
from deskferry.templates.history import FieldValue, History

from .mapped import FieldTarget, TagTarget, field_targets, name_of, option_name, tag_targets

# Intercom documents 255 characters for contacts and nothing for conversations. The whole value stands in
# the transcript.
LONGEST = 255


def conversation_attributes(mapping: Mapping) -> list[Attribute]:
    """Ours, then those the mapping makes of ticket fields and tags.

    Raises InputError when one of these takes a name of ours.
    """
    ours = {attribute.name for attribute in (*CONVERSATION_ATTRIBUTES, *METRIC_ATTRIBUTES)}
    mapped: dict[str, Attribute] = {}
    targets: list[FieldTarget | TagTarget] = [*field_targets(mapping), *tag_targets(mapping)]
    for target in targets:
        if target.attribute in ours:
            raise InputError(f"attribute {target.attribute} holds something else", where=target.where)
        what = "A tag in Zendesk." if isinstance(target, TagTarget) else "A ticket field in Zendesk."
        made = Attribute(target.attribute, target.data_type, what, target.where)
        if mapped.setdefault(target.attribute, made).data_type != target.data_type:
            raise InputError(f"attribute {target.attribute} has two types", where=target.where)
    return [*of_conversations(mapping), *mapped.values()]


Lists = Table[str, Collection[str]]  # by list attribute, the labels it takes
NO_LISTS: Lists = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Targets:
    """The attributes that fields and tags become."""

    fields: Sequence[FieldTarget]
    tags: Sequence[TagTarget]
    lists: Lists


def values_of(history: History, *, mapping: Mapping, lists: Lists) -> tuple[dict[str, Value], list[str]]:
    """The attributes of one conversation that have a value; a line for each that is not sent whole."""
    targets = Targets(field_targets(mapping), tag_targets(mapping), lists)
    return filled(history, ours(history, mapping), mapping=mapping, targets=targets)


def filled(
    history: History, ours: Iterable[tuple[str, Value | None]], *, mapping: Mapping, targets: Targets
) -> tuple[dict[str, Value], list[str]]:
    """Ours, then what fields and tags give; a line for each that is not sent whole. Lists by their label."""
    values: dict[str, Value] = {}
    remarks: list[str] = []
    for name, value in ours:
        if value is not None and value != "":
            values[name] = _short(name, value, remarks)
    fields = {field.id: field for field in history.field_values}
    for target in targets.fields:
        if target.field_id not in fields:
            continue
        field = fields[target.field_id]
        if field.chosen:
            field = _renamed(field, mapping)
        typed = typed_value(field, data_type=target.data_type)
        if typed is None:
            remarks.append(
                f"field {target.field_id}: not of type {target.data_type}, stands in the transcript only"
            )
            continue
        if target.data_type == "list" and typed not in targets.lists.get(target.attribute, ()):
            remarks.append(
                f"field {target.field_id}: no item of list {target.attribute}, stands in the transcript only"
            )
            continue
        _set_field(values, target, _short(target.attribute, typed, remarks), remarks)
    for tag in targets.tags:
        if tag.tag in history.tags:
            values.setdefault(tag.attribute, _short(tag.attribute, tag.value, remarks))
    return values, remarks


def typed_value(field: FieldValue, *, data_type: str) -> Value | None:
    """A custom field's value as an attribute of this type takes it; None when it is none of that type.

    Dates become Unix seconds. A list takes one of its items: of several chosen ones it can hold none.
    """
    if data_type == "list":
        return field.shown if len(field.chosen) <= 1 else None
    return field.shown if data_type == "string" else converted(field.stored, data_type)


def _renamed(field: FieldValue, mapping: Mapping) -> FieldValue:
    """A drop-down whose options are called as the mapping says; one that is renamed is stored so too."""
    named = [
        (stored, name, option_name(mapping, field.id, stored, name=name)) for stored, name in field.chosen
    ]
    changed = [called for _, name, called in named if called is not None and called != name]
    shown = ", ".join(called for _, _, called in named if called is not None)
    return replace(field, shown=shown, stored=shown if changed else field.stored)


def shorten(text: str) -> str:
    """At most LONGEST characters; what is cut shows as an ellipsis."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def ours(history: History, mapping: Mapping) -> Iterator[tuple[str, Value | None]]:
    """What each conversation or ticket carries about the ticket it was; None for what it does not have."""
    yield "imported_from", "zendesk"
    yield "zendesk_id", str(history.ticket_id)
    yield "zendesk_created_at", unix_seconds(history.created_at)
    yield "zendesk_updated_at", unix_seconds(history.updated_at)
    yield "zendesk_solved_at", unix_seconds(history.solved_at)
    yield "zendesk_status", history.status
    yield "zendesk_custom_status", history.custom_status
    yield "zendesk_priority", name_of(mapping, "priorities", history.priority)
    yield "zendesk_type", name_of(mapping, "types", history.type)
    yield "zendesk_channel", name_of(mapping, "channels", history.channel)
    yield "zendesk_group", history.group
    yield "zendesk_assignee", history.assignee.name if history.assignee else None
    yield "zendesk_organization", history.organization
    yield "zendesk_brand", name_of(mapping, "brands", history.brand)
    yield "zendesk_form", name_of(mapping, "forms", history.form)
    yield "zendesk_links", "; ".join(history.links)
    if history.rating and mapping.choice("csat", "score") == "attribute":
        yield "zendesk_csat", history.rating.score
    if history.rating and mapping.choice("csat", "comment") == "attribute":
        yield "zendesk_csat_comment", history.rating.comment
    if mapping.choice("metrics", "policy") == "attributes":
        yield from history.metrics


def _set_field(values: dict[str, Value], target: FieldTarget, value: Value, remarks: list[str]) -> None:
    """Where several fields share an attribute, the first that has a value keeps it."""
    if values.setdefault(target.attribute, value) != value:
        remarks.append(f"field {target.field_id}: another field already gives {target.attribute}")


def _short(name: str, value: Value, remarks: list[str]) -> Value:
    if isinstance(value, str) and len(value) > LONGEST:
        remarks.append(f"{name}: shortened from {len(value):,} characters, stands whole in the transcript")
        return shorten(value)
    return value
