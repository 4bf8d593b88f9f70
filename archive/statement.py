"""The SQL of this folder by name: a statement is a file, not a string."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """`<name>.sql` of this folder."""
    return files("deskferry.archive").joinpath(f"{name}.sql").read_text(encoding="utf-8")
