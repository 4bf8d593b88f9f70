"""The attributes a contact or conversation carries: which there are, and their values for one ticket.

Zendesk's dates, status and rating cannot be written into Intercom's own fields; as attributes they can be
shown, filtered and reported on.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import FieldValue, History

from .mapped import FieldTarget, field_targets

Value = str | int | float | bool

# Intercom documents 255 characters for contacts and nothing for conversations. The whole value stands in
# the transcript.
LONGEST = 255


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute we need. data_type: in Intercom's words. where: the place in the mapping that wants it."""

    name: str
    data_type: str
    description: str
    where: str | None = None


CONTACT_ATTRIBUTES = (
    Attribute("imported_from", "string", "Where this contact was imported from."),
    Attribute("zendesk_user_id", "string", "Id of the user in Zendesk."),
    Attribute("zendesk_created_at", "datetime", "When the user was created in Zendesk."),
)

CONVERSATION_ATTRIBUTES = (
    Attribute("imported_from", "string", "Where this conversation was imported from."),
    Attribute("zendesk_id", "string", "Number of the ticket in Zendesk."),
    Attribute("zendesk_created_at", "datetime", "When the ticket was created in Zendesk."),
    Attribute("zendesk_updated_at", "datetime", "When the ticket last changed in Zendesk."),
    Attribute("zendesk_solved_at", "datetime", "When the ticket was solved in Zendesk."),
    Attribute("zendesk_status", "string", "Status category in Zendesk."),
    Attribute("zendesk_custom_status", "string", "The account's own status in Zendesk."),
    Attribute("zendesk_priority", "string", "Priority in Zendesk."),
    Attribute("zendesk_type", "string", "Type of the ticket in Zendesk."),
    Attribute("zendesk_channel", "string", "Channel the ticket came by."),
    Attribute("zendesk_group", "string", "Group the ticket was with in Zendesk."),
    Attribute("zendesk_assignee", "string", "Agent the ticket was with in Zendesk."),
    Attribute("zendesk_organization", "string", "Organization of the ticket in Zendesk."),
    Attribute("zendesk_brand", "string", "Brand of the ticket in Zendesk."),
    Attribute("zendesk_form", "string", "Form of the ticket in Zendesk."),
    Attribute("zendesk_csat", "string", "The customer's rating."),
    Attribute("zendesk_csat_comment", "string", "The customer's words with the rating."),
)


def conversation_attributes(mapping: Mapping) -> list[Attribute]:
    """Ours, then those the mapping makes of ticket fields.

    Raises InputError when one of these takes a name of ours.
    """
    ours = {attribute.name for attribute in CONVERSATION_ATTRIBUTES}
    mapped: dict[str, Attribute] = {}
    for target in field_targets(mapping):
        if target.attribute in ours:
            raise InputError(f"attribute {target.attribute} holds something else", where=target.where)
        mapped.setdefault(
            target.attribute,
            Attribute(target.attribute, target.data_type, "A ticket field in Zendesk.", target.where),
        )
    return [*CONVERSATION_ATTRIBUTES, *mapped.values()]


def values_of(history: History, *, mapping: Mapping) -> tuple[dict[str, Value], list[str]]:
    """The attributes of one conversation that have a value; a line for each that is not sent whole."""
    values: dict[str, Value] = {}
    remarks: list[str] = []
    for name, value in _ours(history):
        if value is not None and value != "":
            values[name] = _short(name, value, remarks)
    filled = {field.id: field for field in history.field_values}
    for target in field_targets(mapping):
        if target.field_id not in filled:
            continue
        typed = typed_value(filled[target.field_id], data_type=target.data_type)
        if typed is None:
            remarks.append(
                f"field {target.field_id}: not of type {target.data_type}, stands in the transcript only"
            )
            continue
        _set_field(values, target, _short(target.attribute, typed, remarks), remarks)
    return values, remarks


def typed_value(field: FieldValue, *, data_type: str) -> Value | None:
    """A custom field's value as an attribute of this type takes it; None when it is none of that type.

    Dates become Unix seconds.
    """
    raw = field.stored
    if data_type == "boolean":
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(
            str(raw).strip().lower()
        )
    if data_type == "integer":
        return _integer(raw)
    if data_type == "decimal":
        return _decimal(raw)
    if data_type == "datetime":
        return _moment(raw)
    return field.shown


def unix_seconds(moment: datetime | str | None) -> int | None:
    """Unix seconds of a time of the dataset. A time without a zone, as the archive holds them, is UTC."""
    if moment is None:
        return None
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return math.floor(moment.timestamp())


def shorten(text: str) -> str:
    """At most LONGEST characters; what is cut shows as an ellipsis."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _ours(history: History) -> Iterator[tuple[str, Value | None]]:
    yield "imported_from", "zendesk"
    yield "zendesk_id", str(history.ticket_id)
    yield "zendesk_created_at", unix_seconds(history.created_at)
    yield "zendesk_updated_at", unix_seconds(history.updated_at)
    yield "zendesk_solved_at", unix_seconds(history.solved_at)
    yield "zendesk_status", history.status
    yield "zendesk_custom_status", history.custom_status
    yield "zendesk_priority", history.priority
    yield "zendesk_type", history.type
    yield "zendesk_channel", history.channel
    yield "zendesk_group", history.group
    yield "zendesk_assignee", history.assignee.name if history.assignee else None
    yield "zendesk_organization", history.organization
    yield "zendesk_brand", history.brand
    yield "zendesk_form", history.form
    yield "zendesk_csat", history.rating.score if history.rating else None
    yield "zendesk_csat_comment", history.rating.comment if history.rating else None


def _set_field(values: dict[str, Value], target: FieldTarget, value: Value, remarks: list[str]) -> None:
    """Where several fields share an attribute, the first that has a value keeps it."""
    if values.setdefault(target.attribute, value) != value:
        remarks.append(f"field {target.field_id}: another field already gives {target.attribute}")


def _short(name: str, value: Value, remarks: list[str]) -> Value:
    if isinstance(value, str) and len(value) > LONGEST:
        remarks.append(f"{name}: shortened from {len(value):,} characters, stands whole in the transcript")
        return shorten(value)
    return value


def _integer(raw: Any) -> int | None:
    if isinstance(raw, bool):
        return None
    text = str(raw).strip()
    return int(text.split(".")[0]) if re.fullmatch(r"[+-]?[0-9]{1,18}(\.0+)?", text) else None


def _decimal(raw: Any) -> float | None:
    if isinstance(raw, bool):
        return None
    text = str(raw).strip()
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _moment(raw: Any) -> int | None:
    """A date is its midnight in UTC."""
    if not isinstance(raw, str):
        return None
    try:
        if len(raw.strip()) == len("2024-05-01"):
            day = date.fromisoformat(raw.strip())
            return unix_seconds(datetime(day.year, day.month, day.day, tzinfo=UTC))
        return unix_seconds(raw.strip())
    except (ValueError, OverflowError):
        return None
