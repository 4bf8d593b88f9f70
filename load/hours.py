"""The hours in which a load may work: at night, say, when nobody else needs the limit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskferry.schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time of day to another, in a zone; over midnight where the end is not after the start."""

    start: time
    end: time
    zone: ZoneInfo

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.zone.key}"

    def closed(self, now: float) -> float:
        """Seconds until they begin, 0 within them. now: unix seconds.

        The clock on the wall decides: a night in which it is set is an hour longer or shorter.
        """
        local = datetime.fromtimestamp(now, self.zone)
        if self._holds(local.time()):
            return 0.0
        for days in range(3):
            day = local.date() + timedelta(days=days)
            begins = datetime.combine(day, self.start, self.zone).astimezone(UTC).timestamp()
            if begins > now:
                return begins - now
        raise AssertionError("a time of day comes every day")

    def _holds(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def parse_hours(span: str, zone: str) -> Hours:
    """`20:00-06:00` in a zone such as `Europe/Berlin`. Raises InputError for what is none."""
    start, dash, end = span.partition("-")
    try:
        times = [time.fromisoformat(part.strip()) for part in (start, end)] if dash else []
    except ValueError:
        times = []
    if len(times) != 2 or any(moment.tzinfo for moment in times):
        raise InputError(f"'{span}' is no span of a day", todo="Use START-END, such as 20:00-06:00")
    if times[0] == times[1]:
        raise InputError(f"'{span}' begins when it ends", todo="Leave --between out to work all day")
    try:
        found = ZoneInfo(zone)
    except (OSError, ValueError, LookupError):
        raise InputError(f"'{zone}' is no time zone", todo="Use a name such as Europe/Berlin") from None
    return Hours(times[0], times[1], found)


def closed_hours(
    hours: Hours | None, *, clock: Callable[[], float], say: Callable[[str], None]
) -> Callable[[], float]:
    """For Pace.govern: how long nothing may leave now; says once when a pause begins. clock: unix seconds."""
    if hours is None:
        return lambda: 0.0
    paused = False

    def closed() -> float:
        nonlocal paused
        now = clock()
        wait = hours.closed(now)
        if wait > 0 and not paused:
            goes_on = datetime.fromtimestamp(now + wait, hours.zone)
            say(f"outside {hours}; paused, goes on {goes_on:%d %b %H:%M}")
        paused = wait > 0
        return wait

    return closed
