"""One small invented company, exported in every form; the hostile cases lie apart.

The exports are committed files; `python -m deskferry.sample_exports.generate` writes them again.
"""

from contextlib import AbstractContextManager
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["official_export", "sample"]


def sample(name: str) -> Traversable:
    """A file or folder of the samples, for example `api/ticket_fields.json`.

    Raises:
        FileNotFoundError: there is no such sample.

    """
    found = files(__name__).joinpath(name)
    if not (found.is_file() or found.is_dir()):
        raise FileNotFoundError(f"no sample named {name!r}")
    return found


def official_export() -> AbstractContextManager[Path]:
    """The folder with the zips of the official export, as a real folder for as long as it is open."""
    return as_file(files(__name__).joinpath("official"))
