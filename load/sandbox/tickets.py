"""Tickets: made at once or by a job, out of nothing or of a conversation; read and deleted."""

from typing import Any

import orjson

from . import outbox
from .answers import Json, Problem, invalid, not_found
from .call import Call
from .companies import known_company
from .contacts import create_contact, live_contact
from .conversations import asked_time, delete_conversation, known
from .part_store import OPERATOR, store_part
from .parts import ring
from .state import Row, State
from .ticket_shape import show_ticket
from .ticket_type_store import BACK_OFFICE, CUSTOMER, TRACKER, known_type
from .ticket_values import checked_ticket_values, require_filled_in

JOB_SECONDS = 1.0  # until a job is done


def create_ticket(state: State, call: Call) -> Json:
    """POST /tickets: for exactly one contact. `id` is the ticket's; `ticket_id` is for people only."""
    return show_ticket(state, _created(state, call), call)


def enqueue_ticket(state: State, call: Call) -> Json:
    """POST /tickets/enqueue: a job; only what the type itself forbids is refused at once."""
    kind = known_type(state, call.body["ticket_type_id"])
    require_filled_in(state, kind, _values(state, kind, call.body.get("ticket_attributes")))
    made: Row | None = None
    try:
        with state.attempt():
            made = _created(state, call)
    except Problem:
        made = None
    number = state.run(
        "insert_job",
        ready_at=call.now + JOB_SECONDS,
        status="success" if made else "failed",
        resource_id=str(made["id"]) if made else None,
    )
    return _job_shape(state.one("job", id=number) or {}, call)


def job_status(state: State, call: Call) -> Json:
    """GET /jobs/status/{id}."""
    row = state.one("job", id=call.ids["id"])
    if row is None:
        raise not_found("Job Not Found", code="job_not_found")
    return _job_shape(row, call)


def get_ticket(state: State, call: Call) -> Json:
    """GET /tickets/{id}."""
    return show_ticket(state, known_ticket(state, call), call)


def delete_ticket(state: State, call: Call) -> Json:
    """DELETE /tickets/{id}: for good, with everything in it."""
    known_ticket(state, call)
    return {**delete_conversation(state, call), "object": "ticket"}


def convert_conversation(state: State, call: Call) -> Json:
    """POST /conversations/{id}/convert: from then on it is a ticket as well, under the same id."""
    row, kind = known(state, call), known_type(state, call.body["ticket_type_id"])
    if kind["category"] != CUSTOMER:
        raise invalid("Ticket type is not a customer ticket type", field="ticket_type_id")
    if row["ticket_id"] is not None:
        raise invalid("Conversation is already a ticket")
    values = _values(state, kind, call.body.get("attributes"))
    require_filled_in(state, kind, values)
    wanted = call.body.get("ticket_state_id")
    first = _first_state(state, kind) if wanted is None else known_state(state, kind, wanted)
    row = _as_ticket(state, call, row, kind, values=values, first=first)
    outbox.notify(state, call, "conversation became a customer ticket; no way to silence it", about=row["id"])
    return show_ticket(state, row, call)


def known_ticket(state: State, call: Call) -> Row:
    """The ticket of the path. Raises Problem: none, or only a conversation; `ticket_id` is no id."""
    try:
        row = known(state, call)
    except Problem:
        row = {"ticket_id": None}
    if row["ticket_id"] is None:
        raise not_found("Ticket not found", code="ticket_not_found")
    return row


def known_state(state: State, kind: Row, state_id: str) -> Row:
    """The ticket state, if tickets of this type can be in it. Raises Problem."""
    for row in state.all("states_of_ticket_type", id=kind["id"]):
        if str(row["id"]) == state_id:
            return row
    message = "Ticket state id is not valid or is not associated with the ticket type"
    raise Problem(400, "ticket_state_id_invalid", message, field="ticket_state_id")


