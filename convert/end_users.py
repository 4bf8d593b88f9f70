"""Who is known as an end-user, and never as anything else. Asked where a first message is rebuilt."""

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

from .people_lines import is_user, owner_of, people_lines
from .run_lines import SEPARATOR

_END_USER = b"end-user"


class EndUsers:
    """Looks into the runs only when first asked: where comments came along nobody has to know."""

    def __init__(self, runs: Sequence[Path]) -> None:
        self._runs = runs
        self._ids: array[int] | None = None

    def has(self, user_id: int) -> bool:
        """True where every row of the user that names a role, and at least one, says end-user."""
        if self._ids is None:
            self._ids = _end_users(self._runs)
        at = bisect_left(self._ids, user_id)
        return at < len(self._ids) and self._ids[at] == user_id


def _end_users(runs: Sequence[Path]) -> "array[int]":
    """Ids, ascending, eight bytes each. One run is open at a time: all are already, for the merge."""
    by_run: list[array[int]] = []
    others: set[int] = set()
    for run in runs:
        ids = array("q")
        for user_id, role in _roles(run):
            if role == _END_USER:
                ids.append(user_id)
            else:
                others.add(user_id)
        by_run.append(ids)
    known = array("q")
    for user_id in heapq.merge(*by_run):
        if user_id not in others and (not known or known[-1] != user_id):
            known.append(user_id)
    return known


def _roles(run: Path) -> Iterator[tuple[int, bytes]]:
    """Each user of a run whose role is told, in ascending order."""
    for line in people_lines(run):
        if is_user(line) and (role := line.split(SEPARATOR, 5)[4]):
            yield owner_of(line), role
