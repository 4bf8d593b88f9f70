"""One row of the ticket CSV into a partial ticket, its requester and its metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .channels import channel_of
from .collect import Collector
from .csv_columns import COLUMNS, CUSTOM, folded
from .csv_fields import Fields, TicketField, field_for, value_of
from .normalize_person import read_embedded
from .normalize_record import whole_number
from .run_lines import PARTIAL
from .table_values import cast

_INTO = {"users": "user", "metrics": "metrics"}
_STATUS = {"on-hold": "hold", "on hold": "hold"}
_SCORES = {"not offered": "unoffered"}


@dataclass(frozen=True, slots=True)
class Column:
    """What becomes of a column. into: ticket, user, metrics, custom, extra, or nothing."""

    into: str
    key: str
    field: TicketField | None = None


def planned(header: Sequence[str], fields: Fields) -> tuple[Column, ...]:
    """The columns of a header; fields: ticket fields by title, to give columns their ids."""
    taken: set[str] = set()
    return tuple(_column(title, fields, taken) for title in header)


def read_row(
    plan: Sequence[Column], cells: Sequence[str], out: Collector, *, month_first: bool | None
) -> None:
    """Hand what a row says to `out`. month_first: how a date like 5/6/2024 is meant, None if nobody knows."""
    ticket, user, metrics, extra, custom = _sorted_out(plan, cells)
    aside = extra  # what does not fit its key goes where unknown columns go
    ticket = _cast("tickets", ticket, aside, out, month_first=month_first)
    metrics = _cast("ticket_metrics", metrics, aside, out, month_first=month_first)
    requester_id, ticket_id = ticket.get("requester_id"), whole_number(ticket.get("id"))
    if requester_id is None:  # a view without that column: the merge may know who it is
        extra.update({f"requester {key}".removesuffix(" name"): user[key] for key in user if user[key]})
    if custom:
        ticket["custom_fields"] = custom
    if extra:
        ticket["extra"] = extra
    kept = out.keep("tickets", ticket, "", level=PARTIAL)
    if kept is not None:
        out.name(kept.get("requester_id"), "")
    if requester_id is not None and any(value is not None for value in user.values()):
        read_embedded("users", {"id": requester_id, **user}, "/requester", out, level=PARTIAL)
    if metrics and ticket_id is not None:
        read_embedded("ticket_metrics", {"ticket_id": ticket_id, **metrics}, "/metrics", out, level=PARTIAL)


def _cast(
    entity: str,
    record: dict[str, Any],
    aside: dict[str, Any],
    out: Collector,
    *,
    month_first: bool | None,
) -> dict[str, Any]:
    fitting = cast(entity, record, out, month_first=month_first)
    for key in fitting.keys() - record.keys():
        aside[key] = fitting.pop(key)
    return fitting


def _sorted_out(
    plan: Sequence[Column], cells: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]:
    ticket: dict[str, Any] = {}
    user: dict[str, Any] = {}
    metrics: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    for column, cell in zip(plan, cells, strict=True):
        value = None if cell in ("", "-") else cell
        match column.into:
            case "ticket":
                ticket[column.key] = _ticket_value(column.key, value)
            case "user":
                user[column.key] = value
            case "metrics" if value is not None:
                _metric(column.key, value, metrics)
            case "custom" if column.field is not None:
                custom[column.key] = value_of(cell, column.field)
            case "extra" if value is not None:
                extra[column.key] = value
    return ticket, user, metrics, extra, custom


def _column(title: str, fields: Fields, taken: set[str]) -> Column:
    target = COLUMNS.get(folded(title))
    if target == "extra":
        return Column("extra", folded(title))
    if target is not None:
        into, _, key = target.partition(".")
        return Column(_INTO.get(into, "ticket" if target else ""), key or target)
    match = CUSTOM.fullmatch(title.strip())
    field = field_for(fields, match[1], match[2]) if match else None
    if field is not None:
        return Column("custom", str(field.id), field)
    key, count = title.strip(), 2
    while key in taken:  # two fields may have one title
        key, count = f"{title.strip()} ({count})", count + 1
    taken.add(key)
    return Column("extra", key)


def _metric(target: str, value: str, metrics: dict[str, Any]) -> None:
    key, _, side = target.partition(".")
    number = whole_number(value)
    if side:
        metrics.setdefault(key, {})[side] = value if number is None else number
    else:
        metrics[key] = value


def _ticket_value(target: str, value: str | None) -> Any:
    if target == "tags":
        return value.split() if value else []
    if value is None:
        return None
    folded_value = value.strip().casefold()
    match target:
        case "status":
            return _STATUS.get(folded_value, folded_value)
        case "priority" | "type":
            return folded_value
        case "via":
            return {"channel": channel_of(value)}
        case "satisfaction_rating":
            return {"score": _SCORES.get(folded_value, folded_value)}
        case _:
            return value
