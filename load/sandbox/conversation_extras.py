"""What is seldom done to conversations: merged into one another, redacted, remembered as deleted."""

from typing import Any

from .answers import Json, Problem, invalid, not_found
from .call import Call
from .conversation_shape import REDACTED, show
from .conversations import known
from .part_store import OPERATOR, store_part
from .parts import closed
from .state import Row, State

_PAGE, _LARGEST_PAGE = 20, 60


def merge_conversation(state: State, call: Call) -> Json:
    """POST /conversations/{id}/merge: this one is closed and linked to the one that goes on."""
    row = known(state, call)
    into = state.one("conversation", id=call.body["merge_into_conversation_id"])
    if into is None:
        raise _unmerged("Primary conversation not found")
    if into["id"] == row["id"]:
        raise _unmerged("Cannot merge a conversation into itself")
    if row["merged_into"] is not None:
        raise _unmerged("Secondary conversation has already been merged")
    row = {**closed(row), "merged_into": into["id"], "updated_at": call.second}
    state.run("update_conversation", **row)
    state.run("link", conversation_id=row["id"], ticket_id=into["id"])
    store_part(state, call, row, part_type="close", author=OPERATOR)
    return show(state, into, call)


def _unmerged(message: str) -> Problem:
    return Problem(422, "merge_failed", message)


def redact(state: State, call: Call) -> Json:
    """POST /conversations/redact: a part that has words, or what the contact wrote first."""
    body: Json = call.body
    row = state.one("conversation", id=body["conversation_id"])
    if row is None:
        raise _nothing_to_redact()
    if body["type"] == "source":
        if body.get("source_id") != str(row["message_id"]):
            raise _nothing_to_redact()
        state.run("redact_conversation", id=row["id"], body=REDACTED)
    else:
        part = state.one("part", id=body.get("conversation_part_id"))
        if part is None or part["conversation_id"] != row["id"]:
            raise _nothing_to_redact()
        if part["body"] is None:
            raise Problem(400, "conversation_part_not_redactable", "Conversation part has no body")
        state.run("redact_part", id=part["id"], body=REDACTED)
    return show(state, state.one("conversation", id=row["id"]) or {}, call)


def _nothing_to_redact() -> Problem:
    message = "Conversation part or message not found"
    return not_found(message, code="conversation_part_or_message_not_found")


def list_deleted(state: State, call: Call) -> Json:
    """GET /conversations/deleted: by number of page, newest first unless `order=asc`."""
    page = _number(call, "page", 1, most=1 << 40)
    per_page = _number(call, "per_page", _PAGE, most=_LARGEST_PAGE)
    order = call.query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise invalid("order must be asc or desc", field="order")
    rows = state.all(
        "deleted_page", newest_first=order == "desc", limit=per_page, offset=(page - 1) * per_page
    )
    total = (state.one("count_deleted") or {"count": 0})["count"]
    pages: Json = {"type": "pages", "page": page, "per_page": per_page, "total_pages": -(-total // per_page)}
    if page * per_page < total:
        query = f"per_page={per_page}&order={order}&page={page + 1}"
        pages["next"] = f"{call.base_url}/conversations/deleted?{query}"
    return {
        "type": "conversations.list",
        "conversations": [_deleted_shape(row) for row in rows],
        "total_count": total,
        "pages": pages,
    }


def _deleted_shape(row: Row) -> Json:
    return {
        "type": "conversation",
        "id": str(row["id"]),
        "metrics_retained": bool(row["metrics_retained"]),
        "deleted_at": row["deleted_at"],
    }


def _number(call: Call, key: str, default: int, *, most: int) -> int:
    wanted: Any = call.query.get(key, default)
    try:
        number = int(wanted)
    except ValueError:
        number = 0
    if not 1 <= number <= most:
        raise invalid(f"{key} must be a number between 1 and {most}", field=key)
    return number
