"""Build archive.duckdb: the dataset in DuckDB, one typed table per entity, with views and comments.

In: a dataset. Out: archive.duckdb inside its folder, written beside and renamed, readable by the owner
only. DuckDB reads the NDJSON itself, in one pass; no key is declared (uniqueness is the dataset's).
Wrong: InputError for a file that is not as its schema says, a full disk, a folder that is not writable.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import astuple
from functools import cache
from pathlib import Path

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.canonical import digest, file_digest
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import InputError
from deskferry.schemas.limits import LIMITS
from deskferry.schemas.progress import Progress, Silent

from .about import describe, view_text
from .tables import Column, columns, literal, quoted, relations, stored_type, table_comment

# Each reads what stands before it.
MACROS = ("is_email", "is_card_number", "is_mailbox")
VIEWS = (
    "staff",
    "ticket_overview",
    "comment_thread",
    "field_options",
    "custom_field_values",
    "field_history",
    "first_reply_and_resolution",
    "backlog_per_day",
    "agent_activity",
    "requester_history",
    "attachment_status",
)

_WORK = ".archive-"
# DuckDB keeps two buffers of twice this size per thread. Zendesk's own lines end at 1 MB, so the
# small one serves nearly everybody and the large one is tried when it does not.
_LONGEST_LINE, _LONGEST_LINE_EVER = 8 << 20, 256 << 20
_MEMORY, _MEMORY_FOR_LONG_LINES = "200MB", "2GB"
_THREADS = 1  # rows keep the order of their file, and a second one only waits for the first
# Rows that stay in memory until they are written. The usual 122,880 comments are more than the memory
# holds, and would be written twice. DuckDB 1.0 reads smaller groups, though it writes none.
_ROW_GROUP = 16_384


def build(dataset: Dataset, *, progress: Progress | None = None) -> Path:
    """Write archive.duckdb of a dataset, replacing an older one. Returns its path. Raises InputError."""
    if "?" in str(dataset.path.resolve()):
        # DuckDB puts the name of its log before a question mark, as in a URL.
        raise InputError("DuckDB takes no '?' in a path", where=dataset.path, todo="Rename the folder")
    with _work_folder(dataset) as work:
        try:
            _write(dataset, work, progress=progress or Silent(), long_lines=False)
        except _LineTooLongError:
            shutil.rmtree(work)
            work.mkdir(mode=0o700)
            _write(dataset, work, progress=progress or Silent(), long_lines=True)
        _put_in_place(work / dataset.archive.name, dataset.archive)
    return dataset.archive


def is_current(dataset: Dataset) -> bool:
    """Whether archive.duckdb is there, readable, of this dataset's content and in today's layout."""
    if not dataset.archive.is_file():
        return False
    try:
        with open_archive(dataset.archive) as connection:
            rows = connection.execute("select key, value from manifest").fetchall()
    except (InputError, duckdb.Error):
        return False
    manifest = dict(rows)
    return manifest.get("digest") == dataset.digest and manifest.get("layout") == layout_digest()


@cache
def layout_digest() -> str:
    """SHA-256 over all that an archive is made by but the data: one of another layout is built anew."""
    tables = {
        entity: [
            table_comment(entity),
            *((c.name, c.type, stored_type(c), c.comment) for c in columns(entity)),
        ]
        for entity in ENTITIES
    }
    views = {name: view_text(name) for name in ("about", *MACROS, *VIEWS)}
    links = [astuple(relation) for relation in relations()]
    return digest([tables, views, links, [astuple(limit) for limit in LIMITS]])


class _LineTooLongError(Exception):
    """A record is longer than the buffers; try again with large ones."""


@contextmanager
def _work_folder(dataset: Dataset) -> Iterator[Path]:
    """A private folder inside the dataset, for the new archive and what spills. Removed at the end.

    Its lock tells a run that is under way from the leavings of one that was killed.
    """
    try:
        _remove_leavings(dataset.path)
        work = Path(tempfile.mkdtemp(prefix=_WORK, dir=dataset.path))
    except OSError as error:
        raise InputError(f"cannot be written to ({error.strerror})", where=dataset.path) from error
    lock = os.open(work, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        os.close(lock)


def _remove_leavings(folder: Path) -> None:
    for old in folder.glob(f"{_WORK}*"):
        with suppress(OSError):
            lock = os.open(old, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(old)
            finally:
                os.close(lock)


def _put_in_place(made: Path, archive: Path) -> None:
    try:
        made.chmod(0o600)
        with made.open("rb") as file:
            os.fsync(file.fileno())
        # A log left beside the old file would be applied to the new one.
        archive.with_name(f"{archive.name}.wal").unlink(missing_ok=True)
        made.replace(archive)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=archive) from error


def _write(dataset: Dataset, work: Path, *, progress: Progress, long_lines: bool) -> None:
    total = sum(dataset.file(entity).stat().st_size for entity in ENTITIES)
    progress.start("archive", total=total, unit="bytes")
    with _Digests(dataset) as digests, duckdb.connect() as connection:
        try:
            _lock_in(connection, dataset, work, long_lines=long_lines)
            connection.begin()
            connection.execute(view_text("about"))
            for entity in ENTITIES:
                _fill(connection, dataset, entity, digests, long_lines=long_lines)
                progress.advance(dataset.file(entity).stat().st_size)
            describe(connection, dataset, layout=layout_digest())
            for name in (*MACROS, *VIEWS):
                connection.execute(view_text(name))
            connection.commit()
            connection.execute("use memory; detach archive")
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"the archive could not be built ({reason})", where=dataset.path) from error


def _lock_in(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, work: Path, *, long_lines: bool
) -> None:
    """Let this connection see the dataset's folder and nothing else, for good."""
    folder = str(dataset.path.resolve())
    for statement in (
        f"set memory_limit = '{_MEMORY_FOR_LONG_LINES if long_lines else _MEMORY}'",
        f"set threads = {_THREADS}",
        f"set temp_directory = {literal(str(work.resolve() / 'spill'))}",
        "set preserve_insertion_order = true",
        "set autoinstall_known_extensions = false",
        "set autoload_known_extensions = false",
        f"set allowed_directories = [{literal(folder + '/')}]",
        "set enable_external_access = false",
        "set lock_configuration = true",
        # The oldest layout that any 1.x and 2.x client opens.
        f"attach {literal(str(work.resolve() / dataset.archive.name))} as archive "
        f"(storage_version 'v1.0.0', row_group_size {_ROW_GROUP})",
        "use archive",
    ):
        connection.execute(statement)


