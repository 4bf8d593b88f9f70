"""What would have reached a customer, and everything that was asked: the sandbox's own testimony."""

from typing import Any

import orjson

from .answers import Json
from .state import State

_CONTACT_WORDS = ("name", "email", "phone", "avatar")


def notify(
    state: State, *, now: float, reason: str, method: str, path: str, conversation_id: int, body: str | None
) -> None:
    """Intercom would now have written to the customers of this conversation."""
    state.run(
        "insert_notification",
        time=now,
        reason=reason,
        method=method,
        path=path,
        conversation_id=str(conversation_id),
        body=body,
    )


def visible_words(endpoint: str, body: Any) -> list[str]:
    """The texts of a request that a customer can read once it is accepted.

    Notes, titles, tags and attributes are for teammates only. endpoint: "METHOD /pattern".
    """
    if not isinstance(body, dict):
        return []
    if endpoint in ("POST /contacts", "PUT /contacts/{id}"):
        return _texts([body.get(key) for key in _CONTACT_WORDS])
    if endpoint == "POST /conversations":
        return _texts([body.get("subject"), body.get("body"), body.get("attachment_urls")])
    if endpoint == "POST /conversations/{id}/reply" and body.get("message_type") != "note":
        files = body.get("attachment_files")
        names = (
            [file.get("name") for file in files if isinstance(file, dict)] if isinstance(files, list) else []
        )
        return _texts([body.get("body"), body.get("attachment_urls"), names, body.get("reply_options")])
    if endpoint == "POST /conversations/{id}/parts":
        return _texts([body.get("body")])
    return []


def _texts(values: Any) -> list[str]:
    if isinstance(values, str):
        return [values] if values else []
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list):
        return [text for value in values for text in _texts(value)]
    return []


def log_request(
    state: State, *, now: float, method: str, path: str, status: int, body: bytes, visible: list[str]
) -> None:
    """Remember one API request, whatever became of it. body: as it came."""
    state.run(
        "insert_request",
        time=now,
        method=method,
        path=path,
        status=status,
        body=body.decode("utf-8", errors="replace") if body else None,
        customer_visible=int(bool(visible)),
        visible=orjson.dumps(visible).decode() if visible else None,
    )


def counts(state: State) -> Json:
    """How much of everything there is. windows: [start in unix seconds, calls let through, calls refused]."""
    found = state.one("counts") or {}
    windows = [[row["start"], row["count"], row["refused"]] for row in state.all("windows")]
    return {
        "contacts": found["contacts"],
        "companies": found["companies"],
        "conversations": found["conversations"],
        "tickets": 0,  # cannot be made here yet
        "parts": found["parts"],
        "notifications": found["notifications"],
        "requests": found["requests"],
        "rate_limited": found["rate_limited"],
        "windows": windows,
    }


def outbox(state: State) -> Json:
    """Every notification, oldest first."""
    return {"notifications": state.all("notifications")}


def requests(state: State, *, after: int, limit: int) -> Json:
    """The log after request number `after`; limit -1: all. visible: the words a customer could read."""
    rows = state.all("requests", after=after, limit=limit)
    for row in rows:
        row["customer_visible"] = bool(row["customer_visible"])
        row["visible"] = orjson.loads(row["visible"]) if row["visible"] else []
    return {"requests": rows}
