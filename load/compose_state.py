"""The calls that tag and assign what a ticket became, and leave it open or closed."""

from collections.abc import Iterator

from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import History

from .action import Action, Kind, Ref, Step
from .compose_call import call_on
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


def compose_state(thing: Ref, admin: str, *, state: State) -> Iterator[Action]:
    """The last call: a reply after it would open the conversation again."""
    if state is State.CLOSED:
        payload = {"message_type": "close", "type": "admin", "admin_id": admin}
        yield call_on(thing, Step.CLOSE, payload, path="parts", witness={"state": "closed"})
