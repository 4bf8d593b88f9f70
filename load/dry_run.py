"""A look before a load: everything that is checked before the first write, and nothing sent but reads."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from deskferry.schemas.errors import InputError

from .backlog import Backlog
from .disk_space import LEAST, DiskSpace
from .drift import require_no_drift
from .guards import Guards
from .ladder import require_rung
from .ledger import Ledger
from .ledger_file import default_ledger, read_ledger, require_owner
from .own_ledger import require_own_ledger
from .perform import Patience
from .plan_file import Plan, open_plan
from .plan_summary import LIMIT
from .right_workspace import require_allowed
from .scopes import refused_reads
from .silenced import hold_to_silence
from .target import Target
from .workspace import take_snapshot


@dataclass(slots=True)
class Look:
    """What a load would find and do.

    workspace: the live snapshot, {} where it can't be read. left, calls: items and calls of the plan that
    are left; some calls take more than one request. seconds: that takes at the limit. reads: calls made to
    find out. refusals: why a load would not begin, in its own words. warnings: what it would warn of.
    """

    plan: Path
    ledger: Path
    workspace: Mapping[str, Any] = field(default_factory=dict)
    limit: int = LIMIT
    left: int = 0
    calls: int = 0
    seconds: float = 0.0
    canary: bool = True
    reads: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "plan": str(self.plan), "ledger": str(self.ledger)}


def look(
    plan: Path,
    *,
    target: Target,
    ledger: Path | None = None,
    guards: Guards,
    new_ledger: bool = False,
    no_sample: bool = False,
    least_free: int = LEAST,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> Look:
    """Look at everything a load looks at before its first write. No file is made, nothing is sent but reads.

    Raises InputError or RefusedError only where nothing can be told: no plan, changed inputs.
    """
    before = target.calls
    with open_plan(plan, ledger=ledger) as opened:
        path = ledger or default_ledger(plan, opened.account, opened.workspace["id"])
        found = Look(plan, path, canary=guards.canary)
        with _book(path) as connection, _kept(found):
            if path.exists():
                owner = {"workspace_id": opened.workspace["id"], "account": opened.account}
                require_owner(path, connection, **owner)
            backlog = Backlog(connection, plan)
            if again := backlog.forgivable(asked=False):
                found.warnings.append(f"{again:,} calls that failed before would be sent again")
            found.left, found.calls = backlog.freeze()
            found.by_kind = dict(
                connection.execute("select kind, count(*) from temp.work group by kind order by min(rowid)")
            )
            with _kept(found):
                require_allowed(opened, target)
            with _kept(found):
                today = datetime.fromtimestamp(clock(), UTC).date()
                found.warnings += hold_to_silence(opened, today=today)
            with _kept(found):
                found.warnings += require_rung(opened, Ledger(path, connection), no_sample=no_sample)
            with _kept(found):
                DiskSpace(path.parent, least=least_free).require()
            patience = Patience(sleep, target.patience.jitter)
            _look_there(found, opened, backlog, target, patience=patience, new_ledger=new_ledger, now=clock())
    found.reads = target.calls - before
    found.seconds = round(found.calls / found.limit * 10, 1)
    return found


def _look_there(
    found: Look,
    plan: Plan,
    backlog: Backlog,
    target: Target,
    *,
    patience: Patience,
    new_ledger: bool,
    now: float,
) -> None:
    with _kept(found):
        client = target.client()
        refused = list(refused_reads(client))
        found.refusals += [f"the token may not read {clause}" for clause in refused]
        if refused:
            return
        live = take_snapshot(client, now=datetime.fromtimestamp(now, UTC), patience=patience)
        found.workspace, found.limit = live, live["limit"] or LIMIT
        with _kept(found):
            target.require_workspace(live)
        with _kept(found):
            require_no_drift(plan.meta, live, made=backlog.setup_done())
        if not new_ledger:
            with _kept(found):
                require_own_ledger(client, backlog, live, ledger=found.ledger, patience=patience)


@contextlib.contextmanager
def _kept(found: Look) -> Iterator[None]:
    """What would end a load is noted, and the look goes on."""
    try:
        yield
    except InputError as error:
        found.refusals.append(str(error))


@contextlib.contextmanager
def _book(path: Path) -> Iterator[sqlite3.Connection]:
    """The ledger to read, or an empty one in memory where there is none."""
    if path.exists():
        with read_ledger(path) as connection:
            yield connection
        return
    with contextlib.closing(sqlite3.connect("file::memory:", uri=True)) as connection:
        schema = files("deskferry.load").joinpath("ledger_schema.sql").read_text("utf-8")
        connection.executescript(schema)
        connection.commit()
        yield connection
