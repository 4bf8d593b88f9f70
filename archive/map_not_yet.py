"""What this version cannot carry out, each with how many it is about. Pure.

In: a mapping, counts. Out: a Gap for each. What cannot be carried out stands in schemas/unsupported.py.
"""

from collections.abc import Iterator

from deskferry.schemas.mapping import Mapping
from deskferry.schemas.unsupported import unsupported

from .live import Totals
from .map_answer import Gap


def not_yet(mapping: Mapping, totals: Totals) -> Iterator[Gap]:
    """Settings only: every rule and every answer for a value can be carried out."""
    counts = {"ccs": totals.copied}
    for found in unsupported(mapping):
        count = counts[found.block]
        yield Gap(found.block, found.value, count, found.where, f"{found.why}. {found.instead}")
