"""Carrying out a plan: what is left of it, in order, every call once.

Deciding is thread.py, doubts are doubt.py, the loop that asks and does is run.py. One call is in flight at a
time; a thread in doubt is parked while others go on. Whatever happens, running it again goes on from there.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deskferry.schemas.progress import Progress, Silent

from .backlog import Backlog, Change
from .guards import GUARDED, Guards
from .interrupt import interrupts
from .ladder import require_rung
from .ledger import open_ledger
from .ledger_file import Failure, default_ledger
from .manner import Manner
from .perform import Patience
from .plan_file import open_plan
from .right_workspace import require_allowed, require_known_workspace
from .run import NOTHING, Ran, run
from .silenced import hold_to_silence
from .target import Target


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What stands of a plan after a load. done, failed, in_doubt, left: its conversations.

    skipped: of those done, how many stood before. contacts: standing. calls: HTTP requests of this run, reads
    too. preflight: those of them that read what the workspace is, and the canary's. read_back: those of the
    tripwire. changed: calls done before with another
    payload, not sent (the first thousand). stopped: why the run ended before its end, None when it did not.
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
    max_failures: float = 0.01,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> LoadResult:
    """Carry out the plan at `plan`. With nothing left to do, the target that the ledger knows is not asked.

    ledger: beside the plan unless named. settle: seconds a search of the target may lag, its own default
    otherwise. only_failed: what the target refused before, and nothing else; what failed because the target
    was at fault is sent again by every run. new_ledger: start over, see own_ledger.py. no_sample: climb the
    ladder at once, see ladder.py. guards: what stops the run. ask_name: see require_allowed. max_failures:
    share of the plan's threads that may fail before the run stops. Raises RefusedError (inputs changed, the
    workspace drifted, is not silent or another one, another loader or ledger, too much for a real workspace),
    InputError (unreachable, token refused), KeyboardInterrupt after the call in flight is in the ledger.
    """
    started, before_calls = clock(), target.calls
    with open_plan(plan) as opened:
        require_allowed(opened, target, ask_name=ask_name)
        for warning in hold_to_silence(opened, today=datetime.fromtimestamp(started, UTC).date()):
            (progress or Silent()).warn(warning)
        path = ledger or default_ledger(plan, opened.account, opened.workspace["id"])
        with open_ledger(path, workspace_id=opened.workspace["id"], account=opened.account) as book:
            backlog = Backlog(book.connection, plan)
            backlog.forgive(asked=only_failed)
            left = backlog.freeze()
            before, ran = backlog.tally(), NOTHING
            if only_failed:
                left = backlog.freeze(only_forgiven=True)
            with interrupts() as interrupt:
                manner = Manner(
                    settle=target.settle if settle is None else settle,
                    max_failures=max_failures,
                    new_ledger=new_ledger,
                    guards=guards,
                    patience=Patience(interrupt.sleeper(sleep), target.patience.jitter),
                    clock=clock,
                    interrupt=interrupt,
                    progress=progress or Silent(),
                )
                if left[0]:
                    for warning in require_rung(opened, book, no_sample=no_sample):
                        manner.progress.warn(warning)
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
        ledger=ledger,
        seconds=seconds,
    )
