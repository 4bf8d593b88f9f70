"""The archive of a dataset, opened if it was made from the dataset as it is."""

from pathlib import Path

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.errors import InputError


def open_current(dataset: Dataset) -> duckdb.DuckDBPyConnection:
    """Connect to it, to read. Raises InputError when it is missing, or of another state of the dataset."""
    connection = open_archive(dataset.archive)
    try:
        _require_current(connection, dataset)
    except BaseException:
        connection.close()
        raise
    return connection


def _require_current(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    path: Path = dataset.archive
    try:
        row = connection.execute("select value from manifest where key = 'digest'").fetchone()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"not an archive of ours ({reason})", where=path) from error
    if row is None or row[0] != dataset.digest:
        raise InputError(
            "was made from another state of the dataset",
            where=path,
            todo=f"Make it anew with: deskferry archive {dataset.path}",
        )
