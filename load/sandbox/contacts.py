"""Contacts: users are unique, leads are not; archived ones still hold their keys."""

import re
from typing import Any

import orjson

from . import outbox
from .answers import Json, Problem, invalid, not_found
from .attribute_values import checked_values
from .bodies import escaped
from .call import Call
from .state import Row, State
from .workspace import workspace_id

_SHOWN = 10  # tags, notes, companies inside a contact
GRACE = 7 * 86_400  # seconds for which a deleted contact's external id stays locked

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PLAIN = ("role", "phone", "name", "avatar", "signed_up_at", "last_seen_at", "external_id", "email")


def create_contact(state: State, call: Call) -> Json:
    """POST /contacts. Never an upsert: a user's twin is a 409 that names it."""
    workspace = workspace_id(state)
    row: Row = {
        "id": _new_id(state, workspace, now=call.second),
        "state": "live",
        "role": "user",
        "unsubscribed_from_emails": 0,
        "created_at": call.second,
        "custom_attributes": "{}",
        "indexed_at": call.now + call.search_lag,
        **dict.fromkeys(("external_id", "email", "email_key", "phone", "name", "avatar", "owner_id")),
        **dict.fromkeys(("signed_up_at", "last_seen_at", "last_replied_at", "merged_into")),
    }
    row = _with(state, row, call)
    state.run("insert_contact", **row)
    if call.live_series and _mailable(row):
        outbox.notify(state, call, "contact created into a live campaign", about=None)
    return shape(state, row, workspace)


def get_contact(state: State, call: Call) -> Json:
    """GET /contacts/{id}."""
    return shape(state, live_contact(state, call.ids["id"]), workspace_id(state))


def find_by_external_id(state: State, call: Call) -> Json:
    """GET /contacts/find_by_external_id/{external_id}: users only, and without search's lag."""
    row = state.one("contact_by_external_id", external_id=call.ids["external_id"])
    if row is None:
        merged = state.one("merged_by_external_id", external_id=call.ids["external_id"])
        raise _merged(merged) if merged else not_found("User Not Found")
    return shape(state, row, workspace_id(state))


def update_contact(state: State, call: Call) -> Json:
    """PUT /contacts/{id}: only what is named changes."""
    before = live_contact(state, call.ids["id"])
    row = _with(state, before, call)
    state.run("update_contact", **row)
    if call.live_series and _mailable(row) and not _mailable(before):
        outbox.notify(state, call, "contact changed so that a live campaign takes it in", about=None)
    return shape(state, row, workspace_id(state))


def archive_contact(state: State, call: Call) -> Json:
    """POST /contacts/{id}/archive: gone from search and reading, its keys stay taken."""
    return {**_turn(state, call, {"live", "archived"}, "archived"), "archived": True}


def unarchive_contact(state: State, call: Call) -> Json:
    """POST /contacts/{id}/unarchive."""
    row = state.one("contact", id=call.ids["id"])
    if row is not None and row["state"] == "deleted":
        raise invalid("Contact is not restorable")
    return {**_turn(state, call, {"live", "archived"}, "live"), "archived": False}


def delete_contact(state: State, call: Call) -> Json:
    """DELETE /contacts/{id}: for good; its external id stays locked for a while."""
    return {**_turn(state, call, {"live", "archived"}, "deleted"), "deleted": True}


def live_contact(state: State, contact_id: str) -> Row:
    """The contact if it can be seen. Raises Problem."""
    row = state.one("contact", id=contact_id)
    if row is not None and row["state"] == "merged":
        raise _merged(row)
    if row is None or row["state"] != "live":
        raise not_found("User Not Found")
    return row


def _merged(row: Row) -> Problem:
    link = {"Link": f'</contacts/{row["merged_into"]}>; rel="canonical"'}
    return Problem(410, "contact_merged", "This contact was merged into another", headers=link)


def spoke(state: State, row: Row, *, at: int) -> None:
    """The contact wrote something at that time."""
    state.run("update_contact", **{**row, "last_replied_at": max(at, row["last_replied_at"] or 0)})


def reference(row: Row) -> Json:
    """A contact where others mention it."""
    return {"type": "contact", "id": row["id"], "external_id": escaped(row["external_id"])}


def _mailable(row: Row) -> bool:
    """Whether a campaign for everybody new would write to the contact."""
    return row["email"] is not None and not row["unsubscribed_from_emails"]


def _turn(state: State, call: Call, known: set[str], wanted: str) -> Json:
    row = state.one("contact", id=call.ids["id"])
    if row is None or row["state"] not in known:
        raise not_found("User Not Found")
    state.run("update_contact", **{**row, "state": wanted, "updated_at": call.second})
    return reference(row)


