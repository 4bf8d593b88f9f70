"""Conversations: started by a contact in plain text, updated, deleted."""

from typing import Any

import orjson

from . import live_workflow
from .answers import Json, Problem, invalid, listing, not_found, read_cursor
from .attribute_values import checked_values
from .bodies import from_text
from .call import Call
from .companies import known_company
from .contacts import live_contact, spoke
from .conversation_shape import show, show_brief
from .part_store import linked_files
from .state import Row, State

# Messages are numbered far from conversations, so that an id taken for the other's is a 404.
_FIRST_MESSAGE = 1_788_000_000
_MESSAGES = 1_000_000_000


def create_conversation(state: State, call: Call) -> Json:
    """POST /conversations. Answers the message; its `id` is not the conversation's."""
    body: Json = call.body
    contact = live_contact(state, body["from"]["id"])
    if body["from"]["type"] not in ("contact", contact["role"]):
        raise not_found("User Not Found")
    created_at = asked_time(call)
    values = {
        "contact_id": contact["id"],
        "subject": body.get("subject", ""),
        "body": from_text(body["body"]),
        "attachments": "[]",
        "created_at": created_at,
        "indexed_at": call.now + call.search_lag,
        "listed": 1,
    }
    conversation_id = state.run("insert_conversation", **values)
    message_id = _FIRST_MESSAGE + conversation_id % _MESSAGES
    links = orjson.dumps(linked_files(body)).decode()
    state.run("number_message", id=conversation_id, message_id=message_id, attachments=links)
    spoke(state, contact, at=created_at)
    live_workflow.begun(state, call, conversation_id)
    return {
        "type": "user_message",
        "id": str(message_id),
        "created_at": created_at,
        "body": body["body"],
        "message_type": "inapp",
        "conversation_id": str(conversation_id),
    }


def get_conversation(state: State, call: Call) -> Json:
    """GET /conversations/{id}: with the newest 500 parts; `display_as=plaintext` for text."""
    return show(state, known(state, call), call)


def list_conversations(state: State, call: Call) -> Json:
    """GET /conversations."""
    state.run("wake", now=call.second)
    cursor = read_cursor(call.query, default=20)
    rows = state.all("conversation_page", after=cursor.after or 0, limit=cursor.per_page + 1)
    total = (state.one("count_listed") or {})["count"]
    return listing(
        "conversation.list",
        "conversations",
        rows,
        total=total,
        cursor=cursor,
        shape=lambda row: show_brief(state, row, call),
    )


def update_conversation(state: State, call: Call) -> Json:
    """PUT /conversations/{id}: title, custom attributes, read, company; all in one call."""
    row, body = known(state, call), call.body
    company_id = body.get("company_id", row["company_id"])
    if body.get("company_id") is not None:
        known_company(state, company_id)
    values = checked_values(
        state,
        model="conversation",
        values=body.get("custom_attributes") or {},
        before=orjson.loads(row["custom_attributes"]),
    )
    row = {
        **row,
        "title": body.get("title", row["title"]),
        "company_id": company_id,
        "read": int(body.get("read", row["read"])),
        "custom_attributes": orjson.dumps(values).decode(),
        "updated_at": call.second,
    }
    state.run("update_conversation", **row)
    return show(state, row, call)


def delete_conversation(state: State, call: Call) -> Json:
    """DELETE /conversations/{id}?retain_metrics=true|false: for good."""
    row = known(state, call)
    retained = call.query.get("retain_metrics", "true")
    if retained not in ("true", "false"):
        raise invalid("retain_metrics must be true or false", field="retain_metrics")
    for statement in ("parts", "files", "tags", "customers", "links", "conversation"):
        state.run(f"delete_{statement}", id=row["id"])
    if row["listed"]:
        state.run(
            "remember_deleted", id=row["id"], deleted_at=call.second, metrics_retained=int(retained == "true")
        )
    return {"id": str(row["id"]), "object": "conversation", "deleted": True}


def known(state: State, call: Call) -> Row:
    """The conversation of the path, awake if its snooze is over. Raises Problem."""
    state.run("wake", now=call.second)
    row = state.one("conversation", id=call.ids["id"])
    if row is None:
        raise not_found("Resource Not Found")
    return row


def asked_time(call: Call) -> int:
    """`created_at` of the body, or now. Raises Problem: not in the past."""
    wanted: Any = call.body.get("created_at", call.second)
    if not 1 <= wanted <= call.second:
        raise Problem(
            400, "parameter_invalid", f"{wanted} is an invalid value for created_at", field="created_at"
        )
    return int(wanted)
