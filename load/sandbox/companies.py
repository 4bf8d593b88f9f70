"""Companies: the one true upsert, by the product's own id; seen in lists once somebody belongs to them."""

from typing import Any

import orjson

from .answers import Cursor, Json, Problem, invalid, listing, not_found
from .attribute_values import checked_values
from .bodies import escaped
from .call import Call
from .contacts import live_contact, shape
from .state import Row, State
from .workspace import workspace_id

MOST = 1000  # companies of one contact
_LISTED = 10_000  # companies that pages can reach
_PLAIN = ("name", "size", "website", "industry", "monthly_spend")


def upsert_company(state: State, call: Call) -> Json:
    """POST /companies: creates the company of this `company_id`, or changes it."""
    body: Json = call.body
    known = state.one("any_company_by_company_id", company_id=body["company_id"])
    if known is not None:
        return _save(state, {**known, "archived": 0}, call)
    number = ((state.one("last_company") or {})["n"] or 0) + 1
    row: Row = {
        # 24 hex digits, apart from those of contacts by their first
        "id": f"{call.second & 0x7FFFFFFF | 0x80000000:08x}{number:016x}",
        "n": number,
        "company_id": body["company_id"],
        "remote_created_at": body.get("remote_created_at"),
        "monthly_spend": 0,
        "custom_attributes": "{}",
        "created_at": call.second,
        "archived": 0,
        **dict.fromkeys(("name", "plan", "size", "website", "industry", "last_request_at")),
    }
    return _save(state, row, call, new=True)


def update_company(state: State, call: Call) -> Json:
    """PUT /companies/{id}: only what is named changes."""
    return _save(state, known_company(state, call.ids["id"]), call)


def get_company(state: State, call: Call) -> Json:
    """GET /companies/{id}."""
    return company_shape(state, known_company(state, call.ids["id"]))


def find_companies(state: State, call: Call) -> Json:
    """GET /companies?company_id= or ?name= for a list of one; without either, those that have people."""
    for key, statement in (("company_id", "company_by_company_id"), ("name", "company_by_name")):
        if key in call.query:
            row = state.one(statement, **{key: call.query[key]})
            if row is None:
                raise not_found("Company Not Found", code="company_not_found")
            return _page([company_shape(state, row)], total=1, page=1, per_page=15)
    return list_companies(state, call)


def list_companies(state: State, call: Call) -> Json:
    """POST /companies/list: by number of page, and not past ten thousand."""
    page, per_page = _number(call, "page", 1), _number(call, "per_page", 15)
    if page * per_page > _LISTED:
        raise invalid("page limit reached, please use scroll API")
    rows = state.all("company_page", after=0, limit=page * per_page)[(page - 1) * per_page :]
    total = (state.one("count_companies") or {"count": 0})["count"]
    return _page([company_shape(state, row) for row in rows], total=total, page=page, per_page=per_page)


def delete_company(state: State, call: Call) -> Json:
    """DELETE /companies/{id}: put away; the same `company_id` brings it back."""
    row = known_company(state, call.ids["id"])
    state.run("update_company", **{**row, "archived": 1, "updated_at": call.second})
    return {"id": row["id"], "object": "company", "deleted": True}


def people_of_company(state: State, call: Call) -> Json:
    """GET /companies/{id}/contacts."""
    row = known_company(state, call.ids["id"])
    people = state.all("contacts_of_company", id=row["id"], after=0, limit=_LISTED)
    workspace = workspace_id(state)
    return listing(
        "list",
        "data",
        people,
        total=len(people),
        cursor=Cursor(_LISTED),
        shape=lambda person: shape(state, person, workspace),
    )


def attach_company(state: State, call: Call) -> Json:
    """POST /contacts/{id}/companies: by Intercom's id; again is the same."""
    contact = live_contact(state, call.ids["id"])
    row = known_company(state, call.body["id"])
    others = [one["id"] for one in state.all("companies_of_contact", id=contact["id"])]
    if row["id"] not in others and len(others) >= MOST:
        raise Problem(400, "contact_company_limit_exceeded", f"A contact has at most {MOST} companies")
    state.run("attach_company", contact_id=contact["id"], company_id=row["id"])
    return company_shape(state, row)


def detach_company(state: State, call: Call) -> Json:
    """DELETE /contacts/{id}/companies/{company_id}."""
    contact, row = live_contact(state, call.ids["id"]), known_company(state, call.ids["company_id"])
    state.run("detach_company", contact_id=contact["id"], company_id=row["id"])
    return company_shape(state, row)


def companies_of_contact(state: State, call: Call) -> Json:
    """GET /contacts/{id}/companies."""
    rows = state.all("companies_of_contact", id=live_contact(state, call.ids["id"])["id"])
    return {
        "type": "list",
        "companies": [company_shape(state, row) for row in rows],
        "total_count": len(rows),
        "pages": {"type": "pages", "page": 1, "per_page": 50, "total_pages": 1},
    }


def known_company(state: State, company_id: str) -> Row:
    """The company of Intercom's id. Raises Problem."""
    row = state.one("company", id=company_id)
    if row is None:
        raise not_found("Company Not Found", code="company_not_found")
    return row


def company_shape(state: State, row: Row) -> Json:
    """A company as Intercom shows it: its id and name HTML-escaped."""
    count = (state.one("people_of_company", id=row["id"]) or {"count": 0})["count"]
    shown = {
        "type": "company",
        "id": row["id"],
        "company_id": escaped(row["company_id"]),
        "app_id": workspace_id(state),
        "name": escaped(row["name"]),
        "plan": {"type": "plan", "id": row["plan"], "name": row["plan"]} if row["plan"] else {},
        "size": row["size"],
        "website": row["website"],
        "industry": row["industry"],
        "monthly_spend": row["monthly_spend"],
        "remote_created_at": row["remote_created_at"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "last_request_at": row["last_request_at"],
        "session_count": 0,
        "user_count": count,
        "custom_attributes": orjson.loads(row["custom_attributes"]),
        "tags": {"type": "tag.list", "tags": []},
        "segments": {"type": "segment.list", "segments": []},
        "notes": {"type": "note.list", "notes": []},
    }
    return {key: value for key, value in shown.items() if value is not None}  # never null: left out


def _save(state: State, row: Row, call: Call, *, new: bool = False) -> Json:
    body: Json = call.body
    changed = {key: body[key] for key in _PLAIN if body.get(key) is not None}
    values = checked_values(
        state,
        model="company",
        values=body.get("custom_attributes") or {},
        before=orjson.loads(row["custom_attributes"]),
    )
    after: Row = {
        **row,
        **changed,
        "plan": body.get("plan") or row["plan"],
        "custom_attributes": orjson.dumps(values).decode(),
        "updated_at": call.second,
    }
    if body.get("update_last_request_at"):
        after["last_request_at"] = call.second
    state.run("insert_company" if new else "update_company", **after)
    return company_shape(state, after)


def _page(data: list[Json], *, total: int, page: int, per_page: int) -> Json:
    pages = {"type": "pages", "page": page, "per_page": per_page, "total_pages": -(-total // per_page)}
    return {"type": "list", "data": data, "pages": pages, "total_count": total}


def _number(call: Call, key: str, default: int) -> int:
    wanted: Any = call.query.get(key, call.body.get(key, default))
    try:
        number = int(wanted)
    except (TypeError, ValueError):
        raise invalid(f"{key} must be a number") from None
    if not 1 <= number <= _LISTED:
        raise invalid(f"{key} must be between 1 and {_LISTED}")
    return number
