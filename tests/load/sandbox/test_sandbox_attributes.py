"""Definitions in the sandbox: data attributes, conversation attributes, tags."""

import itertools
from typing import Any

import pytest

_numbers = itertools.count(1)


def fresh() -> str:
    """A name no other test uses."""
    return f"defined {next(_numbers)}"


def test_a_data_attribute_is_defined_and_listed(shared: Any) -> None:
    name = fresh()
    body = {"name": name, "model": "contact", "data_type": "integer", "description": "d"}
    made = shared.ok("POST", "/data_attributes", body)
    assert (made["full_name"], made["data_type"], made["custom"]) == (
        f"custom_attributes.{name}",
        "integer",
        True,
    )
    assert isinstance(made["id"], int)
    assert made in shared.ok("GET", "/data_attributes?model=contact")["data"]
    assert made not in shared.ok("GET", "/data_attributes?model=company")["data"]
    assert made in shared.ok("GET", "/data_attributes")["data"]


def test_a_datetime_is_a_date_from_then_on(shared: Any) -> None:
    body = {"name": fresh(), "model": "contact", "data_type": "datetime"}
    assert shared.ok("POST", "/data_attributes", body)["data_type"] == "date"


def test_a_name_is_taken_once_for_contacts_and_companies(shared: Any) -> None:
    name = fresh()
    shared.ok("POST", "/data_attributes", {"name": name, "model": "contact", "data_type": "string"})
    for model in ("contact", "company"):
        body = {"name": name.upper(), "model": model, "data_type": "string"}
        status, code, message = shared.refused("POST", "/data_attributes", body)
        assert (status, code) == (400, "parameter_invalid")
        assert "already have" in message


@pytest.mark.parametrize(
    "body",
    [
        {"name": "email", "model": "contact", "data_type": "string"},
        {"name": "!nv@l!d", "model": "contact", "data_type": "string"},
        {"name": "other", "model": "conversation", "data_type": "string"},
        {"name": "other", "model": "contact", "data_type": "mithril"},
        {"name": "other", "model": "contact", "data_type": "options", "options": [{"value": "one"}]},
        {"name": "other", "model": "contact"},
        {"name": 7, "model": "contact", "data_type": "string"},
    ],
)
def test_a_data_attribute_of_the_wrong_shape_is_refused(shared: Any, body: Any) -> None:
    assert shared.refused("POST", "/data_attributes", body)[0] == 400


def test_options_are_the_only_values_of_their_attribute(shared: Any) -> None:
    name = fresh()
    options = [{"value": "red"}, {"value": "blue"}]
    body = {"name": name, "model": "contact", "data_type": "options", "options": options}
    made = shared.ok("POST", "/data_attributes", body)
    assert (made["data_type"], made["options"]) == ("string", ["red", "blue"])
    shared.ok("POST", "/contacts", {"role": "lead", "custom_attributes": {name: "red"}})
    wrong = {"role": "lead", "custom_attributes": {name: "green"}}
    assert shared.refused("POST", "/contacts", wrong)[0] == 400


def test_conversation_attributes_have_a_place_of_their_own(shared: Any) -> None:
    assert shared.refused("GET", "/data_attributes?model=conversation")[:2] == (422, "parameter_invalid")


def test_a_list_attribute_is_defined_extended_and_archived(shared: Any) -> None:
    name = fresh()
    made = shared.ok(
        "POST",
        "/conversations/attributes",
        {"name": name, "data_type": "list", "options": [{"label": "a"}, {"label": "b"}]},
    )
    path = f"/conversations/attributes/{made['id']}"
    assert [option["label"] for option in made["options"]] == ["a", "b"]
    assert shared.ok("POST", f"{path}/options", {"label": "c"})["options"][2]["label"] == "c"
    assert shared.refused("POST", f"{path}/options", {"label": "c"})[0] == 422
    assert shared.refused("POST", f"{path}/options", {"label": "d", "id": 1})[0] == 400
    assert shared.ok("PUT", path, {"description": "new"})["description"] == "new"
    assert shared.ok("GET", path)["description"] == "new"
    conversation = shared.conversation()
    shared.ok("PUT", f"/conversations/{conversation}", {"custom_attributes": {name: "c"}})
    assert shared.ok("DELETE", path)["archived"] is True
    listed = shared.ok("GET", "/conversations/attributes")["data"]
    assert made["id"] not in [one["id"] for one in listed]
    listed = shared.ok("GET", "/conversations/attributes?include_archived=true")["data"]
    assert made["id"] in [one["id"] for one in listed]
    body = {"custom_attributes": {name: "a"}}
    assert shared.refused("PUT", f"/conversations/{conversation}", body)[0] == 400


