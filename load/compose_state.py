"""The calls that tag and assign what a ticket became, and leave it open or closed."""

from collections.abc import Iterator, Sequence
from typing import Any

from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import History

from .action import Action, Kind, Ref, Step
from .compose_call import call_on
from .left_as import Left
from .mapped import Assignee, State, Workspace, admin_of, assigns, team_of


def compose_tags(thing: Ref, admin: str, *, names: list[str]) -> Iterator[Action]:
    """A call for each tag."""
    for number, name in enumerate(names, start=1):
        payload = {"id": Ref(Kind.TAG, name), "admin_id": admin}
        yield call_on(thing, Step.TAG, payload, path="tags", part=number, witness={"tag": name})


def assignees_of(
    history: History, *, mapping: Mapping, workspace: Workspace, state: State
) -> dict[Step, Assignee]:
    """To whom it goes, team first."""
    found: dict[Step, Assignee] = {}
    if assigns(mapping, state) and history.group:
        found[Step.ASSIGN_TEAM] = team_of(mapping, workspace, group=history.group)
    if assigns(mapping, state) and history.assignee:
        found[Step.ASSIGN_ADMIN] = admin_of(mapping, workspace, assignee=history.assignee)
    return found


def compose_assignments(thing: Ref, by: str, *, assignees: dict[Step, Assignee]) -> Iterator[Action]:
    """Team and admin take a call each. No `body`: it would be a message to the customer, dated today."""
    for step, assignee in assignees.items():
        if assignee.id is not None:
            kind = "team" if step is Step.ASSIGN_TEAM else "admin"
            payload = {"message_type": "assignment", "type": kind, "admin_id": by, "assignee_id": assignee.id}
            yield call_on(thing, step, payload, path="parts", witness={f"{kind}_assignee_id": assignee.id})


def compose_participants(thing: Ref, admin: str, *, people: Sequence[tuple[int, str]]) -> Iterator[Action]:
    """A call for each person in copy, (Zendesk user id, contact), after everything was said.

    Whoever takes part hears of what customers say from then on.
    """
    for user_id, contact in people:
        payload = {"admin_id": admin, "customer": {"intercom_user_id": Ref(Kind.CONTACT, contact)}}
        yield call_on(
            thing,
            Step.PARTICIPANT,
            payload,
            path="customers",
            part=user_id,
            witness={"participant": contact},
            needs=(Ref(Kind.CONTACT, contact),),
        )


def compose_state(thing: Ref, admin: str, *, left: Left, part: int = 0) -> Iterator[Action]:
    """The last call: a reply after it would open the conversation again. A new one is open by itself.

    part: number of the call, another one where something was said since a former close.
    """
    if left.state is State.CLOSED:
        payload = {"message_type": "close", "type": "admin", "admin_id": admin}
        yield call_on(thing, Step.CLOSE, payload, path="parts", part=part, witness={"state": "closed"})
    elif left.until is not None:
        shown: dict[str, Any] = {"state": "snoozed", "snoozed_until": left.until}
        asked = {"message_type": "snoozed", "admin_id": admin, "snoozed_until": left.until}
        yield call_on(thing, Step.SNOOZE, asked, path="parts", part=part, witness=shown)
