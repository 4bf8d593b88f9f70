"""What desks, tools and packages leave beside the data, by name."""

import re
from pathlib import PurePosixPath

IGNORED_FOLDERS = frozenset(("__macosx", "__pycache__", ".git"))
_NAMES = frozenset(
    (".ds_store", "readme.md", "thumbs.db", "desktop.ini", ".gitignore", ".gitkeep", "__init__.py")
)
_ENDS = (".py", ".pyc", ".pl", ".sh")
_DESK = frozenset((".ds_store", "thumbs.db", "desktop.ini"))
_ATTACHMENTS = re.compile(r"attachments(?:\.(?:zip|tgz|tar(?:\.(?:gz|bz2|xz|zst))?))?")


def is_ignored(name: str) -> bool:
    """True for a file that is never part of an export. name: a path, its folders too."""
    parts = [part.lower() for part in PurePosixPath(name).parts]
    last = parts[-1] if parts else ""
    somebodys = is_attachment(name)  # a customer may attach a readme, or a script
    return (
        last in (_DESK if somebodys else _NAMES)
        or last.startswith("._")
        or (last.endswith(_ENDS) and not somebodys)
        or any(part in IGNORED_FOLDERS for part in parts[:-1])
    )


def is_attachment(name: str) -> bool:
    """True for a file in a folder of attachments: a customer's, whatever it looks like inside."""
    return any(map(is_attachment_folder, PurePosixPath(name).parts[:-1]))


def is_attachment_folder(part: str) -> bool:
    """True for the name of a folder of attachments, or of such a folder packed."""
    return _ATTACHMENTS.fullmatch(part.lower()) is not None
