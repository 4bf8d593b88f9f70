"""The conversion: export in, dataset out. parts -> read -> normalize -> check -> runs -> merge.

Nothing is left behind when it fails; the result takes its name only when it is complete.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deskferry.schemas.dataset import Dataset, open_dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.progress import Progress, Silent

from .account import choose, refuse_several
from .conservation import counts_by_file, of_copy, totals
from .csv_columns import TIME_COLUMNS, folded
from .csv_fields import Fields
from .damage import reject_damaged
from .find_fields import find_fields
from .findings import findings
from .merge import merge
from .notes import Notes
from .part import Job, PartResult, process_part
from .parts import READ, Part, parts_of
from .read_csv import has_custom_columns, header_of
from .runs import merged
from .sniff import Form, sniffed
from .sources import Source, list_sources
from .staging import Staging, publish, refuse_existing, staging
from .write_entities import EntityWriters, MissingAttachments
from .write_manifest import write_manifest, write_rejects

_WORTH_WORKERS = 24 << 20  # below this, starting processes takes longer than the work


@dataclass(slots=True)
class _Read:
    """What all parts gave together."""

    runs: list[Path] = field(default_factory=list)
    rejects: list[Path] = field(default_factory=list)
    found: Counter[tuple[int, str]] = field(default_factory=Counter)
    rejected: Counter[tuple[int, str]] = field(default_factory=Counter)
    accounts: Counter[tuple[int, str]] = field(default_factory=Counter)
    notes: Notes = field(default_factory=Notes)


def convert(
    exports: Sequence[Path],
    into: Path | None,
    *,
    account: str | None = None,
    timezone: str | None = None,
    replace: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Convert an export into a dataset and open it.

    into: where it goes; None: `<account>.dataset` in the working directory. timezone: an IANA name, for times
    without a zone. workers: processes, by default one per core; the result does not depend on it.
    Raises InputError for what cannot be read, RefusedError for what would be unsafe.
    """
    progress = progress or Silent()
    _check_timezone(timezone)
    if into is not None:
        refuse_existing(into, replace=replace)
        _make_parent(into)
    parent = into.absolute().parent if into is not None else Path.cwd()
    with staging(parent) as stage:
        progress.start("open", unit="files")
        listed = [sniffed(source) for source in list_sources(exports, work=stage.work, progress=progress)]
        chosen, of_account = choose(listed, account=account)
        _refuse_unknown(chosen, exports)
        _refuse_zoneless(chosen, timezone)
        target = into if into is not None else parent / f"{of_account or 'zendesk'}.dataset"
        refuse_existing(target, replace=replace)
        once, copies = _without_copies(chosen)
        job = Job(runs=stage.work, account=account and of_account, timezone=timezone, fields=_fields(once))
        read = _read_all(once, job, workers=workers, progress=progress)
        reject_damaged(once, read.found, read.rejected, read.rejects, work=stage.work)
        of_account = _one_account(read, account and of_account, once)
        _write(stage, once, copies, read, account=of_account, timezone=timezone, progress=progress)
        publish(stage.dataset, target, replace=replace)
    return open_dataset(target)


def _check_timezone(timezone: str | None) -> None:
    if timezone is None:
        return
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(
            f"no such time zone: {timezone}",
            todo="Use a name like Europe/Berlin (Zendesk: Admin Center > Account)",
        ) from error


def _make_parent(into: Path) -> None:
    if not into.absolute().parent.is_dir():
        raise InputError("no such folder", where=into.absolute().parent)


def _refuse_unknown(sources: Sequence[Source], exports: Sequence[Path]) -> None:
    if any(source.form in READ and source.note is None for source in sources):
        return
    where = exports[0] if len(exports) == 1 else ", ".join(str(export) for export in exports[:3])
    damaged = [source for source in sources if source.damage]
    if damaged:
        raise InputError(str(damaged[0].damage), where=damaged[0].name)
    unread = sorted({source.note for source in sources if source.form == Form.NOT_READ and source.note})
    if unread:
        raise InputError(
            f"{unread[0]} is not read yet", where=where, todo="Use the JSON export or an API dump"
        )
    raise InputError("nothing in here is recognised as Zendesk", where=where)


