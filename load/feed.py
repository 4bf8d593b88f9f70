"""Rendering threads in the order of the plan, for the workers to go on with."""

import time
from collections import Counter, deque
from collections.abc import Callable, Container, Sequence
from enum import Enum

from .action import Ref, Step
from .backlog import Backlog, Left
from .budget import WINDOW
from .dispatch import Job
from .ledger_file import State
from .plan_file import FIRST
from .rendering import Renderer, Uses
from .threads import render
from .waiting import Why, told
from .worker import Worker

BATCH = 100  # threads whose texts are read at once
_LOOK = 0.25  # seconds between two looks at what the workers do
_AGAIN = 0.2  # seconds, the least until a thread is looked at again
_FLUSH = 0.5  # seconds an outcome may wait for the next intent


class _Never(Enum):
    """What a thread needs will not be made in this run; the tally counts it so."""

    NEVER = 0


class Rate:
    """Calls per second, over the last two windows of the limit. calls: made so far."""

    def __init__(self, calls: Callable[[], int]) -> None:
        self._calls = calls
        self._seen: deque[tuple[float, int]] = deque()

    def now(self, moment: float) -> float:
        """The rate at a moment, in seconds of any clock."""
        self._seen.append((moment, self._calls()))
        while moment - self._seen[0][0] > 2 * WINDOW:
            self._seen.popleft()
        (since, before), (until, after) = self._seen[0], self._seen[-1]
        return (after - before) / (until - since) if until > since else 0.0


class Feeder:
    """The one who renders, in the thread of the run. Workers never wait for what it could have rendered.

    is_alone: there are no workers, and it does their work. before_bulk: called when the setup stands.
    """

    def __init__(
        self,
        worker: Worker,
        backlog: Backlog,
        renderer: Renderer,
        uses: Uses,
        *,
        is_alone: bool,
        before_bulk: Callable[[], None],
    ) -> None:
        self._is_alone, self._before_bulk = is_alone, before_bulk
        self._worker, self._backlog, self._renderer, self._uses = worker, backlog, renderer, uses
        self._rate = Rate(worker.executor.calls)
        self._dispatcher, self._ledger, self._manner = worker.dispatcher, worker.ledger, worker.manner
        self._flushed = time.monotonic()

    def feed(self) -> None:
        """Hand out all that is left and see it through; each phase ends before the next begins.

        Raises KeyboardInterrupt when the run is to stop.
        """
        phase: int | None = None
        for batch in self._backlog.left(batch=BATCH):
            if phase not in (None, batch[0].phase):
                self._drain()
            phase = batch[0].phase
            if phase != FIRST:
                self._before_bulk()
            self._render(batch)
            self._render_due()
        self._drain()

    def _drain(self) -> None:
        """Until nothing is under way and nothing waits."""
        while True:
            self._look()
            self._render_due()
            if not self._dispatcher.idle():
                self._rest()
                continue
            self._look()
            due = self._dispatcher.next_due()
            moments = [moment for moment in (self._backlog.next_due(), due) if moment is not None]
            if not moments and self._dispatcher.idle():
                return
            if self._is_alone and due is not None and due <= self._manner.clock():
                self._rest()
            elif moments and (wait := min(moments) - self._manner.clock()) > 0:
                self._manner.progress.warn(f"{told(self._waiting())}; going on in {wait:.0f} s")
                self._manner.patience.sleep(wait)

    def _render_due(self) -> None:
        if due := self._backlog.due(self._manner.clock(), most=BATCH):
            self._render(due)

    def _render(self, batch: Sequence[Left]) -> None:
        """Render what may begin, and place it."""
        going: list[Left] = []
        coming: set[Ref] = set()
        for left in batch:
            obstacle = self._obstacle(self._backlog.needs(left), coming)
            if isinstance(obstacle, float):
                self._backlog.set_aside(left, obstacle, Why.NEED)
            elif obstacle is not _Never.NEVER:
                going.append(left)
                coming.add(Ref(left.kind, left.key))
        threads = render(going, self._backlog, self._renderer, uses=self._uses)
        for left, thread in zip(going, threads, strict=True):
            self._look()
            while self._dispatcher.full():
                self._rest()
                self._look()
            self._place(Job(left, thread, thread.needs))

    def _rest(self) -> None:
        """Let the workers work."""
        if not self._is_alone:
            self._dispatcher.wait(_LOOK)
        elif (job := self._dispatcher.take()) is not None:
            self._worker.go_on(job)

    def _place(self, job: Job) -> None:
        """To the workers, or to where it waits."""
        while True:
            obstacle = self._obstacle(job.needs, ())
            if obstacle is None:
                self._dispatcher.offer(job)
            elif isinstance(obstacle, float):
                self._dispatcher.put_aside(job, obstacle)
            elif isinstance(obstacle, _Never):
                self._dispatcher.drop(job)
            elif not self._dispatcher.hold(job, obstacle):
                continue  # it has just ended
            return

    def _obstacle(self, needs: Sequence[Ref], coming: Container[Ref]) -> Ref | float | _Never | None:
        """Why a thread cannot begin: a thread to wait for, or until when; None when it can.

        coming: threads that are placed before it.
        """
        held: Ref | None = None
        late = 0.0
        for need in needs:
            if self._dispatcher.is_active(need):
                held = need
                continue
            if need in coming or self._ledger.stands(need):
                continue
            row = self._ledger.row((need.kind, need.key, Step.CREATE, 0))
            until = self._waits_until(need)
            if until is None or (row is not None and row.state is State.FAILED):
                return _Never.NEVER
            late = max(late, until, self._manner.clock() + _AGAIN)
        return late or held

    def _waits_until(self, need: Ref) -> float | None:
        for aside in self._dispatcher.take_aside():
            self._backlog.set_aside(aside.left, aside.until, aside.why)
        parked = self._dispatcher.parked_until(need)
        return self._backlog.aside_until(need) if parked is None else parked

    def _look(self) -> None:
        """What has to be seen to now and then."""
        self._manner.interrupt.check()
        for aside in self._dispatcher.take_aside():
            self._backlog.set_aside(aside.left, aside.until, aside.why)
        for job in self._dispatcher.take_loose():
            self._place(job)
        now = time.monotonic()
        if now - self._flushed >= _FLUSH:
            self._flushed = now
            self._ledger.commit()
            self._tell(now)

    def _tell(self, now: float) -> None:
        standing, waiting = self._worker.standing, self._waiting()
        in_doubt = standing.in_doubt + waiting.pop(Why.DOUBT, 0)
        others = f" · {told(waiting)}" if waiting else ""
        self._manner.progress.tell(
            f"{self._rate.now(now):.0f} calls/s · {standing.done:,} done · {standing.failed:,} failed"
            f" · {in_doubt:,} in doubt{others}"
        )

    def _waiting(self) -> Counter[Why]:
        return self._backlog.waiting() + self._dispatcher.parked()
