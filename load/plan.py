"""Making a plan: every call that will be made, counted and recognisable, before any is."""

from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deskferry.schemas.dataset import Dataset
from deskferry.schemas.decision import Decision
from deskferry.schemas.errors import RecordError, RefusedError
from deskferry.schemas.mapping import Mapping as TicketMapping
from deskferry.schemas.progress import Progress, Silent
from deskferry.schemas.silence import Silence
from deskferry.schemas.workspace import workspace_digest
from deskferry.templates.history import History
from deskferry.templates.render import Templates

from .action import Action, Ref, brings_of, needs_of
from .doubles import doubles
from .people import Calls
from .plan_file import FIRST, MAIN, OPEN, Becomes, PlanWriter, relative_paths, write_plan
from .plan_needs import Needs
from .plan_summary import PlanSummary, plan_digest, summarize
from .rendering import BATCH, NO_START, Renderer, Start, Uses, open_renderer
from .require_people import require_known, require_people


def build_plan(
    dataset: Dataset,
    *,
    mapping: TicketMapping,
    decisions: Iterable[Decision],
    templates: Templates,
    templates_dir: Path | None,
    workspace: dict[str, Any],
    into: Path,
    limit: int | None = None,
    silence: Silence | None = None,
    no_silence: str | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> PlanSummary:
    """Write the plan of what `decisions` load, at most `limit` conversations.

    decisions: in the order they shall be loaded; closed ones come before open ones all the same.
    workspace: a snapshot. silence, no_silence: see silenced.py. Raises RefusedError when the purpose is
    compliance or `into` exists, and InputError for an archive that is missing or old. The same inputs give
    the same digest and the same calls.
    """
    require_purpose(dataset, mapping)
    require_people(workspace, mapping)
    progress = progress or Silent()
    with write_plan(into, replace=replace) as plan:
        # All decisions first: they come from the archive, which two readers can't have open at once.
        count = plan.decide(decisions)
        progress.start("planning", total=count, unit="tickets")
        with open_renderer(dataset, mapping=mapping, templates=templates, workspace=workspace) as renderer:
            building = _Building(renderer, plan)
            renderer.reckon_starts()
            for batch in plan.chosen(batch=BATCH):
                building.add(batch, limit=limit)
                progress.advance(len(batch))
                if limit is not None and building.tickets >= limit:
                    plan.forget_after(building.last)
                    break
            building.add_setup()
            require_known(renderer.known, mapping)
            plan.note_doubles(doubles(renderer.connection, renderer.known, planned=plan.has))
            if renderer.known is not None:  # nobody else counts for the plan
                workspace = {**workspace, "people": renderer.known.consulted}
        _write_facts(plan, into, dataset, mapping=mapping, templates=templates, folder=templates_dir)
        plan.note(workspace=workspace, needs=building.needs.as_dict(), uses=building.uses.as_dict())
        plan.note(
            silence=relative_paths(into, silence.path if silence else None),
            silence_digest=silence.digest if silence else None,
            no_silence=no_silence,
        )
        digests = [dataset.digest, mapping.digest, templates.digest, workspace_digest(workspace)]
        digests += [silence.digest] if silence else []
        digest = plan_digest(plan.connection, digests)
        summary = summarize(plan.connection, digest=digest, limit=workspace["limit"], path=into)
        plan.note(digest=digest, summary=summary.as_dict())
    return summary


def require_purpose(dataset: Dataset, mapping: TicketMapping) -> None:
    """Raise RefusedError where the mapping's purpose is that nothing is loaded."""
    if mapping.data["purpose"] == "compliance":
        raise RefusedError(
            "the purpose is compliance: nothing is loaded anywhere",
            where=mapping.where("purpose"),
            todo=f"The archive is the result: {dataset.archive}; ask it with: deskferry sql",
        )


@dataclass(frozen=True, slots=True)
class _Composed:
    """A ticket with the calls that load it."""

    history: History
    becomes: Becomes
    actions: list[Action]


@dataclass(slots=True)
class _Building:
    """What is known while a plan grows: only counts and names, whatever the number of tickets."""

    renderer: Renderer
    plan: PlanWriter
    needs: Needs = field(default_factory=Needs)
    uses: Uses = field(default_factory=Uses)
    tickets: int = 0
    last: int = 0  # ticket looked at

    def add(self, batch: dict[int, Becomes], *, limit: int | None) -> None:
        """Plan a batch of tickets, each after what it needs."""
        starts = self.renderer.starts(list(batch))
        histories = {history.ticket_id: history for history in self.renderer.histories(list(batch))}
        left = iter(batch.items())
        while tickets := self._composed(left, starts, histories, room=self._room(batch, limit)):
            supply = self._supply(tickets)
            for ticket in tickets:
                self._add(ticket, supply)

    def add_setup(self) -> None:
        """The calls that make the workspace ready for all that was added; none for nothing."""
        if not self.tickets:
            return
        actions = self.renderer.setup(self.uses)
        self.needs.setup(actions, self.renderer.workspace)
        for action in actions:
            self.plan.add([action], phase=FIRST)

    def _room(self, batch: Sized, limit: int | None) -> int:
        return len(batch) if limit is None else limit - self.tickets

    def _composed(
        self,
        left: Iterator[tuple[int, Becomes]],
        starts: Mapping[int, Start],
        histories: Mapping[int, History],
        *,
        room: int,
    ) -> list[_Composed]:
        """The next tickets, at most `room`; those that can't be composed are refused."""
        found: list[_Composed] = []
        while len(found) < room and (item := next(left, None)) is not None:
            ticket_id, becomes = item
            self.last = ticket_id
            history, start = histories.get(ticket_id), starts.get(ticket_id)
            if history is None:
                self.plan.refuse(ticket_id, "the ticket is not in the archive")
            elif start is None:
                self.plan.refuse(ticket_id, NO_START)
            else:
                try:
                    actions = self.renderer.ticket(history, start, becomes=becomes)
                    found.append(_Composed(history, becomes, actions))
                except RecordError as error:
                    self.plan.refuse(ticket_id, str(error))
        return found

    def _supply(self, tickets: Iterable[_Composed]) -> dict[Ref, Calls]:
        """The calls for whatever these tickets need and the plan lacks, and for what that needs."""
        found: dict[Ref, Calls] = {}
        wanted = {need for ticket in tickets for need in needs_of(ticket.actions)}
        while wanted := {ref for ref in wanted - found.keys() if not self.plan.has(ref)}:
            made = self.renderer.things(wanted)
            found |= made
            stands = [calls for calls in made.values() if not isinstance(calls, RecordError)]
            wanted = {ref for calls in stands for ref in (*needs_of(calls), *brings_of(calls))}
        return found

    def _add(self, ticket: _Composed, supply: Mapping[Ref, Calls]) -> None:
        """Plan a ticket after what it needs, or refuse it for what that lacks."""
        for need in needs_of(ticket.actions):
            reason = self._add_need(need, supply)
            if reason is not None:
                self.plan.refuse(ticket.history.ticket_id, reason)
                return
        closed = any(action.closes for action in ticket.actions)
        self.plan.add(ticket.actions, phase=MAIN if closed else OPEN)
        self.needs.add(ticket.actions)
        self.uses.add(ticket.history, becomes=ticket.becomes)
        self.tickets += 1

    def _add_need(self, ref: Ref, supply: Mapping[Ref, Calls]) -> str | None:
        """Plan what something needs, unless it is planned; why it can't be, if it can't."""
        if self.plan.has(ref):
            return None
        calls = supply[ref]
        if isinstance(calls, RecordError):
            return str(calls.reason)
        for need in needs_of(calls):
            if (reason := self._add_need(need, supply)) is not None:
                return reason
        self.plan.add(calls, phase=MAIN)
        self.needs.add(calls)
        self.uses.add_calls(calls)
        for brought in brings_of(calls):
            if (reason := self._add_need(brought, supply)) is not None:
                self.plan.remark(brought.key, f"{brought.kind} {brought.key}: {reason}")
        return None


def _write_facts(
    plan: PlanWriter,
    into: Path,
    dataset: Dataset,
    *,
    mapping: TicketMapping,
    templates: Templates,
    folder: Path | None,
) -> None:
    plan.note(
        type="plan",
        account=dataset.account,
        dataset=relative_paths(into, dataset.path),
        dataset_digest=dataset.digest,
        mapping=relative_paths(into, mapping.path),
        mapping_digest=mapping.digest,
        templates=relative_paths(into, folder),
        templates_digest=templates.digest,
    )
