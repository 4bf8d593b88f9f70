"""The threads of a plan with their payloads: rendered again, and held against the plan's hashes."""

from collections.abc import Iterator, Sequence

from deskferry.schemas.errors import RecordError, RefusedError

from .action import Action, Kind, Step
from .backlog import Backlog, Left
from .compose_conversation import BARE, NOTE
from .plan_file import PlannedAction
from .rendering import Renderer, Start
from .thread import Thread


def render(
    batch: Sequence[Left], backlog: Backlog, renderer: Renderer, *, tags: Sequence[str]
) -> Iterator[Thread]:
    """The threads of `batch`, in its order, one after the other.

    tags: of the whole plan, see its meta. Raises RefusedError for what renders otherwise than planned.
    """
    setup = (
        {(action.kind, action.key): [action] for action in renderer.setup(tags)} if _any_setup(batch) else {}
    )
    contacts = renderer.contacts([left.key for left in batch if left.kind is Kind.CONTACT])
    histories = renderer.histories([int(left.key) for left in batch if left.kind is Kind.CONVERSATION])
    for left in batch:
        plan = backlog.actions(left.kind, left.key)
        if left.kind is Kind.CONVERSATION:
            history = next(histories, None)
            second = next(action.witness["created_at"] for action in plan if action.step is Step.CREATE)
            start = Start(left.contact or "", second)
            form = NOTE if any(action.step is Step.NOTE for action in plan) else BARE
            actions = None if history is None else renderer.conversation(history, start, form=form)
        elif left.kind is Kind.CONTACT:
            contact = contacts[left.key]
            actions = None if isinstance(contact, RecordError) else contact
        else:
            actions = setup.get((left.kind, left.key))
        yield Thread(left.kind, left.key, _as_planned(left, actions, plan), left.contact)


def _any_setup(batch: Sequence[Left]) -> bool:
    return any(left.kind not in (Kind.CONTACT, Kind.CONVERSATION) for left in batch)


def _as_planned(
    left: Left, actions: Sequence[Action] | None, plan: Sequence[PlannedAction]
) -> tuple[Action, ...]:
    """`actions`, if they are the planned ones to the byte."""
    rendered = [(action.step, action.part, action.payload_hash) for action in actions or ()]
    if rendered != [(action.step, action.part, action.payload_hash) for action in plan]:
        raise RefusedError(
            f"{left.kind} {left.key} does not render to what was planned",
            todo="Make the plan again with: deskferry plan",
        )
    return tuple(actions or ())
