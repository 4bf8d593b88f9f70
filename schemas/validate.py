"""Checking a value against a schema: jsonschema-rs decides, jsonschema words the complaint.

jsonschema-rs is 75 times faster on a ticket; jsonschema is the reference. A test holds their verdicts equal.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import jsonschema
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


@cache
def _reference(name: str) -> jsonschema.Draft202012Validator:
    return _Reference(schema(name))


def _pattern(validator: Any, pattern: str, value: Any, _: Any) -> Iterator[jsonschema.ValidationError]:
    # As JSON Schema means it (ECMA 262): $ is the very end and digits are 0 to 9. Python's own $ also
    # stands before a last newline, and its digits are those of every script.
    if validator.is_type(value, "string"):
        python = re.sub(r"(?<!\\)\$", r"\\Z", pattern)
        if not re.search(python, value, re.ASCII):
            yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


_extend: Any = jsonschema.validators.extend  # untyped
_Reference: type[jsonschema.Draft202012Validator] = _extend(
    jsonschema.Draft202012Validator, {"pattern": _pattern}
)


def complaints(name: str, value: Any) -> list[tuple[str, str]]:
    """Every (JSON pointer, reason) that `<name>.json` holds against `value`, in document order. [] if valid.

    Reasons are cut at 200 characters: they may quote the value.
    """
    found = sorted(_reference(name).iter_errors(value), key=lambda error: list(map(str, error.path)))
    return [
        ("".join(f"/{_escape(step)}" for step in error.absolute_path), _short(error.message))
        for error in found
    ]


def require(name: str, value: Any) -> None:
    """Raise RecordError with the first complaint unless `value` is valid."""
    if not is_valid(name)(value):
        pointer, reason = (complaints(name, value) or [("", "refused by the schema")])[0]
        raise RecordError(reason, pointer=pointer)


def _escape(step: Any) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _short(message: str) -> str:
    return message if len(message) <= 200 else f"{message[:150]} ... {message[-40:]}"
