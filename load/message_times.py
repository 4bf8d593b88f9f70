"""The seconds that parts of a conversation get: their own, each later than the one before it."""

from collections.abc import Sequence


def spread(wanted: Sequence[int], *, after: int, now: int) -> list[int]:
    """A second for each, in order, strictly increasing, later than `after` and not later than `now`.

    Intercom orders what it shows by seconds, and by (author, second) a part is known again. Where fewer
    seconds than parts lie between `after` and `now`, the last ones are later than that.
    """
    times, last = [], after
    for second in wanted:
        last = max(second, last + 1)
        times.append(last)
    latest = max(now, after + len(times))
    return [min(time, latest - left) for time, left in zip(times, reversed(range(len(times))), strict=True)]
