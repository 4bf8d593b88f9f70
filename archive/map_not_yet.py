"""What this version cannot carry out, each with how many it is about. Pure.

In: live values, a mapping, counts. Out: a Gap for each. What cannot be carried out stands in
schemas/unsupported.py.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping

from deskferry.schemas.mapping import Mapping
from deskferry.schemas.unsupported import Unsupported, unsupported

from .live import Live, Totals
from .map_answer import REST, Gap, answers_of, is_rest, named_key


def not_yet(
    live: Sequence[Live], mapping: Mapping, totals: Totals, taken: AnyMapping[int | None, int]
) -> Iterator[Gap]:
    """taken: tickets by number of their rule, from 1."""
    settings = {
        "people": totals.with_notes,
        "companies": totals.organizations,
        "metrics": totals.tickets,
        "attachments": totals.attachments,
        "ccs": totals.copied,
    }
    for found in unsupported(mapping):
        if found.block == "rules":
            count = taken.get(int(found.value), 0)
        elif found.block in settings:
            count = settings[found.block]
        else:
            count = _carriers(found, live, mapping)
        yield Gap(found.block, found.value, count, found.where, f"{found.why}. {found.instead}")


def _carriers(found: Unsupported, live: Sequence[Live], mapping: Mapping) -> int:
    """On how many the values stand that an entry takes."""
    return sum(
        value.tickets
        for value in live
        if value.block == found.block
        and (
            is_rest(mapping, value)
            if found.value == REST
            else named_key(answers_of(mapping, value) or {}, value.value) == found.value
        )
    )
