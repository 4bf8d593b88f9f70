"""The view definitions of archive.duckdb, one SQL file each."""
