"""Which thread a worker goes on with: those that are ready, in order; none before what it needs.

Only what is under way is in memory. A thread that waits for one under way is held; one that waits for its
time (in doubt, or asked to wait) leaves its worker, and soon the memory too: it is set aside, to be rendered
again. So memory stays flat, whatever waits.
"""

import heapq
import itertools
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from .action import Ref
from .backlog import Left
from .reply_limit import MOST
from .thread import Thread
from .waiting import Why

SHORT = 30.0  # seconds a thread may wait in memory
ROOM = 100  # threads that may


@dataclass(slots=True)
class Job:
    """A thread under way. replies: when its last replies left, see reply_limit.py."""

    left: Left
    thread: Thread
    needs: tuple[Ref, ...]
    replies: deque[float] = field(default_factory=lambda: deque(maxlen=MOST))

    @property
    def ref(self) -> Ref:
        """What it is about."""
        return Ref(self.left.kind, self.left.key)


@dataclass(frozen=True, slots=True)
class Aside:
    """A thread that was set aside. until: unix seconds."""

    left: Left
    until: float
    why: Why


class Dispatcher:
    """Between the one who renders threads and the workers. stands: a need is made, as the ledger has it."""

    def __init__(self, *, capacity: int, stands: Callable[[Ref], bool], clock: Callable[[], float]) -> None:
        self._capacity, self._stands, self._clock = capacity, stands, clock
        self.turn = threading.Condition()
        self._ready: deque[Job] = deque()
        self._active: set[Ref] = set()  # ready, running, held or loose
        self._running = 0
        self._held: dict[Ref, list[Job]] = {}
        self._held_count = 0
        self._loose: list[Job] = []  # held no longer, and to be looked at again
        self._parked: list[tuple[float, int, Job, Why]] = []
        self._parked_until: dict[Ref, float] = {}
        self._numbers = itertools.count()
        self._aside: list[Aside] = []
        self._is_over = False
        self._error: BaseException | None = None

    def full(self) -> bool:
        """Nothing more should be rendered now."""
        return len(self._ready) + self._running + self._held_count + len(self._loose) >= self._capacity

    def idle(self) -> bool:
        """No thread is ready, running or held."""
        return not (self._ready or self._running or self._held_count or self._loose)

    def is_active(self, ref: Ref) -> bool:
        """Its thread is in memory and waits for no time, so that it is worth waiting for."""
        return ref in self._active

    def parked_until(self, ref: Ref) -> float | None:
        """When a thread that waits in memory goes on."""
        return self._parked_until.get(ref)

    def next_due(self) -> float | None:
        """When the next thread that waits in memory goes on."""
        return self._parked[0][0] if self._parked else None

    def parked(self) -> Counter[Why]:
        """Threads that wait in memory."""
        with self.turn:
            return Counter(why for *_, why in self._parked)

    def offer(self, job: Job) -> None:
        """A thread whose needs all stand: to the next worker that is free."""
        with self.turn:
            self._offer(job)

    def hold(self, job: Job, need: Ref) -> bool:
        """Keep a thread until the one that makes `need` has ended; False when that is not under way."""
        with self.turn:
            if need not in self._active:
                return False
            self._held.setdefault(need, []).append(job)
            self._held_count += 1
            self._active.add(job.ref)
            return True

    def drop(self, job: Job) -> None:
        """A thread that cannot begin; what waits for it is loose."""
        with self.turn:
            self._active.discard(job.ref)
            self._release(job.ref)

    def next(self, check: Callable[[], None]) -> Job | None:
        """The next thread for a worker; None at the end. check: asked while waiting; may raise."""
        while True:
            check()
            with self.turn:
                if self._is_over:
                    return None
                if (job := self.take()) is not None:
                    return job
                self.turn.wait(self._nap())

    def take(self) -> Job | None:
        """The next thread, None while none is ready."""
        with self.turn:
            if self._parked and self._parked[0][0] <= self._clock():
                job = heapq.heappop(self._parked)[2]
                del self._parked_until[job.ref]
                self._active.add(job.ref)
            elif self._ready:
                job = self._ready.popleft()
            else:
                return None
            self._running += 1
            return job

    def ended(self, job: Job) -> None:
        """A worker is through with a thread, well or not."""
        with self.turn:
            self._running -= 1
            self._active.discard(job.ref)
            self._release(job.ref)
            self.turn.notify_all()

    def park(self, job: Job, until: float, why: Why) -> None:
        """A worker leaves a thread that cannot go on before `until`, and whatever waits for it."""
        with self.turn:
            self._running -= 1
            self._active.discard(job.ref)
            if until - self._clock() <= SHORT and len(self._parked) < ROOM:
                heapq.heappush(self._parked, (until, next(self._numbers), job, why))
                self._parked_until[job.ref] = until
            else:
                self._aside.append(Aside(job.left, until, why))
            self._defer(job.ref, until)
            self.turn.notify_all()

    def put_aside(self, job: Job, until: float) -> None:
        """A thread that waits for one that waits."""
        with self.turn:
            self._active.discard(job.ref)
            self._aside.append(Aside(job.left, until, Why.NEED))
            self._defer(job.ref, until)

    def take_aside(self) -> list[Aside]:
        """What was set aside since the last time."""
        with self.turn:
            found, self._aside = self._aside, []
            return found

    def take_loose(self) -> list[Job]:
        """What is held no longer and has needs that do not stand."""
        with self.turn:
            found, self._loose = self._loose, []
            return found

    def broke(self, error: BaseException) -> None:
        """A worker cannot go on; the first error is the run's."""
        with self.turn:
            if self._error is None:
                self._error = error
            self._end()

    def end(self) -> None:
        """Let the workers go."""
        with self.turn:
            self._end()

    def require(self) -> None:
        """Raise what broke a worker."""
        if self._error is not None:
            raise self._error

    def wait(self, seconds: float) -> None:
        """Until something changes, but no longer than that."""
        with self.turn:
            self.turn.wait(seconds)

    def _offer(self, job: Job) -> None:
        self._ready.append(job)
        self._active.add(job.ref)
        self.turn.notify_all()

    def _release(self, need: Ref) -> None:
        for waiting in self._held.pop(need, ()):
            self._held_count -= 1
            if all(self._stands(one) for one in waiting.needs):
                self._offer(waiting)
            else:
                self._loose.append(waiting)

    def _defer(self, need: Ref, until: float) -> None:
        for waiting in self._held.pop(need, ()):
            self._held_count -= 1
            self._active.discard(waiting.ref)
            self._aside.append(Aside(waiting.left, until, Why.NEED))
            self._defer(waiting.ref, until)

    def _end(self) -> None:
        self._is_over = True
        self.turn.notify_all()

    def _nap(self) -> float:
        due = self.next_due()
        return 0.25 if due is None else min(max(due - self._clock(), 0.001), 0.25)
