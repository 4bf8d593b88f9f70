"""The calls that make one ticket a conversation: opening, transcript, attributes, tags, assignment, state.

A pure function: the same ticket, mapping, workspace and templates give the same calls, whenever it runs.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from deskferry.schemas.attribute_value import unix_seconds
from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import History
from deskferry.templates.render import Templates

from .action import Action, Kind, Ref, Step
from .compose_attributes import LONGEST, shorten, values_of
from .mapped import (
    Assignee,
    State,
    Workspace,
    admin_of,
    assigns,
    migration_admin,
    state_of,
    tags_of,
    team_of,
)

NOTE, BARE = "note", "bare"  # forms of a conversation


def compose_conversation(
    history: History,
    *,
    mapping: Mapping,
    workspace: Workspace,
    templates: Templates,
    contact: str,
    created_at: int,
    form: str = NOTE,
) -> list[Action]:
    """Every call of one conversation, in the order they are made; the state comes last, as replies reopen.

    contact: Zendesk id of the user whose contact it begins with; his own or of one with the same address.
    created_at: Unix seconds, made unique for the contact by the caller: with it, it is the witness.
    form: note, or bare, which has no transcript.
    Only the first call is visible to the customer. What could not be sent whole or as asked stands in
    `remarks` of the call. Raises InputError for what the mapping does not answer, and for wrong
    templates; RecordError for a ticket without a status.
    """
    key, admin = str(history.ticket_id), migration_admin(mapping, workspace)
    state = state_of(mapping, status=history.status, custom_status=history.custom_status)
    assignees = _assignees(history, mapping=mapping, workspace=workspace, state=state)
    lost = [assignee.lost for assignee in assignees.values() if assignee.lost]
    notes = _notes(history, mapping=mapping, workspace=workspace, templates=templates, created_at=created_at)
    return [
        _create(history, contact=contact, body=templates.opening(history), created_at=created_at),
        *(() if form == BARE else notes),
        _update(history, mapping=mapping, lost=lost),
        *_tags(key, admin, names=tags_of(mapping, history.tags)),
        *_assignments(key, admin, assignees=assignees),
        *_close(key, admin, state=state),
    ]


def note_times(history: History, *, count: int, created_at: int, now: int) -> list[int]:
    """A time for each note: that of the last message, then a second later each.

    After the conversation's and not after `now`; only a conversation that begins less than `count` seconds
    before `now` gets later ones.
    """
    last = max((unix_seconds(message.created_at) or 0 for message in history.messages), default=0)
    first = max(created_at + 1, min(last, now - count + 1))
    return [first + number for number in range(count)]


def snapshot_time(workspace: Workspace) -> int:
    """Unix seconds of the snapshot: the present of a plan, so that a plan does not change with the clock."""
    return unix_seconds(datetime.fromisoformat(workspace["taken_at"])) or 0


def _create(history: History, *, contact: str, body: str, created_at: int) -> Action:
    """The only text a customer can see. Its plain text: Intercom knows no HTML here."""
    return Action(
        kind=Kind.CONVERSATION,
        key=str(history.ticket_id),
        step=Step.CREATE,
        part=0,
        method="POST",
        path="/conversations",
        payload={
            "from": {"type": "user", "id": Ref(Kind.CONTACT, contact)},
            "body": body,
            "created_at": created_at,
        },
        witness={"contact": contact, "created_at": created_at},
        customer_visible=True,
    )


def _notes(
    history: History, *, mapping: Mapping, workspace: Workspace, templates: Templates, created_at: int
) -> Iterator[Action]:
    admin = migration_admin(mapping, workspace)
    notes = templates.transcript_notes(history, limit=mapping.data["limits"]["note"])
    times = note_times(history, count=len(notes), created_at=created_at, now=snapshot_time(workspace))
    for number, (body, time) in enumerate(zip(notes, times, strict=True), start=1):
        payload = {
            "message_type": "note",
            "type": "admin",
            "admin_id": admin,
            "body": body,
            "created_at": time,
            "skip_notifications": True,
        }
        witness = {"admin_id": admin, "created_at": time}
        yield _call(str(history.ticket_id), Step.NOTE, payload, path="reply", part=number, witness=witness)


def _update(history: History, *, mapping: Mapping, lost: list[str]) -> Action:
    values, remarks = values_of(history, mapping=mapping)
    title = " ".join(history.subject.split()) or f"Zendesk #{history.ticket_id}"
    if len(title) > LONGEST:
        remarks.append(f"title: shortened from {len(title):,} characters, stands whole in the transcript")
    payload = {"title": shorten(title), "custom_attributes": values}
    return _call(
        str(history.ticket_id),
        Step.UPDATE,
        payload,
        method="PUT",
        remarks=(*remarks, *lost, *history.withheld),
    )


def _tags(key: str, admin: str, *, names: list[str]) -> Iterator[Action]:
    for number, name in enumerate(names, start=1):
        payload = {"id": Ref(Kind.TAG, name), "admin_id": admin}
        yield _call(key, Step.TAG, payload, path="tags", part=number, witness={"tag": name})


def _assignees(
    history: History, *, mapping: Mapping, workspace: Workspace, state: State
) -> dict[Step, Assignee]:
    found: dict[Step, Assignee] = {}
    if assigns(mapping, state) and history.group:
        found[Step.ASSIGN_TEAM] = team_of(mapping, workspace, group=history.group)
    if assigns(mapping, state) and history.assignee:
        found[Step.ASSIGN_ADMIN] = admin_of(mapping, workspace, assignee=history.assignee)
    return found


def _assignments(key: str, by: str, *, assignees: dict[Step, Assignee]) -> Iterator[Action]:
    """Team and admin take a call each. No `body`: it would be a message to the customer, dated today."""
    for step, assignee in assignees.items():
        if assignee.id is not None:
            kind = "team" if step is Step.ASSIGN_TEAM else "admin"
            payload = {"message_type": "assignment", "type": kind, "admin_id": by, "assignee_id": assignee.id}
            yield _call(key, step, payload, path="parts", witness={f"{kind}_assignee_id": assignee.id})


def _close(key: str, admin: str, *, state: State) -> Iterator[Action]:
    if state is State.CLOSED:
        payload = {"message_type": "close", "type": "admin", "admin_id": admin}
        yield _call(key, Step.CLOSE, payload, path="parts", witness={"state": "closed"})


def _call(
    key: str,
    step: Step,
    payload: dict[str, Any],
    *,
    method: str = "POST",
    path: str | None = None,
    part: int = 0,
    witness: dict[str, Any] | None = None,
    remarks: tuple[str, ...] = (),
) -> Action:
    """A call on the conversation that the first call made."""
    return Action(
        kind=Kind.CONVERSATION,
        key=key,
        step=step,
        part=part,
        method=method,
        path=f"/conversations/{{id}}/{path}" if path else "/conversations/{id}",
        payload=payload,
        target=Ref(Kind.CONVERSATION, key),
        witness=witness or {},
        remarks=remarks,
    )
