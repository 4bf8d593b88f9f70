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
from .rendering import BATCH, NO_START, Renderer, Start, open_renderer


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
    require_purpose(dataset, mapping)
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


def require_purpose(dataset: Dataset, mapping: Mapping) -> None:
    """Raise RefusedError where the mapping's purpose is that nothing is loaded."""
    if mapping.data["purpose"] == "compliance":
        raise RefusedError(
            "the purpose is compliance: nothing is loaded anywhere",
            where=mapping.where("purpose"),
            todo=f"The archive is the result: {dataset.archive}; ask it with: deskferry sql",
        )


@dataclass(slots=True)
class _Building:
    """What is known while a plan grows: only counts and names, whatever the number of tickets."""

    renderer: Renderer
    plan: PlanWriter
    needs: Needs = field(default_factory=Needs)
    tags: set[str] = field(default_factory=set)
    conversations: int = 0
    last: int = 0  # ticket looked at

    def add(self, batch: dict[int, str], *, limit: int | None) -> None:
        """Plan a batch of tickets, their requesters first. batch: forms by ticket."""
        ids = list(batch)
        starts = self.renderer.starts(ids)
        histories = {history.ticket_id: history for history in self.renderer.histories(ids)}
        people = self.renderer.contacts(sorted({start.contact for start in starts.values()}, key=int))
        for ticket_id, form in batch.items():
            if limit is not None and self.conversations >= limit:
                return
            self.last = ticket_id
            history, start = histories.get(ticket_id), starts.get(ticket_id)
            if history is None:
                self.plan.refuse(ticket_id, "the ticket is not in the archive")
            elif start is None:
                self.plan.refuse(ticket_id, NO_START)
            else:
                self._conversation(history, start, people[start.contact], form=form)

    def setup(self) -> list[Action]:
        """The calls that make the workspace ready for all that was added; none for nothing."""
        if not self.conversations:
            return []
        actions = self.renderer.setup(sorted(self.tags))
        self.needs.setup(actions, self.renderer.workspace)
        return actions

    def _conversation(
        self, history: History, start: Start, contact: list[Action] | RecordError, *, form: str
    ) -> None:
        if isinstance(contact, RecordError):
            self.plan.refuse(history.ticket_id, str(contact.reason))
            return
        try:
            actions = self.renderer.conversation(history, start, form=form)
        except RecordError as error:
            self.plan.refuse(history.ticket_id, str(error))
            return
        if not self.plan.has(Kind.CONTACT, start.contact):
            self.plan.add(contact, phase=MAIN)
            self.needs.add(contact)
        closed = any(action.step is Step.CLOSE for action in actions)
        self.plan.add(actions, phase=MAIN if closed else OPEN, contact=start.contact)
        self.needs.add(actions)
        self.tags.update(history.tags)
        self.conversations += 1


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
