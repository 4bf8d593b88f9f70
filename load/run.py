"""One run of a plan against a target: preflight, then thread after thread until nothing is left."""

import heapq
import itertools
from collections import Counter
from dataclasses import dataclass
from typing import assert_never

from .action import SETUP, Action
from .backlog import Backlog, Left
from .doubt import ready_at
from .execute import Came, Executor
from .failures import Failures
from .ledger import Ledger, key_of
from .ledger_file import Key
from .manner import Manner
from .plan_file import FIRST, Plan
from .preflight import preflight
from .rendering import Renderer, Uses, open_renderer
from .target import Target
from .thread import Blocked, Finished, Resolve, Send, Thread, next_action
from .threads import render
from .tripwire import Tripwire
from .watch import Watch

SENDS = 5  # of one call in a run, each with its answer lost
BATCH = 100  # threads whose texts are in memory at once


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a run. stopped: why it ended early, None when it did not.

    preflight: its first calls, the canary's too. read_back: reads of the tripwire.
    """

    stopped: str | None = None
    preflight: int = 0
    read_back: int = 0


NOTHING = Ran()  # where nothing was left to do


def run(
    plan: Plan,
    ledger: Ledger,
    backlog: Backlog,
    *,
    target: Target,
    manner: Manner,
    left: tuple[int, int],
) -> Ran:
    """Do everything that is left of a plan.

    left: threads and calls, as the backlog was frozen.
    """
    (threads, calls), before = left, target.calls
    executor = preflight(plan, ledger, backlog, target=target, manner=manner)
    preflight_calls = target.calls - before
    manner.progress.start("loading", total=calls, unit="calls")
    watch = Watch(plan, ledger, target, manner, executor.resolve)
    going = _Run(ledger, executor, manner, Failures(manner.max_failures, threads), watch.tripwire)
    uses = Uses.of(plan.meta["uses"])
    mapping, templates, workspace = plan.mapping, plan.templates, plan.workspace
    with open_renderer(plan.dataset, mapping=mapping, templates=templates, workspace=workspace) as renderer:
        for batch in backlog.left(batch=BATCH):
            if batch[0].phase != FIRST:
                preflight_calls += watch.before_bulk()
            if stopped := _batch(going, batch, backlog, renderer, uses=uses):
                return Ran(stopped, preflight_calls, watch.tripwire.reads)
    if not (stopped := going.wait_for_parked()):
        watch.tripwire.last_look()
    return Ran(stopped, preflight_calls, watch.tripwire.reads)


def _batch(
    going: "_Run", batch: list[Left], backlog: Backlog, renderer: Renderer, *, uses: Uses
) -> str | None:
    for thread in render(batch, backlog, renderer, uses=uses):
        if stopped := going.thread(thread) or going.unpark():
            return stopped
    if batch[0].phase == FIRST:  # all else stands on it
        return going.wait_for_parked()
    return None


class _Run:
    """A run under way: threads in doubt wait here for their time."""

    def __init__(
        self, ledger: Ledger, executor: Executor, manner: Manner, failures: Failures, tripwire: Tripwire
    ) -> None:
        self._ledger, self._executor, self._manner, self._failures = ledger, executor, manner, failures
        self._tripwire = tripwire
        self._parked: list[tuple[float, int, Thread]] = []
        self._numbers = itertools.count()
        self._sent: Counter[Key] = Counter()  # of calls in doubt, how often they left in this run

    def thread(self, thread: Thread) -> str | None:
        """Go on with a thread as far as it goes; why the run must stop, if it must."""
        if any(not self._ledger.stands(need) for need in thread.needs):
            return None  # what it needs failed: the tally counts it so
        setup = thread.kind in SETUP
        while True:
            self._manner.interrupt.check()
            rows = self._ledger.thread(thread.kind, thread.key)
            match next_action(thread.actions, rows):
                case Finished():
                    self._failures.success()
                    self._tripwire.finished(thread)
                    self._tripwire.look()
                    return None
                case Blocked(row):
                    self._failures.failure(self._executor.last_code)
                    if setup:
                        return f"{thread.kind} '{thread.key}' cannot be made: {row.error}"
                    return self._failures.verdict()
                case Send(action):
                    came = self._send(action)
                case Resolve(action, row):
                    ready = ready_at(row, action, settle=self._manner.settle)
                    if ready > self._manner.clock():
                        self._park(thread, ready)
                        return None
                    came = self._executor.find_out(action, row)
                    if came is Came.NOT_MADE:
                        if self._sent[key_of(action)] >= SENDS:
                            self._failures.failure("no answer")
                            return self._failures.verdict()  # stays in doubt: the next run goes on
                        came = self._send(action)
                case other:
                    assert_never(other)
            if came is Came.DONE:
                self._sent.pop(key_of(action), None)
                self._manner.progress.advance()

    def _send(self, action: Action) -> Came:
        self._sent[key_of(action)] += 1
        return self._executor.send(action)

    def unpark(self) -> str | None:
        """Go on with the threads in doubt whose time has come."""
        while self._parked and self._parked[0][0] <= self._manner.clock():
            if stopped := self.thread(heapq.heappop(self._parked)[2]):
                return stopped
        return None

    def wait_for_parked(self) -> str | None:
        """Wait until no thread is in doubt any more."""
        while self._parked:
            wait = self._parked[0][0] - self._manner.clock()
            if wait > 0:
                self._ledger.commit()
                self._manner.progress.warn(f"{len(self._parked)} in doubt; looking again in {wait:.0f} s")
                self._manner.patience.sleep(wait)
            if stopped := self.unpark():
                return stopped
        return None

    def _park(self, thread: Thread, ready: float) -> None:
        heapq.heappush(self._parked, (ready, next(self._numbers), thread))
