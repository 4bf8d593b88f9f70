"""How many calls may leave now: what a target's answers say of its windows, and no more than is certain.

Intercom counts calls in windows of 10 seconds and names limit, remaining and reset (unix seconds, whole) on
each authenticated answer. Nothing else is known: not when a window began, not by which clock, not who else
draws on it. So one rule carries everything: what the window still held when an answer was given, less every
call whose answer is not here yet. It holds whatever overtakes whatever, and in whichever window a call lands
that left near the end of one.

A spent window is followed by a scout: one call that leaves alone when the window should be over, so that its
answer tells. It takes the last permit of the old window, which was kept for it: should the window not be over
yet, the scout is counted in it and not refused.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

WINDOW = 10.0  # seconds
LONGEST = 60.0  # seconds; headers that say more are wrong about one clock or the other
UNSAID = 167  # calls per window where the target names no limit: the smallest that Intercom is known to give
KEPT_FROM = 20  # a budget this large keeps a permit for the scout; of a smaller one it would be too much
MUTE = 3  # answers without numbers in a row: then it is no accident
_SPAN = WINDOW + 1.0  # seconds in which so many leave; answers without numbers say nothing of their window
_AGREE = (-2.5, 1.0)  # Date header less our clock, if both agree: it has whole seconds and may be stale
_STALE = 5.0  # seconds by which a clock was set back
_LAG_STEP, _LAG_MOST = 0.25, 2.0  # seconds a scout leaves later after one that left too early
_MARGIN = 0.1  # seconds between the latest end of a window and a scout that has no permit kept for it
_PATIENCE = 2.0  # seconds until another scout leaves although the last one hangs


@dataclass(frozen=True, slots=True)
class Permit:
    """One call that may leave. left: unix seconds."""

    left: float


@dataclass(frozen=True, slots=True)
class _Said:
    """What an answer says. ahead: its Date less our clock, None without a Date."""

    limit: int
    remaining: int
    reset: int
    ahead: float | None


class Budget:
    """What is known of a target's windows. Not for several threads at once: see Pace.

    share: of the limit, at most so much is used in each window. All times are unix seconds of our clock.
    """

    def __init__(self, *, share: float = 1.0) -> None:
        self.limit: int | None = None  # calls per window, as last heard
        self.share = share
        self._left: int | None = None  # in the window, every answered call reckoned in
        self._used = 0  # by us in the window, answered
        self._used_from = 0  # reset of the window that _used counts for
        self._anchor = self._reset = 0  # first and last reset heard of the window, by the target's clock
        self._heard = 0.0  # when the window was first heard of
        self._end = self._late = 0.0  # when it may be over; when it surely is
        self._flying = self._mute = 0
        self._leavings: deque[float] = deque(maxlen=UNSAID)
        self._lead: float | None = None  # the target's clock less ours, at least
        self._lag = 0.0
        self._was_early = self._is_absurd = False
        self._paused = 0.0

    def ask(self, now: float) -> Permit | float:
        """A permit, or for how many seconds there is none unless an answer comes."""
        wait = self._paused - now if now < self._paused else self._wait(now)
        if wait > 0:
            return wait
        self._flying += 1
        self._leavings.append(now)
        return Permit(now)

    def answered(
        self, permit: Permit, headers: Mapping[str, str] | None, now: float, *, refused: bool = False
    ) -> None:
        """Take in what became of a call. headers: of its answer, None when none came. refused: a 429."""
        self._flying -= 1
        said = None if headers is None else _said(headers, now)
        if said is None:
            self._mute += 1
            self._used += 1
            if self._left is not None:  # it may have been counted
                self._left = 0 if refused else self._left - 1
            return
        self._mute = 0
        self.limit = max(said.limit, 1)
        self._learn(said, permit, now, refused=refused)

    def withdrawn(self, permit: Permit) -> None:
        """The call of a permit never left, or never arrived."""
        del permit
        self._flying -= 1

    def pause(self, now: float, *, wait: float | None = None, jitter: float = 0.0) -> float:
        """Let nothing leave for `wait` seconds, or until the window ends; then a scout. For how long."""
        if wait is None:
            if self._left is None or self._late <= now:
                wait = WINDOW
            else:  # what was refused after the end we reckoned with came less than a second too early
                wait = self._end - now if self._end > now else 1.0
        wait = min(wait, LONGEST) + jitter
        self._paused = max(self._paused, now + wait)
        self._late = min(self._late, self._paused)
        return wait

    def _wait(self, now: float) -> float:
        if self._left is None or now >= self._late:
            return self._blind(now)
        most = max(int(self.share * (self.limit or 1)), 1)
        free = min(self._left, most - self._used) - self._flying
        if free > (1 if most >= KEPT_FROM else 0) or (free > 0 and now >= self._end):
            return 0.0
        return (self._end if free > 0 else self._late) - now

    def _blind(self, now: float) -> float:
        """Nothing is known of the window that is now: one call leaves alone, and tells."""
        if self._mute >= MUTE:
            most = max(int(self.share * UNSAID), 1)
            if len(self._leavings) < most:
                return 0.0
            return self._leavings[-most] + _SPAN - now
        last = self._leavings[-1] if self._leavings else -LONGEST
        if self._left is None:
            return 0.0 if self._flying == 0 else max(last + WINDOW - now, 0.0)
        return 0.0 if self._flying == 0 or last < self._late else max(last + _PATIENCE - now, 0.0)

    def _learn(self, said: _Said, permit: Permit, now: float, *, refused: bool) -> None:
        ahead = said.reset - self._anchor
        is_new = self._left is None or ahead >= WINDOW / 2
        if ahead <= -WINDOW / 2 and not is_new:
            if permit.left <= self._heard:
                return  # overtaken by the first answer of the next window
            is_new = True  # the target's clock was set back
        self._hear_date(said.ahead)
        # One that left when the window surely was over, and whose reset is near all the same, comes from a
        # target without windows, which counts the last ten seconds.
        if is_new or self._left is None or (permit.left >= self._late and self._flying == 0):
            self._begin(said, permit, now)
        else:
            if permit.left >= self._end and not self._was_early:
                self._lag, self._was_early = min(self._lag + _LAG_STEP, _LAG_MOST), True
            self._left = min(self._left, said.remaining)  # answers overtake one another
            self._reset = max(self._reset, said.reset)
        if refused:
            self._left = 0
        else:
            self._used += 1
        self._reckon()

    def _begin(self, said: _Said, permit: Permit, now: float) -> None:
        """The first answer of another window."""
        if self._left is None or not 0 <= said.reset - self._used_from < WINDOW - 1:
            self._used, self._used_from = 0, said.reset
        self._left, self._anchor, self._reset = said.remaining, said.reset, said.reset
        self._heard, self._was_early = now, False
        self._is_absurd = self._by_our_clock() < permit.left - 1.0  # over before we asked

    def _reckon(self) -> None:
        """When the window ends by our clock. None lasts longer than WINDOW from when it was heard of."""
        longest = self._heard + WINDOW
        end = longest if self._is_absurd else self._by_our_clock()
        end = min(end, longest if self._lead is None else self._heard + LONGEST)
        if self._lead is None:
            late = longest + _MARGIN
        else:  # a reset may be cut to whole seconds, a Date too
            late = end + 1.0 + max(0.0, -self._lead if self._agrees() else 0.0)
            if end <= longest + 2.0:
                late = min(late, longest + _MARGIN)
        self._end = end + self._lag
        self._late = max(late, self._end)

    def _by_our_clock(self) -> float:
        return self._reset - (0.0 if self._lead is None or self._agrees() else self._lead)

    def _agrees(self) -> bool:
        return self._lead is not None and _AGREE[0] <= self._lead <= _AGREE[1]

    def _hear_date(self, ahead: float | None) -> None:
        if ahead is not None and (self._lead is None or ahead > self._lead or ahead < self._lead - _STALE):
            self._lead = ahead


def _said(headers: Mapping[str, str], now: float) -> _Said | None:
    limit, remaining, reset = (
        number(headers, f"X-RateLimit-{name}") for name in ("Limit", "Remaining", "Reset")
    )
    if limit is None or remaining is None or reset is None:
        return None
    try:
        ahead = parsedate_to_datetime(headers["Date"]).timestamp() - now
    except (KeyError, ValueError, TypeError):
        ahead = None
    return _Said(limit, remaining, reset, ahead)


def number(headers: Mapping[str, str], name: str) -> int | None:
    """A header as a number; None where it is none."""
    value = headers.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 16 else None
