"""The one action a call to /parts may take: close, open, snooze or assign. It works on tickets as well."""

from typing import Any

import orjson

from . import live_workflow, outbox
from .answers import Json, Problem, invalid, not_found
from .call import Call
from .conversation_shape import show
from .conversations import known
from .part_store import store_part
from .requests_schema import check
from .state import Row, State
from .workspace import seated_admin

_ACTIONS = ("close", "open", "snoozed", "assignment")


def manage(state: State, call: Call) -> Json:
    """POST /conversations/{id}/parts: a part is stored even for a repeat."""
    action = call.body.get("message_type")
    if action not in _ACTIONS:
        raise invalid(f"message_type must be one of {', '.join(_ACTIONS)}", field="message_type")
    check(f"part_{action}", call.body)
    row = known(state, call)
    admin = seated_admin(state, call.body["admin_id"])
    row, part_type, assigned = _acted(state, row, call)
    state.run("update_conversation", **{**row, "updated_at": call.second})
    body = call.body.get("body")
    author = ("admin", str(admin["id"]))
    store_part(state, call, row, part_type=part_type, author=author, body=body, assigned=assigned)
    if body:
        outbox.notify(state, call, f"{action} with a body: a message dated now", about=row["id"])
    if action == "close":
        live_workflow.closed(state, call, row["id"])
    if assigned is not None:
        ring(state, call, row, assigned, by=admin)
    return show(state, row, call)


def ring(state: State, call: Call, row: Row, assigned: Json, *, by: Row | None) -> None:
    """Tell the outbox who hears of an assignment. by: who made it, and need not hear of it himself."""
    actor = by["id"] if by else None
    if assigned["type"] == "admin":
        rings = assigned["id"] is not None and int(assigned["id"]) != actor
    else:
        team = state.one("team", id=assigned["id"]) if assigned["id"] is not None else None
        rings = bool(team) and any(member != actor for member in orjson.loads((team or {})["admin_ids"]))
    if rings:
        whom = "a teammate" if assigned["type"] == "admin" else "a team"
        outbox.notify(state, call, f"assignment to {whom}", about=row["id"], audience="teammate")


def _acted(state: State, row: Row, call: Call) -> tuple[Row, str, Json | None]:
    match call.body["message_type"]:
        case "close":
            return closed(row), "close", None
        case "open":
            return opened(row), "open", None
        case "snoozed":
            return snoozed(row, call), "snoozed", None
        case _:
            return _assigned(state, row, call)


def closed(row: Row) -> Row:
    """It closed; a snooze ends with that."""
    return {**row, "state": "closed", "snoozed_until": None, "waiting_since": None}


def opened(row: Row) -> Row:
    """It open, and awake."""
    return {**row, "state": "open", "snoozed_until": None}


def snoozed(row: Row, call: Call) -> Row:
    """It asleep until `snoozed_until`. Raises Problem: that is not in the future."""
    until = call.body["snoozed_until"]
    if until <= call.second:
        raise invalid("snoozed_until must be in the future", field="snoozed_until")
    return {**row, "state": "snoozed", "snoozed_until": until}


def _assigned(state: State, row: Row, call: Call) -> tuple[Row, str, Json]:
    kind: str = call.body["type"]
    wanted: Any = call.body["assignee_id"]
    if wanted != "0":
        assignee = state.one(kind, id=wanted)
        if assignee is None or not assignee.get("seat", True):
            raise not_found("Assignee not found", code="assignee_not_found")
    column, number = f"{kind}_assignee_id", int(wanted)
    if row[column] == number:
        raise Problem(
            422,
            "conversation_already_assigned_to_assignee",
            "Conversation is already assigned to this assignee",
        )
    # Giving someone a closed conversation opens it again.
    part_type = "assign_and_reopen" if row["state"] == "closed" else "assignment"
    after = {**(opened(row) if row["state"] == "closed" else row), column: number}
    return after, part_type, {"type": kind, "id": wanted if number else None}
