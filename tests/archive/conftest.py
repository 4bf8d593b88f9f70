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
from deskferry.schemas.validate import complaints, is_valid

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
            assert is_valid(name)(row), complaints(name, row)
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


@pytest.fixture(scope="session")
def small_company() -> dict[str, Any]:
    """A few tickets, one for each thing that the views and the default rules tell apart."""
    public, private = {"public": True}, {"public": False}
    return {
        "users": [
            {"id": 1, "name": "Ada", "email": "ada@customer.test", "role": "end-user", "external_id": "A-1"},
            {"id": 2, "name": "Agent", "email": "agent@acme.test", "role": "agent"},
            {"id": 3, "name": "Left", "email": "left@acme.test", "role": "end-user", "active": False},
            {"id": 4, "name": "Spam", "email": "spam@x.test", "role": "end-user", "suspended": True},
            {"id": 5, "name": "Gone", "role": "end-user", "permanently_deleted": True},
            {"id": 6, "placeholder": True},
            {"id": 7, "name": "Phone only", "role": "end-user", "phone": "+4930123"},
        ],
        "groups": [{"id": 10, "name": "Support"}, {"id": 11, "name": "No: really?"}],
        "organizations": [{"id": 20, "name": "Customer Ltd"}],
        "brands": [{"id": 30, "name": "Acme"}],
        "ticket_forms": [{"id": 31, "name": "Default"}],
        "custom_statuses": [
            {"id": 40, "agent_label": "Waiting for courier", "status_category": "pending"},
            {"id": 41, "agent_label": "Closed", "status_category": "closed"},
        ],
        "ticket_fields": [
            {"id": 50, "title": "Order number", "type": "text"},
            {
                "id": 51,
                "title": "Product",
                "type": "tagger",
                "custom_field_options": [{"name": "Kettle", "value": "kettle"}, {"value": "pot"}],
            },
            {"id": 52, "title": "Urgent", "type": "checkbox", "tag": "is_urgent"},
            {"id": 53, "title": "Never filled", "type": "text"},
            {"id": 54, "title": "order NUMBER", "type": "integer"},
            {
                "id": 55,
                "title": "Colours",
                "type": "multiselect",
                "custom_field_options": [{"value": "red"}, {"value": "blue"}],
            },
        ],
        "tickets": [
            {
                "id": 101, "subject": "Hello", "status": "open", "custom_status_id": 40, "requester_id": 1,
                "assignee_id": 2, "group_id": 10, "organization_id": 20, "brand_id": 30, "ticket_form_id": 31,
                "via": {"channel": "email"}, "created_at": "2024-01-02T00:00:00.000Z",
                "tags": ["kettle", "is_urgent", "vip", "red"],
                "custom_fields": {
                    "50": "A: 1", "51": "kettle", "52": True, "53": "", "54": "7", "55": ["red"], "99": "x",
                },
                "satisfaction_rating": {"score": "good", "comment": "Thanks"},
            },
            {
                "id": 102, "status": "closed", "custom_status_id": 41, "requester_id": 7, "assignee_id": 3,
                "group_id": 11, "created_at": "2024-01-01T00:00:00.000Z", "tags": ["pot"],
                "custom_fields": {"51": None, "55": []}, "satisfaction_rating": {"score": "offered"},
            },
            {"id": 103, "status": "deleted", "requester_id": 1, "created_at": "2024-01-03T00:00:00.000Z"},
            {"id": 104, "status": "deleted", "subject": "SCRUBBED", "description": "X", "requester_id": 1},
            {"id": 105, "status": "closed", "requester_id": 4, "tags": ["archive_only_tag"]},
            {"id": 106, "status": "closed", "requester_id": 1},
            {"id": 107, "status": "closed", "requester_id": 1, "group_id": 99},
            {"id": 108, "status": "closed", "requester_id": 5},
            {"id": 109, "status": "closed", "requester_id": 6},
            {"id": 110, "status": "solved", "requester_id": 1, "assignee_id": 404, "problem_id": 111},
            {"id": 111, "status": "hold", "requester_id": 2, "group_id": 98},
        ],
        "ticket_metrics": [{"ticket_id": 101, "solved_at": "2024-01-09T00:00:00.000Z"}],
        "comments": [
            {"id": 9001, "ticket_id": 101, "position": 1, "author_id": 1, "body": "First", **public},
            {"id": 8000, "ticket_id": 101, "position": 2, "author_id": 2, "body": "Secret", **private},
            {"id": 8001, "ticket_id": 101, "position": 3, "author_id": 3, "plain_body": "Re", **public},
            {"id": 1, "ticket_id": 102, "position": 1, "author_id": 3, "body": "We called you", **private},
            {"id": 2, "ticket_id": 102, "position": 2, "author_id": 3, "body": "Hello", **public},
            {"id": 3, "ticket_id": 105, "position": 1, "author_id": 4, "body": "Buy", **public},
            {"id": 4, "ticket_id": 106, "position": 1, "author_id": 1, "body": "Merged", **public},
            {"id": 5, "ticket_id": 107, "position": 1, "author_id": 2, "body": "Internal", **private},
            {"id": 6, "ticket_id": 108, "position": 1, "author_id": 5, "body": "x", **public},
            {"id": 7, "ticket_id": 109, "position": 1, "author_id": 6, "body": "x", **public},
            {"id": 8, "ticket_id": 110, "position": 1, "author_id": 1, "body": "x", **public},
            {
                "id": 9, "ticket_id": 111, "position": 1, "author_id": 7, "body": "?",
                "public": False, "visibility_unknown": True,
            },
            {"id": 10, "ticket_id": 111, "position": 2, "author_id": 2, "body": "x", **public},
        ],
        "attachments": [
            {"id": 70, "ticket_id": 101, "comment_id": 9001, "file_name": "b.png"},
            {"id": 69, "ticket_id": 101, "comment_id": 9001, "file_name": "a.png"},
        ],
        "ticket_links": [
            {"id": "merged:106:101", "type": "merged", "ticket_id": 106, "linked_ticket_id": 101},
            {"id": "follow_up:102:101", "type": "follow_up", "ticket_id": 102, "linked_ticket_id": 101},
        ],
        "satisfaction_ratings": [
            {"id": 1, "ticket_id": 110, "score": "bad", "updated_at": "2024-02-01T00:00:00.000Z"},
            {"id": 2, "ticket_id": 110, "score": "good", "updated_at": "2024-01-01T00:00:00.000Z"},
            {"id": 3, "ticket_id": 110, "score": "offered", "updated_at": "2024-03-01T00:00:00.000Z"},
        ],
    }  # fmt: skip