def _refuse_zoneless(sources: Sequence[Source], timezone: str | None) -> None:
    if timezone is not None:
        return
    names = sorted(
        source.name
        for source in sources
        if source.form == Form.TICKET_CSV
        and any(folded(name) in TIME_COLUMNS for name in header_of(source.path))
    )
    if names:
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        raise RefusedError(
            f"times without a zone in {shown}",
            todo="Add --timezone with the account's zone, such as Europe/Berlin",
        )


def _without_copies(sources: Sequence[Source]) -> tuple[list[Source], dict[int, list[Source]]]:
    """Files to read, and those with the same bytes (and the same ticket in their name), by file number."""
    first: dict[tuple[str, int | None], Source] = {}
    copies: dict[int, list[Source]] = {}
    for source in sources:
        original = first.setdefault((source.sha256, source.ticket_id), source)
        if original is not source and source.form in READ:
            copies.setdefault(original.index, []).append(
                replace(source, note="the same bytes as another file; read once")
            )
        elif original is not source:
            first[source.sha256, source.index] = source
    return list(first.values()), copies


def _fields(sources: Sequence[Source]) -> Fields:
    wanted = any(
        source.form == Form.TICKET_CSV and has_custom_columns(header_of(source.path)) for source in sources
    )
    return find_fields(sources) if wanted else {}


def _read_all(sources: Sequence[Source], job: Job, *, workers: int | None, progress: Progress) -> _Read:
    total = sum(source.size - source.start for source in sources if source.form in READ)
    progress.start("convert", total=total, unit="bytes")
    read = _Read()
    for result in _results(list(parts_of(sources)), job, workers=_workers(workers, total)):
        read.runs += [result.run] if result.run else []
        read.rejects += [result.rejects] if result.rejects else []
        read.found.update(result.found)
        read.rejected.update(result.rejected)
        read.accounts.update(result.accounts)
        read.notes.join(result.notes)
        progress.advance(result.size)
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
    with ProcessPoolExecutor(min(workers, len(parts)), mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(process_part, range(len(parts)), parts, [job] * len(parts))
        except BrokenProcessPool as error:
            raise InputError(
                "a worker process ended (out of memory?)", todo="Try again with --workers 1"
            ) from error


def _one_account(read: _Read, account: str | None, sources: Sequence[Source]) -> str | None:
    """The account, now that every record was seen. A second one that only shows late is refused too."""
    names = {source.index: source.name for source in sources}
    files: dict[str, set[str]] = {}
    for file, name in read.accounts:
        files.setdefault(name, set()).add(names[file])
    if account is None:
        refuse_several({name: len(of) for name, of in files.items()}, files)
        account = next(iter(files), None)
    return account


def _write(
    stage: Staging,
    sources: Sequence[Source],
    copies: dict[int, list[Source]],
    read: _Read,
    *,
    account: str | None,
    timezone: str | None,
    progress: Progress,
) -> None:
    progress.start("merge", unit="records")
    folder = stage.dataset
    with EntityWriters(folder) as writers, MissingAttachments(folder, stage.work) as missing:
        result = merge(merged(read.runs, work=stage.work), writers, missing)
    tables = counts_by_file(read.found, read.rejected, result.tally.counts)
    names: dict[str, list[str]] = {}
    every = list(sources)
    for source in sources:
        for copy in copies.get(source.index, ()):
            tables[copy.index] = of_copy(tables.get(source.index, {}))
            names.setdefault(copy.sha256, []).append(copy.name)
            every.append(copy)
    every.sort(key=lambda source: (source.sha256, source.name))
    rejects_digest = write_rejects(folder, merged(read.rejects, work=stage.work), copies=names)
    write_manifest(
        folder,
        account=account,
        sources=every,
        tables=tables,
        entities=totals(tables.values(), entities=ENTITIES),
        files={name: file.facts() for name, file in writers.files.items()},
        rejects_digest=rejects_digest,
        options={"timezone": timezone},
        findings=findings(read.notes, result.facts, every, missing=(missing.count, missing.size)),
    )
