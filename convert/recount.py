"""`check`: a dataset read again from its files, every claim of its manifest counted anew.

Differences mean that dataset and manifest contradict each other; everything else is information that the
conversion found and that is worth reading again.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from deskferry.schemas.canonical import file_digest
from deskferry.schemas.dataset import ARCHIVE, FILES, MANIFEST, MISSING_ATTACHMENTS, REJECTS, Dataset
from deskferry.schemas.entities import ENTITIES, Entity
from deskferry.schemas.progress import Progress, Silent
from deskferry.schemas.validate import complaints, is_valid

from .conservation import COLUMNS, balance
from .finding import Finding
from .reject import scrubbed
from .run_lines import id_bytes
from .settle import Verdict
from .write_manifest import content_digest

_EXAMPLES = 5
_STORED = {
    "lost_files": "attachments say their bytes are here, and they are not",
    "stray_files": "stored files that no attachment names",
}


@dataclass(slots=True)
class _Found:
    """Differences so far, by kind."""

    texts: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, kind: str, text: str, example: Any) -> None:
        self.texts[kind] = text
        self.counts[kind] += 1
        shown = self.examples.setdefault(kind, [])
        if len(shown) < _EXAMPLES:
            shown.append(example)


def recount(dataset: Dataset, *, progress: Progress | None = None) -> list[Finding]:
    """Differences first, then what the manifest tells. An intact dataset has no difference."""
    progress = progress or Silent()
    found = _Found()
    progress.start("check", total=sum(_size(dataset.file(name)) for name in ENTITIES), unit="bytes")
    actual = {entity.name: _recount_file(dataset, entity, found, progress) for entity in ENTITIES.values()}
    files = {ENTITIES[name].file_name: facts for name, facts in actual.items()}
    files[MISSING_ATTACHMENTS] = _facts_of_missing(dataset.path / MISSING_ATTACHMENTS)
    _recount_presence(dataset, found)
    _recount_digests(dataset, files, found)
    _recount_sums(dataset, actual, found)
    rejects_digest = _recount_rejects(dataset, found)
    folder = dataset.path / FILES
    stored = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    _recount_stored(dataset, stored, found)
    if content_digest(files, rejects_digest, stored) != dataset.digest:
        found.add("digest", "the digest of the manifest is not that of the files", dataset.digest)
    differences = [
        Finding(kind, found.texts[kind], found.counts[kind], tuple(found.examples[kind]), difference=True)
        for kind in sorted(found.texts)
    ]
    told = [
        Finding(one["id"], one["text"], one["count"], tuple(one["examples"]))
        for one in dataset.manifest["findings"]
    ]
    return [*differences, *told, *_foreign(dataset)]


def _recount_file(dataset: Dataset, entity: Entity, found: _Found, progress: Progress) -> dict[str, Any]:
    """Records, bytes and SHA-256 of an entity file, each record looked at on the way."""
    hashed, records, size = hashlib.sha256(), 0, 0
    valid = is_valid(entity.name)
    positions = _Positions(found) if entity.name == "comments" else None
    previous: tuple[bytes, ...] = ()
    for line in _lines(dataset.file(entity.name)):
        hashed.update(line)
        records, size = records + 1, size + len(line)
        progress.advance(len(line))
        record = _parsed(line)
        where = f"{entity.file_name}:{records}"
        if record is None or not valid(record):
            reason = complaints(entity.name, record)[:1] if record is not None else "not JSON"
            found.add("invalid_records", "records are not valid against their schema", f"{where}: {reason}")
            continue
        key = tuple(id_bytes(record[part]) for part in entity.key)
        if key <= previous and previous:
            text = "records are out of order, or their key stands twice"
            found.add("key_order", text, where)
        previous = key
        if positions:
            positions.take(record)
    if positions:
        positions.finish()
    return {"records": records, "bytes": size, "sha256": hashed.hexdigest()}


def _facts_of_missing(path: Path) -> dict[str, Any]:
    """Rows below the header, bytes and SHA-256 of the list of missing attachments."""
    if not path.is_file():
        return {"records": 0, "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    csv.field_size_limit(1 << 30)
    with path.open("r", encoding="utf-8", errors="replace", newline="") as file:
        try:
            rows = sum(1 for _ in csv.reader(file))
        except csv.Error:  # changed beyond reading; its digest differs as well
            rows = 0
    return {"records": max(rows - 1, 0), "bytes": _size(path), "sha256": file_digest(path)}


def _recount_presence(dataset: Dataset, found: _Found) -> None:
    for name in (*(entity.file_name for entity in ENTITIES.values()), REJECTS, MISSING_ATTACHMENTS):
        if not (dataset.path / name).is_file():
            found.add("missing_files", "files of the dataset are missing", name)


def _foreign(dataset: Dataset) -> list[Finding]:
    """What lies in the folder and is not the dataset's: no difference, but nothing that anyone checks."""
    ours = {MANIFEST, REJECTS, MISSING_ATTACHMENTS, FILES, *(one.file_name for one in ENTITIES.values())}
    names = sorted(
        path.name
        for path in dataset.path.iterdir()
        if path.name not in ours and not path.name.startswith((ARCHIVE, ".archive-"))
    )
    if not names:
        return []
    text = "files in the folder are not part of the dataset; no step reads them"
    return [Finding("foreign_files", text, len(names), tuple(names[:_EXAMPLES]))]