def _created(state: State, call: Call) -> Row:
    body: Json = call.body
    kind = known_type(state, body["ticket_type_id"])
    if kind["archived"]:
        raise invalid("Ticket type is archived", field="ticket_type_id")
    created_at = asked_time(call)
    values = _values(state, kind, body.get("ticket_attributes"))
    require_filled_in(state, kind, values)
    linked = _linkable(state, kind, body.get("conversation_to_link_id"))
    contact = _contact(state, call, body["contacts"][0])
    number = state.run(
        "insert_conversation",
        contact_id=contact["id"],
        subject="",
        body="",
        attachments="[]",
        created_at=created_at,
        indexed_at=call.now + call.search_lag,
        listed=0,
    )
    row = state.one("conversation", id=number) or {}
    if body.get("company_id") is not None:
        row["company_id"] = known_company(state, body["company_id"])["id"]
    row = _as_ticket(state, call, row, kind, values=values, first=_first_state(state, kind))
    if linked is not None:
        state.run("link", conversation_id=linked["id"], ticket_id=row["id"])
    silent = body.get("skip_notifications") is True
    if kind["category"] == CUSTOMER and not silent:
        outbox.notify(state, call, "ticket created without skip_notifications", about=row["id"])
    return _first_assigned(state, call, row, silent=silent)


def _as_ticket(state: State, call: Call, row: Row, kind: Row, *, values: Json, first: Row) -> Row:
    row = {
        **row,
        "ticket_id": (state.one("last_ticket_id") or {})["ticket_id"] + 1,
        "ticket_type_id": kind["id"],
        "ticket_state_id": first["id"],
        "ticket_attributes": orjson.dumps(values).decode(),
        "is_shared": int(kind["category"] == CUSTOMER),
        "updated_at": call.second,
    }
    state.run("update_conversation", **row)
    states = (first["category"], first["category"])
    kind_of_part = "ticket_state_updated_by_admin"
    store_part(state, call, row, part_type=kind_of_part, author=OPERATOR, ticket_states=states)
    return row


def _first_assigned(state: State, call: Call, row: Row, *, silent: bool) -> Row:
    for kind in ("admin", "team"):
        wanted = (call.body.get("assignment") or {}).get(f"{kind}_assignee_id")
        if wanted in (None, "", "0"):
            continue
        assignee = state.one(kind, id=wanted)
        if assignee is None or not assignee.get("seat", True):
            raise not_found("Assignee not found", code="assignee_not_found")
        row = {**row, f"{kind}_assignee_id": assignee["id"]}
        state.run("update_conversation", **row)
        assigned = {"type": kind, "id": str(assignee["id"])}
        store_part(state, call, row, part_type="assignment", author=OPERATOR, assigned=assigned)
        if not silent:
            ring(state, call, row, assigned, by=None)
    return row


def _values(state: State, kind: Row, given: Any) -> Json:
    return checked_ticket_values(state, kind, given or {}, before={})


def _first_state(state: State, kind: Row) -> Row:
    states = [row for row in state.all("states_of_ticket_type", id=kind["id"]) if not row["archived"]]
    if not states:
        raise invalid("Ticket type has no states", field="ticket_type_id")
    return next((row for row in states if row["category"] == "submitted"), states[0])


def _contact(state: State, call: Call, named: Json) -> Row:
    """Whom the ticket is about: by id, external id, or an e-mail that makes a contact if nobody has it."""
    if "id" in named:
        return live_contact(state, named["id"])
    if "external_id" in named:
        row = state.one("contact_by_external_id", external_id=named["external_id"])
        if row is None:
            raise not_found("User Not Found")
        return row
    row = state.one("contact_by_email", email_key=named["email"].casefold())
    if row is None:
        made = create_contact(state, call.asking({"role": "user", "email": named["email"]}))
        row = live_contact(state, made["id"])
    return row


def _linkable(state: State, kind: Row, conversation_id: str | None) -> Row | None:
    if conversation_id is None:
        return None
    row = state.one("conversation", id=conversation_id)
    if row is None:
        raise not_found("Conversation not found", code="conversation_not_found")
    if kind["category"] not in (BACK_OFFICE, TRACKER):
        raise invalid("A customer ticket cannot be linked to a conversation", field="conversation_to_link_id")
    return row


def _job_shape(row: Row, call: Call) -> Json:
    done = call.now >= row["ready_at"]
    resource = row["resource_id"] if done else None
    return {
        "type": "job",
        "id": str(row["id"]),
        "url": f"{call.base_url}/jobs/status/{row['id']}",
        "status": row["status"] if done else "pending",
        "resource_type": "ticket",
        "resource_id": resource,
        "resource_url": f"{call.base_url}/tickets/{resource}" if resource else None,
    }
