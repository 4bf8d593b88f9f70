"""Tables in a DuckDB or Parquet file, unpacked as JSON lines, as members of a zip are.

DuckDB reads them, without extensions, network or files other than this one. Views are left alone: they may
name anything. Positions in such a table are row numbers, so another rendering of a row changes none.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from deskferry.schemas.errors import InputError, RefusedError

from .sniff import Form
from .source_bytes import opened
from .sources import Source

if TYPE_CHECKING:
    import duckdb

_PARQUET = b"PAR1"
_DUCKDB = b"DUCK"
_RATIO, _RATIO_FROM = 200, 32 << 20  # cells for each byte; a constant column packs without end
_OWN_TABLES = ("_dlt_", "sqlite_")
_FLOATS = frozenset(("DOUBLE", "FLOAT"))


@dataclass(frozen=True, slots=True)
class _Relation:
    """A table as SQL names it. name: for people; empty for the only one in its file."""

    sql: str
    name: str


def with_tables(sources: Iterable[Source], *, work: Path) -> list[Source]:
    """`sources`, each DuckDB or Parquet file replaced by its tables. Raises RefusedError for a bomb.

    One whose form is known already is left alone.
    """
    sources = list(sources)
    found = [one for source in sources for one in _unpacked(source, work)]
    if len(found) == len(sources):
        return found
    found.sort(key=lambda source: (source.sha256, source.name))
    return [replace(source, index=index) for index, source in enumerate(found)]


def _unpacked(source: Source, work: Path) -> Iterator[Source]:
    if source.form:
        yield source
        return
    with opened(source) as file:
        head = file.read(12)
    if head[:4] != _PARQUET and head[8:12] != _DUCKDB:
        yield source
        return
    import duckdb  # takes a fifth of a second; hardly any export needs it

    path = _alone(source, work)
    try:
        with _connected(path, work, attach=head[:4] != _PARQUET) as connection:
            relations = list(_relations(connection, path, parquet=head[:4] == _PARQUET))
            for number, relation in enumerate(relations):
                target = work / f"table-{source.index}-{number}"
                _copy(connection, relation, target, source)
                yield _of_table(source, relation, target)
    except duckdb.Error as error:
        if "space" in str(error).lower():
            todo = "Choose another --into"
            raise InputError("no space to unpack it", where=source.name, todo=todo) from error
        # DuckDB's own words name the place it was unpacked to, which differs from run to run.
        kind = "Parquet" if head[:4] == _PARQUET else "DuckDB"
        yield replace(source, damage=f"not a readable {kind} file", form=Form.DAMAGED)


def _alone(source: Source, work: Path) -> Path:
    """The file by itself; DuckDB cannot begin in the middle of one."""
    if source.offset == 0 and source.path.stat().st_size == source.size:
        return source.path
    path = work / f"alone-{source.index}"
    with opened(source) as file, path.open("wb") as target:
        while block := file.read(1 << 20):
            target.write(block)
    return path


def _connected(path: Path, work: Path, *, attach: bool) -> "duckdb.DuckDBPyConnection":
    import duckdb

    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    if attach:
        connection.execute(f"attach {_text(path)} as export (read_only)")
    connection.execute(f"set allowed_paths = [{_text(path)}]")
    connection.execute(f"set allowed_directories = [{_text(work)}]")
    connection.execute(f"set temp_directory = {_text(work / 'duckdb')}")
    connection.execute("set memory_limit = '256MB'")
    connection.execute("set threads = 2")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _relations(connection: "duckdb.DuckDBPyConnection", path: Path, *, parquet: bool) -> Iterator[_Relation]:
    if parquet:
        yield _Relation(f"read_parquet({_text(path)})", "")
        return
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'export' order by all"
    ).fetchall()
    schemas = {schema for schema, name in tables if not name.startswith(_OWN_TABLES)}
    for schema, name in tables:
        if not name.startswith(_OWN_TABLES):
            shown = name if len(schemas) == 1 else f"{schema}/{name}"
            yield _Relation(f"export.{_name(schema)}.{_name(name)}", shown)


def _copy(connection: "duckdb.DuckDBPyConnection", relation: _Relation, target: Path, source: Source) -> None:
    columns = [row[:2] for row in connection.execute(f"describe from {relation.sql}").fetchall()]
    count = connection.execute(f"from {relation.sql} select count(*)").fetchall()[0][0]
    cells = count * len(columns)
    if cells > _RATIO_FROM and cells > _RATIO * source.size:
        raise RefusedError(
            f"unpacks to {cells:,} cells", where=source.name, todo="Unpack it by hand if you trust it"
        )
    target.touch(mode=0o600)
    if not columns:
        return
    chosen = ", ".join(_selected(name, kind) for name, kind in columns)
    connection.execute(f"copy (from {relation.sql} select {chosen}) to {_text(target)} (format json)")


def _selected(column: str, kind: str) -> str:
    """A column as its JSON says it best: times with their zone, no NaN, which JSON does not know."""
    name = _name(column)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(make_timestamp(epoch_us({name})), '%Y-%m-%dT%H:%M:%S.%fZ') as {name}"
    if kind in _FLOATS:
        return f"case when isfinite({name}) then {name} end as {name}"
    if kind == "BLOB":
        return f"to_base64({name}) as {name}"
    return name


def _of_table(source: Source, relation: _Relation, path: Path) -> Source:
    name = f"{source.name}/{relation.name}" if relation.name else source.name
    digest = source.sha256
    if relation.name:  # tables of one file are told apart, and keep their digest whatever DuckDB's version
        digest = hashlib.sha256(f"{source.sha256}/{relation.name}".encode()).hexdigest()
    size = path.stat().st_size
    form = Form.TABLE if size else Form.EMPTY
    return replace(
        source, name=name, path=path, offset=0, size=size, sha256=digest, undecoded=source.size, form=form
    )


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: Path | str) -> str:
    return "'" + str(text).replace("'", "''") + "'"
