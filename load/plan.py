"""Making a plan: every call that will be made, counted and recognisable, before any is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deskferry.schemas.dataset import Dataset
from deskferry.schemas.decision import Decision
from deskferry.schemas.errors import RecordError, RefusedError
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.progress import Progress, Silent
from deskferry.schemas.workspace import workspace_digest
from deskferry.templates.history import History
from deskferry.templates.render import Templates

from .action import Action, Kind, Step
from .plan_file import MAIN, OPEN, SETUP, PlanWriter, relative_paths, write_plan
from .plan_needs import Needs
from .plan_summary import PlanSummary, plan_digest, summarize
from .rendering import BATCH, Renderer, open_renderer


def build_plan(
    dataset: Dataset,
    *,
    mapping: Mapping,
    decisions: Iterable[Decision],
    templates: Templates,
    templates_dir: Path | None,
    workspace: dict[str, Any],
    into: Path,
    limit: int | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> PlanSummary:
    """Write the plan of what `decisions` load, at most `limit` conversations.

    decisions: in the order they shall be loaded; closed ones come before open ones all the same.
    workspace: a snapshot. Raises RefusedError when the purpose is compliance or `into` exists, and InputError
    for an archive that is missing or old. The same inputs give the same digest and the same calls.
    """
    if mapping.data["purpose"] == "compliance":
        raise RefusedError(
            "the purpose is compliance: nothing is loaded anywhere",
            where=mapping.where("purpose"),
            todo="The archive is the result; ask it with: deskferry sql",
        )
    progress = progress or Silent()
    with write_plan(into, replace=replace) as plan:
        # All decisions first: they come from the archive, which two readers can't have open at once.
        count = plan.decide(decisions)
        progress.start("planning", total=count, unit="tickets")
        with open_renderer(dataset, mapping=mapping, templates=templates, workspace=workspace) as renderer:
            building = _Building(renderer, plan)
            renderer.reckon_times()
            for batch in plan.chosen(batch=BATCH):
                building.add(batch, limit=limit)
                progress.advance(len(batch))
                if limit is not None and building.conversations >= limit:
                    plan.forget_after(building.last)
                    break
            plan.add(building.setup(), phase=SETUP)
        _write_facts(plan, into, dataset, mapping=mapping, templates=templates, folder=templates_dir)
        plan.note(workspace=workspace, needs=building.needs.as_dict(), tags=sorted(building.tags))
        digests = (dataset.digest, mapping.digest, templates.digest, workspace_digest(workspace))
        digest = plan_digest(plan.connection, digests)
        summary = summarize(plan.connection, digest=digest, limit=workspace["limit"], path=into)
        plan.note(digest=digest, summary=summary.as_dict())
    return summary


@dataclass(slots=True)
class _Building:
    """What is known while a plan grows: only counts and names, whatever the number of tickets."""

    renderer: Renderer
    plan: PlanWriter
    needs: Needs = field(default_factory=Needs)
    tags: set[str] = field(default_factory=set)
    conversations: int = 0
    last: int = 0  # ticket looked at

    def add(self, ids: list[int], *, limit: int | None) -> None:
        """Plan a batch of tickets, their requesters first."""
        times = self.renderer.times(ids)
        histories = {history.ticket_id: history for history in self.renderer.histories(ids)}
        people = self.renderer.contacts(
            sorted({str(history.requester.id) for history in histories.values()}, key=int)
        )
        for ticket_id in ids:
            if limit is not None and self.conversations >= limit:
                return
            self.last = ticket_id
            history = histories.get(ticket_id)
            reason = _obstacle(history, people, times, ticket_id)
            if history is None or reason is not None:
                self.plan.refuse(ticket_id, reason or "the ticket is not in the archive")
            else:
                self._conversation(history, people[str(history.requester.id)], times[history.ticket_id])

    def setup(self) -> list[Action]:
        """The calls that make the workspace ready for all that was added."""
        actions = self.renderer.setup(sorted(self.tags))
        self.needs.setup(actions, self.renderer.workspace)
        return actions

    def _conversation(self, history: History, contact: list[Action] | RecordError, created_at: int) -> None:
        try:
            actions = self.renderer.conversation(history, created_at=created_at)
        except RecordError as error:
            self.plan.refuse(history.ticket_id, str(error))
            return
        key = str(history.requester.id)
        if not isinstance(contact, RecordError) and not self.plan.has(Kind.CONTACT, key):
            self.plan.add(contact, phase=MAIN)
            self.needs.add(contact)
        closed = any(action.step is Step.CLOSE for action in actions)
        self.plan.add(actions, phase=MAIN if closed else OPEN, contact=key)
        self.needs.add(actions)
        self.tags.update(history.tags)
        self.conversations += 1


def _obstacle(
    history: History | None,
    people: dict[str, list[Action] | RecordError],
    times: dict[int, int],
    ticket_id: int,
) -> str | None:
    """Why a ticket can't become a conversation, None when it can."""
    if history is None:
        return "the ticket is not in the archive"
    if ticket_id not in times:
        return "neither the ticket nor any of its comments has a date"
    contact = people.get(str(history.requester.id))
    return str(contact.reason) if isinstance(contact, RecordError) else None


def _write_facts(
    plan: PlanWriter,
    into: Path,
    dataset: Dataset,
    *,
    mapping: Mapping,
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
