"""Attribute types and the values they take: one rule for the check of a mapping and for the load."""

import math
import re
from datetime import UTC, date, datetime
from typing import Any

Value = str | int | float | bool

# Intercom takes one name when an attribute is made and may show another.
_SHOWN = {"datetime": "date", "decimal": "float", "options": "string"}

_TICKS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def same_type(one: str, other: str) -> bool:
    """Two names of Intercom's for the type of an attribute mean the same, whether taken or shown."""
    return _SHOWN.get(one, one) == _SHOWN.get(other, other)


def converted(raw: Any, data_type: str) -> Value | None:
    """A value as this type has it; None when it is none of that type. Dates become Unix seconds.

    data_type: boolean, integer, decimal, datetime; everything else is text.
    """
    if data_type == "boolean":
        return _TICKS.get(str(raw).strip().lower())
    if data_type == "integer":
        return _integer(raw)
    if data_type == "decimal":
        return _decimal(raw)
    if data_type == "datetime":
        return _moment(raw)
    return str(raw)


def unix_seconds(moment: datetime | str | None) -> int | None:
    """Unix seconds of a time of the dataset. A time without a zone, as the archive holds them, is UTC."""
    if moment is None:
        return None
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return math.floor(moment.timestamp())


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
