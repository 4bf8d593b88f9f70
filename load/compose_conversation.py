"""The calls that make one ticket a conversation: opening, transcript, attributes, tags, assignment, state.

A pure function: the same ticket, mapping, workspace and templates give the same calls, whenever it runs.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import History
from deskferry.templates.render import Templates

from .action import Action, Kind, Ref, Step
from .compose_attributes import LONGEST, NO_LISTS, Lists, shorten, values_of
from .compose_call import call_on
from .compose_company import company_of
from .compose_messages import Speech, state_part
from .compose_notes import compose_notes, snapshot_time
from .compose_state import (
    assignees_of,
    compose_assignments,
    compose_participants,
    compose_state,
    compose_tags,
)
from .left_as import left_as
from .mapped import Workspace, migration_admin, tags_of

NOTE, BARE, MESSAGES = "note", "bare", "messages"  # forms of a conversation


def compose_conversation(
    history: History,
    *,
    mapping: Mapping,
    workspace: Workspace,
    templates: Templates,
    contact: str,
    created_at: int,
    files: Path,
    lists: Lists = NO_LISTS,
    form: str = NOTE,
    people: Sequence[tuple[int, str]] = (),
) -> list[Action]:
    """Every call of one conversation, in the order they are made; the state comes last, as replies reopen.

    contact: Zendesk id of the user whose contact it begins with; his own or of one with the same address.
    created_at: Unix seconds, made unique for the contact by the caller: with it, it is the witness.
    files: folder of the dataset's files. lists: what list attributes take, by name.
    form: note; bare, which has no transcript; or messages.
    people: those in copy who shall take part, each with his contact.
    Visible to the customer are the first call and, as messages, what was public. What could not be sent whole
    or as asked stands in `remarks` of a call. Raises InputError for what the mapping does not answer, and for
    wrong templates; RecordError for a ticket without a status.
    """
    thing, admin = Ref(Kind.CONVERSATION, str(history.ticket_id)), migration_admin(mapping, workspace)
    left = left_as(history, mapping=mapping, now=snapshot_time(workspace))
    assignees = assignees_of(history, mapping=mapping, workspace=workspace, state=left.state)
    lost = [assignee.lost for assignee in assignees.values() if assignee.lost]
    speech = Speech(mapping, workspace, templates, files)
    opening, said = templates.opening(history), list[Action]()
    if form == MESSAGES:
        opening = speech.opening(history)
        said = speech.compose(history, thing, contact=contact, created_at=created_at)
        lost += speech.remarks(history, said)
    elif form == NOTE:
        said += compose_notes(
            history,
            thing,
            mapping=mapping,
            workspace=workspace,
            templates=templates,
            created_at=created_at,
            files=files,
        )
    told = form == NOTE or (form == MESSAGES and mapping.choice("messages", "header") == "note")
    return [
        _create(history, contact=contact, body=opening, created_at=created_at),
        *said,
        _update(history, thing, mapping=mapping, lists=lists, lost=lost, told=told),
        *compose_tags(thing, admin, names=tags_of(mapping, history.tags)),
        *compose_participants(thing, admin, people=people),
        *compose_assignments(thing, admin, assignees=assignees),
        *compose_state(thing, admin, left=left, part=state_part(said)),
    ]


def _create(history: History, *, contact: str, body: str, created_at: int) -> Action:
    """The first text a customer sees. Plain text: Intercom knows no HTML here."""
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
        needs=(Ref(Kind.CONTACT, contact),),
    )


def _update(
    history: History, thing: Ref, *, mapping: Mapping, lists: Lists, lost: Iterable[str], told: bool
) -> Action:
    """told: the facts of the ticket stand in a note besides."""
    values, remarks = values_of(history, mapping=mapping, lists=lists)
    title = " ".join(history.subject.split()) or f"Zendesk #{history.ticket_id}"
    if len(title) > LONGEST:
        remarks.append(f"title: shortened from {len(title):,} characters, stands whole in the transcript")
    if not told:
        remarks = [remark.replace("in the transcript", "in the archive") for remark in remarks]
    payload: dict[str, Any] = {"title": shorten(title), "custom_attributes": values}
    company = company_of(history, mapping=mapping)
    if company is not None:
        payload["company_id"] = company
    return call_on(
        thing,
        Step.UPDATE,
        payload,
        method="PUT",
        needs=() if company is None else (company,),
        remarks=(*remarks, *lost, *history.withheld),
    )
