"""The counts of a manifest: found = accepted + repeated + superseded + rejected, per source and entity."""

from collections import Counter
from collections.abc import Iterable, Mapping

from .settle import Verdict

FOUND, REJECTED = "found", "rejected"
COLUMNS = (
    FOUND,
    Verdict.ACCEPTED.value,
    Verdict.REPEATED.value,
    Verdict.SUPERSEDED.value,
    REJECTED,
    Verdict.MADE.value,
)
Counts = dict[str, int]


def counts_by_file(
    found: Mapping[tuple[int, str], int],
    rejected: Mapping[tuple[int, str], int],
    verdicts: Mapping[tuple[int, str, Verdict], int],
) -> dict[int, dict[str, Counts]]:
    """File number -> entity -> counts; only entities with something to count."""
    table: dict[int, dict[str, Counts]] = {}

    def cell(file: int, entity: str) -> Counts:
        return table.setdefault(file, {}).setdefault(entity, dict.fromkeys(COLUMNS, 0))

    for (file, entity), count in found.items():
        cell(file, entity)[FOUND] += count
    for (file, entity), count in rejected.items():
        cell(file, entity)[REJECTED] += count
    for (file, entity, verdict), count in verdicts.items():
        cell(file, entity)[verdict.value] += count
    return {
        file: {entity: counts for entity, counts in sorted(entities.items()) if any(counts.values())}
        for file, entities in table.items()
    }


def totals(tables: Iterable[Mapping[str, Counts]], *, entities: Iterable[str]) -> dict[str, Counts]:
    """Counts per entity over all sources; every entity of the dataset is named, others where they occur."""
    sums: dict[str, Counter[str]] = {entity: Counter() for entity in entities}
    for table in tables:
        for entity, counts in table.items():
            sums.setdefault(entity, Counter()).update(counts)
    return {entity: {column: sums[entity][column] for column in COLUMNS} for entity in sums}


def of_copy(counts: Mapping[str, Counts]) -> dict[str, Counts]:
    """Counts of a file whose bytes were read once already: all it holds is repeated."""
    copied = {}
    for entity, original in counts.items():
        row = dict.fromkeys(COLUMNS, 0)
        row[FOUND], row[REJECTED] = original[FOUND], original[REJECTED]
        row[Verdict.SUPERSEDED.value] = original[Verdict.SUPERSEDED.value]
        row[Verdict.REPEATED.value] = original[Verdict.ACCEPTED.value] + original[Verdict.REPEATED.value]
        if any(row.values()):
            copied[entity] = row
    return copied


def balance(counts: Mapping[str, int]) -> int:
    """Found minus all that it must be the sum of; 0 when nothing is lost."""
    parts = (Verdict.ACCEPTED.value, Verdict.REPEATED.value, Verdict.SUPERSEDED.value, REJECTED)
    return counts[FOUND] - sum(counts[part] for part in parts)
