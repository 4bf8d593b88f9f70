"""Open an archive with whatever DuckDB is installed and read all of it, as an old client would.

In: the path of archive.duckdb. Wrong: the first table, view or macro that cannot be read ends it. Knows
nothing of deskferry, so that it runs in an environment that holds DuckDB alone.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import duckdb


def main(archive: str) -> None:
    """Read every row of every table and view, ask every macro, and expect an explanation of each column."""
    with tempfile.TemporaryDirectory() as folder:
        # Under another name: no view may hang on the name of the file.
        copy = shutil.copy(archive, Path(folder) / "renamed.duckdb")
        connection = duckdb.connect(str(copy), read_only=True)
        names = connection.execute(
            "select table_name from duckdb_tables() where not internal"
            " union all select view_name from duckdb_views() where not internal"
        ).fetchall()
        read = sum(len(connection.execute(f'select * from "{name}"').fetchall()) for (name,) in names)  # noqa: S608 names of the archive
        checks = connection.execute(
            "select is_email('a@b.test'), is_card_number('4111111111111111')"
        ).fetchall()
        [(silent,)] = connection.execute(
            "select count(*) from duckdb_columns() where comment is null and not internal"
        ).fetchall()
        connection.close()
    if checks != [(True, True)] or silent or not read:
        sys.exit(
            f"DuckDB {duckdb.__version__}: macros {checks}, {silent} columns without a comment, {read} rows"
        )
    sys.stdout.write(f"DuckDB {duckdb.__version__} reads {len(names)} tables and views, {read} rows\n")


if __name__ == "__main__":
    main(sys.argv[1])
