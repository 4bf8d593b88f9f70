"""Searching contacts, conversations and tickets, page by page.

What is too young is not found yet, and what was changed a moment ago is still found as it was: the views
`searched_...` hold what search has heard of. What is found is shown as it is now.
"""

from collections.abc import Mapping
from typing import Any

from .answers import Json, Problem, listing, read_cursor
from .call import Call
from .contacts import shape
from .conversation_shape import show_brief
from .search_fields import CONVERSATION_FIELDS, Field, contact_fields, ticket_fields
from .search_filters import condition
from .state import Row, State
from .ticket_shape import show_ticket
from .workspace import workspace_id

_FAR = 1 << 62  # SQLite counts no further


def search_conversations(state: State, call: Call) -> Json:
    """POST /conversations/search: 20 per page unless asked otherwise."""
    rows, page = _found_conversations(state, call, "listed", CONVERSATION_FIELDS)
    return listing(
        "conversation.list", "conversations", rows, **page, shape=lambda row: show_brief(state, row, call)
    )


def search_tickets(state: State, call: Call) -> Json:
    """POST /tickets/search: 20 per page unless asked otherwise."""
    rows, page = _found_conversations(state, call, "ticket_id is not null", ticket_fields(state))
    return listing("ticket.list", "tickets", rows, **page, shape=lambda row: show_ticket(state, row, call))


def search_contacts(state: State, call: Call) -> Json:
    """POST /contacts/search: live ones, 50 per page; times are whole days."""
    workspace = workspace_id(state)
    sort = call.body.get("sort") or {"field": "created_at", "order": "ascending"}
    if sort.get("field") != "created_at" or sort.get("order") not in ("ascending", "descending"):
        raise _unsortable()
    words = {
        "table": "searched_contacts",
        "number": "n",
        "order": "desc" if sort["order"] == "descending" else "asc",
        # as search knows it, and still
        "kind": "state = 'live' and (select state from contacts as one where one.id = it.id) = 'live'",
    }
    found, page = _found(state, call, contact_fields(state), default=50, **words)
    rows = [{**row, "n": one["n"]} for one in found for row in [state.one("contact", id=one["id"])] if row]
    return listing("list", "data", rows, **page, shape=lambda row: shape(state, row, workspace))


def _found_conversations(
    state: State, call: Call, kind: str, fields: Mapping[str, Field]
) -> tuple[list[Row], dict[str, Any]]:
    if "sort" in call.body:
        raise _unsortable()
    state.run("wake", now=call.second)
    words = {"table": "searched_conversations", "number": "id", "order": "asc", "kind": kind}
    found, page = _found(state, call, fields, default=20, **words)
    rows = [state.one("conversation", id=one["id"]) for one in found]
    return [{**row, "n": row["id"]} for row in rows if row], page


def _found(
    state: State, call: Call, fields: Mapping[str, Field], *, default: int, kind: str, **words: str
) -> tuple[list[Row], dict[str, Any]]:
    """The page's hits with one more, as search knows them; what `listing` says of all. kind: as SQL."""
    cursor = read_cursor(call.body.get("pagination") or {}, default=default)
    where, values = condition(call.body["query"], fields)
    words["where"] = f"{kind} and ({where})"
    total = state.select("count_found", values, **words)[0]["count"]
    backwards = words["order"] == "desc"
    after = cursor.after if cursor.after is not None else (_FAR if backwards else 0)
    words["where"] += f" and {words['number']} {'<' if backwards else '>'} ?"
    rows = state.select("find", [*values, after, cursor.per_page + 1], **words)
    return rows, {"total": total, "cursor": cursor}


def _unsortable() -> Problem:
    return Problem(400, "invalid_sort_order", "Only contacts can be sorted, and only by created_at")
