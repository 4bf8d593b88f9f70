"""What hangs on a contact or a company: notes; and the merge of a lead into a user."""

from typing import Any

from .answers import Json, Problem, not_found
from .bodies import from_html
from .call import Call
from .companies import known_company
from .contacts import live_contact, shape
from .state import Row, State
from .workspace import workspace_id


def note_on_contact(state: State, call: Call) -> Json:
    """POST /contacts/{id}/notes: dated now."""
    contact = live_contact(state, call.ids["id"])
    return _note(state, call, contact=contact)


def note_on_company(state: State, call: Call) -> Json:
    """POST /companies/{id}/notes: dated now."""
    return _note(state, call, company=known_company(state, call.ids["id"]))


def notes_of_contact(state: State, call: Call) -> Json:
    """GET /contacts/{id}/notes."""
    contact = live_contact(state, call.ids["id"])
    return _notes(state, state.all("notes_of_contact", id=contact["id"]), contact=contact)


def notes_of_company(state: State, call: Call) -> Json:
    """GET /companies/{id}/notes."""
    company = known_company(state, call.ids["id"])
    return _notes(state, state.all("notes_of_company", id=company["id"]), company=company)


def merge_contacts(state: State, call: Call) -> Json:
    """POST /contacts/merge: a lead into a user, with all its conversations, for good."""
    lead, user = (live_contact(state, call.body[key]) for key in ("from", "into"))
    if lead["role"] != "lead" or user["role"] != "user":
        raise Problem(400, "invalid_merge", "A lead can only be merged into a user")
    alike = any(lead[key] is not None and lead[key] == user[key] for key in ("email_key", "phone"))
    if not alike and call.body.get("skip_duplicate_validation") is not True:
        raise Problem(400, "invalid_merge", "Contacts can only be merged when they are duplicates")
    state.run("merge_contact", id=lead["id"], into=user["id"], now=call.second)
    state.run("move_conversations", id=lead["id"], into=user["id"])
    return shape(state, user, workspace_id(state))


def _note(state: State, call: Call, *, contact: Row | None = None, company: Row | None = None) -> Json:
    admin_id = call.body.get("admin_id")
    if admin_id is not None and state.one("admin", id=admin_id) is None:
        raise not_found("Resource Not Found")
    row = {
        "contact_id": contact["id"] if contact else None,
        "company_id": company["id"] if company else None,
        "admin_id": admin_id,
        "body": from_html(call.body["body"]),
        "created_at": call.second,
    }
    number = state.run("insert_note", **row)
    return _note_shape(state, {**row, "id": number}, contact=contact, company=company)


def _notes(state: State, rows: list[Row], *, contact: Row | None = None, company: Row | None = None) -> Json:
    return {
        "type": "list",
        "data": [_note_shape(state, row, contact=contact, company=company) for row in rows],
        "total_count": len(rows),
        "pages": {"type": "pages", "page": 1, "per_page": max(len(rows), 1), "total_pages": 1},
    }


def _note_shape(state: State, row: Row, *, contact: Row | None, company: Row | None) -> Json:
    admin = state.one("admin", id=row["admin_id"]) if row["admin_id"] else None
    author: Any = None
    if admin is not None:
        author = {"type": "admin", "id": str(admin["id"]), "name": admin["name"], "email": admin["email"]}
    return {
        "type": "note",
        "id": str(row["id"]),
        "created_at": row["created_at"],
        "contact": {"type": "contact", "id": contact["id"]} if contact else None,
        "company": {"type": "company", "id": company["id"]} if company else None,
        "author": author,
        "body": row["body"],
    }
