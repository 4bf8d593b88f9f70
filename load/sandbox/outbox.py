"""Who would have heard of it, and everything that was asked: the sandbox's own testimony."""

from typing import Literal

import orjson

from .answers import Json
from .call import Call
from .state import State


def notify(
    state: State,
    call: Call,
    reason: str,
    *,
    about: int | None,
    audience: Literal["customer", "teammate"] = "customer",
) -> None:
    """Intercom would now have written to customers, or rung a teammate.

    about: the conversation or ticket; None: none, it is about a contact.
    """
    state.run(
        "insert_notification",
        time=call.now,
        audience=audience,
        reason=reason,
        method=call.method,
        path=call.path,
        conversation_id=None if about is None else str(about),
        body=call.body.get("body"),
    )


def log_request(
    state: State,
    endpoint: str | None,
    *,
    now: float,
    method: str,
    path: str,
    status: int,
    body: bytes,
    visible: list[str],
) -> None:
    """Remember one API request, whatever became of it. endpoint: None for none of ours. body: as it came."""
    state.run("count_answer", name=endpoint or "unknown", refused=int(status >= 400))
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
    """How much of everything there is. windows: [start in unix seconds, calls let through, calls refused].

    endpoints: by "METHOD /pattern", what was asked and how much of it was answered with an error.
    notifications: those that customers would have had; those of teammates stand beside them. A conversation
    that became a ticket counts as both.
    """
    found = state.one("counts") or {}
    windows = [[row["start"], row["count"], row["refused"]] for row in state.all("windows")]
    endpoints = {
        row["name"]: {"calls": row["calls"], "refused": row["refused"]} for row in state.all("endpoints")
    }
    return {
        "contacts": found["contacts"],
        "companies": found["companies"],
        "conversations": found["conversations"],
        "tickets": found["tickets"],
        "parts": found["parts"],
        "notifications": found["notifications"],
        "teammate_notifications": found["teammate_notifications"],
        "requests": found["requests"],
        "rate_limited": found["rate_limited"],
        "windows": windows,
        "endpoints": endpoints,
    }


def outbox(state: State) -> Json:
    """Every notification of customers and teammates, oldest first."""
    return {"notifications": state.all("notifications")}


def requests(state: State, *, after: int, limit: int) -> Json:
    """The log after request number `after`; limit -1: all. visible: the words a customer could read."""
    rows = state.all("requests", after=after, limit=limit)
    for row in rows:
        row["customer_visible"] = bool(row["customer_visible"])
        row["visible"] = orjson.loads(row["visible"]) if row["visible"] else []
    return {"requests": rows}
