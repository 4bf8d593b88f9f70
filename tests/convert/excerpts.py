"""A few kilobytes of each sample export, for tests that run thousands of conversions.

Folders are discovered, so a form that gets a sample is taken in without being named here.
"""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from deskferry.convert.ignored import is_ignored

SAMPLES = Path(__file__).parents[2] / "sample_exports"
ENOUGH = 6_000  # bytes of an excerpt, roughly


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some whole records of one file. name: below the folder of its form."""

    form: str
    name: str
    text: bytes

    @property
    def framed(self) -> bool:
        """True where each line is a record of its own, whatever becomes of its neighbours."""
        first = self.text.split(b"\n", 1)[0]
        return self.text.count(b"\n") > 1 and first[:1] in b'{"' and first.rstrip()[-1:] in b'}"'

    @property
    def header(self) -> bool:
        """True where the first line says what the others mean."""
        return self.text[:1] == b'"'


def forms() -> list[str]:
    """The folders of sample exports, but for the hostile one and that of loose attachments."""
    apart = ("hostile", "files", "__pycache__")
    return sorted(
        path.name
        for path in SAMPLES.iterdir()
        if path.is_dir() and path.name not in apart and any(_files(path))
    )


@cache
def excerpts(form: str, *, most: int = 12) -> tuple[Excerpt, ...]:
    """At most `most` files of a form, one of each kind of name first, cut down to a few records."""
    found: dict[str, list[Excerpt]] = {}
    for name, content in _members(SAMPLES / form):
        kind = "".join(letter for letter in name if not letter.isdigit())
        found.setdefault(kind, []).append(Excerpt(form, name, shortened(content)))
    rounds = [one[turn] for turn in range(most) for one in found.values() if turn < len(one)]
    return tuple(rounds[:most])


def packed(form: str) -> tuple[Excerpt, ...]:
    """The excerpts of a form in a zip, plain and deflated, the first of them in other packings too."""
    every = excerpts(form)
    found = []
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        into = io.BytesIO()
        with zipfile.ZipFile(into, "w", how) as archive:
            for one in every[:4]:
                archive.writestr(zipfile.ZipInfo(one.name), one.text, how)
        found.append(Excerpt(form, f"packed-{how}.zip", into.getvalue()))
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as tar:
        for one in every[:2]:
            entry = tarfile.TarInfo(one.name)
            entry.size = len(one.text)
            tar.addfile(entry, io.BytesIO(one.text))
    first = every[0]
    name = Path(first.name).name
    return (
        *found,
        Excerpt(form, "packed.tar", into.getvalue()),
        Excerpt(form, "packed.tar.gz", gzip.compress(into.getvalue(), mtime=0)),
        Excerpt(form, f"{name}.gz", gzip.compress(first.text, mtime=0)),
        Excerpt(form, f"{name}.bz2", bz2.compress(first.text)),
        Excerpt(form, f"{name}.xz", lzma.compress(first.text)),
    )


def shortened(content: bytes) -> bytes:
    """The first records of a file, framed as they were."""
    if len(content) <= ENOUGH or b"\0" in content[:1000]:
        return content
    if content.lstrip()[:1] == b"<":
        return _short_xml(content)
    lines = content.splitlines(keepends=True)
    if (len(lines) > 2 and lines[0].rstrip()[-1:] in b'}]"') or content[:1] not in b"{[":
        kept = 2
        while sum(map(len, lines[: kept + 1])) < ENOUGH and kept < len(lines):
            kept += 1
        return b"".join(lines[:kept])
    value, _ = json.JSONDecoder().raw_decode(content.decode())
    cut = (
        value[:2]
        if isinstance(value, list)
        else {key: held[:2] if isinstance(held, list) else held for key, held in value.items()}
    )
    return json.dumps(cut, ensure_ascii=False, indent=1 if len(lines) > 2 else None).encode()


def _short_xml(content: bytes) -> bytes:
    root = ElementTree.fromstring(content)  # noqa: S314 - our own samples
    for child in list(root)[2:]:
        root.remove(child)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _members(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in _files(folder):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        if content[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.namelist():
                    yield member, archive.read(member)
        elif content[:2] == b"\x1f\x8b":
            yield name.removesuffix(".gz"), gzip.decompress(content)
        else:
            yield name, content


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not is_ignored(path.relative_to(folder).as_posix()) and path.suffix != ".typed":
            yield path