class _Positions:
    """Comments of one ticket at a time: their positions must be 1..n."""

    def __init__(self, found: _Found) -> None:
        self._found = found
        self._ticket: int | None = None
        self._positions: list[int] = []

    def take(self, comment: dict[str, Any]) -> None:
        """The next comment."""
        if comment["ticket_id"] != self._ticket:
            self.finish()
            self._ticket = comment["ticket_id"]
        self._positions.append(comment["position"])

    def finish(self) -> None:
        """The ticket has no more."""
        if sorted(self._positions) != list(range(1, len(self._positions) + 1)):
            self._found.add("positions", "tickets whose comments are not numbered 1 to n", self._ticket)
        self._positions = []


def _recount_digests(dataset: Dataset, files: dict[str, dict[str, Any]], found: _Found) -> None:
    claimed = dataset.manifest["files"]
    for name, facts in files.items():
        if claimed.get(name) != facts:
            text = "files differ from what the manifest says of them"
            found.add("files", text, f"{name}: {_different(claimed.get(name) or {}, facts)}")


def _recount_sums(dataset: Dataset, actual: dict[str, dict[str, Any]], found: _Found) -> None:
    manifest = dataset.manifest
    sums: dict[str, Counter[str]] = {}
    for source in manifest["sources"]:
        for entity, counts in source["entities"].items():
            if balance(counts):
                text = "sources where found is not accepted + repeated + superseded + rejected"
                found.add("conservation", text, f"{source['name']} {entity}: {counts}")
            sums.setdefault(entity, Counter()).update(counts)
    for entity in sorted(sums.keys() | manifest["entities"].keys()):
        total, claimed = sums.get(entity, Counter()), manifest["entities"].get(entity, {})
        if any(total[column] != claimed.get(column, 0) for column in COLUMNS):
            found.add("totals", "entities whose counts are not the sum of their sources", entity)
        if entity in actual:
            written = total[Verdict.ACCEPTED.value] + total[Verdict.MADE.value]
            if written != actual[entity]["records"]:
                text = "entities with another number of records than accepted and made"
                found.add(
                    "records", text, f"{entity}: {written} counted, {actual[entity]['records']} in the file"
                )


def _recount_rejects(dataset: Dataset, found: _Found) -> str:
    """The digest of the rejects, each held against its schema and counted against the manifest."""
    content = hashlib.sha256()
    counted: Counter[tuple[str, str]] = Counter()
    names: dict[str, set[str]] = {}
    for source in dataset.manifest["sources"]:
        names.setdefault(source["sha256"], set()).update((source["name"], scrubbed(source["name"])))
    for number, line in enumerate(_lines(dataset.path / REJECTS), start=1):
        reject = _parsed(line)
        if line != orjson.dumps(reject) + b"\n":
            found.add("altered_rejects", "rejects are not written as we write them", f"{REJECTS}:{number}")
        if reject is None or not is_valid("reject")(reject):
            found.add("invalid_rejects", "rejects are not valid against their schema", f"{REJECTS}:{number}")
            continue
        if reject["source"] not in names.get(reject["source_sha256"], ()):
            text = "rejects name a source that the manifest does not know"
            found.add("reject_sources", text, f"{REJECTS}:{number}")
        counted[reject["source_sha256"], reject["entity"]] += 1
        content.update(orjson.dumps({key: value for key, value in reject.items() if key != "source"}))
    claimed: Counter[tuple[str, str]] = Counter()
    for source in dataset.manifest["sources"]:
        for entity, counts in source["entities"].items():
            claimed[source["sha256"], entity] += counts["rejected"]
    for key in sorted(counted.keys() | claimed.keys()):
        if counted[key] != claimed[key]:
            text = "sources with another number of rejects than counted"
            found.add(
                "rejects", text, f"{key[0][:16]} {key[1]}: {claimed[key]} counted, {counted[key]} listed"
            )
    return content.hexdigest()


def _recount_stored(dataset: Dataset, stored: list[str], found: _Found) -> None:
    """Files by the digest that is their name; that the attachments name them and no others."""
    folder = dataset.path / FILES
    records = map(_parsed, _lines(dataset.file("attachments")))
    named = {one["sha256"] for one in records if isinstance(one, dict) and one.get("sha256")}
    for name in sorted(named.symmetric_difference(stored)):
        kind = "lost_files" if name in named else "stray_files"
        found.add(kind, _STORED[kind], name)
    held = {"files": len(stored), "bytes": sum((folder / name).stat().st_size for name in stored)}
    claimed = dataset.manifest.get("stored", held)
    if held != claimed:
        text = "stored attachments are others than the manifest says"
        found.add("stored", text, _different(claimed, held))
    for name in stored:
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != name:
                found.add("stored_files", "stored attachments whose bytes are not those of their name", name)


def _different(claimed: dict[str, Any], facts: dict[str, Any]) -> str:
    return ", ".join(
        f"{key} {claimed.get(key)} -> {facts[key]}" for key in facts if claimed.get(key) != facts[key]
    )


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _lines(path: Path) -> Iterator[bytes]:
    if path.is_file():
        with path.open("rb") as lines:
            yield from lines


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
