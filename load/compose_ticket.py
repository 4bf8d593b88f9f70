"""The calls that make one ticket of Zendesk a ticket of Intercom's: all about it, transcript, tags, state.

A pure function, as compose_conversation. Whatever can notify anybody carries `skip_notifications`.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskferry.schemas.attribute_value import Value
from deskferry.schemas.errors import InputError, RecordError
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.own_attributes import TICKET_ID
from deskferry.schemas.ticket_types import (
    DESCRIPTION,
    OF_ALL,
    REPLIES,
    TITLE,
    TicketType,
    state_called,
    ticket_type,
    wanted_attributes,
    wanted_state,
)
from deskferry.templates.history import History
from deskferry.templates.render import Templates, opens_with_requester

from .action import Action, Kind, Ref, Step
from .compose_attributes import LONGEST, Targets, filled, ours, shorten
from .compose_call import call_on
from .compose_company import company_of
from .compose_lists import ticket_lists
from .compose_messages import Speech, state_part
from .compose_notes import compose_notes, snapshot_time
from .compose_state import assignees_of, compose_tags
from .field_facts import FieldFacts
from .left_as import Left, left_as
from .mapped import Assignee, FieldTarget, State, TagTarget, Workspace, migration_admin, tags_of
from .ticket_ids import item_ref, state_ref


@dataclass(frozen=True, slots=True)
class _Filled:
    """Attributes of a ticket by name, lists by a Ref to their item."""

    values: dict[str, Value | Ref]
    remarks: list[str]


def compose_ticket(
    history: History,
    *,
    mapping: Mapping,
    workspace: Workspace,
    templates: Templates,
    contact: str,
    created_at: int,
    files: Path,
    facts: FieldFacts,
    name: str,
) -> list[Action]:
    """Every call of one ticket, in the order they are made; the state comes last, as replies reopen.

    contact, created_at, files: as for a conversation. name: of the ticket type. Raises RecordError for a
    ticket that no customer ever saw and the type would show him, and for one without a status; InputError
    for what the mapping does not answer.
    """
    kind = known_type(mapping, workspace, name)
    _require_seen(history, kind)
    thing, admin = Ref(Kind.TICKET, str(history.ticket_id)), migration_admin(mapping, workspace)
    left = left_as(history, mapping=mapping, now=snapshot_time(workspace))
    assignees = assignees_of(history, mapping=mapping, workspace=workspace, state=left.state)
    attributes = _attributes(history, kind, mapping=mapping, facts=facts)
    attributes.values.update(_words(history, kind, templates, attributes.remarks))
    if kind.form == REPLIES:
        speech = Speech(mapping, workspace, templates, files)
        attributes.values[DESCRIPTION] = speech.opening(history)
        said = speech.compose(history, thing, contact=contact, created_at=created_at)
        attributes.remarks.extend(speech.remarks(history, said))
    else:
        said = list(
            compose_notes(
                history,
                thing,
                mapping=mapping,
                workspace=workspace,
                templates=templates,
                created_at=created_at,
                files=files,
            )
        )
    return [
        _create(
            history,
            kind,
            contact=contact,
            created_at=created_at,
            attributes=attributes,
            assignees=assignees,
            company=company_of(history, mapping=mapping),
        ),
        *said,
        *compose_tags(thing, admin, names=tags_of(mapping, history.tags)),
        _update(history, thing, kind, admin=admin, left=left, part=state_part(said)),
    ]


def known_type(mapping: Mapping, workspace: Workspace, name: str) -> TicketType:
    """The ticket type of that name. Raises InputError where neither mapping nor workspace has it."""
    kind = ticket_type(mapping, workspace, name)
    if kind is None:
        raise InputError(
            f'no ticket type "{name}" in {workspace["name"]}, and ticket_types does not say what it is',
            where=mapping.where("rules"),
            todo="Say it in ticket_types, or choose another",
        )
    return kind


def _require_seen(history: History, kind: TicketType) -> None:
    if kind.customers_see and not any(message.public for message in history.messages):
        raise RecordError(
            f'no customer ever saw it, and tickets of type "{kind.name}" are shown to them:'
            " choose a back-office type or archive_only"
        )


def _attributes(history: History, kind: TicketType, *, mapping: Mapping, facts: FieldFacts) -> _Filled:
    lists = ticket_lists(mapping, kind, facts=facts)
    targets = _targets(mapping, kind, lists)
    own = ((TICKET_ID if name == "zendesk_id" else name, value) for name, value in ours(history, mapping))
    labelled, remarks = filled(history, own, mapping=mapping, targets=targets)
    values: dict[str, Value | Ref] = {
        name: item_ref(kind.name, name, lists[name][str(value)]) if name in lists else value
        for name, value in labelled.items()
    }
    for attribute in (kind.there or {}).get("attributes", ()):
        name = attribute["name"]
        if attribute.get("required", False) and name not in OF_ALL and name not in values:
            raise RecordError(f'ticket type "{kind.name}" requires attribute {name}, and it has no value')
    return _Filled(values, remarks)


def _targets(mapping: Mapping, kind: TicketType, lists: Table[str, Table[str, str]]) -> Targets:
    tags = mapping.data["tags"]["values"]
    fields, of_tags = [], []
    for one in wanted_attributes(mapping, kind):
        if one.field is not None:
            fields.append(FieldTarget(one.field, one.name, one.data_type, one.where or ""))
        if one.tag is not None:
            value = tags[one.tag].get("value", True)
            of_tags.append(TagTarget(one.tag, one.name, one.data_type, one.where or "", value))
    return Targets(fields, of_tags, lists)


def _words(
    history: History, kind: TicketType, templates: Templates, remarks: list[str]
) -> dict[str, Value | Ref]:
    """Title and description. Where customers read them, nothing but what the customer himself began with."""
    title = " ".join(history.subject.split())
    own = bool(history.messages) and opens_with_requester(history.messages[0], history)
    if not title or (kind.customers_see and not own):
        title = f"Zendesk #{history.ticket_id}"
    if len(title) > LONGEST:
        remarks.append(f"title: shortened from {len(title):,} characters, stands whole in the transcript")
    return {TITLE: shorten(title), DESCRIPTION: templates.opening(history)}


def _create(
    history: History,
    kind: TicketType,
    *,
    contact: str,
    created_at: int,
    attributes: _Filled,
    assignees: dict[Step, Assignee],
    company: Ref | None,
) -> Action:
    payload: dict[str, Any] = {
        "ticket_type_id": Ref(Kind.TICKET_TYPE, kind.name),
        "contacts": [{"id": Ref(Kind.CONTACT, contact)}],
        "ticket_attributes": attributes.values,
        "created_at": created_at,
        "skip_notifications": True,
    }
    assignment = dict(_assignment(assignees))
    if assignment:
        payload["assignment"] = assignment
    if company is not None:
        payload["company_id"] = company
    lost = [assignee.lost for assignee in assignees.values() if assignee.lost]
    return Action(
        kind=Kind.TICKET,
        key=str(history.ticket_id),
        step=Step.CREATE,
        part=0,
        method="POST",
        path="/tickets",
        payload=payload,
        witness={
            "contact": contact,
            "created_at": created_at,
            "ticket_type": kind.name,
            TICKET_ID: str(history.ticket_id),
        },
        customer_visible=kind.customers_see,
        remarks=(*attributes.remarks, *lost, *history.withheld),
        needs=(Ref(Kind.CONTACT, contact), *([company] if company is not None else ())),
    )


def _assignment(assignees: dict[Step, Assignee]) -> Iterator[tuple[str, str]]:
    for step, assignee in assignees.items():
        if assignee.id is not None:
            yield f"{'team' if step is Step.ASSIGN_TEAM else 'admin'}_assignee_id", assignee.id


def _update(history: History, thing: Ref, kind: TicketType, *, admin: str, left: Left, part: int) -> Action:
    """State and closing in one call. It names who acts, else it would be Operator.

    part: as of the call that closes a conversation.
    """
    wanted = wanted_state(kind, status=history.status, custom_status=history.custom_status)
    called = state_called(kind, wanted)
    if called is None:
        raise InputError(f'ticket type "{kind.name}" has no state "{wanted}"', where=kind.where)
    ref = state_ref(kind.name, called)
    payload: dict[str, Any] = {"ticket_state_id": ref}
    witness: dict[str, Any] = {"ticket_state": ref.key}
    if left.state is State.CLOSED:
        payload["open"] = witness["open"] = False
    elif left.until is not None:
        payload["snoozed_until"] = witness["snoozed_until"] = left.until
    # The one place where Intercom takes the id of an admin as a number.
    payload |= {"admin_id": int(admin) if admin.isdigit() else admin, "skip_notifications": True}
    return call_on(thing, Step.UPDATE, payload, method="PUT", part=part, witness=witness)
