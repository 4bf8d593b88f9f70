"""The conversion: export in, dataset out. parts -> read -> normalize -> check -> runs -> merge.

Nothing is left behind when it fails; the result takes its name only when it is complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deskferry.schemas.dataset import MISSING_ATTACHMENTS, Dataset, open_dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import InputError
from deskferry.schemas.progress import Progress, Silent

from .account import choose, refuse_several, same_accounts
from .attachment_files import AttachmentFiles, as_attachment
from .attachments import Attachments
from .bundles import Bodies
from .collecting import collecting_seldom
from .conservation import counts_by_file, of_copy, totals
from .damage import reject_damaged
from .decode_utf16 import decoded
from .decode_xml import decoded_xml
from .end_users import EndUsers
from .erased_names import ErasedNames, read_erased
from .erased_people import learn_erased
from .erased_text import RejectCleaner
from .findings import findings
from .line_ends import with_newlines
from .merge import merge
from .notes import EXAMPLES
from .part import Job
from .part_workers import WORTH, PartWorkers
from .parts import READ
from .prepare_tables import prepare_tables, reject_orphans
from .read_parts import ReadParts, RunParts, read_parts
from .resolve_names import resolve_names
from .runs import few, merged, told
from .sniff import Form, sniffed
from .sniff_table import as_table
from .sources import Source, list_sources
from .staging import Staging, publish, refuse_existing, staging
from .unpack_tables import with_tables
from .write_entities import EntityWriters, MissingAttachments
from .write_manifest import write_manifest, write_rejects
from .zoneless import refuse_zoneless


def convert(
    exports: Sequence[Path],
    into: Path | None,
    *,
    account: str | None = None,
    same_account: Mapping[str, str] | None = None,
    timezone: str | None = None,
    erased: Path | None = None,
    keep_erased: bool = False,
    replace: bool = False,
    workers: int | None = None,
    run_parts: RunParts | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Convert an export into a dataset and open it.

    into: where it goes; None: `<account>.dataset` in the working directory. same_account: old name of a
    renamed account -> its new one. timezone: an IANA name, for times without a zone. workers: processes, by
    default one per core; run_parts: who runs the parts instead. The result depends on neither.
    erased: a list of people who must not come back. keep_erased: older copies of what was deleted or
    scrubbed, and of people deleted for good, are kept.
    Raises InputError for what cannot be read, RefusedError for what would be unsafe.
    """
    progress = progress or Silent()
    _check_timezone(timezone)
    same = same_accounts(same_account or {})
    if erased is not None and keep_erased:
        raise InputError("--erased and --keep-erased contradict each other", todo="Leave one out")
    listed = read_erased(erased) if erased is not None else ErasedNames()
    if into is not None:
        refuse_existing(into, replace=replace)
        _make_parent(into)
    parent = into.absolute().parent if into is not None else Path.cwd()
    try:
        with collecting_seldom(), staging(parent) as stage, PartWorkers(workers) as own:
            progress.start("open", unit="files")
            if run_parts is None and _is_worth_workers(exports):
                own.start()
            sources, of_account = _open(
                exports, stage, account=account, same=same, timezone=timezone, progress=progress
            )
            target = into if into is not None else parent / f"{of_account or 'zendesk'}.dataset"
            refuse_existing(target, replace=replace)
            chosen = of_account if account else None
            job = Job(runs=stage.work, account=chosen, timezone=timezone, same_account=same)
            _build(
                stage,
                sources,
                job,
                erased=None if keep_erased else listed,
                run_parts=run_parts or own.run,
                progress=progress,
            )
            publish(stage.dataset, target, replace=replace)
    except OSError as error:  # a full disk, a file that went away
        raise InputError(
            error.strerror or str(error), where=error.filename or parent, todo="Nothing was written"
        ) from error
    return open_dataset(target)


def _open(
    exports: Sequence[Path],
    stage: Staging,
    *,
    account: str | None,
    same: Mapping[str, str],
    timezone: str | None,
    progress: Progress,
) -> tuple[list[Source], str | None]:
    """The files to read, their forms known, and the account they name. Refuses what is unsafe."""
    found = map(as_attachment, list_sources(exports, work=stage.work, progress=progress))
    listed = [_known(source, stage.work) for source in with_tables(found, work=stage.work)]
    sources, of_account = choose(listed, account=account, same=same)
    _refuse_unknown(sources, exports)
    refuse_zoneless(sources, timezone)
    return sources, of_account


def _known(source: Source, work: Path) -> Source:
    if source.form == Form.ATTACHMENT:
        return source
    source = with_newlines(decoded_xml(decoded(source, work=work), work=work), work=work)
    return as_table(sniffed(source))


