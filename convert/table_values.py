"""Cells as the values the API would hold: flat columns nested again, text read by what its key may be.

What does not fit its key is never dropped and never costs the row: it stands in `extra` as it was found,
under `<key> (as found)`, and is counted. The record's own id is left as it is; its schema refuses it.
"""

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from deskferry.schemas.entities import ENTITIES, schema
from deskferry.schemas.errors import RecordError

from .collect import Collector
from .literal import literal
from .normalize_record import has_exponent, whole_number
from .normalize_time import utc
from .parse_json import parse
from .table_times import written_out

_NOTHING = frozenset(("", "nan", "none", "null", "nat", "<na>", "\\n", "n/a"))
_YES, _NO = frozenset(("true", "t", "yes", "1", "1.0")), frozenset(("false", "f", "no", "0", "0.0"))
_LISTED = re.compile(r"[|,;]")
_VARIANT = re.compile(r"(.+)__v_[a-z]+")
_EMBEDDED = frozenset(
    (
        *("requester", "submitter", "assignee", "group", "organization", "collaborator", "comments"),
        *("metric_set", "dates", "fields", "attachments"),
    )
)
_FREE = frozenset(("via", "custom_fields"))
# Never words of people: `nan` in one of these is what pandas made of an empty cell, and nobody's name.
_CODES = frozenset(
    (
        *("status", "priority", "type", "external_id", "recipient", "url", "role", "email", "phone"),
        *("time_zone", "locale", "ticket_restriction"),
    )
)
_OWN = frozenset(("id", "ticket_id"))


def nested(entity: str, flat: Mapping[str, Any], *, separator: str) -> dict[str, Any]:
    """`via.source.rel` (or `via__source__rel`) inside `via`, where that holds objects; else as it is."""
    record: dict[str, Any] = {}
    for key, value in flat.items():
        if separator == "__" and (variant := _VARIANT.fullmatch(key)):
            key = variant[1]  # dlt splits a column whose type changed
            if is_nothing(value):
                continue
        head, *path = key.split(separator)
        if not path or not _holds_objects(entity, head):
            if key not in record or is_nothing(record[key]):
                record[key] = value
        elif not is_nothing(value):
            inside = record.get(head)
            if not isinstance(inside, dict):
                inside = record[head] = {}
            for part in path[:-1]:
                deeper = inside.setdefault(part, {})
                if not isinstance(deeper, dict):
                    break
                inside = deeper
            inside[path[-1]] = _guessed(path[-1], value)
        else:
            record.setdefault(head, None)
    return record


def cast(entity: str, record: dict[str, Any], out: Collector, *, month_first: bool | None) -> dict[str, Any]:
    """`record` with each cell as its key wants it; what does not fit stands aside."""
    kept: dict[str, Any] = {}
    kinds = _kinds(entity)
    for key, value in record.items():
        kind = kinds.get(key)
        if kind is None:
            if not is_nothing(value, words=False):
                kept[key] = _read_back(value) if key in _EMBEDDED or not kinds else value
            continue
        try:
            if kind == "object" and key in _FREE and not is_nothing(value):
                kept[key] = _free(key, value)
            elif key in _CODES and is_nothing(value):
                kept[key] = None
            else:
                kept[key] = _cast(value, kind, out, month_first=month_first)
        except ValueError:
            if key in _OWN:
                kept[key] = value
            else:
                kept[f"{key} (as found)"] = value
                out.notes.add("damaged_cells", f"{out.unit.sha256[:16]}:{out.unit.position} {key}")
    return kept


def is_time(entity: str, key: str) -> bool:
    """True for a key that holds times."""
    return _kinds(entity).get(key) == "time"


def _cast(value: Any, kind: str, out: Collector, *, month_first: bool | None) -> Any:
    """ValueError where `value` can't be what it should be."""
    if kind == "string":
        return None if value == "" else value if value is None or isinstance(value, str) else str(value)
    if kind == "":
        return None if value == "" else value
    if is_nothing(value):
        return None
    match kind:
        case "time":
            return _time(value, out, month_first=month_first)
        case "integer":
            return _integer(value, out)
        case "number":
            return _number(value)
        case "boolean":
            return _boolean(value)
        case "object":
            return _container(value, dict)
        case _:
            return _list(value, of_integers=kind == "integers")


