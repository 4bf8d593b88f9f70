"""The file of `--erased`: who must not come back. User ids and e-mail addresses, as people keep such lists.

One a line, a CSV (with or without a header), or JSON: a list of ids, addresses or objects that have them.
What is neither is an InputError with its line: a name that was not understood would come back.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deskferry.schemas.canonical import digest
from deskferry.schemas.errors import InputError

_ID = re.compile(r"\d{1,19}")
_EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_ID_TITLES = frozenset(("id", "user id", "user_id", "userid", "zendesk id", "requester id"))
_EMAIL_TITLES = frozenset(("email", "e-mail", "mail", "email address", "e-mail address", "user email"))
_TODO = "Give a user id or an e-mail address on each line"


@dataclass(frozen=True, slots=True)
class ErasedNames:
    """Ids and addresses (folded), each with the place it was named at."""

    ids: Mapping[int, str] = field(default_factory=dict)
    emails: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """True if anybody is named."""
        return bool(self.ids or self.emails)

    @property
    def digest(self) -> str:
        """SHA-256 of what is named; the path, the order and comments of the file do not count."""
        return digest([sorted(self.ids), sorted(self.emails)])


def read_erased(path: Path) -> ErasedNames:
    """Read such a file. InputError for one that cannot be read, names nobody, or holds what is no name."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InputError("is not UTF-8 text", where=f"{path}:{line}", todo=_TODO) from error
    ids: dict[int, str] = {}
    emails: dict[str, str] = {}
    named = _of_json(text, path) if text.lstrip()[:1] in ("[", "{") else _of_lines(text, path)
    for place, name in named:
        if _ID.fullmatch(name) and int(name) < 1 << 63:
            ids.setdefault(int(name), place)
        elif _EMAIL.fullmatch(name):
            emails.setdefault(name.casefold(), place)
        else:
            raise InputError(
                f"neither a user id nor an e-mail address: {name!r}", where=f"{path}:{place}", todo=_TODO
            )
    if not ids and not emails:
        raise InputError("names nobody", where=path, todo=_TODO)
    return ErasedNames(ids, emails)


def _of_lines(text: str, path: Path) -> Iterator[tuple[str, str]]:
    """(line, name) of each name. A first line of titles says which columns count."""
    columns: list[int] | None = None
    first = True
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        bare = _COMMENT.sub("", line).strip()
        if not bare:
            continue
        cells = [cell.strip() for cell in _cells(bare, path, number)]
        if first and (columns := _columns(cells)):
            first = False
            continue
        first = False
        wanted = cells if columns is None else [cells[at] for at in columns if at < len(cells)]
        names = [cell for cell in wanted if cell]
        if not names:
            raise InputError("names nobody", where=f"{path}:{number}", todo=_TODO)
        for name in names:
            yield str(number), name


def _cells(line: str, path: Path, number: int) -> list[str]:
    delimiter = max(",;\t", key=line.count)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(f"not a line of a CSV ({error})", where=f"{path}:{number}", todo=_TODO) from error


def _columns(cells: list[str]) -> list[int] | None:
    wanted = _ID_TITLES | _EMAIL_TITLES
    return [at for at, cell in enumerate(cells) if cell.casefold() in wanted] or None


def _of_json(text: str, path: Path) -> Iterator[tuple[str, str]]:
    """(line, name) of each name. Objects count by their id and e-mail, pages by the list they hold."""
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise InputError("not JSON", where=f"{path}:{line}", todo=_TODO) from error
    if isinstance(value, dict) and "id" not in value and "email" not in value:
        lists = [held for held in value.values() if isinstance(held, list)]
        value = lists[0] if len(lists) == 1 else [value]
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        names = _of_item(item)
        place = _line_of(text, names[0] if names else "", index)
        if not names:
            raise InputError(f"names nobody: {json.dumps(item)[:80]}", where=f"{path}:{place}", todo=_TODO)
        for name in names:
            yield place, name


def _of_item(item: Any) -> list[str]:
    if isinstance(item, dict):
        item = item.get("user") if isinstance(item.get("user"), dict) else item
        held = [item.get("id", item.get("user_id")), item.get("email")]
    else:
        held = [item]
    return [
        str(value).strip() for value in held if isinstance(value, (str, int)) and not isinstance(value, bool)
    ]


def _line_of(text: str, name: str, index: int) -> str:
    at = text.find(json.dumps(name)[1:-1]) if name else -1
    return str(text.count("\n", 0, at) + 1) if at >= 0 else f"element {index + 1}"
