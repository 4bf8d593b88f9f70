"""Tables of an archive about the archive: manifest, sources, counts, findings, rejects, relations, limits.

Their shape stands in views/about.sql. DuckDB reads the rejects itself; the rest is small.
"""

from collections.abc import Iterable
from dataclasses import astuple
from importlib.resources import files

import duckdb
import orjson

from deskferry.schemas.dataset import REJECTS, Dataset
from deskferry.schemas.limits import LIMITS

from .tables import literal, relations

_COUNTS = ("found", "accepted", "repeated", "superseded", "rejected", "made")


def view_text(view: str) -> str:
    """The SQL that makes a view, a macro or the tables of `about`."""
    return files("deskferry.archive.views").joinpath(f"{view}.sql").read_text(encoding="utf-8")


def describe(connection: duckdb.DuckDBPyConnection, dataset: Dataset, *, layout: str) -> None:
    """Fill the tables of views/about.sql. layout: digest of the layout the archive is built in."""
    manifest = dataset.manifest
    facts = {
        "digest": dataset.digest,
        "account": manifest["account"],
        "format": str(manifest["format"]),
        "deskferry": manifest["deskferry"],
        "layout": layout,
        "entities": orjson.dumps(manifest["entities"]).decode(),
        "findings": orjson.dumps(manifest["findings"]).decode(),
        "options": orjson.dumps(manifest["options"]).decode(),
    }
    sources = [(one["sha256"][:16], one) for one in manifest["sources"]]
    _insert(connection, "manifest", facts.items())
    _insert(
        connection,
        "sources",
        (
            (
                *(key, one["name"], one["bytes"], one["sha256"], one["form"]),
                *(one.get("note"), one.get("damaged", False)),
            )
            for key, one in sources
        ),
    )
    _insert(
        connection,
        "source_counts",
        (
            (key, one["name"], entity, *(counts[name] for name in _COUNTS))
            for key, one in sources
            for entity, counts in one["entities"].items()
        ),
    )
    _insert(
        connection,
        "findings",
        (
            (one["id"], one["text"], one["count"], orjson.dumps(one["examples"]).decode())
            for one in manifest["findings"]
        ),
    )
    _insert(connection, "relations", map(astuple, relations()))
    _insert(connection, "limits", map(astuple, LIMITS))
    _read_rejects(connection, dataset)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    found = list(rows)
    if found:
        marks = ", ".join("?" * len(found[0]))
        connection.executemany(f"insert into {table} values ({marks})", found)  # noqa: S608 tables of ours


def _read_rejects(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    path = dataset.path / REJECTS
    if not path.is_file() or not path.stat().st_size:
        return
    [(shape,)] = connection.execute(
        "select string_agg(column_name || ': ''' || data_type || '''', ', ' order by column_index)"
        " from duckdb_columns() where table_name = 'rejects'"
    ).fetchall()
    connection.execute(
        f"insert into rejects by name from read_json({literal(str(path.resolve()))}, "
        f"format = 'newline_delimited', columns = {{{shape}}})"
    )
