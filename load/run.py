"""One run of a plan against a target: preflight, then all that is left, several threads at a time.

One thread renders, in the order of the plan; workers make the calls. A phase ends before the next begins.
"""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .backlog import Backlog
from .budget import WINDOW
from .dispatch import Dispatcher
from .failures import Failures
from .feed import Feeder
from .ledger import Ledger
from .manner import Manner
from .plan_file import Plan
from .preflight import preflight
from .rendering import Uses, open_renderer
from .reply_limit import ReplyLimit
from .target import Target
from .watch import Watch
from .worker import Worker

MOST_WORKERS = 64
_USUAL_MOST = 24  # more than that share a processor badly
_NEAR, _NEAR_MOST = 0.01, 6  # seconds; calls that take less are work for the processor, not waiting
_SPARE = 2.0  # workers for each that would do if every call took as long as the first ones


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a run. stopped: why it ended early, None when it did not.

    preflight: its first calls, the canary's too. read_back: reads of the tripwire. asked: somebody asked it
    to stop.
    """

    stopped: str | None = None
    preflight: int = 0
    read_back: int = 0
    asked: bool = False


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
    workers = min(manner.bounds.workers or workers_for(target), threads)
    manner.progress.start("loading", total=calls, unit="calls")
    watch = Watch(plan, ledger, target, manner, executor.resolve)
    uses = Uses.of(plan.meta["uses"])
    mapping, templates, workspace = plan.mapping, plan.templates, plan.workspace
    dispatcher = Dispatcher(capacity=3 * workers + 8, stands=ledger.stands, clock=manner.clock)
    worker = Worker(
        dispatcher,
        ledger,
        executor,
        manner,
        Failures(manner.bounds.max_failures, threads),
        ReplyLimit(manner.clock),
        watch.tripwire,
    )
    with open_renderer(plan.dataset, mapping=mapping, templates=templates, workspace=workspace) as renderer:
        feeder = Feeder(worker, backlog, renderer, uses, is_alone=workers == 1, before_bulk=watch.before_bulk)
        _with_workers(worker, workers, feeder.feed)
    interrupt = manner.interrupt
    if interrupt.wanted and interrupt.reason is None:
        raise KeyboardInterrupt
    if not interrupt.wanted:
        watch.tripwire.last_look()
    preflight_calls += watch.calls
    return Ran(interrupt.reason, preflight_calls, watch.tripwire.reads, interrupt.was_requested)


def _with_workers(worker: Worker, count: int, feed: Callable[[], None]) -> None:
    """Feed so many workers; one alone works in this thread.

    At the end, whatever ends it, each finishes the call it is at. A second Ctrl-C does not wait for them.
    """
    threads = [threading.Thread(target=worker.work, daemon=True) for _ in range(count if count > 1 else 0)]
    for thread in threads:
        thread.start()
    interrupt, stopped = worker.manner.interrupt, None
    try:
        feed()
    except BaseException as error:
        if interrupt.at_once:
            raise
        stopped = error
        if not interrupt.wanted:
            interrupt.stop(str(error))
    worker.dispatcher.end()
    for thread in threads:
        thread.join()
    worker.ledger.commit()
    worker.dispatcher.require()
    if stopped is not None and not isinstance(stopped, KeyboardInterrupt):
        raise stopped


def workers_for(target: Target) -> int:
    """How many workers use the whole limit of a target, at the latency of its first answers."""
    client, pace = target.client(), target.pace
    if pace.limit is None:
        return 2
    needed = pace.share * pace.limit / WINDOW * client.latency
    most = _USUAL_MOST if client.latency > _NEAR else _NEAR_MOST
    return max(2, min(math.ceil(_SPARE * needed) + 2, most))
