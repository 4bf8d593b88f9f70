"""What is measured: the same export, read by deskferry, by DuckDB alone and by dlt."""

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from measure import Measured, measured

Contender = Callable[[], Measured]

_DUCKDB = """
import sys, duckdb
database, threads, *files = sys.argv[1:]
with duckdb.connect(database) as connection:
    connection.execute(f"set threads = {threads}")
    connection.execute("create table t as select * from read_json_auto($files)", {"files": files})
"""
_DLT = """
import sys, dlt, orjson
database, folder, *files = sys.argv[1:]

@dlt.resource(name="tickets", write_disposition="replace")
def tickets():
    for file in files:
        with open(file, "rb") as lines:
            yield [orjson.loads(line) for line in lines]

pipeline = dlt.pipeline("bench", pipelines_dir=folder, destination=dlt.destinations.duckdb(database))
pipeline.run(tickets())
"""


def deskferry(exports: Sequence[Path], dataset: Path, *, workers: int) -> Measured:
    """`deskferry convert`: every record checked against its schema."""
    shutil.rmtree(dataset, ignore_errors=True)
    command = [sys.executable, "-m", "deskferry.cli", "convert", *map(str, exports)]
    return measured([*command, "--into", str(dataset), "--workers", str(workers)])


def with_archive(exports: Sequence[Path], dataset: Path, *, workers: int) -> Measured:
    """`deskferry convert`, then `deskferry archive` of the dataset."""
    converted = deskferry(exports, dataset, workers=workers)
    return converted.then(measured([sys.executable, "-m", "deskferry.cli", "archive", str(dataset)]))


def duckdb_alone(exports: Sequence[Path], database: Path | None, *, threads: int) -> Measured:
    """DuckDB's bare `create table as select * from read_json_auto`, into a file or (None) into memory."""
    if database is not None:
        database.unlink(missing_ok=True)
    target = str(database) if database is not None else ":memory:"
    return measured([sys.executable, "-c", _DUCKDB, target, str(threads), *map(str, exports)])


def dlt(export: Path, folder: Path) -> Measured:
    """Dlt into DuckDB, with its defaults."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    database = folder / "dlt.duckdb"
    return measured([sys.executable, "-c", _DLT, str(database), str(folder), str(export)])
