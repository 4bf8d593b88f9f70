"""Writing a file that people keep: whole or not at all."""

from pathlib import Path

from deskferry.schemas.errors import InputError


def write_whole(path: Path, text: str) -> None:
    """Write through a sibling, so that what stood there is never half replaced. Raises InputError."""
    sibling = path.with_name(f".{path.name}.new")
    try:
        sibling.write_text(text, encoding="utf-8")
        sibling.replace(path)
    except OSError as error:
        sibling.unlink(missing_ok=True)
        raise InputError(f"cannot be written ({error.strerror})", where=path) from error
