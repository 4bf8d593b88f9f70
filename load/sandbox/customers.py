"""People beside the one who began a conversation: what Zendesk calls CCs."""

from .answers import Json, Problem, not_found
from .call import Call
from .contacts import create_contact, live_contact
from .conversation_shape import show
from .conversations import known
from .state import Row, State
from .workspace import seated_admin


def add_customer(state: State, call: Call) -> Json:
    """POST /conversations/{id}/customers: an e-mail nobody has makes a lead."""
    row = known(state, call)
    if "admin_id" in call.body:
        seated_admin(state, call.body["admin_id"])
    contact = _named(state, call)
    if contact["id"] != row["contact_id"]:
        state.run("add_customer", conversation_id=row["id"], contact_id=contact["id"])
    return show(state, row, call)


def remove_customer(state: State, call: Call) -> Json:
    """DELETE /conversations/{id}/customers/{contact_id}: never the last one."""
    row = known(state, call)
    seated_admin(state, call.body["admin_id"])
    wanted = call.ids["contact_id"]
    others = [one["id"] for one in state.all("customers_of_conversation", id=row["id"])]
    if wanted == row["contact_id"]:
        raise Problem(422, "cannot_remove_last_customer", "The first customer stays in the conversation")
    if wanted not in others:
        raise not_found("User Not Found")
    state.run("remove_customer", conversation_id=row["id"], contact_id=wanted)
    return show(state, row, call)


def _named(state: State, call: Call) -> Row:
    customer: Json = call.body["customer"]
    if "intercom_user_id" in customer:
        return live_contact(state, customer["intercom_user_id"])
    if "user_id" in customer:
        row = state.one("contact_by_external_id", external_id=customer["user_id"])
    else:
        row = state.one("contact_by_email", email_key=customer["email"].casefold())
        if row is None:
            body = {"role": "lead", "email": customer["email"]}
            made = create_contact(state, call.asking(body))
            row = state.one("contact", id=made["id"])
    if row is None or row["state"] != "live":
        raise not_found("User Not Found")
    return row
