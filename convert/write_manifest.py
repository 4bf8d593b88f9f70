"""manifest.json and rejects.ndjson: what was read, what became of it, and the digest of the content."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from deskferry.schemas.canonical import digest
from deskferry.schemas.dataset import FILES, MANIFEST, REJECTS

from .finding import Finding
from .sources import Source
from .write_entities import HashedFile

_NAMES = ("source",)


def write_rejects(
    folder: Path,
    lines: Iterable[bytes],
    *,
    copies: Mapping[str, Sequence[str]],
    clean: Callable[[dict[str, Any]], None] | None = None,
) -> str:
    """Write the rejects; returns the digest of their content, which leaves out names.

    lines: sorted, as collected. copies: sha256 -> names of further files with the same bytes.
    clean: takes out of a reject, in place, what must not be shown.
    """
    content = hashlib.sha256()
    file = HashedFile(folder / REJECTS)
    for line in lines:
        reject = orjson.loads(line.split(b"\x02", 1)[1])
        if clean is not None:
            clean(reject)
        for name in (reject["source"], *copies.get(reject["source_sha256"], ())):
            reject["source"] = name
            file.write(orjson.dumps(reject) + b"\n")
            content.update(orjson.dumps({key: value for key, value in reject.items() if key not in _NAMES}))
    file.close()
    return content.hexdigest()


def write_manifest(
    folder: Path,
    *,
    account: str | None,
    sources: Sequence[Source],
    tables: Mapping[int, Mapping[str, Any]],
    entities: Mapping[str, Any],
    files: Mapping[str, Any],
    stored: Mapping[str, int],
    rejects_digest: str,
    options: Mapping[str, Any],
    findings: Sequence[Finding],
) -> dict[str, Any]:
    """Write the manifest and return it. stored: number and bytes of what lies under files/."""
    names = sorted(path.name for path in (folder / FILES).iterdir()) if (folder / FILES).is_dir() else []
    manifest = {
        "type": "manifest",
        "format": 1,
        "deskferry": version("deskferry"),
        "account": account,
        "sources": [_source(source, tables.get(source.index, {})) for source in sources],
        "entities": dict(entities),
        "files": dict(files),
        "stored": dict(stored),
        "options": dict(options),
        "findings": [finding.as_json() for finding in findings],
        "digest": content_digest(files, rejects_digest, names),
    }
    file = HashedFile(folder / MANIFEST)
    file.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")
    file.close()
    return manifest


def content_digest(files: Mapping[str, Any], rejects_digest: str, stored: Sequence[str]) -> str:
    """The digest of a dataset. stored: names (digests) under files/."""
    hashes = {name: facts["sha256"] for name, facts in files.items()}
    return digest({"entities": hashes, "rejects": rejects_digest, "files": list(stored)})


def _source(source: Source, entities: Mapping[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": source.name,
        "bytes": source.size if source.undecoded is None else source.undecoded,
        "sha256": source.sha256,
        "form": str(source.form),
        "entities": dict(entities),
    }
    note = source.damage or source.note
    if note:
        written["note"] = note
    if source.damage:
        written["damaged"] = True
    return written
