"""The calls of a canary: one of each kind that a plan makes, about nobody, saying nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .action import Kind, Step
from .client import Call
from .foreign import Ours

WORDS = "A canary of deskferry: a test that is deleted again in a moment."
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Cage:
    """What the calls name. All ids are Intercom's.

    steps: what the plan does to a conversation. created_at: unix seconds of its conversations. now: unix
    seconds. admin: who migrates. team, tag: one that the plan uses, None where it uses none. contact_marks,
    conversation_marks: attributes and their values. ticket: id of a type the plan uses and what it requires.
    """

    steps: frozenset[Step]
    created_at: int
    now: int
    admin: str
    team: str | None
    tag: str | None
    contact_marks: Mapping[str, str]
    conversation_marks: Mapping[str, str]
    ticket_type: str | None


def contact_call(cage: Cage, external_id: str) -> Call:
    """A contact without any address, marked so that live campaigns can leave it out."""
    payload = {
        "role": "user",
        "external_id": external_id,
        "name": "deskferry canary",
        "unsubscribed_from_emails": True,
        "custom_attributes": dict(cage.contact_marks),
    }
    return Call("POST", "/contacts", payload)


def create_call(cage: Cage, kind: Kind, *, contact: str) -> Call:
    """A conversation or ticket of that contact, of the same age as those of the plan."""
    if kind is Kind.CONVERSATION:
        payload: dict[str, Any] = {
            "from": {"type": "user", "id": contact},
            "body": WORDS,
            "created_at": cage.created_at,
        }
        return Call("POST", "/conversations", payload, fresh=True)
    payload = {
        "ticket_type_id": cage.ticket_type,
        "contacts": [{"id": contact}],
        "ticket_attributes": {"_default_title_": "deskferry canary", "_default_description_": WORDS},
        "created_at": cage.created_at,
        "skip_notifications": True,
    }
    return Call("POST", "/tickets", payload, fresh=True)


def calls_on(cage: Cage, kind: Kind, id_: str, *, contact: str) -> Iterator[Call]:
    """Everything the plan does to such a thing, in its order."""
    if kind is Kind.TICKET:
        yield from _on_ticket(cage, id_)
        return
    path, admin = f"/conversations/{id_}", {"admin_id": cage.admin}
    if Step.NOTE in cage.steps or Step.MESSAGE in cage.steps:
        yield _reply(cage, path, message_type="note", second=1)
    if Step.MESSAGE in cage.steps:
        said = {"type": "user", "intercom_user_id": contact, "message_type": "comment", "body": WORDS}
        yield _post(f"{path}/reply", said | {"created_at": cage.created_at + 2})
        yield _reply(cage, path, message_type="comment", second=3)
    if Step.UPDATE in cage.steps:
        marks = dict(cage.conversation_marks)
        payload = {"title": "deskferry canary", "custom_attributes": marks}
        yield Call("PUT", path, payload, fresh=True)
    if Step.TAG in cage.steps and cage.tag is not None:
        yield _post(f"{path}/tags", {"id": cage.tag, **admin})
    for kind_, id_of in (("team", cage.team), ("admin", cage.admin)):
        if Step(f"assign_{kind_}") in cage.steps and id_of is not None:
            payload = {"message_type": "assignment", "type": kind_, **admin, "assignee_id": id_of}
            yield _post(f"{path}/parts", payload)
    if Step.CLOSE in cage.steps:
        yield _post(f"{path}/parts", {"message_type": "close", "type": "admin", **admin})
    elif Step.SNOOZE in cage.steps:
        until = cage.now + _DAY
        yield _post(f"{path}/parts", {"message_type": "snoozed", **admin, "snoozed_until": until})


def ours_in(cage: Cage, kind: Kind, *, contact: str) -> Ours:
    """What these calls leave there."""
    steps = cage.steps if kind is Kind.CONVERSATION else frozenset({Step.CLOSE})
    return Ours(
        admins=frozenset({cage.admin}),
        contacts=frozenset({contact}) if Step.MESSAGE in steps else frozenset(),
        tags=frozenset({cage.tag} if Step.TAG in steps and cage.tag else ()),
        admin=cage.admin if Step.ASSIGN_ADMIN in steps else None,
        team=cage.team if Step.ASSIGN_TEAM in steps else None,
        state="closed" if Step.CLOSE in steps else "snoozed" if Step.SNOOZE in steps else "open",
    )


def _on_ticket(cage: Cage, id_: str) -> Iterator[Call]:
    yield _reply(cage, f"/tickets/{id_}", message_type="note", second=1)
    # The one place where Intercom takes the id of an admin as a number.
    actor = int(cage.admin) if cage.admin.isdigit() else cage.admin
    payload = {"open": False, "admin_id": actor, "skip_notifications": True}
    yield Call("PUT", f"/tickets/{id_}", payload, fresh=True)


def _reply(cage: Cage, path: str, *, message_type: str, second: int) -> Call:
    payload = {
        "message_type": message_type,
        "type": "admin",
        "admin_id": cage.admin,
        "body": f"<p>{WORDS}</p>",
        "created_at": cage.created_at + second,
        "skip_notifications": True,
    }
    return _post(f"{path}/reply", payload)


def _post(path: str, payload: Mapping[str, Any]) -> Call:
    return Call("POST", path, payload, fresh=True)
