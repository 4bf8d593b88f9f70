"""Tags put on contacts, conversations and tickets, one by one, and taken off again."""

from .answers import Json, not_found
from .call import Call
from .contacts import live_contact
from .conversations import known
from .state import Row, State
from .tickets import known_ticket
from .workspace import seated_admin, tag_shape


def tag_contact(state: State, call: Call) -> Json:
    """POST /contacts/{id}/tags: one tag; again is the same."""
    contact, tag = live_contact(state, call.ids["id"]), _known(state, call.body["id"])
    state.run("tag_contact", contact_id=contact["id"], tag_id=tag["id"])
    return tag_shape(tag)


def untag_contact(state: State, call: Call) -> Json:
    """DELETE /contacts/{id}/tags/{tag_id}."""
    contact, tag = live_contact(state, call.ids["id"]), _known(state, call.ids["tag_id"])
    state.run("untag_contact", contact_id=contact["id"], tag_id=tag["id"])
    return tag_shape(tag)


def tags_of_contact(state: State, call: Call) -> Json:
    """GET /contacts/{id}/tags."""
    rows = state.all("tags_of_contact", id=live_contact(state, call.ids["id"])["id"])
    return {"type": "list", "data": [tag_shape(row) for row in rows]}


def tag_conversation(state: State, call: Call) -> Json:
    """POST /conversations/{id}/tags: one tag; again is the same."""
    return _tag(state, call, known(state, call))


def untag_conversation(state: State, call: Call) -> Json:
    """DELETE /conversations/{id}/tags/{tag_id}."""
    return _untag(state, call, known(state, call))


def tag_ticket(state: State, call: Call) -> Json:
    """POST /tickets/{id}/tags: one tag; again is the same."""
    return _tag(state, call, known_ticket(state, call))


def untag_ticket(state: State, call: Call) -> Json:
    """DELETE /tickets/{id}/tags/{tag_id}."""
    return _untag(state, call, known_ticket(state, call))


def _tag(state: State, call: Call, row: Row) -> Json:
    tag = _known(state, call.body["id"])
    admin = seated_admin(state, call.body["admin_id"])
    state.run(
        "tag_conversation",
        conversation_id=row["id"],
        tag_id=tag["id"],
        admin_id=str(admin["id"]),
        applied_at=call.second,
    )
    state.run("update_conversation", **{**row, "updated_at": call.second})
    return {
        **tag_shape(tag),
        "applied_at": call.second,
        "applied_by": {"type": "admin", "id": str(admin["id"])},
    }


def _untag(state: State, call: Call, row: Row) -> Json:
    tag = _known(state, call.ids["tag_id"])
    seated_admin(state, call.body["admin_id"])
    state.run("untag_conversation", conversation_id=row["id"], tag_id=tag["id"])
    state.run("update_conversation", **{**row, "updated_at": call.second})
    return tag_shape(tag)


def _known(state: State, tag_id: str) -> Row:
    tag = state.one("tag", id=tag_id)
    if tag is None:
        raise not_found("Tag not found", code="tag_not_found")
    return tag
