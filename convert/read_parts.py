"""All parts of an export, read here or in worker processes; the result does not depend on where."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from deskferry.schemas.errors import InputError
from deskferry.schemas.progress import Progress

from .collecting import collect_seldom
from .notes import Notes
from .part import Job, PartResult, process_part
from .parts import READ, Part, parts_of
from .sources import Source

# Runs parts, each once and in any order, and hands back what each gave.
RunParts = Callable[[Sequence[Part], Job], Iterator[PartResult]]

_READING = 85  # percent of the time; the merge takes the rest, so that what is left to wait can be told
_WORTH_WORKERS = 24 << 20  # below this, starting processes takes longer than the work


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
    workers: int | None,
    progress: Progress,
    run_parts: RunParts | None = None,
) -> ReadParts:
    """Read every part. workers: processes; None: one per core where the input is worth it.

    run_parts: who runs the parts instead of processes of this machine.
    """
    total = sum(source.size - source.start for source in sources if source.form in READ)
    progress.start("convert", total=total, unit="bytes")
    read = ReadParts(untold=total)
    parts = list(parts_of(sources))
    results = run_parts(parts, job) if run_parts else _results(parts, job, workers=_workers(workers, total))
    for result in results:
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


def _workers(workers: int | None, total: int) -> int:
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return workers if total >= _WORTH_WORKERS else 1
    return max(workers, 1)


def _results(parts: Sequence[Part], job: Job, *, workers: int) -> Iterator[PartResult]:
    if workers == 1 or len(parts) < 2:
        for number, part in enumerate(parts):
            yield process_part(number, part, job)
        return
    # spawn: a forked child would inherit the threads' locks of whoever called us
    spawn = get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(parts)) - 1, mp_context=spawn, initializer=collect_seldom)
    try:
        yield from _together(pool, parts, job)
    except BrokenProcessPool as error:
        raise InputError(
            "a worker process ended (out of memory?)", todo="Try again with --workers 1"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _together(pool: ProcessPoolExecutor, parts: Sequence[Part], job: Job) -> Iterator[PartResult]:
    """The pool takes parts from the front, this process from the back: it has nothing to start up first."""
    given = {number: pool.submit(process_part, number, part, job) for number, part in enumerate(parts)}
    for number in reversed(range(len(parts))):
        if not given[number].cancel():  # begun
            break
        del given[number]
        yield process_part(number, parts[number], job)
        for done in [other for other, result in given.items() if result.done()]:
            yield given.pop(done).result()
    for result in as_completed(given.values()):
        yield result.result()
