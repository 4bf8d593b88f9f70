"""Small exports and their conversion."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.schemas.dataset import Dataset

Record = dict[str, Any]


def user(user_id: int, **more: Any) -> Record:
    return {
        "id": user_id,
        "url": f"https://acme.zendesk.com/api/v2/users/{user_id}.json",
        "name": f"User {user_id}",
        "email": f"u{user_id}@acme.test",
        "role": "end-user",
        "time_zone": "Osaka",
        "active": True,
        "created_at": "2024-01-01T00:00:00.000Z",
        "updated_at": "2024-01-01T00:00:00.000Z",
        **more,
    }


def comment(comment_id: int, **more: Any) -> Record:
    return {
        "id": comment_id,
        "type": "Comment",
        "author_id": 11,
        "body": f"text {comment_id}",
        "html_body": f"<p>text {comment_id}</p>",
        "plain_body": f"text {comment_id}",
        "public": True,
        "attachments": [],
        "created_at": "2024-05-01T10:00:00.000Z",
        **more,
    }


def ticket(ticket_id: int, **more: Any) -> Record:
    """A line of the official ticket export."""
    return {
        "url": f"https://acme.zendesk.com/api/v2/tickets/{ticket_id}.json",
        "id": ticket_id,
        "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": "2024-05-01T10:00:00.000Z",
        "updated_at": "2024-05-02T10:00:00.000Z",
        "generated_timestamp": 1714644000,
        "subject": f"Subject {ticket_id}",
        "raw_subject": f"Subject {ticket_id}",
        "description": "text",
        "status": "open",
        "tags": [],
        "custom_fields": [],
        "requester": user(11),
        "submitter": user(11),
        "assignee": None,
        "comments": [comment(ticket_id * 100 + 1), comment(ticket_id * 100 + 2)],
        **more,
    }


def lines(*values: Any) -> str:
    return "".join(value if isinstance(value, str) else json.dumps(value) + "\n" for value in values)


class Desk:
    """A folder of exports, and conversions of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.exports = folder / "exports"
        self.exports.mkdir()
        self._count = 0

    user, comment, ticket, lines = (
        staticmethod(user),
        staticmethod(comment),
        staticmethod(ticket),
        staticmethod(lines),
    )

    def write(self, name: str, content: Any) -> Path:
        """A file of the export: text and bytes as they are, anything else as JSON."""
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_bytes(content.encode())
        else:
            path.write_text(json.dumps(content))
        return path

    def zip(self, name: str, members: dict[str, bytes | str]) -> Path:
        path = self.exports / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for member, content in members.items():
                packed.writestr(member, content)
        return path

    def convert(self, *exports: Path, **options: Any) -> Dataset:
        """Convert (the whole folder by default) and hold the result against its own manifest."""
        self._count += 1
        into = self.folder / f"result-{self._count}.dataset"
        dataset = convert(exports or (self.exports,), into, **options)
        assert [finding for finding in recount(dataset) if finding.difference] == []
        return dataset


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def rejects() -> Callable[[Dataset], list[Record]]:
    def read(dataset: Dataset) -> list[Record]:
        return [json.loads(line) for line in (dataset.path / "rejects.ndjson").read_text().splitlines()]

    return read


@pytest.fixture
def finding() -> Callable[[Dataset, str], Record | None]:
    def find(dataset: Dataset, kind: str) -> Record | None:
        return next((one for one in dataset.manifest["findings"] if one["id"] == kind), None)

    return find