@pytest.fixture(scope="session")
def small_archive(tmp_path_factory: pytest.TempPathFactory, small_company: dict[str, Any]) -> Path:
    """The archive of the small company, made once: nothing may write to it."""
    return build(write(tmp_path_factory.mktemp("small") / "acme.dataset", small_company))


@pytest.fixture
def workspace() -> dict[str, Any]:
    """A snapshot with one seated and one unseated admin, two teams and two attributes."""
    snapshot = {
        "type": "workspace",
        "format": 1,
        "taken_at": "2026-11-01T00:00:00Z",
        "id": "ab12cd34",
        "name": "Acme",
        "region": "eu",
        "me": {"id": "1", "email": "boss@acme.test", "name": "Boss"},
        "admins": [
            {"id": "1", "email": "Agent@acme.test", "name": "Agent", "seat": True},
            {"id": "2", "email": "left@acme.test", "name": "Left", "seat": False},
        ],
        "teams": [{"id": "5", "name": "Support"}, {"id": "6", "name": "no really"}],
        "contact_attributes": [],
        "conversation_attributes": [
            {"id": "7", "name": "Product", "data_type": "integer"},
            {"id": "8", "name": "Urgent", "data_type": "boolean"},
        ],
        "tags": [],
        "limit": None,
    }
    assert complaints("workspace", snapshot) == []
    return snapshot
