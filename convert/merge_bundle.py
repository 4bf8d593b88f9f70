"""A ticket of which nothing else speaks: all of it stays as it was written."""

from .attachments import Attachments
from .bundles import Bodies, Bundle, bundle_of
from .run_lines import Line
from .settle import Tally, Verdict
from .write_entities import EntityWriters


class BundleMerge:
    """Copies bundles into the dataset."""

    def __init__(
        self, tally: Tally, writers: EntityWriters, attachments: Attachments, bodies: Bodies
    ) -> None:
        self._tally, self._writers, self._attachments, self._bodies = tally, writers, attachments, bodies

    def take(self, line: Line) -> Bundle:
        """Write what the bundle of a line holds."""
        bundle = bundle_of(line)
        for one in bundle.ranges:
            if not one.lines:
                continue
            self._tally.counts[line.file, one.entity, Verdict.ACCEPTED] += one.lines
            self._writers.copy(self._bodies, bundle.name, one)
            if one.entity == "attachments":
                for text in self._bodies.read(bundle.name, one.start, one.size).splitlines():
                    self._attachments.listed(text, opened=bundle.opened)
        return bundle
