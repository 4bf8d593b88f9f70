"""Holding request bodies against our JSON Schemas of what Intercom accepts."""

import re
from typing import Any

from deskferry.schemas.validate import complaints, is_valid

from .answers import Problem, invalid


def check(name: str, body: Any) -> None:
    """Raise Problem unless `body` is valid against schemas/intercom/<name>.json."""
    path = f"intercom/{name}"
    if is_valid(path)(body):
        return
    pointer, reason = (complaints(path, body) or [("", "refused")])[0]
    unknown = re.search(r"'([^']*)' (?:was|were) unexpected", reason)
    if unknown:
        raise Problem(400, "bad_request", f"bad '{unknown[1]}' parameter")
    missing = re.match(r"'([^']*)' is a required property", reason)
    if missing:
        raise Problem(400, "parameter_not_found", f"{missing[1]} is required", field=missing[1])
    field = pointer.strip("/").replace("/", ".") or None
    raise invalid(f"{field or 'body'} is not accepted: {reason}", field=field)