def _new_id(state: State, workspace: str, *, now: int) -> str:
    # 24 hex digits: seconds, place, number; so ids of different sandboxes differ as well.
    last = state.one("last_contact")
    number = (last["n"] if last else 0) + 1
    place = workspace.encode().hex()[:10]
    return f"{now & 0xFFFFFFFF:08x}{place}{number & 0xFFFFFF:06x}"


def _with(state: State, row: Row, call: Call) -> Row:
    body: Json = call.body
    changed = {key: _blank_is_null(body[key]) for key in _PLAIN if key in body}
    after: Row = {**row, **changed, "updated_at": call.second}
    if after["role"] not in ("user", "lead"):
        raise invalid("role must be either user or lead", field="role")
    if after["email"] is not None and not _EMAIL.fullmatch(after["email"]):
        raise invalid("email is invalid", field="email")
    if body.get("email_verified") is not None and not after["email"]:
        raise invalid("email_verified needs an email", field="email_verified")
    after["email_key"] = after["email"].casefold() if after["email"] else None
    if "owner_id" in body:
        after["owner_id"] = _owner(state, body["owner_id"])
    if "unsubscribed_from_emails" in body:
        after["unsubscribed_from_emails"] = int(bool(body["unsubscribed_from_emails"]))
    values = checked_values(
        state,
        model="contact",
        values=body.get("custom_attributes") or {},
        before=orjson.loads(row["custom_attributes"]),
    )
    after["custom_attributes"] = orjson.dumps(values).decode()
    if after["role"] == "user":
        _require_single(state, after, now=call.second)
    return after


def _blank_is_null(value: Any) -> Any:
    return None if value == "" else value


def _owner(state: State, owner_id: str | None) -> str | None:
    if owner_id is None:
        return None
    if state.one("admin", id=owner_id) is None:
        raise invalid("owner_id is not an admin of this workspace", field="owner_id")
    return owner_id


def _require_single(state: State, row: Row, *, now: int) -> None:
    twin = state.one(
        "twin",
        external_id=row["external_id"],
        email_key=row["email_key"],
        id=row["id"],
        locked_since=now - GRACE,
    )
    if twin is None:
        return
    kind = "A" if twin["state"] == "live" else "An archived"
    message = f"{kind} contact matching those details already exists with id={twin['id']}"
    raise Problem(409, "conflict", message)


def shape(state: State, row: Row, workspace: str) -> Json:
    """A contact as Intercom shows it: keys and names HTML-escaped."""
    email = row["email"]
    contact: Json = {
        "type": "contact",
        "id": row["id"],
        "workspace_id": workspace,
        "external_id": escaped(row["external_id"]),
        "role": row["role"],
        "phone": row["phone"],
        "name": escaped(row["name"]),
        "avatar": {"type": "avatar", "image_url": row["avatar"]} if row["avatar"] else None,
        "owner_id": row["owner_id"],
        "has_hard_bounced": False,
        "marked_email_as_spam": False,
        "unsubscribed_from_emails": bool(row["unsubscribed_from_emails"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "signed_up_at": row["signed_up_at"],
        "last_seen_at": row["last_seen_at"],
        "last_replied_at": row["last_replied_at"],
        **dict.fromkeys(("last_contacted_at", "last_email_opened_at", "last_email_clicked_at")),
        **dict.fromkeys(("language_override", "browser", "browser_version", "browser_language", "os")),
        "location": {"type": "location", "country": None, "region": None, "city": None},
        "social_profiles": {"type": "list", "data": []},
        "custom_attributes": orjson.loads(row["custom_attributes"]),
        **{key: _belonging(state, row, key) for key in ("tags", "notes", "companies")},
    }
    if email is not None:
        contact["email"] = escaped(email)
        contact["email_domain"] = escaped(email.rpartition("@")[2])
    return contact


def _belonging(state: State, row: Row, key: str) -> Json:
    """The first ten of what hangs on a contact, and where the rest is."""
    rows = state.all(f"{key}_of_contact", id=row["id"])
    kind = key.removesuffix("s") if key != "companies" else "company"
    data = [{"type": kind, "id": str(one["id"]), "url": f"/{key}/{one['id']}"} for one in rows[:_SHOWN]]
    url = f"/contacts/{row['id']}/{key}"
    return {
        "type": "list",
        "data": data,
        "url": url,
        "total_count": len(rows),
        "has_more": len(rows) > _SHOWN,
    }
