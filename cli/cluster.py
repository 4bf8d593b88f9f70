"""Parts of a conversion on a Dask cluster: an existing engine, for exports that outgrow one machine.

Workers need the same deskferry and must see the export and the new dataset's folder under the same paths.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from deskferry.convert.part import Job, PartResult, process_part
from deskferry.convert.parts import Part
from deskferry.convert.read_parts import RunParts
from deskferry.schemas.errors import InputError

_TIMEOUT = 10  # seconds to reach the scheduler


@contextmanager
def parts_on(address: str) -> Iterator[RunParts]:
    """Run parts on the scheduler at `address`, such as tcp://10.0.0.5:8786. InputError when that fails."""
    try:
        from distributed import Client
    except ImportError as error:
        todo = "pip install 'deskferry[cluster]'"
        raise InputError("Dask is not installed here", where="--cluster", todo=todo) from error
    try:
        client = Client(address, timeout=_TIMEOUT)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise InputError("no Dask scheduler answers", where=address) from error
    with client:

        def run(parts: Sequence[Part], job: Job) -> Iterator[PartResult]:
            _check_workers(client, address, parts, job)
            yield from _results(client, parts, job)

        yield run


def _results(client: Any, parts: Sequence[Part], job: Job) -> Iterator[PartResult]:
    """Results as they come. A part whose worker died is run again by another: it is a pure function."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    numbers = range(len(parts))
    futures = client.map(process_part, numbers, parts, [job] * len(parts), pure=False, retries=2)
    try:
        for _, result in as_completed(futures, with_results=True):
            yield result
    except KilledWorker as error:
        todo = "Give the workers more memory"
        raise InputError("workers ended while reading the same part (out of memory?)", todo=todo) from error
    finally:
        client.cancel(futures)


def _check_workers(client: Any, address: str, parts: Sequence[Part], job: Job) -> None:
    """Refuse before reading what would fail half-way: another version, or files that a worker cannot see."""
    paths = sorted({str(piece.source.path) for part in parts for piece in part} | {str(job.runs)})
    try:
        seen = client.run(_unseen, paths)
    except Exception as error:  # whatever the import of another environment raises there
        raise InputError(
            f"its workers cannot run deskferry ({type(error).__name__}: {error})",
            where=address,
            todo="Install the same deskferry there",
        ) from error
    if not seen:
        raise InputError("the scheduler has no workers", where=address)
    own = version("deskferry")
    for worker, (theirs, absent) in sorted(seen.items()):
        if theirs != own:
            todo = f"Install deskferry {own} there"
            raise InputError(f"worker {worker} runs deskferry {theirs}, not {own}", where=address, todo=todo)
        if absent:
            todo = "Put export and dataset on a disk that all workers mount under the same path"
            raise InputError(f"worker {worker} does not see {absent}", where=address, todo=todo)


def _unseen(paths: Sequence[str]) -> tuple[str, str | None]:
    """On a worker: its version, and the first path it does not see."""
    return version("deskferry"), next((path for path in paths if not Path(path).exists()), None)
