"""The dataset in DuckDB: queries, mapping analysis, decisions. Never opens a socket."""
