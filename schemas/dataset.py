"""Reading a dataset: a folder with a manifest and one NDJSON file per entity."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from .entities import ENTITIES
from .errors import InputError, RefusedError
from .validate import complaints, is_valid

MANIFEST = "manifest.json"
REJECTS = "rejects.ndjson"
MISSING_ATTACHMENTS = "attachments-missing.csv"
FILES = "files"
ARCHIVE = "archive.duckdb"


@dataclass(frozen=True, slots=True)
class Dataset:
    """An opened dataset. Nothing is held in memory but the manifest."""

    path: Path
    manifest: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of its content; names, paths, versions and clocks do not count."""
        return str(self.manifest["digest"])

    @property
    def account(self) -> str:
        """The Zendesk subdomain, or `zendesk` where the export does not name it."""
        return self.manifest["account"] or "zendesk"

    @property
    def archive(self) -> Path:
        """Where its archive.duckdb lies, made or not."""
        return self.path / ARCHIVE

    def file(self, entity: str) -> Path:
        """Path of an entity's NDJSON file. KeyError for what is no entity."""
        return self.path / ENTITIES[entity].file_name

    def changed(self, file: Path) -> RefusedError:
        """What to raise for a file of it that is not as the manifest says."""
        return RefusedError(
            "is not as the manifest says; it was changed since the conversion",
            where=file,
            todo=f"Look closer with: deskferry check {self.path}",
        )

    def records(self, entity: str) -> Iterator[dict[str, Any]]:
        """Each record of an entity, in key order."""
        with self.file(entity).open("rb") as lines:
            for line in lines:
                yield orjson.loads(line)


def open_unchanged(path: Path) -> Dataset:
    """Open a dataset whose files have the sizes its manifest says; RefusedError for one that was edited.

    Quick, so that every step can ask; whether each byte is the same is told by `deskferry check`.
    """
    dataset = open_dataset(path)
    claimed = dataset.manifest["files"]
    for name in {**dict.fromkeys(entity.file_name for entity in ENTITIES.values()), **claimed}:
        file = path / name
        if not file.is_file():
            raise RefusedError(
                "is missing; it was there after the conversion",
                where=file,
                todo=f"Look closer with: deskferry check {path}",
            )
        if name in claimed and file.stat().st_size != claimed[name]["bytes"]:
            raise dataset.changed(file)
    return dataset


def open_dataset(path: Path) -> Dataset:
    """Open a dataset folder by its manifest. Raises InputError when it has none, or a damaged one.

    Its files may be gone or changed: only `deskferry check` can use such a dataset.
    """
    manifest_path = path / MANIFEST
    if not manifest_path.is_file():
        raise InputError(
            "not a dataset", where=path, todo="Make one with: deskferry convert EXPORT --into DATASET"
        )
    try:
        manifest = orjson.loads(manifest_path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=manifest_path) from error
    if not is_valid("manifest")(manifest):  # it names every source: asking for reasons at once takes seconds
        pointer, reason = (complaints("manifest", manifest) or [("", "refused by the schema")])[0]
        raise InputError(f"not a manifest ({pointer}: {reason})", where=manifest_path)
    return Dataset(path=path, manifest=manifest)
