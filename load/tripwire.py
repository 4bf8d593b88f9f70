"""The tripwire: some of what a run made is read back a while later; what others did to it stops the run.

The first twenty, then one in five hundred: a workflow that was switched on, or that acts only on some, shows
before thousands of customers have heard of it. Its reads are no planned calls and are counted by themselves.
"""

import heapq
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deskferry.schemas.errors import RefusedError

from .action import HISTORY, Kind, Ref
from .answers import Done, Failed
from .client import Call, Client
from .foreign import Ours, foreign, ours_of
from .ledger import Ledger
from .ledger_file import State
from .manner import Manner
from .perform import perform
from .thread import Thread


@dataclass(frozen=True, slots=True, order=True)
class Check:
    """A read to make. due: unix seconds."""

    due: float
    number: int
    kind: Kind
    key: str
    target_id: str
    ours: Ours


class Tripwire:
    """What of a run is to be read back. It may be told of threads from several workers.

    after: seconds until an item is read. reads: how many were.
    """

    def __init__(
        self, ledger: Ledger, client: Client, *, resolve: Callable[[Ref], str], manner: Manner, after: float
    ) -> None:
        self._ledger, self._client, self._resolve, self._manner = ledger, client, resolve, manner
        self._after, self._lock = after, threading.Lock()
        self._seen = 0
        self._checks: list[Check] = []
        self.reads = 0

    def finished(self, thread: Thread) -> None:
        """Told of each thread that is done."""
        guards = self._manner.guards
        if thread.kind not in HISTORY:
            return
        with self._lock:
            self._seen += 1
            wanted = self._seen <= guards.first or (guards.every and self._seen % guards.every == 0)
            check = self._check(thread) if wanted else None
            if check is not None:
                heapq.heappush(self._checks, check)

    def look(self) -> None:
        """Make the reads that are due. Raises RefusedError naming item, part and author."""
        for check in self._due(self._manner.clock()):
            self._read(check)

    def last_look(self) -> None:
        """Wait for the reads that are left, and make them."""
        while (wait := self._wait()) is not None:
            if wait > 0:
                self._ledger.commit()
                count = len(self._checks)
                self._manner.progress.warn(f"reading {count} of the first back, the next in {wait:.0f} s")
                self._manner.patience.sleep(wait)
            for check in self._due(self._manner.clock() + max(wait, 0.0)):
                self._read(check)

    def _check(self, thread: Thread) -> Check | None:
        """None for what an earlier plan made otherwise: it stands as that plan said."""
        rows = self._ledger.thread(thread.kind, thread.key)
        if any(
            (row := rows.get((action.step, action.part))) is None
            or row.state is not State.DONE
            or row.payload_hash != action.payload_hash
            for action in thread.actions
        ):
            return None
        target_id = self._ledger.target_id(thread.kind, thread.key)
        if target_id is None:
            return None
        ours = ours_of(thread.actions, resolve=self._resolve)
        due = self._manner.clock() + self._after
        return Check(due, self._seen, thread.kind, thread.key, target_id, ours)

    def _due(self, now: float) -> Iterator[Check]:
        while True:
            with self._lock:
                if not self._checks or self._checks[0].due > now:
                    return
                check = heapq.heappop(self._checks)
                self.reads += 1
            yield check

    def _wait(self) -> float | None:
        with self._lock:
            return self._checks[0].due - self._manner.clock() if self._checks else None

    def _read(self, check: Check) -> None:
        self._manner.interrupt.check()
        # fresh: where it is read at once, a 404 may be the target's delay
        call = Call("GET", f"/{check.kind}s/{check.target_id}", fresh=True)
        match perform(self._client, call, self._manner.patience):
            case Done(dict() as body):
                found = list(foreign(check.kind, body, ours=check.ours))
            case Failed(status=404):
                found = ["it is gone"]
            case _:
                found = []  # unreadable just now: verify reads everything
        if not found:
            return
        text = f"{check.kind} {check.key} (Intercom {check.target_id}): {'; '.join(found)}"
        if not self._manner.guards.ignore_foreign:
            raise RefusedError(
                f"somebody else is at work on what is loaded. {text}",
                todo="Silence what did it and run this again, or add --ignore-foreign",
            )
        self._manner.progress.warn(f"not ours: {text}")
