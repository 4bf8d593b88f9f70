"""Opening what a stage wrote: a dataset, a workspace snapshot, an archive. What is none of these says so."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.canonical import canonical, digest, file_digest
from deskferry.schemas.dataset import open_dataset, open_unchanged
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.workspace import read_workspace, workspace_digest

MANIFEST: dict[str, Any] = {
    "type": "manifest",
    "format": 1,
    "deskferry": "0",
    "account": None,
    "sources": [],
    "entities": {},
    "files": {},
    "options": {},
    "findings": [],
    "digest": "0" * 64,
}
WORKSPACE: dict[str, Any] = {
    "type": "workspace",
    "format": 1,
    "taken_at": "2026-11-01T00:00:00Z",
    "id": "ab12cd34",
    "name": "Acme",
    "region": "eu",
    "me": {"id": "1", "email": "a@b.test", "name": "A"},
    "admins": [],
    "teams": [],
    "contact_attributes": [],
    "conversation_attributes": [],
    "tags": [],
    "limit": None,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for entity in ENTITIES.values():
        (tmp_path / entity.file_name).write_bytes(b"")
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    return tmp_path


def test_records_come_in_the_order_of_the_file_whole(folder: Path) -> None:
    lines = '{"id":2,"subject":"a\u2028b\u0085c"}\n{"id":10}\n'
    (folder / "tickets.ndjson").write_text(lines, encoding="utf-8", newline="")
    dataset = open_dataset(folder)
    assert list(dataset.records("tickets")) == [{"id": 2, "subject": "a\u2028b\u0085c"}, {"id": 10}]
    assert (dataset.account, dataset.digest) == ("zendesk", "0" * 64)
    with pytest.raises(KeyError):
        dataset.file("tables")


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "not a manifest"),
        (json.dumps(MANIFEST | {"digest": "x"}), "/digest"),
        (json.dumps(MANIFEST | {"format": 2}), "/format"),
        (json.dumps(MANIFEST | {"more": 1}), "not a manifest"),
    ],
)
def test_a_damaged_manifest_is_named(folder: Path, manifest: str, words: str) -> None:
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(InputError, match=words) as caught:
        open_dataset(folder)
    assert caught.value.where == folder / "manifest.json"


def test_a_folder_that_is_no_dataset_says_how_to_make_one(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match=r"not a dataset.*convert"):
            open_dataset(path)


def test_a_dataset_without_one_of_its_files_can_only_be_checked(folder: Path) -> None:
    assert open_unchanged(folder).path == folder
    (folder / "groups.ndjson").unlink()
    with pytest.raises(RefusedError, match=r"groups\.ndjson: is missing.*deskferry check"):
        open_unchanged(folder)
    assert open_dataset(folder).path == folder


@pytest.mark.parametrize("name", ["groups.ndjson", "attachments-missing.csv"])
def test_a_dataset_whose_file_has_another_size_is_refused(folder: Path, name: str) -> None:
    facts = {"records": 0, "bytes": 0, "sha256": "0" * 64}
    (folder / "manifest.json").write_text(json.dumps(MANIFEST | {"files": {name: facts}}))
    (folder / name).write_bytes(b"")
    open_unchanged(folder)
    (folder / name).write_bytes(b"x")
    with pytest.raises(RefusedError, match=f"{name}: is not as the manifest says"):
        open_unchanged(folder)


def test_a_snapshot_is_read_and_its_digest_does_not_know_when(tmp_path: Path) -> None:
    path = tmp_path / "workspace.json"
    path.write_text(json.dumps(WORKSPACE))
    later = read_workspace(path) | {"taken_at": "2026-12-01T00:00:00Z"}
    assert workspace_digest(later) == workspace_digest(WORKSPACE)
    assert workspace_digest(WORKSPACE | {"name": "Other"}) != workspace_digest(WORKSPACE)


@pytest.mark.parametrize("text", [None, "{", "[]", json.dumps(WORKSPACE | {"region": "mars"})])
def test_what_is_no_snapshot_says_so(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "workspace.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match="workspace snapshot") as caught:
        read_workspace(path)
    assert caught.value.where == path


def test_an_archive_is_opened_to_read_only(tmp_path: Path) -> None:
    path = tmp_path / "archive.duckdb"
    with pytest.raises(InputError, match="no archive here"):
        open_archive(path)
    path.write_bytes(b"x" * 10_000)
    with pytest.raises(InputError, match="not a readable archive"):
        open_archive(path)
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table t as select 1 as i")
    with open_archive(path) as connection:
        assert connection.execute("select i from t").fetchall() == [(1,)]
        for statement in (
            "insert into t values (2)",
            "set memory_limit = '9GB'",
            "from read_text('/etc/passwd')",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


def test_canonical_json_does_not_know_the_order_of_keys(tmp_path: Path) -> None:
    assert canonical({"b": 1, "a": "\u2028"}) == b'{"a":"\xe2\x80\xa8","b":1}'
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    with pytest.raises(TypeError):
        canonical({"a": object()})
    (tmp_path / "f").write_bytes(b"abc")
    assert file_digest(tmp_path / "f").startswith("ba7816bf")


def test_an_error_reads_what_where_and_what_to_do() -> None:
    assert str(InputError("what", where="m.yaml:3", todo="Do this")) == "m.yaml:3: what. Do this"
    assert str(InputError("what")) == "what"
    assert issubclass(RefusedError, InputError)
