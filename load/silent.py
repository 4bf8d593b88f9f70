"""Whether anybody would hear of a call: the one rule that every call is held to before it can be one."""

import re
from collections.abc import Mapping
from typing import Any

_ABOUT_TICKETS = re.compile(r"/tickets(/enqueue|/[^/]+(/reply)?)?")


class UnsilencedError(Exception):
    """A call that somebody would hear of was composed: a bug of ours, and never sent."""


def require_silent(method: str, path: str, payload: Mapping[str, Any]) -> None:
    """Raise UnsilencedError for a call that Intercom would tell a customer of.

    Whatever an admin says, and everything about a ticket, carries skip_notifications. Closing, assigning and
    snoozing carry no words, which would be a message dated now. Files are bytes: a link would be fetched.
    Nothing is sent as a message of the company's own.
    """
    if (why := heard(method, path, payload)) is not None:
        raise UnsilencedError(f"{method} {path} {why}")


def heard(method: str, path: str, payload: Mapping[str, Any]) -> str | None:
    """Why somebody would hear of a call; None for a silent one."""
    says = path.endswith("/reply") and payload.get("type") == "admin"
    ticket = method in ("POST", "PUT") and _ABOUT_TICKETS.fullmatch(path) and not path.endswith("/search")
    if (says or ticket) and payload.get("skip_notifications") is not True:
        return "without skip_notifications"
    if says and payload.get("message_type") not in ("comment", "note"):
        return f"as {payload.get('message_type')}"
    if path.endswith("/parts") and payload.get("body"):
        return "with words: a message dated now"
    if "attachment_urls" in payload:
        return "with links that would be fetched"
    return "is a message of the company's own" if path.startswith("/messages") else None
