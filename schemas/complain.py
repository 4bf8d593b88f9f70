"""Wording what a schema holds against a value, with jsonschema, the reference. Slow to import."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema

from .entities import schema


def complaints(name: str, value: Any) -> list[tuple[str, str]]:
    """Every (JSON pointer, reason) that `<name>.json` holds against `value`, in document order. [] if valid.

    Reasons are cut at 200 characters: they may quote the value.
    """
    found = sorted(_reference(name).iter_errors(value), key=lambda error: list(map(str, error.path)))
    return [
        ("".join(f"/{_escape(step)}" for step in error.absolute_path), _short(error.message))
        for error in found
    ]


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


def _escape(step: Any) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _short(message: str) -> str:
    return message if len(message) <= 200 else f"{message[:150]} ... {message[-40:]}"
