"""What desks, tools and packages leave beside the data, by name."""

from pathlib import PurePosixPath

IGNORED_FOLDERS = frozenset(("__macosx", "__pycache__", ".git"))
_NAMES = frozenset(
    (".ds_store", "readme.md", "thumbs.db", "desktop.ini", ".gitignore", ".gitkeep", "__init__.py")
)
_ENDS = (".py", ".pyc", ".pl", ".sh")


def is_ignored(name: str) -> bool:
    """True for a file that is never part of an export. name: a path, its folders too."""
    parts = [part.lower() for part in PurePosixPath(name).parts]
    last = parts[-1] if parts else ""
    return (
        last in _NAMES
        or last.startswith("._")
        or last.endswith(_ENDS)
        or any(part in IGNORED_FOLDERS for part in parts[:-1])
    )


def is_attachment(name: str) -> bool:
    """True for a file in a folder of attachments: a customer's, whatever it looks like inside."""
    return any(part.lower() == "attachments" for part in PurePosixPath(name).parts[:-1])
