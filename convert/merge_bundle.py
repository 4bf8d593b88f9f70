"""Tickets of which nothing else speaks: all of them stays as it was written."""

from operator import add

from .attachments import Attachments
from .bundles import ATTACHMENTS, PARTS, Bodies, Range
from .settle import Tally, Verdict
from .stretches import Stretch
from .write_entities import EntityWriters

_NONE = [0] * len(PARTS)


class BundleMerge:
    """Copies bundles into the dataset: those that stand one after the other in one go."""

    def __init__(
        self, tally: Tally, writers: EntityWriters, attachments: Attachments, bodies: Bodies
    ) -> None:
        self._tally, self._writers, self._attachments, self._bodies = tally, writers, attachments, bodies
        self._accepted: dict[int, list[int]] = {}  # file -> records of each of PARTS
        # What is still to be copied: a file of bodies, and of each of PARTS the range in it and its lines.
        self._name, self._starts, self._ends, self._lines = "", _NONE, _NONE, _NONE
        self._files: list[tuple[int, bool]] = []  # attachments of a ticket, and whether it is open

    def take(self, stretch: Stretch) -> None:
        """Write what a stretch holds, sooner or later."""
        starts, sizes, lines = (list(stretch.told[place::3]) for place in range(3))
        if stretch.name != self._name or starts != self._ends:
            self.finish()
            self._name, self._starts = stretch.name, starts
        self._ends = list(map(add, starts, sizes))
        self._lines = list(map(add, self._lines, lines))
        for file, records in stretch.accepted:
            self._accepted[file] = list(map(add, self._accepted.get(file, _NONE), records))
        self._files += stretch.files

    def finish(self) -> None:
        """Write what was taken, before anything else is written."""
        if not self._name:
            return
        for entity, start, end, lines in zip(PARTS, self._starts, self._ends, self._lines, strict=True):
            if lines:
                self._writers.copy(self._bodies, self._name, Range(entity, start, end - start, lines))
        if self._files:
            self._list_files()
        for file, counts in self._accepted.items():
            for entity, count in zip(PARTS, counts, strict=True):
                if count:
                    self._tally.counts[file, entity, Verdict.ACCEPTED] += count
        self._name, self._starts, self._ends, self._lines = "", _NONE, _NONE, _NONE
        self._accepted, self._files = {}, []

    def _list_files(self) -> None:
        start, end = self._starts[ATTACHMENTS], self._ends[ATTACHMENTS]
        texts = iter(self._bodies.read(self._name, start, end - start).splitlines())
        for count, opened in self._files:
            for _ in range(count):
                self._attachments.listed(next(texts), opened=opened)
