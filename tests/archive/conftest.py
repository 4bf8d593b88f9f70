"""A writer of small datasets, so that a test says in a few dicts what it is about."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from deskferry.archive.build import build
from deskferry.schemas.canonical import digest
from deskferry.schemas.dataset import Dataset, open_dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.validate import complaints

SOURCE = "0123456789abcdef:0"
Records = dict[str, Sequence[dict[str, Any]]]
WriteDataset = Callable[..., Dataset]
BuildArchive = Callable[..., Path]


def write(folder: Path, records: Records, *, account: str | None = "acme") -> Dataset:
    """A dataset folder of these records, valid and sorted as a converted one is."""
    folder.mkdir(parents=True)
    files = {}
    for name, entity in ENTITIES.items():
        rows = [{"source": SOURCE, **row} for row in records.get(name, ())]
        for row in rows:
            assert complaints(name, row) == []
        rows.sort(key=lambda row, key=entity.key: tuple(row[part] for part in key))  # type: ignore[misc]
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        (folder / entity.file_name).write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        files[entity.file_name] = {"records": len(rows), "bytes": len(data), "sha256": sha256}
    manifest = {
        "type": "manifest",
        "format": 1,
        "deskferry": "0",
        "account": account,
        "sources": [
            {"name": "export.json", "bytes": 1, "sha256": "0123456789abcdef" * 4, "form": "x", "entities": {}}
        ],
        "entities": {},
        "files": files,
        "options": {},
        "findings": [],
        "digest": digest([account, files]),
    }
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))
    return open_dataset(folder)


@pytest.fixture
def write_dataset(tmp_path: Path) -> WriteDataset:
    """write_dataset(tickets=[...], ...) -> Dataset."""

    def make(*, account: str | None = "acme", name: str = "acme.dataset", **records: Any) -> Dataset:
        return write(tmp_path / name, records, account=account)

    return make


@pytest.fixture
def archive_of(write_dataset: WriteDataset) -> BuildArchive:
    """archive_of(tickets=[...], ...) -> path of its archive.duckdb."""

    def make(**records: Any) -> Path:
        return build(write_dataset(**records))

    return make
