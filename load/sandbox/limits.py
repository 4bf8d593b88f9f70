"""Rate limits: so many calls in each window of ten seconds."""

from collections.abc import Mapping
from dataclasses import dataclass

from .answers import Problem
from .state import State

WINDOW = 10  # seconds; Intercom spreads its limit per minute over windows of this length


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the window a call fell into."""

    limit: int
    remaining: int
    reset: int
    refused: bool

    @property
    def headers(self) -> Mapping[str, str]:
        """As Intercom sends them; reset is in unix seconds."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }

    def require(self) -> None:
        """Raise the 429 when the window was full."""
        if self.refused:
            message = f"Exceeded rate limit of {self.limit} in {WINDOW}_seconds"
            raise Problem(429, "rate_limit_exceeded", message)


def count_call(state: State, *, now: float, rate: int) -> Allowance:
    """Count one call into its window, or refuse it. rate: calls per window."""
    start = int(now) // WINDOW * WINDOW
    window = state.one("window", start=start)
    count = window["count"] if window else 0
    refused = count >= rate
    state.run("count_call", start=start, count=int(not refused), refused=int(refused))
    return Allowance(rate, 0 if refused else rate - count - 1, start + WINDOW, refused)
