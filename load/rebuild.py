"""Making a lost ledger anew, from what the workspace shows of the plan.

In: a plan and its target. Out: a ledger with a row for each call that is seen to have been made; everything
else stays to do. Written under another name and put in place whole: a load on half a ledger would send the
other half a second time.
"""

import contextlib
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.progress import Progress, Silent

from .action import Kind
from .backlog import Backlog
from .interrupt import Interrupt, interrupts
from .ledger import Ledger, open_ledger
from .ledger_file import Failure, Origin, default_ledger, locked, read_ledger, require_owner
from .perform import Patience
from .plan_file import Plan, open_plan
from .rebuild_thread import Finder
from .references import resolver
from .rendering import Uses, open_renderer
from .right_workspace import require_workspace
from .target import Target, TargetKind
from .threads import render
from .ticket_ids import TicketIds
from .workspace import take_snapshot
from .workspace_tickets import read_ticket_types

BATCH = 60  # threads whose texts are in memory at once; a multiple of what one search asks for


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was found again. created, adopted, absent: things by kind; absent ones are left to do.

    unclear: what may stand there more than once, so that a person must look. rows: in the ledger now.
    written: it lies at `ledger`; a dry run writes nothing.
    """

    created: dict[str, int]
    adopted: dict[str, int]
    absent: dict[str, int]
    unclear: tuple[Failure, ...]
    rows: int
    calls: int
    ledger: Path
    written: bool

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        unclear = [asdict(failure) for failure in self.unclear]
        return {**asdict(self), "unclear": unclear, "ledger": str(self.ledger)}


def rebuild(
    plan: Path,
    *,
    target: Target,
    ledger: Path | None = None,
    settle: float | None = None,
    fill: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> Rebuilt:
    """Look for everything of the plan and write down what stands there.

    ledger: beside the plan unless named. settle: seconds a search may lag, the target's own otherwise: what
    is not found is looked for again once that time has passed. fill: there is an older copy of the ledger,
    which is right in what it knows. dry_run: only count. Raises RefusedError where a ledger lies already, or
    for another workspace; InputError for an unreachable target.
    """
    started, before, progress = clock(), target.calls, progress or Silent()
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(open_plan(plan, ledger=ledger))
        workspace = opened.workspace
        path = ledger or default_ledger(plan, opened.account, workspace["id"])
        stack.enter_context(locked(path))
        _require_lost(path, fill=fill)
        interrupt = stack.enter_context(interrupts())
        patience = Patience(interrupt.sleeper(sleep), target.patience.jitter)
        require_workspace(target, workspace["id"], patience=patience)
        making = path.with_name(f".{path.name}.rebuilding")
        stack.callback(_remove, making)
        _remove(making)
        if path.exists():
            _copy(path, making, workspace_id=workspace["id"], account=opened.account)
        with open_ledger(making, workspace_id=workspace["id"], account=opened.account) as book:
            finder = _finder(opened, book, target=target, patience=patience, clock=clock)
            look = _Looking(opened, book, finder, interrupt, progress)
            look.again()
            wait = _settle(target, settle) - (clock() - started)
            if finder.absent and wait > 0:
                count = len(finder.absent)
                progress.warn(f"{count} not found; a search may lag, looking again in {wait:.0f} s")
                patience.sleep(wait)
                look.again()
            book.note("target", target.name)
            book.note("left", str(len(finder.absent) + len(finder.unclear)))
            found = _result(finder, book, path=path, calls=target.calls - before, written=not dry_run)
        if not dry_run:
            _put_in_place(making, path)
        return found


class _Looking:
    """One pass after another over the threads of a plan, each over those the last one did not find."""

    def __init__(
        self, plan: Plan, book: Ledger, finder: Finder, interrupt: Interrupt, progress: Progress
    ) -> None:
        self._plan, self._finder, self._interrupt, self._progress = plan, finder, interrupt, progress
        self._backlog = Backlog(book.connection, plan.path)
        self._total = self._backlog.freeze_all()
        self._began = False

    def again(self) -> None:
        """Look for all that was not found yet."""
        plan, finder = self._plan, self._finder
        absent = set(finder.absent) if self._began else None
        self._progress.start("rebuilding", total=self._total, unit="things")
        uses = Uses.of(plan.meta["uses"])
        mapping, templates, workspace = plan.mapping, plan.templates, plan.workspace
        with open_renderer(
            plan.dataset, mapping=mapping, templates=templates, workspace=workspace
        ) as renderer:
            if not self._began:
                finder.setup(renderer.setup(uses))
            self._began = True
            for batch in self._backlog.left(batch=BATCH):
                self._interrupt.check()
                wanted = [left for left in batch if absent is None or (left.kind, left.key) in absent]
                finder.find(list(render(wanted, self._backlog, renderer, uses=uses)))
                self._progress.advance(len(batch))


def _finder(
    plan: Plan, book: Ledger, *, target: Target, patience: Patience, clock: Callable[[], float]
) -> Finder:
    client = target.client()
    live = take_snapshot(client, now=datetime.fromtimestamp(clock(), UTC), patience=patience)
    tickets = TicketIds(live.get("ticket_types", ()), reread=lambda: read_ticket_types(client, patience))
    return Finder(
        client,
        book,
        plan_digest=plan.digest,
        live=live,
        resolve=resolver(book, live, tickets=tickets),
        patience=patience,
        clock=clock,
    )


def _result(finder: Finder, book: Ledger, *, path: Path, calls: int, written: bool) -> Rebuilt:
    (rows,) = book.connection.execute("select count(*) from rows").fetchone()
    return Rebuilt(
        created=_by_kind(kind for kind, origin in finder.found.values() if origin is Origin.CREATED),
        adopted=_by_kind(kind for kind, origin in finder.found.values() if origin is Origin.ADOPTED),
        absent=_by_kind(kind for kind, _ in finder.absent),
        unclear=tuple(finder.unclear),
        rows=int(rows),
        calls=calls,
        ledger=path,
        written=written,
    )


def _by_kind(kinds: Iterable[Kind]) -> dict[str, int]:
    return {str(kind): count for kind, count in sorted(Counter(kinds).items())}


def _require_lost(path: Path, *, fill: bool) -> None:
    if not path.exists() or not path.stat().st_size:  # a crash may leave an empty file
        return
    try:
        with read_ledger(path) as connection:
            (rows,) = connection.execute("select count(*) from rows").fetchone()
    except InputError as error:
        todo = "Name another file with --ledger"
        raise RefusedError(
            f"is there and cannot be read as one ({error.what})", where=path, todo=todo
        ) from error
    if rows and not fill:
        raise RefusedError(
            f"is there and knows of {rows:,} calls; only a lost ledger is rebuilt",
            where=path,
            todo="Name another file with --ledger, or, if it is an older copy, add --fill",
        )


def _copy(path: Path, into: Path, *, workspace_id: str, account: str) -> None:
    """What an older copy knows. An empty file, as a crash may leave it, knows nothing."""
    if not path.stat().st_size:
        return
    with read_ledger(path) as connection:
        require_owner(path, connection, workspace_id=workspace_id, account=account)
        into.touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(into)) as copy:
            connection.backup(copy)


def _put_in_place(making: Path, path: Path) -> None:
    for suffix in ("-wal", "-shm"):  # of the ledger that goes: they would be applied to the new one
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    making.replace(path)


def _remove(making: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".lock"):
        making.with_name(making.name + suffix).unlink(missing_ok=True)


def _settle(target: Target, settle: float | None) -> float:
    """Seconds a search may lag. A sandbox that we start ourselves has none."""
    if settle is not None:
        return settle
    return 0.0 if target.kind is TargetKind.SANDBOX else target.settle
