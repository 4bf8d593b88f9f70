"""Making a record fit its schema: known keys kept, unknown ones moved to `extra`, damage undone.

Only what loses nothing is repaired: "123" and 123.0 are the integer 123, "true" is true. Everything
else stays as it is and the schema refuses it.
"""

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from deskferry.schemas.entities import schema
from deskferry.schemas.errors import RecordError

from .literal import literal
from .normalize_time import Zone, is_usual, utc

_WHOLE = re.compile(r"\s*([+-]?\d{1,19})(?:\.0+)?\s*")
_EXPONENT = re.compile(rb"\d[eE]\+?\d")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_OURS = frozenset(("source", "extra"))
_NO_TIME = ("", "null")
_YES, _NO = frozenset(("true", "t", "yes", "1")), frozenset(("false", "f", "no", "0"))


@cache
def known_keys(entity: str) -> frozenset[str]:
    """The keys of an entity that a source may bring."""
    ours = _OURS | {"position"} if entity == "comments" else _OURS
    return frozenset(schema(entity)["properties"]) - ours


@cache
def time_keys(entity: str) -> tuple[str, ...]:
    """The keys of an entity that hold times."""
    return tuple(
        key for key, kind in schema(entity)["properties"].items() if kind.get("format") == "date-time"
    )


def normalized(
    entity: str, raw: Mapping[str, Any], *, zone: Zone, without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """A copy of `raw`: times in UTC, unknown keys in `extra`. RecordError names the key of a bad time.

    without: keys that are read by themselves and stand in no record.
    """
    record = {key: value for key, value in raw.items() if key not in without} if without else dict(raw)
    known = known_keys(entity)
    if not record.keys() <= known:
        extra = {key: record.pop(key) for key in raw if key in record and key not in known}
        record["extra"] = extra
    set_times(entity, record, zone=zone)
    return record


def set_times(entity: str, record: dict[str, Any], *, zone: Zone) -> None:
    """Write each time of `record` in UTC, in place."""
    for key in time_keys(entity):
        value = record.get(key)
        if value is None:
            continue
        if type(value) is str and is_usual(value):
            record[key] = value[:19] + ".000Z"
            continue
        if value in _NO_TIME:
            record[key] = None
            continue
        try:
            record[key] = utc(value, zone)
        except RecordError as error:
            raise RecordError(error.reason, pointer=f"/{key}") from error


def whole_number(value: Any) -> int | None:
    """An id as an integer where that is exact (123, "123", 123.0), else None."""
    if type(value) is int:
        return value if -(1 << 63) <= value < 1 << 63 else None
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) < 1 << 53 else None
    if isinstance(value, str) and (match := _WHOLE.fullmatch(value)):
        return whole_number(int(match[1]))
    return None


def has_exponent(raw: bytes | None) -> bool:
    """True when a number like 1.03006E+13 may stand in these bytes: digits of an id may be lost."""
    if raw is None or _EXPONENT.search(raw) is None:
        return False
    return _EXPONENT.search(_STRING.sub(b'""', raw)) is not None  # a UUID holds 4e12 too


def repaired(entity: str, record: Mapping[str, Any], *, unit_raw: bytes | None) -> dict[str, Any]:
    """`record` with each value that does not fit its schema brought into form, where nothing is lost by it.

    unit_raw: the bytes it was read from; a float id in E-notation has lost digits and is left as it is.
    """
    rounded = has_exponent(unit_raw)
    properties = schema(entity)["properties"]
    return {
        key: value if key == "extra" else _fit(value, properties.get(key, {}), rounded=rounded)
        for key, value in record.items()
    }


def refuse_floats(entity: str, record: Mapping[str, Any]) -> None:
    """Raise RecordError for an integer that was written with an exponent: its digits are lost."""
    for key, value in record.items():
        if type(value) is float and "integer" in schema(entity)["properties"][key].get("type", ()):
            raise RecordError("an integer in E-notation, which has lost its digits", pointer=f"/{key}")
    for key in _integer_lists(entity):
        if float in map(type, record.get(key) or ()):
            raise RecordError("an integer in E-notation, which has lost its digits", pointer=f"/{key}")


@cache
def _integer_lists(entity: str) -> tuple[str, ...]:
    kinds = schema(entity)["properties"].items()
    return tuple(key for key, kind in kinds if kind.get("items", {}).get("type") == "integer")


def _fit(value: Any, kind: Mapping[str, Any], *, rounded: bool) -> Any:
    types = kind.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if value is None or not types:
        return value
    if "integer" in types:
        return _integer(value, rounded=rounded)
    if "boolean" in types and not isinstance(value, bool):
        text = str(value).strip().lower()
        return True if text in _YES else False if text in _NO else None if text == "" else value
    if "string" in types and type(value) in (int, float):
        return str(value)
    if "number" in types and isinstance(value, str):
        return _number(value)
    if "array" in types:
        return _list(value, kind.get("items", {}), rounded=rounded)
    if "object" in types:
        return _object(value)
    return value


def _integer(value: Any, *, rounded: bool) -> Any:
    if isinstance(value, bool) or (isinstance(value, float) and rounded):
        return value
    if isinstance(value, str) and not value.strip():
        return None
    whole = whole_number(value)
    return value if whole is None else whole


def _number(value: str) -> Any:
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) else value


def _list(value: Any, items: Mapping[str, Any], *, rounded: bool) -> Any:
    if isinstance(value, str) and items.get("type") == "string":
        return value.split()  # tags in one cell; a tag holds no blank
    if isinstance(value, list):
        return [_fit(item, items, rounded=rounded) for item in value if item is not None]
    return value


def _object(value: Any) -> Any:
    """Text that pandas made of a dict is read back; nothing in it is run."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            read = literal(value)
        except ValueError:
            return value
        return read if isinstance(read, dict) else value
    return value


def small(value: Any) -> Any:
    """`extra` with integers beyond 64 bits as text: no schema reads them, so text loses nothing."""
    if isinstance(value, dict):
        return {key: small(item) for key, item in value.items()}
    if isinstance(value, list):
        return [small(item) for item in value]
    if type(value) is int and not -(1 << 63) <= value < 1 << 63:
        return str(value)
    return value