def test_conversation_attributes_of_the_wrong_shape_are_refused(shared: Any) -> None:
    name = fresh()
    status, code, message = shared.refused(
        "POST", "/conversations/attributes", {"name": name, "data_type": "float"}
    )
    assert (status, code) == (422, "parameter_invalid")
    assert message.startswith("data_type 'float' is not valid. Allowed types: string, ")
    shared.ok("POST", "/conversations/attributes", {"name": name, "data_type": "string"})
    twice = {"name": name, "data_type": "string"}
    assert shared.refused("POST", "/conversations/attributes", twice)[0] == 422
    answer = shared.refused("GET", "/conversations/attributes/999")
    assert answer[:2] == (404, "conversation_attribute_not_found")


def test_a_tag_is_made_once_whatever_its_case(shared: Any) -> None:
    first = shared.ok("POST", "/tags", {"name": "Zendesk Import"})
    assert shared.ok("POST", "/tags", {"name": "zendesk import"}) == first
    renamed = shared.ok("POST", "/tags", {"name": "From Zendesk", "id": first["id"]})
    assert (renamed["id"], renamed["name"]) == (first["id"], "From Zendesk")
    assert renamed in shared.ok("GET", "/tags")["data"]
    assert shared.refused("POST", "/tags", {"name": " "})[0] == 400
    shared.ok("POST", "/tags", {"name": "taken"})
    assert shared.refused("POST", "/tags", {"name": "Taken", "id": first["id"]})[0] == 400
    assert shared.refused("POST", "/tags", {"name": "x", "users": [{"id": "1"}]})[:2] == (400, "bad_request")
    assert shared.refused("POST", "/tags", {"name": "x", "id": "1"})[:2] == (404, "tag_not_found")


SNAPSHOT = {
    "name": "Acme",
    "identity_verification": True,
    "me": {"id": "11", "email": "me@acme.test", "name": "Me"},
    "admins": [
        {"id": "11", "email": "me@acme.test", "name": "Me", "seat": True},
        {"id": "12", "email": "light@acme.test", "name": "Light", "seat": False},
    ],
    "teams": [{"id": "21", "name": "Support", "admin_ids": ["11"]}],
    "contact_attributes": [{"name": "plan", "data_type": "string"}, {"name": "email", "data_type": "string"}],
    "conversation_attributes": [
        {"id": "31", "name": "Origin", "data_type": "list", "options": ["mail", "web"]},
        {"id": "32", "name": "Number", "data_type": "integer"},
    ],
    "tags": [{"id": "41", "name": "vip"}],
}


def test_a_sandbox_is_filled_from_a_workspace(start: Any) -> None:
    sandbox = start(snapshot=SNAPSHOT)
    me = sandbox.ok("GET", "/me")
    assert (me["id"], me["app"]["name"], me["app"]["identity_verification"]) == ("11", "Acme", True)
    seats = {admin["id"]: admin["has_inbox_seat"] for admin in sandbox.ok("GET", "/admins")["admins"]}
    assert seats == {"11": True, "12": False}
    assert me["team_ids"] == [21]
    team = {"type": "team", "id": "21", "name": "Support", "admin_ids": [11]}
    assert sandbox.ok("GET", "/teams")["teams"] == [{**team, "distribution_method": None}]
    assert sandbox.ok("GET", "/tags")["data"] == [{"type": "tag", "id": "41", "name": "vip"}]
    custom = [one["name"] for one in sandbox.ok("GET", "/data_attributes")["data"] if one["custom"]]
    assert custom == ["plan"]
    listed = sandbox.ok("GET", "/conversations/attributes")["data"]
    assert [(one["id"], one["name"], one["data_type"]) for one in listed] == [
        (31, "Origin", "list"),
        (32, "Number", "integer"),
    ]
    assert [option["label"] for option in listed[0]["options"]] == ["mail", "web"]
    assert sandbox.ok("POST", "/tags", {"name": "new"})["id"] not in ("41", "42")
