"""Documents that people read in a browser or on paper: one self-contained HTML file each.

Everything that comes from an export is escaped; nothing is loaded from anywhere.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import FunctionLoader

from .environment import Environment

_ROOM = 64 << 20  # characters; a document is read by people


def document(name: str, /, **values: Any) -> str:
    """`<name>.html` of this folder, rendered. values: what it names; a missing one is an error of ours."""
    environment = _environment()
    return environment.text(environment.get_template(f"{name}.html"), values, room=_ROOM)


@cache
def _environment() -> Environment:
    return Environment(FunctionLoader(_read), {"number": lambda value: f"{value:,}"})


def _read(name: str) -> str:
    return files("deskferry.templates").joinpath(name).read_text(encoding="utf-8")
