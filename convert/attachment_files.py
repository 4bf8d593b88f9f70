"""Files that came with an export, matched to its attachments and stored under the digest of their bytes.

Exporters name them by attachment (`attachments/<id>.png`, `attachments/<id>/<name>`) or by ticket
(`<ticket>_<name>`, `<ticket>/<name>`). An id alone is believed when the size agrees: a login page or a broken
download saved under the right id is no attachment. What is in them is never looked at.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from deskferry.schemas.dataset import FILES
from deskferry.schemas.errors import InputError

from .ignored import is_attachment, is_attachment_folder
from .sniff import Form
from .source_bytes import opened
from .sources import Source

_CANDIDATES = frozenset((Form.ATTACHMENT, Form.OTHER, Form.UNKNOWN, Form.EMPTY, Form.NOT_READ))
_NUMBER = r"(?:[a-z]+[_-]?)?(\d{1,18})"
_FOLDER = re.compile(_NUMBER)
_LEADING = re.compile(rf"{_NUMBER}(?:[_\-. ]+|$)")
_UNSAFE = re.compile(r"[\W_]+")
_BLOCK = 1 << 20
_NO_MATCH = "no attachment of the export is this file"
_OTHER_SIZE = "an attachment has its id and another size"


def as_attachment(source: Source) -> Source:
    """`source`, known as somebody's attachment where it lies in a folder of such: it is not read as data."""
    return replace(source, form=Form.ATTACHMENT, note=None) if is_attachment(source.name) else source


class AttachmentFiles:
    """The files that may be attachments. Stores those that are, and knows which were none."""

    def __init__(self, sources: Sequence[Source], folder: Path) -> None:
        self._folder = folder / FILES
        self._sources = [source for source in sources if source.form in _CANDIDATES and not source.damage]
        self._by_number: dict[int, list[tuple[Source, str]]] = {}
        for source in self._sources:
            for number, rest in _numbers(source.name):
                self._by_number.setdefault(number, []).append((source, rest))
        self._stored: dict[str, int] = {}
        self._sizes_differ: set[int] = set()

    @property
    def any(self) -> bool:
        """True if there are files that an attachment may be."""
        return bool(self._by_number)

    @property
    def facts(self) -> dict[str, int]:
        """What the manifest says of the stored files."""
        return {"files": len(self._stored), "bytes": sum(self._stored.values())}

    def store(self, attachment: Mapping[str, Any]) -> str | None:
        """The digest of the bytes of an attachment, which are now stored; None where no file is it."""
        if not self._by_number or attachment.get("deleted"):
            return None
        source = self._match(attachment)
        if source is None:
            return None
        if source.sha256 not in self._stored:
            self._copy(source)
            self._stored[source.sha256] = source.size
        return source.sha256

    def told(self, source: Source) -> Source:
        """A source as the manifest tells of it, after all attachments were asked for."""
        if source.sha256 in self._stored and source.form in _CANDIDATES:
            return replace(source, form=Form.ATTACHMENT, note=None)
        if source.index in self._sizes_differ:
            return replace(source, form=Form.ATTACHMENT, note=_OTHER_SIZE)
        return replace(source, note=_NO_MATCH) if source.form == Form.ATTACHMENT else source

    def _match(self, attachment: Mapping[str, Any]) -> Source | None:
        size, name = attachment.get("size"), _plain(attachment.get("file_name") or "")
        if not attachment.get("id_made"):
            named = self._by_number.get(attachment["id"], ())
            fitting = [(one, rest) for one, rest in named if _has_size(one, size)]
            self._sizes_differ.update(one.index for one, _ in named if not _has_size(one, size))
            found = _single([one for one, rest in fitting if rest == name]) or _single(
                [one for one, _ in fitting]
            )
            if found is not None:
                return found
        for owner in (attachment.get("comment_id"), attachment.get("ticket_id")):
            beside = self._by_number.get(owner, ()) if owner is not None else ()
            found = _single([one for one, rest in beside if rest == name and _has_size(one, size)])
            if found is not None and name:
                return found
        return None

    def _copy(self, source: Source) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        digest = hashlib.sha256()
        path = self._folder / source.sha256
        with opened(source) as file, os.fdopen(_created(path), "wb") as copy:
            while block := file.read(_BLOCK):
                digest.update(block)
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        if digest.hexdigest() != source.sha256:
            raise InputError("changed while it was read", where=source.name, todo="Convert once more")


def _created(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _numbers(name: str) -> Iterator[tuple[int, str]]:
    """(number, name beside it) for each id that the path of a file may name."""
    parts = PurePosixPath(name).parts
    at = next((index for index, part in enumerate(parts[:-1]) if is_attachment_folder(part)), len(parts) - 4)
    inside, last = parts[max(at + 1, 0) : -1], parts[-1]
    found: dict[tuple[int, str], None] = {}
    for part in inside:
        if match := _FOLDER.fullmatch(part.lower()):
            found[int(match[1]), _plain(last)] = None
    rest = last
    while (match := _LEADING.match(rest.lower())) and rest:
        rest = rest[match.end() :]
        found[int(match[1]), _plain(rest)] = None
        for part in inside:
            if outer := _FOLDER.fullmatch(part.lower()):
                found[int(outer[1]), _plain(rest)] = None
    yield from found


def _plain(name: str) -> str:
    """A file name as scripts may have changed it: no case, one sign for all that disks dislike."""
    return _UNSAFE.sub("_", name.casefold()).strip("_")


def _has_size(source: Source, size: Any) -> bool:
    # Where Zendesk did not say the size, only a folder of attachments makes a file one.
    return source.size == size if isinstance(size, int) else source.form == Form.ATTACHMENT


def _single(sources: Sequence[Source]) -> Source | None:
    """The one file among these; None for none, or for several with different bytes."""
    return sources[0] if len({source.sha256 for source in sources}) == 1 else None