class _Digests:
    """The digest of each entity's file, computed while others are filled. Use as a context manager."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._thread = ThreadPoolExecutor(1)
        self._of = {entity: self._thread.submit(file_digest, dataset.file(entity)) for entity in ENTITIES}

    def check(self, entity: str) -> None:
        """Raise InputError when the file is no longer the one that the conversion wrote."""
        file = self._dataset.file(entity)
        if self._of[entity].result() != self._dataset.manifest["files"][file.name]["sha256"]:
            raise self._dataset.changed(file)

    def __enter__(self) -> "_Digests":
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)


def _fill(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    entity: str,
    digests: _Digests,
    *,
    long_lines: bool,
) -> None:
    """Make the table of one entity from its file. The columns are given: nothing is guessed from data."""
    file = dataset.file(entity)
    shape = ", ".join(f"{quoted(column.name)}: {literal(stored_type(column))}" for column in columns(entity))
    longest = min(file.stat().st_size + 1, _LONGEST_LINE_EVER if long_lines else _LONGEST_LINE)
    statement = f"""
        create table {_table(entity)} as from read_json(
            {literal(str(file.resolve()))}, format = 'newline_delimited', columns = {{{shape}}},
            maximum_object_size = {max(longest, 1 << 16)})"""
    try:
        connection.execute(statement)
    except duckdb.Error as error:
        digests.check(entity)
        if "maximum_object_size" in str(error) and not long_lines:
            raise _LineTooLongError from error
        reason = str(error).splitlines()[0]
        raise InputError(
            f"cannot be read ({reason})", where=file, todo=f"Look closer with: deskferry check {dataset.path}"
        ) from error
    digests.check(entity)
    _comment(connection, entity)


def _table(entity: str) -> str:
    """The table that holds the records of an entity; a view of the entity's name stands before some."""
    return quoted(f"stored_{entity}" if _lists(entity) else entity)


def _lists(entity: str) -> list[Column]:
    return [column for column in columns(entity) if column.type != stored_type(column)]


def _comment(connection: duckdb.DuckDBPyConnection, entity: str) -> None:
    """Explain the entity's table, and put the view with its lists before it."""
    kind, comment = "table", literal(table_comment(entity))
    if lists := _lists(entity):
        casts = ", ".join(f"cast({quoted(c.name)} as {c.type}) as {quoted(c.name)}" for c in lists)
        connection.execute(
            f"create view {quoted(entity)} as select * replace ({casts}) from {_table(entity)};"  # noqa: S608 our names
            f"comment on table {_table(entity)} is 'What the view {entity} reads. Lists lie here as JSON.'"
        )
        kind = "view"
    connection.execute(f"comment on {kind} {quoted(entity)} is {comment}")
    for table in {_table(entity), quoted(entity)}:
        connection.execute(
            "; ".join(
                f"comment on column {table}.{quoted(column.name)} is {literal(column.comment)}"
                for column in columns(entity)
            )
        )
