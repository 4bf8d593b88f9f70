"""Replies and notes, by an admin or in the name of a contact, to conversations and to tickets."""

from dataclasses import dataclass

from . import outbox
from .answers import Json, Problem, invalid, not_found
from .call import Call
from .contacts import spoke
from .conversation_shape import show
from .conversations import asked_time, known
from .part_store import kept_files, store_part
from .parts import opened
from .requests_schema import check
from .state import Row, State
from .ticket_shape import show_reply
from .ticket_type_store import BACK_OFFICE, type_of
from .workspace import seated_admin

REPLIES, REPLY_WINDOW = 10, 10  # so many replies to one conversation in so many seconds


@dataclass(frozen=True, slots=True)
class _Reply:
    """part_id: of the new part. before, after: the conversation around it."""

    part_id: int
    before: Row
    after: Row


def reply(state: State, call: Call) -> Json:
    """POST /conversations/{id}/reply. Answers the whole conversation; the new part is not singled out."""
    return show(state, _replied(state, call).after, call)


def reply_to_ticket(state: State, call: Call) -> Json:
    """POST /tickets/{id}/reply. Answers the new part."""
    if known(state, call)["ticket_id"] is None:
        raise not_found("Resource Not Found")
    made = _replied(state, call)
    return show_reply(state, state.one("part", id=made.part_id) or {}, call)


def _replied(state: State, call: Call) -> _Reply:
    kind = call.body.get("type")
    if kind == "admin":
        check("reply_by_admin", call.body)
        return _reply_by_admin(state, call)
    if kind == "user":
        if call.body.get("message_type") != "comment":
            raise invalid("User can only create comments", field="message_type")
        check("reply_by_contact", call.body)
        return _reply_by_contact(state, call)
    raise invalid("type must be either admin or user", field="type")


def _patient(state: State, call: Call) -> Row:
    """The conversation, unless it is flooded: the API was seen to refuse that; no header announces it."""
    row = known(state, call)
    recent = state.one("recent_replies", id=row["id"], since=call.second - REPLY_WINDOW)
    if recent is not None and recent["count"] >= REPLIES:
        raise invalid("Too many recent replies to this conversation")
    return row


def _reply_by_admin(state: State, call: Call) -> _Reply:
    body = call.body
    row, created_at = _patient(state, call), asked_time(call)
    admin = seated_admin(state, body["admin_id"])
    kind = body["message_type"]
    if kind != "quick_reply" and not body.get("body", "").strip() and not body.get("attachment_files"):
        raise Problem(400, "parameter_not_found", "body is required", field="body")
    note = kind == "note"
    after = row if note else opened({**row, "waiting_since": None})
    if not note and body.get("skip_notifications") is not True:
        outbox.notify(state, call, "admin reply without skip_notifications", about=row["id"])
    author = ("admin", str(admin["id"]))
    return _saved(state, call, row, after, kind=kind, author=author, created_at=created_at)


def _reply_by_contact(state: State, call: Call) -> _Reply:
    row, created_at = _patient(state, call), asked_time(call)
    contact = _replying_contact(state, call.body)
    kind = type_of(state, row)
    if kind is not None and kind["category"] == BACK_OFFICE:
        raise Problem(400, "parameter_mismatch", "User replies are not allowed on Backoffice tickets")
    spoke(state, contact, at=created_at)
    after = opened({**row, "waiting_since": row["waiting_since"] or created_at, "read": 0})
    # Tickets know the switch for whoever writes, conversations for admins only.
    silent = row["ticket_id"] is not None and call.body.get("skip_notifications") is True
    if row["admin_assignee_id"] and not silent:
        reason = "reply of a customer to what is assigned to a teammate"
        outbox.notify(state, call, reason, about=row["id"], audience="teammate")
    if row["ticket_id"] is None and state.all("customers_of_conversation", id=row["id"]):
        outbox.notify(state, call, "reply of a customer where others take part", about=row["id"])
    author = (contact["role"], contact["id"])
    return _saved(state, call, row, after, kind="comment", author=author, created_at=created_at)


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


def _saved(
    state: State, call: Call, row: Row, after: Row, *, kind: str, author: tuple[str, str], created_at: int
) -> _Reply:
    reopens = kind != "note" and row["state"] != "open"
    state.run("update_conversation", **{**after, "updated_at": call.second})
    part_id = store_part(
        state,
        call,
        after,
        # In a conversation the part that reopens it says so; a ticket's reply stays what it is.
        part_type="open" if reopens and row["ticket_id"] is None else kind,
        author=author,
        body=call.body.get("body"),
        created_at=created_at,
        attachments=kept_files(state, call, row),
    )
    return _Reply(part_id, row, after)
