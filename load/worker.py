"""One worker: goes on with a thread as far as it goes, one call after the other."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import assert_never

from deskferry.schemas.errors import InputError

from .action import SETUP, Action, Step
from .dispatch import Dispatcher, Job
from .doubt import ready_at
from .execute import Came, Executor
from .failures import Failures
from .ledger import Ledger, key_of
from .ledger_file import Key, Row, State
from .manner import Manner
from .perform import LIMITED_TRIES, TooManyError
from .reply_limit import ReplyLimit
from .thread import Blocked, Finished, Resolve, Send, next_action
from .tripwire import Tripwire
from .waiting import Why

SENDS = 5  # of one call in a run, each with its answer lost


@dataclass(slots=True)
class Tries:
    """Calls that were made more than once in a run, by all workers, and how often."""

    sent: Counter[Key] = field(default_factory=Counter)  # in doubt each time
    late: Counter[Key] = field(default_factory=Counter)  # refused each time for coming too soon


@dataclass(slots=True)
class Standing:
    """Threads of a run by how they ended, as far as it is known."""

    done: int = 0
    failed: int = 0
    in_doubt: int = 0


@dataclass(frozen=True, slots=True)
class Worker:
    """What the workers of a run share, and what each does. Nothing in it belongs to one of them."""

    dispatcher: Dispatcher
    ledger: Ledger
    executor: Executor
    manner: Manner
    failures: Failures
    replies: ReplyLimit
    tripwire: Tripwire
    tries: Tries = field(default_factory=Tries)
    standing: Standing = field(default_factory=Standing)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self) -> None:
        """Go on with threads until the run ends."""
        try:
            while (job := self.dispatcher.next(self.manner.interrupt.check)) is not None:
                self.go_on(job)
        except KeyboardInterrupt:
            self.dispatcher.end()
        except BaseException as error:
            self.manner.interrupt.stop(str(error))
            self.dispatcher.broke(error)

    def go_on(self, job: Job) -> None:
        """Go on with a thread as far as it goes, and tell what came of it."""
        wait = self._go(job)
        if wait is None:
            self.dispatcher.ended(job)
        else:
            self.dispatcher.park(job, *wait)

    def _go(self, job: Job) -> tuple[float, Why] | None:
        """Go on with a thread to its end, or until when it has to wait, in unix seconds, and why."""
        actions, rows = job.thread.actions, self.ledger.thread(job.left.kind, job.left.key)
        while True:
            self.manner.interrupt.check()
            match next_action(actions, rows):
                case Finished():
                    self.failures.success()
                    self._count(done=1)
                    self.tripwire.finished(job.thread)
                    self.tripwire.look()
                    return None
                case Blocked(row):
                    self._failed(job, row)
                    return None
                case Send(action):
                    pass
                case Resolve(action, row):
                    ready = ready_at(row, action, settle=self.manner.settle)
                    if ready > self.manner.clock():
                        return ready, Why.DOUBT
                    if self.executor.find_out(action, row) is not Came.NOT_MADE:
                        self._noted(action, rows)
                        continue
                    if self.tries.sent[key_of(action)] >= SENDS:
                        self._stop(self.failures.failure("no answer"))
                        self._count(in_doubt=1)
                        return None  # stays in doubt: the next run goes on
                case other:
                    assert_never(other)
            until = self.replies.until(action, job.replies) or self._send(action)
            if until is not None:
                return until, Why.REPLIES
            self._noted(action, rows)

    def _send(self, action: Action) -> float | None:
        """Make a call; when to try again where the target wants to wait."""
        key = key_of(action)
        try:
            with self.lock:
                self.tries.sent[key] += 1
            self.executor.send(action)
        except TooManyError as error:
            self.replies.was_met = True
            with self.lock:
                self.tries.sent[key] -= 1
                self.tries.late[key] += 1
            if self.tries.late[key] > LIMITED_TRIES:
                raise InputError(f"the target lets nothing through: {error}") from error
            return self.manner.clock() + error.wait
        return None

    def _noted(self, action: Action, rows: dict[tuple[Step, int], Row]) -> None:
        """Take the outcome of a call over from the ledger."""
        key = key_of(action)
        row = self.ledger.row(key)
        if row is None:
            rows.pop((action.step, action.part), None)
            return
        rows[action.step, action.part] = row
        if row.state is not State.SENDING:
            with self.lock:
                self.tries.sent.pop(key, None)
                self.tries.late.pop(key, None)
        if row.state is State.DONE:
            self.manner.progress.advance()

    def _failed(self, job: Job, row: Row) -> None:
        self._count(failed=1)
        stopped = self.failures.failure(self.executor.last_code)
        if job.left.kind in SETUP:
            stopped = f"{job.left.kind} '{job.left.key}' cannot be made: {row.error}"
        self._stop(stopped)

    def _stop(self, reason: str | None) -> None:
        if reason is not None:
            self.manner.interrupt.stop(reason)

    def _count(self, *, done: int = 0, failed: int = 0, in_doubt: int = 0) -> None:
        with self.lock:
            self.standing.done += done
            self.standing.failed += failed
            self.standing.in_doubt += in_doubt
