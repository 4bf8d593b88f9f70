"""Merging sorted runs into one stream, in rounds when there are many: memory and open files stay bounded."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from deskferry.schemas.progress import Progress

_AT_ONCE = 200
_BUFFER = 1 << 16
_STEP = 4 << 20  # bytes between two words of progress


def merged(runs: Sequence[Path], *, work: Path) -> Iterator[bytes]:
    """Every line of the sorted files `runs`, in order. Files that were merged in a round are removed."""
    yield from _merge(few(runs, work=work))


def few(runs: Sequence[Path], *, work: Path) -> list[Path]:
    """The same lines in so few sorted files that all can be open at once."""
    left = list(runs)
    round_number = 0
    while len(left) > _AT_ONCE:
        batch, left = left[:_AT_ONCE], left[_AT_ONCE:]
        target = work / f"merged-{runs[0].name}-{round_number}"
        round_number += 1
        with target.open("wb") as file:
            file.writelines(_merge(batch))
        for path in batch:
            path.unlink()
        left.append(target)
    return left


def told(lines: Iterable[bytes], runs: Sequence[Path], progress: Progress, *, worth: int) -> Iterator[bytes]:
    """The lines of `runs` as they are, with progress by their bytes. worth: progress of all together."""
    total = sum(run.stat().st_size for run in runs)
    passed = said = 0
    for line in lines:
        passed += len(line)
        if passed * worth >= (said + _STEP) * total:
            progress.advance(passed * worth // total - said)
            said = passed * worth // total
        yield line
    progress.advance(worth - said)


def _merge(runs: Sequence[Path]) -> Iterator[bytes]:
    with ExitStack() as stack:
        yield from heapq.merge(*(stack.enter_context(path.open("rb", buffering=_BUFFER)) for path in runs))
