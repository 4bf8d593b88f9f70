"""The threads of a plan with their payloads: rendered again, and held against the plan's hashes."""

from collections.abc import Iterator, Mapping, Sequence

from deskferry.schemas.errors import RecordError, RefusedError
from deskferry.templates.history import History

from .action import HISTORY, SETUP, Action, Ref, Step
from .backlog import Backlog, Left
from .people import Calls
from .plan_file import Becomes, PlannedAction
from .rendering import Renderer, Start, Uses
from .thread import Thread


def render(batch: Sequence[Left], backlog: Backlog, renderer: Renderer, *, uses: Uses) -> Iterator[Thread]:
    """The threads of `batch`, in its order, one after the other.

    uses: of the whole plan, see its meta. Raises RefusedError for what renders otherwise than planned.
    """
    renderer.relieve()
    others = [left for left in batch if left.kind not in (*HISTORY, *SETUP)]
    things = renderer.things(Ref(left.kind, left.key) for left in others)
    if any(left.kind in SETUP for left in batch):
        things |= {Ref(action.kind, action.key): [action] for action in renderer.setup(uses)}
    histories = renderer.histories([int(left.key) for left in batch if left.kind in HISTORY])
    for left in batch:
        plan = backlog.actions(left.kind, left.key)
        if left.kind in HISTORY:
            calls = _ticket(left, plan, next(histories, None), renderer)
        else:
            calls = _thing(left, things)
        yield Thread(left.kind, left.key, _as_planned(left, calls, plan))


def _ticket(
    left: Left, plan: Sequence[PlannedAction], history: History | None, renderer: Renderer
) -> Sequence[Action]:
    if history is None:
        return ()
    witness = next(action.witness for action in plan if action.step is Step.CREATE)
    people = tuple(
        (action.part, action.witness["participant"]) for action in plan if action.step is Step.PARTICIPANT
    )
    start = Start(witness["contact"], witness["created_at"], people)
    return renderer.ticket(history, start, becomes=Becomes(left.kind, left.form or ""))


def _thing(left: Left, things: Mapping[Ref, Calls]) -> Sequence[Action]:
    calls = things.get(Ref(left.kind, left.key), [])
    return () if isinstance(calls, RecordError) else calls


def _as_planned(left: Left, actions: Sequence[Action], plan: Sequence[PlannedAction]) -> tuple[Action, ...]:
    """`actions`, if they are the planned ones to the byte."""
    rendered = [(action.step, action.part, action.payload_hash) for action in actions]
    if rendered != [(action.step, action.part, action.payload_hash) for action in plan]:
        raise RefusedError(
            f"{left.kind} {left.key} does not render to what was planned",
            todo="Make the plan again with: deskferry plan",
        )
    return tuple(actions)
