"""What happens in a conversation: replies, notes, and the one action a call to /parts may take."""

import base64
import binascii
from typing import Any

import orjson

from .answers import Json, Problem, invalid, not_found
from .bodies import from_html
from .call import Call
from .contacts import spoke
from .conversation_shape import show
from .conversations import asked_time, known, linked_files, notify_of
from .requests_schema import check
from .state import Row, State
from .workspace import seated_admin

REPLIES, REPLY_WINDOW = 10, 10  # so many replies to one conversation in so many seconds
_ACTIONS = ("close", "open", "snoozed", "assignment")


def reply(state: State, call: Call) -> Json:
    """POST /conversations/{id}/reply, by an admin or in the name of a contact."""
    kind = call.body.get("type")
    if kind == "admin":
        check("reply_by_admin", call.body)
        _require_patience(state, call)
        return _reply_by_admin(state, call)
    if kind == "user":
        if call.body.get("message_type") != "comment":
            raise invalid("User can only create comments", field="message_type")
        check("reply_by_contact", call.body)
        _require_patience(state, call)
        return _reply_by_contact(state, call)
    raise invalid("type must be either admin or user", field="type")


def _require_patience(state: State, call: Call) -> None:
    """Refuse a flood into one conversation, as the API was seen to do; no header announces it."""
    recent = state.one("recent_replies", id=known(state, call)["id"], since=call.second - REPLY_WINDOW)
    if recent is not None and recent["count"] >= REPLIES:
        raise invalid("Too many recent replies to this conversation")


def manage(state: State, call: Call) -> Json:
    """POST /conversations/{id}/parts: close, open, snooze or assign; a part is stored even for a repeat."""
    action = call.body.get("message_type")
    if action not in _ACTIONS:
        raise invalid(f"message_type must be one of {', '.join(_ACTIONS)}", field="message_type")
    check(f"part_{action}", call.body)
    row = known(state, call)
    admin = seated_admin(state, call.body["admin_id"])
    row, part_type, assigned = _acted(state, row, call)
    state.run("update_conversation", **{**row, "updated_at": call.second})
    _store(state, call, row, part_type=part_type, author=("admin", str(admin["id"])), assigned=assigned)
    if call.body.get("body"):
        notify_of(state, call, row, f"{action} with a body: a message dated now")
    return show(state, row, call)


def _reply_by_admin(state: State, call: Call) -> Json:
    body = call.body
    row, created_at = known(state, call), asked_time(call)
    admin = seated_admin(state, body["admin_id"])
    kind = body["message_type"]
    if kind != "quick_reply" and not body.get("body", "").strip() and not body.get("attachment_files"):
        raise Problem(400, "parameter_not_found", "body is required", field="body")
    note = kind == "note"
    after = row if note else _reopened({**row, "waiting_since": None})
    _save_reply(
        state,
        call,
        after,
        part_type=kind if note or row["state"] == "open" else "open",
        author=("admin", str(admin["id"])),
        created_at=created_at,
    )
    if not note and body.get("skip_notifications") is not True:
        notify_of(state, call, row, "admin reply without skip_notifications")
    return show(state, after, call)


def _reply_by_contact(state: State, call: Call) -> Json:
    row, created_at = known(state, call), asked_time(call)
    contact = _replying_contact(state, call.body)
    spoke(state, contact, at=created_at)
    after = _reopened({**row, "waiting_since": row["waiting_since"] or created_at, "read": 0})
    _save_reply(
        state,
        call,
        after,
        part_type="comment" if row["state"] == "open" else "open",
        author=(contact["role"], contact["id"]),
        created_at=created_at,
    )
    return show(state, after, call)


def _replying_contact(state: State, body: Json) -> Row:
    named = [key for key in ("intercom_user_id", "user_id", "email") if key in body]
    if len(named) != 1:
        raise invalid("exactly one of intercom_user_id, user_id and email must be given")
    if named == ["intercom_user_id"]:
        contact = state.one("contact", id=body["intercom_user_id"])
    elif named == ["user_id"]:
        contact = state.one("contact_by_external_id", external_id=body["user_id"])
    else:
        contact = state.one("contact_by_email", email_key=body["email"].casefold())
    # A lead is never found here, whichever of its ids is given.
    if contact is None or contact["state"] != "live" or contact["role"] != "user":
        raise not_found("User Not Found")
    return contact


def _reopened(row: Row) -> Row:
    return {**row, "state": "open", "snoozed_until": None}


def _save_reply(
    state: State, call: Call, row: Row, *, part_type: str, author: tuple[str, str], created_at: int
) -> None:
    state.run("update_conversation", **{**row, "updated_at": call.second})
    attachments = [
        *_uploads(state, call, row),
        *([] if call.body.get("attachment_files") else linked_files(call.body)),
    ]
    _store(
        state, call, row, part_type=part_type, author=author, created_at=created_at, attachments=attachments
    )


def _uploads(state: State, call: Call, row: Row) -> list[Json]:
    shown: list[Json] = []
    for file in call.body.get("attachment_files") or []:
        try:
            data = base64.b64decode(file["data"], validate=True)
        except (binascii.Error, ValueError):
            raise invalid(f"data of '{file['name']}' is not base64", field="attachment_files") from None
        number = state.run(
            "insert_file",
            conversation_id=row["id"],
            name=file["name"],
            content_type=file["content_type"],
            data=data,
        )
        shown.append(
            {
                "type": "upload",
                "name": file["name"],
                "url": f"/_sandbox/files/{number}",
                "content_type": file["content_type"],
                "filesize": len(data),
            }
        )
    return shown


def _acted(state: State, row: Row, call: Call) -> tuple[Row, str, Json | None]:
    match call.body["message_type"]:
        case "close":
            return {**row, "state": "closed", "snoozed_until": None, "waiting_since": None}, "close", None
        case "open":
            return _reopened(row), "open", None
        case "snoozed":
            until = call.body["snoozed_until"]
            if until <= call.second:
                raise invalid("snoozed_until must be in the future", field="snoozed_until")
            return {**row, "state": "snoozed", "snoozed_until": until}, "snoozed", None
        case _:
            return _assigned(state, row, call)


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
    after = {**(_reopened(row) if row["state"] == "closed" else row), column: number}
    return after, part_type, {"type": kind, "id": wanted if number else None}


def _store(
    state: State,
    call: Call,
    row: Row,
    *,
    part_type: str,
    author: tuple[str, str],
    assigned: Json | None = None,
    created_at: int | None = None,
    attachments: list[Json] | None = None,
) -> None:
    body = call.body.get("body")
    state.run(
        "insert_part",
        conversation_id=row["id"],
        part_type=part_type,
        body=from_html(body) if body else None,
        author_type=author[0],
        author_id=author[1],
        assigned_type=assigned["type"] if assigned else None,
        assigned_id=assigned["id"] if assigned else None,
        attachments=orjson.dumps(attachments or []).decode(),
        state=row["state"],
        created_at=call.second if created_at is None else created_at,
        made_at=call.second,
    )
