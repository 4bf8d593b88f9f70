"""Reading a dataset: a folder with a manifest and one NDJSON file per entity."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from .entities import ENTITIES
from .errors import InputError, RefusedError
from .validate import complaints

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
    for name, facts in dataset.manifest["files"].items():
        file = path / name
        if not file.is_file() or file.stat().st_size != facts["bytes"]:
            raise RefusedError(
                "is not as the manifest says; it was changed since the conversion",
                where=file,
                todo=f"Look closer with: deskferry check {path}",
            )
    return dataset


def open_dataset(path: Path) -> Dataset:
    """Open a dataset folder. Raises InputError when it is none, or its manifest is damaged."""
    manifest_path = path / MANIFEST
    if not manifest_path.is_file():
        raise InputError(
            "not a dataset", where=path, todo="Make one with: deskferry convert EXPORT --into DATASET"
        )
    try:
        manifest = orjson.loads(manifest_path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=manifest_path) from error
    wrong = complaints("manifest", manifest)
    if wrong:
        raise InputError(f"not a manifest ({wrong[0][0]}: {wrong[0][1]})", where=manifest_path)
    missing = [entity.file_name for entity in ENTITIES.values() if not (path / entity.file_name).is_file()]
    if missing:
        raise InputError(f"{missing[0]} is missing", where=path, todo="Convert the export again")
    return Dataset(path=path, manifest=manifest)
