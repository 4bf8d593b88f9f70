"""PUT /tickets/{id}: attributes, state, assignee, closing, all in one call; all of it or nothing."""

import orjson

from . import outbox
from .answers import Json, invalid, not_found
from .call import Call
from .companies import known_company
from .part_store import OPERATOR, store_part
from .parts import closed, opened, ring, snoozed
from .state import Row, State
from .ticket_shape import show_ticket
from .ticket_type_store import known_type
from .ticket_values import changed_values, checked_ticket_values
from .tickets import known_state, known_ticket
from .workspace import seated_admin


def update_ticket(state: State, call: Call) -> Json:
    """PUT /tickets/{id}. Whoever is not named acts as Operator; one part for each change."""
    body: Json = call.body
    row = known_ticket(state, call)
    actor = _actor(state, body["admin_id"]) if "admin_id" in body else None
    author = ("admin", str(actor["id"])) if actor else OPERATOR
    if "company_id" in body:
        row = {**row, "company_id": _company(state, row, body["company_id"])}
    if "is_shared" in body:
        row = {**row, "is_shared": int(body["is_shared"])}
    if body.get("ticket_attributes"):
        row = _with_values(state, call, row, author)
    if "ticket_state_id" in body:
        row = _in_state(state, call, row, author)
    if "assignee_id" in body:
        row = _assigned(state, call, row, actor, author)
    if "snoozed_until" in body:
        row = snoozed(row, call)
        store_part(state, call, row, part_type="snoozed", author=author)
    if "open" in body:
        row = opened(row) if body["open"] else closed(row)
        store_part(state, call, row, part_type="open" if body["open"] else "close", author=author)
    row = {**row, "updated_at": call.second}
    state.run("update_conversation", **row)
    if row["is_shared"] and body.get("skip_notifications") is not True:
        what = "changed its state" if "ticket_state_id" in body else "updated"
        outbox.notify(state, call, f"ticket {what} without skip_notifications", about=row["id"])
    return show_ticket(state, row, call)


def _actor(state: State, admin_id: int) -> Row:
    if state.one("admin", id=admin_id) is None:
        raise not_found("Assignee not found", code="assignee_not_found")  # the API's words for an actor too
    return seated_admin(state, admin_id)


def _company(state: State, row: Row, company_id: str | None) -> str | None:
    if company_id is None:
        return None
    company = known_company(state, company_id)
    if company["id"] not in [one["id"] for one in state.all("companies_of_contact", id=row["contact_id"])]:
        raise invalid("company_id is not a company of the ticket's contacts", field="company_id")
    return str(company["id"])


def _with_values(state: State, call: Call, row: Row, author: tuple[str, str]) -> Row:
    kind, values = known_type(state, row["ticket_type_id"]), call.body["ticket_attributes"]
    after = checked_ticket_values(state, kind, values, before=orjson.loads(row["ticket_attributes"]))
    row = {**row, "ticket_attributes": orjson.dumps(after).decode()}
    for changed in changed_values(state, kind, values):
        store_part(
            state, call, row, part_type="ticket_attribute_updated_by_admin", author=author, changed=changed
        )
    return row


def _in_state(state: State, call: Call, row: Row, author: tuple[str, str]) -> Row:
    wanted = known_state(state, known_type(state, row["ticket_type_id"]), call.body["ticket_state_id"])
    if wanted["id"] == row["ticket_state_id"]:
        raise invalid("Cannot transition ticket to the same state", field="ticket_state_id")
    before = state.one("ticket_state", id=row["ticket_state_id"]) or {}
    row = {**row, "ticket_state_id": wanted["id"], "previous_ticket_state_id": before["id"]}
    states = (before["category"], wanted["category"])
    store_part(
        state, call, row, part_type="ticket_state_updated_by_admin", author=author, ticket_states=states
    )
    return row


def _assigned(state: State, call: Call, row: Row, actor: Row | None, author: tuple[str, str]) -> Row:
    """An admin's or a team's id; "0" takes both away."""
    wanted = call.body["assignee_id"]
    if wanted == "0":
        row = {**row, "admin_assignee_id": 0, "team_assignee_id": 0}
        nobody = {"type": "admin", "id": None}
        store_part(state, call, row, part_type="assignment", author=author, assigned=nobody)
        return row
    for kind in ("admin", "team"):
        assignee = state.one(kind, id=wanted)
        if assignee is not None and assignee.get("seat", True):
            break
    else:
        raise not_found("Assignee not found", code="assignee_not_found")
    row = {**row, f"{kind}_assignee_id": assignee["id"]}
    assigned = {"type": kind, "id": str(assignee["id"])}
    store_part(state, call, row, part_type="assignment", author=author, assigned=assigned)
    if call.body.get("skip_notifications") is not True:
        ring(state, call, row, assigned, by=actor)
    return row
