"""Reading back everything a plan put into a target, and listing each difference."""

import contextlib
import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deskferry.schemas.progress import Progress, Silent

from .action import HISTORY, Kind, Ref
from .backlog import Backlog, Left
from .client import Client
from .interrupt import Interrupt, interrupts
from .ladder import note_verified
from .ledger import Ledger
from .ledger_file import default_ledger, read_ledger, require_owner
from .perform import Patience
from .plan_file import Plan, open_plan
from .read_back import Found, ReadBack, Rows, asked, fetch, read_back
from .references import resolver
from .rendering import Renderer, Uses, open_renderer
from .right_workspace import require_workspace
from .target import Target, TargetKind
from .thread import Thread
from .threads import render
from .ticket_ids import TicketIds
from .twins import find_twins
from .verify_files import LostFiles, read_files
from .verify_result import Tally, VerifyResult
from .verify_visible import Said, read_said
from .workspace_tickets import read_ticket_types

BATCH = 100  # things whose texts are in memory at once
WORKERS = 8  # reads under way at once; all wait for one budget
_RANGE = 1 << 64


def verify(
    plan: Path,
    *,
    target: Target,
    ledger: Path | None = None,
    sample: float = 1.0,
    settle: float | None = None,
    lost_files: Path | None = None,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> VerifyResult:
    """Read back all that a plan put there and compare each field with what was planned.

    sample: share of the things that is read, the same ones every time. settle: seconds a search may lag, the
    target's own otherwise; second copies are looked for once the last call is older. lost_files: where the
    files that were not delivered are listed, beside the plan unless named. Raises InputError without a ledger
    or a reachable target, RefusedError when inputs changed or the target is another workspace.
    """
    progress, calls = progress or Silent(), target.calls
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(open_plan(plan, ledger=ledger))
        workspace = opened.workspace
        path = ledger or default_ledger(plan, opened.account, workspace["id"])
        connection = stack.enter_context(read_ledger(path))
        require_owner(path, connection, workspace_id=workspace["id"], account=opened.account)
        interrupt = stack.enter_context(interrupts())
        patience = Patience(interrupt.sleeper(sleep), target.patience.jitter)
        require_workspace(target, workspace["id"], patience=patience)
        lost = stack.enter_context(LostFiles(lost_files or plan.parent / lost_files_name(opened.account)))
        tally = Tally(lost=lost, share=sample)
        backlog, book = Backlog(connection, plan), Ledger(path, connection)
        tally.planned = backlog.freeze_all()
        progress.start("verifying", total=tally.planned, unit="things")
        with _readers(target.client(), interrupt, patience=patience) as readers:
            _read_all(opened, backlog, book, readers=readers, tally=tally, progress=progress)
        wait = _settle(target, settle) - (clock() - _last_sent(connection))
        if wait > 0:
            progress.warn(f"second copies show in a search in {wait:.0f} s; waiting")
            patience.sleep(wait)
        twins = find_twins(
            connection,
            target.client(),
            workspace=workspace,
            patience=patience,
            wanted=lambda kind, key: in_sample(kind, key, share=sample),
        )
        tally.add_twins(list(twins))
        result = tally.result(calls=target.calls - calls)
        if result.sample is None:
            note_verified(path, opened, checked=result.checked, differences=result.standing, now=clock())
        return result


def lost_files_name(account: str) -> str:
    """What the list of files that were not delivered is called."""
    return f"{account}.lost-files.csv"


def in_sample(kind: Kind, key: str, *, share: float) -> bool:
    """Whether a thing is among the share that is looked at: told from its name, so always the same."""
    if share >= 1:
        return True
    digest = hashlib.sha256(f"{kind}/{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * _RANGE


@dataclass(frozen=True, slots=True)
class _Readers:
    """Workers that read. They touch neither the ledger nor the archive."""

    pool: ThreadPoolExecutor
    client: Client
    patience: Patience
    interrupt: Interrupt

    def begin(self, thread: Thread, rows: Rows, resolve: Callable[[Ref], str]) -> "Future[Found] | None":
        """Ask for a thing; None for one that was not made."""
        call = asked(thread, rows, resolve)
        if call is None:
            return None
        return self.pool.submit(fetch, self.client, thread, call, patience=self.patience)

    def end(self, reading: "Future[Found] | None") -> Found | None:
        """The answer. Raises KeyboardInterrupt when the user wants to stop."""
        self.interrupt.check()
        return None if reading is None else reading.result()


@contextlib.contextmanager
def _readers(client: Client, interrupt: Interrupt, *, patience: Patience) -> Iterator[_Readers]:
    pool = ThreadPoolExecutor(WORKERS)
    try:
        yield _Readers(pool, client, patience, interrupt)
    finally:
        pool.shutdown(cancel_futures=True)


def _read_all(
    plan: Plan, backlog: Backlog, book: Ledger, *, readers: _Readers, tally: Tally, progress: Progress
) -> None:
    tickets = TicketIds(
        plan.workspace.get("ticket_types", ()),
        reread=lambda: read_ticket_types(readers.client, readers.patience),
    )
    resolve, uses = resolver(book, plan.workspace, tickets=tickets), Uses.of(plan.meta["uses"])
    mapping, templates, workspace = plan.mapping, plan.templates, plan.workspace
    with open_renderer(plan.dataset, mapping=mapping, templates=templates, workspace=workspace) as renderer:
        for batch in backlog.left(batch=BATCH):
            wanted = [left for left in batch if in_sample(left.kind, left.key, share=tally.share)]
            threads = list(render(wanted, backlog, renderer, uses=uses))
            known = [book.thread(thread.kind, thread.key) for thread in threads]
            reading = [
                readers.begin(thread, rows, resolve) for thread, rows in zip(threads, known, strict=True)
            ]
            backs = []
            for thread, rows, one in zip(threads, known, reading, strict=True):
                backs.append(read_back(thread, rows, readers.end(one), resolve=resolve))
                progress.advance()
            _take_in(backs, known, wanted=wanted, renderer=renderer, tally=tally)


def _take_in(
    backs: Sequence[ReadBack],
    known: Sequence[Rows],
    *,
    wanted: Sequence[Left],
    renderer: Renderer,
    tally: Tally,
) -> None:
    tickets = [int(left.key) for left in wanted if left.kind in HISTORY]
    said = read_said(renderer.connection, tickets) if tickets else {}
    files = read_files(renderer.connection, tickets) if tickets else {}
    for back, rows in zip(backs, known, strict=True):
        ticket = int(back.thread.key) if back.thread.kind in HISTORY else 0
        tally.add(back, rows, said=said.get(ticket, Said()), files=files.get(ticket, ()))


def _settle(target: Target, settle: float | None) -> float:
    """Seconds a search may lag. A sandbox that we start ourselves has none."""
    if settle is not None:
        return settle
    return 0.0 if target.kind is TargetKind.SANDBOX else target.settle


def _last_sent(connection: sqlite3.Connection) -> float:
    """Unix seconds of the last call that left, 0 without one."""
    (last,) = connection.execute("select max(sent_at) from rows").fetchone()
    return float(last or 0)