def _build(
    stage: Staging,
    sources: Sequence[Source],
    job: Job,
    *,
    erased: ErasedNames | None,
    run_parts: RunParts,
    progress: Progress,
) -> None:
    """Read every part and write the dataset into its staging folder. job: its account is the chosen one.

    erased: who must not come back; None: those who are gone in Zendesk may, too.
    """
    once, copies = _without_copies(sources)
    tables = prepare_tables(once, work=stage.work)
    job = replace(job, tables=tables)
    read = read_parts(once, job, progress=progress, run_parts=run_parts)
    resolve_names(read.runs, stage.work.glob("named-*"), read.notes, work=stage.work)
    reject_damaged(once, read.found, read.rejected, read.rejects, work=stage.work)
    reject_orphans(once, tables, read.found, read.rejected, read.rejects, work=stage.work)
    named = _one_account(read, job.account, once)
    options: dict[str, Any] = {"timezone": job.timezone, "account": job.account}
    if job.same_account:
        options["same_account"] = dict(job.same_account)
    if erased is None:
        options["keep_erased"] = True
    elif erased:
        options["erased"] = erased.digest
    _write(stage, once, copies, read, erased=erased, account=named, options=options, progress=progress)


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


def _is_worth_workers(exports: Sequence[Path]) -> bool:
    """True where what lies there, packed or not, is large. Looks no further than it must."""
    weight = 0
    for export in exports:
        for path in export.rglob("*") if export.is_dir() else (export,):
            weight += path.stat().st_size if path.is_file() else 0
            if weight >= WORTH:
                return True
    return False


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
    noted = sorted({source.note for source in sources if source.form == Form.UNKNOWN and source.note})
    why = f": {noted[0]}" if noted else ""
    raise InputError(f"nothing in here is recognised as Zendesk{why}", where=where)


def _without_copies(sources: Sequence[Source]) -> tuple[list[Source], dict[int, list[Source]]]:
    """Files to read, and those with the same bytes (and the same ticket in their name), by file number."""
    first: dict[tuple[str, int | None], Source] = {}
    once: list[Source] = []
    copies: dict[int, list[Source]] = {}
    for source in sources:
        if source.form not in READ:
            once.append(source)
            continue
        original = first.setdefault((source.sha256, source.ticket_id), source)
        if original is source:
            once.append(source)
        else:
            copies.setdefault(original.index, []).append(
                replace(source, note="the same bytes as another file; read once")
            )
    return once, copies


def _one_account(read: ReadParts, account: str | None, sources: Sequence[Source]) -> str | None:
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
    read: ReadParts,
    *,
    erased: ErasedNames | None,
    account: str | None,
    options: Mapping[str, Any],
    progress: Progress,
) -> None:
    folder = stage.dataset
    with (
        Bodies(stage.work) as bodies,
        EntityWriters(folder) as writers,
        MissingAttachments(folder, stage.work) as missing,
    ):
        runs = few(read.runs, work=stage.work)
        people = learn_erased(runs, erased) if erased is not None else None
        lines = told(merged(runs, work=stage.work), runs, progress, worth=read.untold)
        files = AttachmentFiles(sources, folder)
        attachments, end_users = Attachments(missing, files), EndUsers(runs)
        result = merge(lines, writers, attachments, bodies=bodies, end_users=end_users, erased=people)
    if people is not None and erased:
        places = people.unmet(erased)
        result.facts["erased_unmet"] = (len(places), places[:EXAMPLES])
    tables = counts_by_file(read.found, read.rejected, result.tally.counts)
    names: dict[str, list[str]] = {}
    every = [files.told(source) for source in sources]
    for source in sources:
        for copy in copies.get(source.index, ()):
            tables[copy.index] = of_copy(tables.get(source.index, {}))
            names.setdefault(copy.sha256, []).append(copy.name)
            every.append(copy)
    every.sort(key=lambda source: (source.sha256, source.name))
    clean = RejectCleaner(people).clean if people is not None and people.anybody else None
    rejects_digest = write_rejects(folder, merged(read.rejects, work=stage.work), copies=names, clean=clean)
    write_manifest(
        folder,
        account=account,
        sources=every,
        tables=tables,
        entities=totals(tables.values(), entities=ENTITIES),
        files={
            **{ENTITIES[name].file_name: file.facts() for name, file in writers.files.items()},
            MISSING_ATTACHMENTS: missing.facts(),
        },
        stored=files.facts,
        rejects_digest=rejects_digest,
        options=options,
        findings=findings(read.notes, result.facts, every, missing=(missing.count, missing.size)),
    )
