"""A target with a rate limit and a crowd of workers on one budget, in a time that only the events move."""

import heapq
import itertools
import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from deskferry.load.budget import Budget, Permit

WINDOW = 10.0


@dataclass
class Server:
    """Counts calls by its own clock. ahead: of ours, in seconds.

    windows: `aligned` on its clock, `first`: each begins with a call, `sliding`. cut: reset in whole seconds,
    rounded `down` or `up`. says: what its answers carry, of `limits` and `date`.
    """

    limit: int
    windows: str = "aligned"
    phase: float = 0.0
    ahead: float = 0.0
    cut: str = "down"
    says: tuple[str, ...] = ("limits", "date")
    refused: int = 0
    counted: Counter[float] = field(default_factory=Counter)
    _began: float = -1e9
    _recent: deque[float] = field(default_factory=deque)

    def answer(self, now: float) -> tuple[dict[str, str], bool]:
        """Headers of the answer to a call that arrives at `now` of our clock, and whether it is refused."""
        at = now + self.ahead
        if self.windows == "sliding":
            while self._recent and self._recent[0] <= at - WINDOW:
                self._recent.popleft()
            count, reset = len(self._recent), (self._recent[0] if self._recent else at) + WINDOW
        else:
            began = self._window(at)
            count, reset = self.counted[began], began + WINDOW
        refused = count >= self.limit
        self.refused += refused
        if not refused:
            self._recent.append(at)
            self.counted[self._window(at)] += 1
        headers = {}
        if "limits" in self.says:
            headers = {
                "X-RateLimit-Limit": str(self.limit),
                "X-RateLimit-Remaining": str(max(self.limit - count - 1, 0)),
                "X-RateLimit-Reset": str(int(reset) if self.cut == "down" else int(reset) + 1),
            }
        if "date" in self.says:
            headers["Date"] = format_datetime(datetime.fromtimestamp(int(at), UTC), usegmt=True)
        return headers, refused

    def _window(self, at: float) -> float:
        if self.windows == "first":
            if at >= self._began + WINDOW:
                self._began = at
            return self._began
        return (at - self.phase) // WINDOW * WINDOW + self.phase


def crowd(
    server: Server,
    *,
    workers: int,
    latency: Callable[[], float],
    seconds: float,
    share: float = 1.0,
    began: float = 1_800_000_003.7,
    losing: Callable[[], bool] = lambda: False,
) -> None:
    """Let workers call as fast as their budget lets them. latency: one way, in seconds, drawn each time."""
    budget = Budget(share=share)
    events: list[tuple[float, int, Callable[[float], None]]] = []
    numbers = itertools.count()
    waiting: dict[int, float] = {}

    def at(time: float, event: Callable[[float], None]) -> None:
        heapq.heappush(events, (time, next(numbers), event))

    def ask(worker: int, now: float) -> None:
        asked = budget.ask(now)
        if isinstance(asked, Permit):
            waiting.pop(worker, None)
            at(now + latency(), lambda then: arrive(worker, asked, then))
        else:
            waiting[worker] = now + min(asked, 0.25)
            at(waiting[worker], lambda then: wake(worker, then))

    def wake(worker: int, now: float) -> None:
        if waiting.get(worker, now + 1) <= now:
            ask(worker, now)

    def arrive(worker: int, permit: Permit, now: float) -> None:
        headers, refused = server.answer(now)
        lost = losing()
        at(now + latency(), lambda then: hear(worker, permit, None if lost else headers, refused, then))

    def hear(worker: int, permit: Permit, headers: dict[str, str] | None, refused: bool, now: float) -> None:
        budget.answered(permit, headers, now, refused=refused)
        if refused:
            budget.pause(now)
        for other in [*waiting, worker]:
            ask(other, now)

    for worker in range(workers):
        at(began, lambda then, worker=worker: ask(worker, then))  # type: ignore[misc]
    while events and events[0][0] < began + seconds:
        now, _, event = heapq.heappop(events)
        event(now)


def jitter(chance: random.Random, mean: float) -> Callable[[], float]:
    """Latencies around a mean, a few of them long: answers overtake one another."""
    return lambda: min(chance.expovariate(1 / mean) * 0.5 + mean * 0.5, mean * 8)
