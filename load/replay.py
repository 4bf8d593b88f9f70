"""Carrying out a plan: what is left of it, in order, every call once.

Deciding is thread.py, doubts are doubt.py, run.py has the workers that ask and do. A thread in doubt waits
while others go on. Whatever happens, running it again goes on from there.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deskferry.schemas.progress import Progress, Silent

from .backlog import Backlog, Change
from .disk_space import DiskSpace
from .guards import GUARDED, Guards
from .hours import closed_hours
from .interrupt import interrupts
from .ladder import require_rung
from .ledger import beside, open_ledger
from .ledger_file import Failure, default_ledger
from .manner import Bounds, Manner
from .pace import Pace
from .perform import Patience
from .plan_file import open_plan
from .plan_stamp import remember
from .right_workspace import require_allowed, require_known_workspace
from .run import NOTHING, Ran, run
from .silenced import hold_to_silence
from .stop_request import stop_requests
from .target import Target


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What stands of a plan after a load. done, failed, in_doubt, left: its conversations.

    skipped: of those done, how many stood before. contacts: standing. calls: HTTP requests of this run, reads
    too. preflight: those of them that read what the workspace is, and the canary's. read_back: those
    of the tripwire. changed: calls done before with another
    payload, not sent (the first thousand). stopped: why the run ended before its end, None when it did not.
    asked: somebody asked it to stop.
    """

    done: int
    skipped: int
    failed: int
    in_doubt: int
    left: int
    contacts: int
    calls: int
    preflight: int
    read_back: int
    failures: tuple[Failure, ...]
    changed: tuple[Change, ...]
    changed_count: int
    stopped: str | None
    asked: bool
    ledger: Path
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **asdict(self),
            "failures": [asdict(failure) for failure in self.failures],
            "changed": [asdict(change) for change in self.changed],
            "ledger": str(self.ledger),
        }


def load(
    plan: Path,
    *,
    target: Target,
    ledger: Path | None = None,
    settle: float | None = None,
    only_failed: bool = False,
    new_ledger: bool = False,
    no_sample: bool = False,
    guards: Guards = GUARDED,
    ask_name: Callable[[Mapping[str, Any]], str | None] = lambda _: None,
    progress: Progress | None = None,
    bounds: Bounds | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> LoadResult:
    """Carry out the plan at `plan`. With nothing left to do, the target that the ledger knows is not asked.

    ledger: beside the plan unless named. settle: seconds a search of the target may lag, its own default
    otherwise. only_failed: what the target refused before, and nothing else; what failed because the target
    was at fault is sent again by every run. new_ledger: start over, see own_ledger.py. no_sample: climb the
    ladder at once, see ladder.py. guards: what stops it. ask_name: see require_allowed. bounds: what it may
    take. Raises RefusedError (inputs changed, workspace drifted or another one, another loader or ledger, too
    much for a real workspace, a full disk), InputError (unreachable, token refused), KeyboardInterrupt after
    the calls under way are in the ledger.
    """
    started, before_calls = clock(), target.calls
    progress, bounds = progress or Silent(), bounds or Bounds()
    with open_plan(plan, ledger=ledger) as opened:
        require_allowed(opened, target, ask_name=ask_name)
        for warning in hold_to_silence(opened, today=datetime.fromtimestamp(started, UTC).date()):
            progress.warn(warning)
        path = ledger or default_ledger(plan, opened.account, opened.workspace["id"])
        space = DiskSpace(path.parent, least=bounds.least_free)
        owner = {"workspace_id": opened.workspace["id"], "account": opened.account}
        with (
            open_ledger(path, **owner, space=space) as book,
            beside(book) as connection,
            stop_requests(path) as requested,
            interrupts(requested) as interrupt,
        ):
            remember(book, opened.stamp)
            backlog = Backlog(connection, plan)
            backlog.forgive(asked=only_failed)
            left = backlog.freeze()
            before, ran = backlog.tally(), NOTHING
            if only_failed:
                left = backlog.freeze(only_forgiven=True)
            manner = Manner(
                settle=target.settle if settle is None else settle,
                bounds=bounds,
                new_ledger=new_ledger,
                guards=guards,
                patience=Patience(interrupt.sleeper(sleep), target.patience.jitter),
                clock=clock,
                interrupt=interrupt,
                progress=progress,
            )
            _govern(target.pace, manner)
            if left[0]:
                for warning in require_rung(opened, book, no_sample=no_sample):
                    progress.warn(warning)
                space.require()
                book.note("left", str(left[0]))
                ran = run(opened, book, backlog, target=target, manner=manner, left=left)
                backlog.freeze()
            else:
                wanted = opened.workspace["id"]
                require_known_workspace(target, wanted, ledger=book, patience=manner.patience)
            stands = backlog.tally()
            book.note("left", str(stands["left"] + stands["in_doubt"]))
            return _result(
                backlog,
                skipped=before["done"],
                calls=target.calls - before_calls,
                ran=ran,
                ledger=path,
                seconds=round(clock() - started, 3),
            )


def _govern(pace: Pace, manner: Manner) -> None:
    clock, hours = manner.clock, manner.bounds.hours
    closed = closed_hours(hours, clock=clock, say=manner.progress.warn)
    pace.govern(clock=clock, share=manner.bounds.share, closed=closed, check=manner.interrupt.check)


def _result(
    backlog: Backlog, *, skipped: int, calls: int, ran: Ran, ledger: Path, seconds: float
) -> LoadResult:
    changed_count, changed = backlog.changed()
    stands = backlog.tally()
    return LoadResult(
        **stands,
        skipped=min(skipped, stands["done"]),
        contacts=backlog.contacts(),
        calls=calls,
        preflight=ran.preflight,
        read_back=ran.read_back,
        failures=tuple(backlog.failures()),
        changed=tuple(changed),
        changed_count=changed_count,
        stopped=ran.stopped,
        asked=ran.asked,
        ledger=ledger,
        seconds=seconds,
    )
