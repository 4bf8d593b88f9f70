"""Reading back everything a plan put into a target, and listing each difference."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deskferry.schemas.progress import Progress, Silent

from .action import Action, Kind, Ref, Step
from .answers import Done, Failed
from .backlog import Backlog
from .client import Call, Client
from .difference import MISSING, UNREAD, Difference
from .interrupt import interrupts
from .ledger import Ledger
from .ledger_file import Origin, Row, State, default_ledger, read_ledger, require_owner
from .perform import Patience, perform
from .plan_file import open_plan
from .references import resolver
from .rendering import Uses, open_renderer
from .right_workspace import require_workspace
from .target import Target
from .thread import Thread
from .threads import render
from .verify_contact import compare_contact
from .verify_conversation import Seen, compare_conversation

BATCH = 100


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What was read back. checked: contacts and conversations. added: parts that people wrote since."""

    checked: int
    contacts: int
    conversations: int
    parts: int
    differences: tuple[Difference, ...]
    added: int
    calls: int

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "differences": [asdict(item) for item in self.differences]}


def verify(
    plan: Path,
    *,
    target: Target,
    ledger: Path | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> VerifyResult:
    """Read back every contact and conversation of the plan and compare each field with what was planned.

    Raises InputError without a ledger or a reachable target, RefusedError when inputs changed or the target
    is another workspace.
    """
    progress, calls = progress or Silent(), target.calls
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(open_plan(plan))
        path = ledger or default_ledger(plan, opened.account, opened.workspace["id"])
        connection = stack.enter_context(read_ledger(path))
        require_owner(path, connection, workspace_id=opened.workspace["id"], account=opened.account)
        interrupt = stack.enter_context(interrupts())
        book = Ledger(path, connection)
        patience = Patience(interrupt.sleeper(sleep), target.patience.jitter)
        check = _Check(book, target.client(), patience=patience, resolve=resolver(book, opened.workspace))
        require_workspace(target, opened.workspace["id"], patience=patience)
        backlog = Backlog(connection, plan)
        progress.start("verifying", total=backlog.freeze_all(), unit="things")
        mapping, templates, workspace = opened.mapping, opened.templates, opened.workspace
        renderer = stack.enter_context(
            open_renderer(opened.dataset, mapping=mapping, templates=templates, workspace=workspace)
        )
        for batch in backlog.left(batch=BATCH):
            for thread in render(batch, backlog, renderer, uses=Uses.of(opened.meta["uses"])):
                interrupt.check()
                check.thread(thread)
                progress.advance()
        return check.result(calls=target.calls - calls)


class _Check:
    """A verification under way: what was read and what differs."""

    def __init__(
        self, ledger: Ledger, client: Client, *, patience: Patience, resolve: Callable[[Ref], str]
    ) -> None:
        self._ledger, self._client, self._patience, self._resolve = ledger, client, patience, resolve
        self._read: Counter[Kind] = Counter()
        self._parts = self._added = 0
        self._differences: list[Difference] = []

    def thread(self, thread: Thread) -> None:
        """Read one thing back."""
        self._differences.extend(self._compare(thread))

    def result(self, *, calls: int) -> VerifyResult:
        """What came of it."""
        contacts, conversations = self._read[Kind.CONTACT], self._read[Kind.CONVERSATION]
        return VerifyResult(
            checked=contacts + conversations,
            contacts=contacts,
            conversations=conversations,
            parts=self._parts,
            differences=tuple(self._differences),
            added=self._added,
            calls=calls,
        )

    def _compare(self, thread: Thread) -> Iterator[Difference]:
        rows = self._ledger.thread(thread.kind, thread.key)
        for row in rows.values():
            if row.state is State.FAILED:
                yield _difference(UNREAD, thread, row.step, "done", f"failed: {row.error}")
            elif row.state is State.SENDING:
                yield _difference(UNREAD, thread, row.step, "done", "in doubt; run load again")
        created = rows.get((Step.CREATE, 0))
        if created is None or created.state is not State.DONE or created.target_id is None:
            if created is None:
                yield _difference(MISSING, thread, "all", "loaded", "not loaded")
            return
        found = self._fetch(thread, created.target_id)
        if isinstance(found, Difference):
            yield found
            return
        self._read[thread.kind] += 1
        if thread.kind is Kind.CONTACT:
            origin = created.origin or Origin.CREATED
            yield from compare_contact(thread.actions[0], found, origin=origin)
        else:
            yield from self._conversation(thread.actions, rows, found)

    def _conversation(
        self,
        actions: tuple[Action, ...],
        rows: Mapping[tuple[Step, int], Row],
        found: Mapping[str, Any],
    ) -> Iterator[Difference]:
        done_at = max((row.done_at or row.sent_at for row in rows.values()), default=0.0)
        admin = next(
            (str(action.payload["admin_id"]) for action in actions if "admin_id" in action.payload), ""
        )
        seen = Seen(found, admin=admin, done_at=done_at)
        self._parts += len(seen.parts)
        self._added += seen.added
        yield from compare_conversation(actions, seen, resolve=self._resolve)

    def _fetch(self, thread: Thread, target_id: str) -> Mapping[str, Any] | Difference:
        call = Call("GET", f"/{thread.kind}s/{target_id}")
        match perform(self._client, call, self._patience):
            case Done(dict() as body):
                return body
            case Failed(status=404):
                return _difference(MISSING, thread, "all", f"Intercom id {target_id}", "gone")
            case Failed(text=text):
                return _difference(UNREAD, thread, "all", f"Intercom id {target_id}", text)
            case _:
                return _difference(UNREAD, thread, "all", f"Intercom id {target_id}", "no readable answer")


def _difference(symbol: str, thread: Thread, field: str, expected: str, found: str) -> Difference:
    return Difference(symbol, thread.kind, thread.key, str(field), expected, found)
