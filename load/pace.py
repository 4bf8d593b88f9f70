"""How fast calls may leave: a budget learned from the target's own answers, never a constant.

Intercom counts in windows of 10 seconds and names limit, remaining and reset (unix seconds) on every
authenticated answer. Until the first answer nothing is known, and nothing is held back.
"""

import threading
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

WINDOW = 10.0  # seconds; the reset header names the end of one
LONGEST = 60.0  # seconds; headers that say more are wrong about one clock or the other
SKEW = 2.0  # seconds two clocks may differ before we reckon in the other's: the Date header has whole seconds


class Pace:
    """The budget of all calls to one target.

    A permit is reserved before sending, so that it also holds for several workers.
    clock: unix seconds. sleep: takes seconds.
    """

    def __init__(self, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._remaining: int | None = None
        self._reset = 0.0
        self.limit: int | None = None  # calls per window, as last heard

    def reserve(self) -> None:
        """Return when one more call may leave."""
        while True:
            with self._lock:
                now = self._clock()
                if self._remaining is None:
                    return
                if now >= self._reset:  # a new window, whose end the next answer will name
                    self._remaining, self._reset = self.limit or 1, now + WINDOW
                if self._remaining > 0:
                    self._remaining -= 1
                    return
                wait = min(self._reset - now, WINDOW)
            self._sleep(max(wait, 0.01))

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer says about its window. Answers without the headers teach nothing."""
        limit, remaining = _number(headers, "X-RateLimit-Limit"), _number(headers, "X-RateLimit-Remaining")
        reset = self._reset_at(headers)
        if limit is None or remaining is None or reset is None:
            return
        with self._lock:
            self.limit = max(limit, 1)
            if reset > self._reset or self._remaining is None:
                self._remaining = remaining
            else:  # answers may overtake one another inside a window: the smallest number is the newest
                self._remaining = min(self._remaining, remaining)
            self._reset = reset

    def wait_after_refusal(self, headers: Mapping[str, str]) -> float:
        """Seconds to wait after a 429: until the window ends, but never longer than a minute."""
        retry_after = _number(headers, "Retry-After")
        if retry_after is not None:
            return min(max(float(retry_after), 1.0), LONGEST)
        reset = self._reset_at(headers)
        return WINDOW if reset is None else max(reset - self._clock(), 0.2)

    def _reset_at(self, headers: Mapping[str, str]) -> float | None:
        """End of the window on our clock."""
        reset = _number(headers, "X-RateLimit-Reset")
        if reset is None:
            return None
        try:
            ahead = parsedate_to_datetime(headers["Date"]).timestamp() - self._clock()
        except (KeyError, ValueError, TypeError):
            ahead = 0.0
        end = reset - ahead if abs(ahead) > SKEW else float(reset)
        return min(end, self._clock() + LONGEST)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 16 else None
