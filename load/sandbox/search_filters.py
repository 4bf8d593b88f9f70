"""Intercom's filters as SQL."""

import math
from collections.abc import Mapping
from typing import Any

from .answers import Problem, invalid
from .search_fields import Field

MAX_FILTERS = 15  # in one AND or OR group
MAX_DEPTH = 2  # groups in groups
DAY = 86_400
_FAR = 1 << 62  # SQLite counts no further


def condition(query: Any, fields: Mapping[str, Field]) -> tuple[str, list[Any]]:
    """The SQL condition of a search's `query`, and the values it binds. Raises Problem."""
    values: list[Any] = []
    return _filter(query, fields, values, depth=0), values


def _filter(query: Any, fields: Mapping[str, Field], values: list[Any], *, depth: int) -> str:
    if not isinstance(query, Mapping):
        raise invalid("a filter must be an object")
    operator, value = query.get("operator"), query.get("value")
    if operator not in ("AND", "OR"):
        return _condition(query, fields, values)
    if depth >= MAX_DEPTH:
        raise invalid(f"filters can be nested {MAX_DEPTH} levels deep")
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_FILTERS:
        raise invalid(f"{operator} takes 1 to {MAX_FILTERS} filters")
    conditions = [_filter(one, fields, values, depth=depth + 1) for one in value]
    return "(" + f" {operator.lower()} ".join(conditions) + ")"


def _condition(query: Mapping[str, Any], fields: Mapping[str, Field], values: list[Any]) -> str:
    name, operator, value = query.get("field"), query.get("operator"), query.get("value")
    field = fields.get(name) if isinstance(name, str) else None
    if field is None and str(name).startswith("ticket_attribute."):
        raise Problem(400, "field_not_found", "The request ticket attribute ID is not a valid integer")
    if field is None:
        raise invalid(f"{name} is not a valid field to search by", field="field")
    if operator in ("IN", "NIN"):
        if not isinstance(value, list) or field.type == "day":
            raise invalid(f"{operator} takes a list, and no field of type date")
        equal = [_comparison(field, "=", one, values) for one in value]
        either = " or ".join(equal) or "0"
        return f"not ({either})" if operator == "NIN" else f"({either})"
    return _comparison(field, str(operator), value, values)


def _comparison(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    match field.type:
        case "list":
            return _member(field, operator, value, values)
        case "day":
            return _day(field, operator, value, values)
        case "time" | "number":
            return _number(field, operator, value, values)
        case "boolean":
            return _boolean(field, operator, value, values)
        case "words":
            return _words(field, operator, value, values)
        case _:
            return _text(field, operator, value, values)


def _member(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    if operator not in ("=", "!="):
        raise _unsupported(operator)
    values.append(f"%,{value},%")
    return f"',' || coalesce({field.sql}, '') || ',' {'not ' if operator == '!=' else ''}like ?"


def _day(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    start = _whole(value) // DAY * DAY
    if operator == "=":
        values.extend([start, start + DAY])
        return f"({field.sql} >= ? and {field.sql} < ?)"
    if operator == ">":
        values.append(start + DAY)
        return f"{field.sql} >= ?"
    if operator == "<":
        values.append(start)
        return f"{field.sql} < ?"
    raise _unsupported(operator)


def _number(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    # ">" and "<" let the value itself through as well.
    known = {"=": "is", "!=": "is not", ">": ">=", "<": "<=", ">=": ">=", "<=": "<="}
    if operator not in known:
        raise _unsupported(operator)
    exact = isinstance(value, float) and math.isfinite(value)
    values.append(value if value is None or exact else _whole(value))
    return f"{field.sql} {known[operator]} ?"


def _boolean(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    if operator not in ("=", "!=") or not isinstance(value, bool):
        raise _unsupported(operator)
    values.append(int(value == (operator == "=")))
    return f"({field.sql}) is ?"


def _words(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    if operator not in ("=", "!=", "~", "!~") or not isinstance(value, str):
        raise _unsupported(operator)
    values.append(value)
    test = "has_word" if operator in ("=", "!=") else "has_part"
    return f"{'not ' if operator.startswith('!') else ''}{test}({field.sql}, ?)"


def _text(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    if value is None and operator in ("=", "!="):
        return f"{field.sql} is {'not ' if operator == '!=' else ''}null"
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise invalid("the value does not have the type of its field", field="value")
    text = str(value).casefold() if field.lower else str(value)
    known = {
        "=": f"{field.sql} is ?",
        "!=": f"{field.sql} is not ?",
        "~": f"instr(lower({field.sql}), lower(?)) > 0",
        "!~": f"coalesce(instr(lower({field.sql}), lower(?)), 0) = 0",
        "^": f"starts_with({field.sql}, ?)",
        "$": f"ends_with({field.sql}, ?)",
    }
    if operator not in known:
        raise _unsupported(operator)
    values.append(text)
    return known[operator]


def _whole(value: Any) -> int:
    try:
        if isinstance(value, bool):
            raise TypeError
        whole = int(value)
    except (TypeError, ValueError):
        raise invalid("the value does not have the type of its field", field="value") from None
    return max(-_FAR, min(whole, _FAR))


def _unsupported(operator: str) -> Problem:
    return invalid(f"operator {operator} cannot be used on this field", field="operator")
