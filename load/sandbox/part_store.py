"""Keeping what happened in a conversation or ticket: one part for each accepted action, and its files."""

import base64
import binascii
from typing import Any

import orjson

from .answers import Json, invalid
from .bodies import from_html
from .call import Call
from .state import Row, State

OPERATOR = ("bot", "0")  # who acts where nobody is named


def store_part(
    state: State,
    call: Call,
    row: Row,
    *,
    part_type: str,
    author: tuple[str, str],
    body: str | None = None,
    assigned: Json | None = None,
    created_at: int | None = None,
    attachments: list[Json] | None = None,
    ticket_states: tuple[str, str] | None = None,
    changed: Json | None = None,
) -> int:
    """The id of a new part. row: the conversation after it. ticket_states: categories before and after.

    created_at: unix seconds, default now. changed: the attribute of a ticket that got a value.
    """
    before, after = ticket_states or (None, None)
    return state.run(
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
        ticket_state=after,
        previous_ticket_state=before,
        changed=orjson.dumps(changed).decode() if changed else None,
        created_at=call.second if created_at is None else created_at,
        made_at=call.second,
    )


def kept_files(state: State, call: Call, row: Row) -> list[Json]:
    """The attachments of a reply: uploaded files, or links where there are none. Raises Problem."""
    files: list[Any] = call.body.get("attachment_files") or []
    return [_upload(state, row, file) for file in files] or linked_files(call.body)


def linked_files(body: Json) -> list[Json]:
    """Attachments that are links: Intercom would fetch them, the sandbox never does."""
    return [
        {
            "type": "upload",
            "name": url.partition("?")[0].rpartition("/")[2] or "attachment",
            "url": url,
            "content_type": "application/octet-stream",
            "filesize": 0,
        }
        for url in body.get("attachment_urls") or []
    ]


def _upload(state: State, row: Row, file: Json) -> Json:
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
    return {
        "type": "upload",
        "name": file["name"],
        "url": f"/_sandbox/files/{number}",
        "content_type": file["content_type"],
        "filesize": len(data),
    }
