"""All parts of an export, read by whoever runs them; the result does not depend on who does."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deskferry.schemas.progress import Progress

from .notes import Notes
from .part import Job, PartResult
from .parts import READ, Part, parts_of
from .sources import Source

# Runs parts, each once and in any order, and hands back what each gave.
RunParts = Callable[[Sequence[Part], Job], Iterator[PartResult]]

_READING = 85  # percent of the time; the merge takes the rest, so that what is left to wait can be told


@dataclass(slots=True)
class ReadParts:
    """What all parts gave together."""

    runs: list[Path] = field(default_factory=list)
    rejects: list[Path] = field(default_factory=list)
    found: Counter[tuple[int, str]] = field(default_factory=Counter)
    rejected: Counter[tuple[int, str]] = field(default_factory=Counter)
    accounts: Counter[tuple[int, str]] = field(default_factory=Counter)
    notes: Notes = field(default_factory=Notes)
    untold: int = 0  # bytes of progress that are left for the merge


def read_parts(
    sources: Sequence[Source],
    job: Job,
    *,
    progress: Progress,
    run_parts: RunParts,
) -> ReadParts:
    """Read every part. run_parts: who runs them."""
    total = sum(source.size - source.start for source in sources if source.form in READ)
    progress.start("convert", total=total, unit="bytes")
    read = ReadParts(untold=total)
    for result in run_parts(list(parts_of(sources)), job):
        read.runs += result.runs
        read.rejects += [result.rejects] if result.rejects else []
        read.found.update(result.found)
        read.rejected.update(result.rejected)
        read.accounts.update(result.accounts)
        read.notes.join(result.notes)
        done = result.size * _READING // 100
        progress.advance(done)
        read.untold -= done
    return read
