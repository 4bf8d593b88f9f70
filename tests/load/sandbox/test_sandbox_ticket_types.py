"""Kinds of tickets: made, changed, or brought by a workspace file."""

import json
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.sandbox.state import open_state
from deskferry.load.sandbox.workspace import seed
from deskferry.schemas.errors import InputError
from deskferry.schemas.validate import complaints

SNAPSHOT: dict[str, Any] = {
    "type": "workspace",
    "format": 1,
    "taken_at": "2026-01-01T00:00:00Z",
    "id": "abcd1234",
    "name": "Acme",
    "region": "eu",
    "me": {"id": "11", "email": "me@acme.test", "name": "Me"},
    "admins": [],
    "teams": [],
    "contact_attributes": [],
    "conversation_attributes": [],
    "tags": [],
    "limit": None,
}
RETURNS = {
    "id": "501",
    "name": "Returns",
    "category": "Back-office",
    "states": [
        {"id": "31", "category": "submitted", "label": "Arrived"},
        {"id": "32", "category": "resolved", "label": "Refunded"},
    ],
    "attributes": [
        {"id": "701", "name": "_default_title_", "data_type": "string", "required": True},
        {
            "id": "702",
            "name": "Size",
            "data_type": "list",
            "visible_to_contacts": False,
            "options": [{"id": "uuid-low", "label": "Low"}],
        },
    ],
}


def test_a_type_comes_with_title_description_and_states_of_its_own(shared: Any) -> None:
    first, second = (shared.ok("POST", "/ticket_types", {"name": "Bug"}) for _ in range(2))
    # not by name: what is made twice is there twice
    assert first["id"] != second["id"]
    assert (first["category"], first["archived"], first["is_internal"]) == ("Customer", False, False)
    attributes = first["ticket_type_attributes"]["data"]
    assert [(one["name"], one["default"]) for one in attributes] == [
        ("_default_title_", True),
        ("_default_description_", True),
    ]
    ids = [{state["id"] for state in one["ticket_states"]["data"]} for one in (first, second)]
    assert len(ids[0] | ids[1]) == 8
    assert shared.ok("GET", f"/ticket_types/{first['id']}") == first


def test_an_update_of_a_type_changes_only_what_it_names(shared: Any) -> None:
    made = shared.ok("POST", "/ticket_types", {"name": "Bug", "description": "Of ours"})
    after = shared.ok("PUT", f"/ticket_types/{made['id']}", {"name": "Fault", "archived": True})
    assert (after["name"], after["description"], after["archived"]) == ("Fault", "Of ours", True)
    body = {"ticket_type_id": made["id"], "contacts": [{"id": shared.contact()}]}
    assert shared.refused("POST", "/tickets", body)[:2] == (400, "parameter_invalid")
    assert shared.refused("GET", "/ticket_types/1")[:2] == (404, "not_found")
    assert shared.refused("PUT", "/ticket_types/1", {})[:2] == (404, "not_found")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": None},
        {"data_type": "text"},
        {"data_type": "list"},
        {"data_type": "list", "list_items": " , "},
        {"description": None},
        {"name": "_DEFAULT_TITLE_"},
    ],
)
def test_an_attribute_of_the_wrong_shape_is_refused(shared: Any, change: Any) -> None:
    path = f"/ticket_types/{shared.types['Customer']['id']}"
    before = shared.ok("GET", path)
    body = {"name": "fresh", "description": "", "data_type": "string", **change}
    assert shared.refused("POST", f"{path}/attributes", body)[0] == 400
    assert shared.ok("GET", path) == before


def test_items_of_a_list_keep_their_id_when_others_come(shared: Any) -> None:
    kind = shared.ok("POST", "/ticket_types", {"name": "Lists"})
    path = f"/ticket_types/{kind['id']}/attributes"
    body = {"name": "Size", "description": "", "data_type": "list", "list_items": "Low,High"}
    made = shared.ok("POST", path, body)
    low, high = made["input_options"]["list_options"]
    after = shared.ok("PUT", f"{path}/{made['id']}", {"list_items": "High, Huge"})["input_options"]
    assert [(one["label"], one["archived"]) for one in after["list_options"]] == [
        ("Low", True),
        ("High", False),
        ("Huge", False),
    ]
    assert [one["id"] for one in after["list_options"][:2]] == [low["id"], high["id"]]
    ticket = {"ticket_type_id": kind["id"], "contacts": [{"id": shared.contact()}]}
    wrong = {**ticket, "ticket_attributes": {"Size": low["id"]}}
    assert shared.refused("POST", "/tickets", wrong)[0] == 400
    assert shared.refused("PUT", f"{path}/1", {})[:2] == (404, "not_found")


def test_an_archived_attribute_can_be_read_and_not_written(shared: Any) -> None:
    kind = shared.ok("POST", "/ticket_types", {"name": "Old"})
    path = f"/ticket_types/{kind['id']}/attributes"
    made = shared.ok("POST", path, {"name": "Old", "description": "", "data_type": "string"})
    ticket = {"ticket_type_id": kind["id"], "contacts": [{"id": shared.contact()}]}
    ticket["ticket_attributes"] = {"Old": "x"}
    before = shared.ok("POST", "/tickets", ticket)["id"]
    shared.ok("PUT", f"{path}/{made['id']}", {"archived": True})
    assert shared.ok("GET", f"/tickets/{before}")["ticket_attributes"]["Old"] == "x"
    assert shared.refused("POST", "/tickets", ticket)[0] == 400


def test_a_workspace_file_brings_its_ticket_types(start: Any) -> None:
    snapshot = {**SNAPSHOT, "ticket_types": [RETURNS, {"id": "502", "name": "Plain"}]}
    assert complaints("workspace", snapshot) == []
    sandbox = start(snapshot=snapshot)
    returns, plain = sandbox.ok("GET", "/ticket_types")["data"]
    assert (returns["id"], returns["name"], returns["category"]) == ("501", "Returns", "Back-office")
    assert [one["id"] for one in returns["ticket_states"]["data"]] == ["31", "32"]
    shown = {one["name"]: one for one in returns["ticket_type_attributes"]["data"]}
    assert shown.keys() == {"_default_title_", "_default_description_", "Size"}
    assert (shown["_default_title_"]["id"], shown["_default_title_"]["required_to_create"]) == ("701", True)
    assert shown["Size"]["input_options"]["list_options"][0]["id"] == "uuid-low"
    assert shown["Size"]["visible_to_contacts"] is False
    assert (plain["category"], len(plain["ticket_states"]["data"])) == ("Customer", 4)
    values = {"_default_title_": "T", "Size": "uuid-low"}
    made = sandbox.ticket("Back-office", ticket_attributes=values)
    assert made["ticket_state"]["internal_label"] == "Arrived"


def test_a_workspace_without_tickets_has_none(start: Any) -> None:
    assert start(snapshot={**SNAPSHOT, "ticket_types": []}).ok("GET", "/ticket_types")["data"] == []


@pytest.mark.parametrize("pointer", [("id",), ("states", 0, "id"), ("attributes", 0, "id")])
def test_ids_of_a_workspace_file_must_be_numbers(tmp_path: Path, pointer: tuple[Any, ...]) -> None:
    wrong = json.loads(json.dumps(RETURNS))
    at = wrong
    for step in pointer[:-1]:
        at = at[step]
    at[pointer[-1]] = "first"
    with (
        pytest.raises(InputError, match="'first' in the workspace file is not a number"),
        open_state(tmp_path / "s", seed=seed({**SNAPSHOT, "ticket_types": [wrong]}, now=1)),
    ):
        pass
