"""The snapshot, and what counts as drift from it."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.action import Kind
from deskferry.load.drift import drift
from deskferry.load.workspace import take_snapshot, write_snapshot
from deskferry.schemas.errors import InputError
from deskferry.schemas.workspace import read_workspace, workspace_digest

from .conftest import Desk, Intercom

LIVE: dict[str, Any] = {
    "id": "ab12",
    "name": "Acme",
    "region": "eu",
    "admins": [
        {"id": "1", "email": "boss@acme.test", "name": "", "seat": True},
        {"id": "2", "email": "agent@acme.test", "name": "", "seat": True},
    ],
    "teams": [{"id": "5", "name": "Support"}],
    "contact_attributes": [{"name": "seen", "data_type": "date"}],
    "conversation_attributes": [{"id": "7", "name": "rank", "data_type": "integer"}],
    "tags": [{"id": "9", "name": "VIP"}],
}
PLAN: dict[str, Any] = {
    "workspace": LIVE,
    "needs": {
        "admins": ["1", "2"],
        "teams": ["5"],
        "tags": ["vip", "made"],
        "makes": [["tag", "made"], ["conversation_attribute", "own"]],
        "contact_attributes": {"seen": "datetime"},
        "conversation_attributes": {"rank": "integer", "own": "string"},
    },
}


def test_a_snapshot_says_what_the_workspace_is(desk: Desk, intercom: Intercom, tmp_path: Path) -> None:
    with desk.target() as target:
        found = take_snapshot(target.client(), now=datetime(2026, 1, 1, tzinfo=UTC))
        assert target.calls == 7
    assert found["name"] == "Rehearsal"
    assert found["region"] == "sandbox"
    assert found["taken_at"] == "2026-01-01T00:00:00Z"
    assert [team["name"] for team in found["teams"]] == ["Support"]
    assert {admin["email"]: admin["seat"] for admin in found["admins"]}["agent@acme.test"] is True
    assert found["conversation_attributes"] == [{"id": "7", "name": "zendesk_group", "data_type": "string"}]
    assert found["limit"] == 100_000
    path = tmp_path / "workspace.json"
    write_snapshot(found, path)
    assert read_workspace(path) == found
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == found
    assert "\n  " in path.read_text()
    later = {**found, "taken_at": "2027-01-01T00:00:00Z"}
    assert workspace_digest(later) == workspace_digest(found)


def test_a_snapshot_goes_into_no_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_snapshot({}, tmp_path / "nowhere" / "workspace.json")


def test_the_same_workspace_has_not_drifted() -> None:
    assert list(drift(PLAN, LIVE, made=set())) == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("id",), "zz99", 'it is workspace zz99 "Acme", not ab12 "Acme"'),
        (("region",), "us", "it is in region us, not eu"),
        (("admins", 0, "seat"), False, "admin boss@acme.test has no seat any more"),
        (("admins", 1, "id"), "3", "admin agent@acme.test is gone"),
        (("teams",), [], "team Support is gone"),
        (("tags",), [], "tag 'vip' is gone"),
        (("contact_attributes",), [], "contact_attribute seen is gone"),
        (
            ("conversation_attributes", 0, "data_type"),
            "string",
            "conversation_attribute rank is string, not integer",
        ),
    ],
)
def test_what_the_plan_stands_on_and_is_not_as_it_was_is_drift(
    path: tuple[Any, ...], value: object, words: str
) -> None:
    live = copy.deepcopy(LIVE)
    place: Any = live
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert list(drift(PLAN, live, made=set())) == [words]


def test_what_the_plan_makes_is_no_drift_until_it_was_made() -> None:
    made = {(Kind.TAG, "made"), (Kind.CONVERSATION_ATTRIBUTE, "own")}
    assert list(drift(PLAN, LIVE, made=made)) == ["conversation_attribute own is gone", "tag 'made' is gone"]
    live = copy.deepcopy(LIVE)
    live["tags"].append({"id": "10", "name": "Made"})
    live["conversation_attributes"].append({"id": "8", "name": "own", "data_type": "string"})
    assert list(drift(PLAN, live, made=made)) == []
    assert list(drift(PLAN, live, made=set())) == []


def test_what_nobody_uses_may_change() -> None:
    live = copy.deepcopy(LIVE)
    live["admins"].append({"id": "4", "email": "new@acme.test", "name": "", "seat": False})
    live["teams"].append({"id": "6", "name": "New"})
    live["tags"].append({"id": "11", "name": "New"})
    live["conversation_attributes"].append({"id": "9", "name": "new", "data_type": "list"})
    assert list(drift(PLAN, live, made=set())) == []