def _free(key: str, value: Any) -> Any:
    """A list of fields, a channel's name: as records have them. ValueError for text that is cut."""
    read = _read_back(value)
    if isinstance(read, str) and (key == "custom_fields" or read.lstrip()[:1] in ("{", "[", "(")):
        raise ValueError("not what its key holds")
    return read


def _time(value: Any, out: Collector, *, month_first: bool | None) -> Any:
    text = written_out(value, month_first=month_first) if isinstance(value, str) else value
    try:
        return utc(text, out.zone)
    except RecordError as error:
        raise ValueError(error.reason) from error


def _integer(value: Any, out: Collector) -> int:
    whole = whole_number(value)
    if whole is None or (type(value) is float and has_exponent(out.unit.raw)):
        raise ValueError("no whole number")
    return whole


def _number(value: Any) -> float:
    if not isinstance(value, (str, int, float)):
        raise ValueError("no number")
    try:
        number = float(value)
    except OverflowError as error:
        raise ValueError("no number") from error
    if not math.isfinite(number):
        raise ValueError("no number")
    return number


def _boolean(value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in _YES and text not in _NO:
        raise ValueError("neither yes nor no")
    return text in _YES


def _list(value: Any, *, of_integers: bool) -> list[Any]:
    if isinstance(value, str):
        text = value.strip()
        if text.startswith(("[", "(", "{")):
            value = _container(text, list)
        elif _LISTED.search(text):
            value = [part.strip() for part in _LISTED.split(text) if part.strip()]
        else:
            value = text.split()
    elif not isinstance(value, (list, tuple)):
        value = [value]
    if not of_integers:
        return list(value)
    numbers = [whole_number(item) for item in value if not is_nothing(item)]
    if None in numbers:
        raise ValueError("no whole number")
    return numbers


def _container(value: Any, kind: type) -> Any:
    read = _read_back(value)
    if kind is list and isinstance(read, dict) and not read:
        return []
    if not isinstance(read, kind):
        raise ValueError("not what its key holds")
    return read


def _read_back(value: Any) -> Any:
    """JSON or Python text as its value; itself where it is neither."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "[", "("):
        return value
    parsed = parse(value.encode("utf-8", "replace"))
    if len(parsed.values) == 1 and not parsed.broken:
        return parsed.values[0][1]
    try:
        return literal(value)
    except ValueError:
        return value


def _guessed(key: str, value: Any) -> Any:
    """A cell inside an object no schema describes."""
    if not isinstance(value, str):
        return value
    if value in ("True", "False", "TRUE", "FALSE"):
        return value.lower() == "true"
    if (key == "id" or key.endswith("_id")) and (whole := whole_number(value)) is not None:
        return whole
    return _read_back(value)


def is_nothing(value: Any, *, words: bool = True) -> bool:
    """True for an empty cell. words: also for what programs write into one, such as `nan`."""
    if isinstance(value, str):
        return value == "" or (words and len(value) < 6 and value.strip().lower() in _NOTHING)
    return value is None or value != value


def _holds_objects(entity: str, key: str) -> bool:
    return key in _EMBEDDED or _kinds(entity).get(key) == "object"


@cache
def _kinds(entity: str) -> Mapping[str, str]:
    """Key -> time, integer, number, boolean, object, integers, list, string or nothing."""
    if entity not in ENTITIES:
        return {}
    return {
        key: _kind_of(kind)
        for key, kind in schema(entity)["properties"].items()
        if key not in ("source", "extra")
    }


def _kind_of(kind: Mapping[str, Any]) -> str:
    if kind.get("format") == "date-time":
        return "time"
    types = kind.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if "array" in types:
        return "integers" if kind.get("items", {}).get("type") == "integer" else "list"
    return next((one for one in ("object", "integer", "number", "boolean", "string") if one in types), "")
