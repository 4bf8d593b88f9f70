"""Checking a value against a schema: jsonschema-rs decides, jsonschema words the complaint.

jsonschema-rs is 75 times faster on a ticket; jsonschema is the reference. A test holds their verdicts equal.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema_rs

from .entities import schema
from .errors import RecordError


@cache
def is_valid(name: str) -> Callable[[Any], bool]:
    """The compiled check of `<name>.json`, for hot loops: call it once, keep what it returns."""
    return jsonschema_rs.Draft202012Validator(schema(name)).is_valid


@cache
def is_plain(name: str, *, without: frozenset[str] = frozenset()) -> Callable[[Any], bool]:
    """A compiled check that passes only what `is_valid` passes too, and no 1.0 where an integer belongs.

    Draft 4 of JSON Schema takes 1.0 for a number; later ones for an integer, and so does `is_valid`.
    without: keys that may still be missing.
    """
    shape = {**schema(name), "$schema": "http://json-schema.org/draft-04/schema#"}
    shape["required"] = [key for key in shape["required"] if key not in without]
    shape["properties"] = {key: _in_draft_4(kind) for key, kind in shape["properties"].items()}
    return jsonschema_rs.Draft4Validator(shape, validate_formats=False).is_valid


def _in_draft_4(kind: dict[str, Any]) -> dict[str, Any]:
    names = kind.get("propertyNames")
    if names is None:
        return kind
    return {**kind, "patternProperties": {names["pattern"]: {}}, "additionalProperties": False}


def complaints(name: str, value: Any) -> list[tuple[str, str]]:
    """Every (JSON pointer, reason) that `<name>.json` holds against `value`, in document order. [] if valid.

    Reasons are cut at 200 characters: they may quote the value.
    """
    from . import complain  # jsonschema takes a tenth of a second to import; most runs never need it

    return complain.complaints(name, value)


def require(name: str, value: Any) -> None:
    """Raise RecordError with the first complaint unless `value` is valid."""
    if not is_valid(name)(value):
        pointer, reason = (complaints(name, value) or [("", "refused by the schema")])[0]
        raise RecordError(reason, pointer=pointer)
