"""Opening archive.duckdb to read it. One door, so that the lock on it is one piece of code."""

from pathlib import Path
from typing import Any

import duckdb

from .errors import InputError


def open_archive(
    path: Path, *, memory_limit: str = "1GB", threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Connect to an archive read-only, without access to any other file, extension or host.

    The configuration is locked, so SQL that a user gives cannot open a way out again. threads: at most so
    many, None for one per core; each wants its share of the memory, so a small limit asks for few.
    Raises InputError when the file is missing, damaged or of a newer format.
    """
    if not path.is_file():
        raise InputError("no archive here", where=path, todo="Make it with: deskferry archive DATASET")
    config: dict[str, Any] = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": memory_limit,
        "lock_configuration": "true",
    }
    if threads is not None:
        config["threads"] = threads
    try:
        return duckdb.connect(str(path), read_only=True, config=config)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"not a readable archive ({reason})",
            where=path,
            todo="Make it anew with: deskferry archive DATASET",
        ) from error
