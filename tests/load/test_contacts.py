"""Contacts that are there already: taken over, filled where blank, never changed in who they are."""

from typing import Any

import pytest

from deskferry.load.contacts import blanks_of
from deskferry.load.ledger_file import default_ledger
from deskferry.load.status import status

from .conftest import Desk, Intercom


def origins(desk: Desk) -> dict[str | None, int]:
    found = status(default_ledger(desk.folder / "try.plan", "acme", desk.snapshot()["id"]))
    return {count.origin: count.count for count in found.counts if count.kind == "contact"}


def test_a_contact_that_exists_is_adopted_and_only_its_blanks_are_filled(
    desk: Desk, intercom: Intercom
) -> None:
    theirs = {"role": "user", "external_id": "A-1", "email": "other@x.test", "name": "Their name"}
    id_ = intercom.post("/contacts", theirs)["id"]
    desk.planned()
    assert desk.load().done == 6
    found = intercom.get(f"/contacts/{id_}")
    assert (found["email"], found["name"]) == ("other@x.test", "Their name")
    assert found["custom_attributes"].get("zendesk_user_id") == "11"
    assert not found["custom_attributes"].get("imported_from"), "that mark is for what we made"
    assert origins(desk) == {"adopted": 1, "created": 2}
    assert desk.verify().differences == ()


def test_two_people_with_one_address_become_one_contact_and_both_tickets_arrive(
    desk: Desk, intercom: Intercom
) -> None:
    intercom.post("/contacts", {"role": "user", "email": "ben@x.test"})
    desk.planned()
    assert desk.load().done == 6
    assert intercom.counts["contacts"] == 3
    assert origins(desk) == {"adopted": 1, "created": 2}


def test_policy_match_makes_nobody_and_fails_the_tickets_of_strangers(desk: Desk, intercom: Intercom) -> None:
    id_ = intercom.post("/contacts", {"role": "user", "email": "ben@x.test"})["id"]
    desk.change_mapping("policy: create  # 3", "policy: match  # 3")
    desk.plan()
    loaded = desk.load()
    assert intercom.counts["contacts"] == 1
    assert (loaded.done, loaded.failed) == (2, 4)
    assert "no contact with these details" in loaded.failures[0].error
    people = [
        item["contacts"]["contacts"][0]["id"] for item in intercom.get("/conversations")["conversations"]
    ]
    assert people == [id_, id_]


@pytest.mark.parametrize(
    ("found", "blanks"),
    [
        ({"phone": None}, {"phone": "1", "custom_attributes": {"zendesk_user_id": "7"}}),
        ({"phone": "2", "custom_attributes": {"zendesk_user_id": "6"}}, {}),
        ({"phone": "", "custom_attributes": {"zendesk_user_id": "6"}}, {"phone": "1"}),
    ],
)
def test_blanks_are_what_has_no_value_and_says_nothing_about_who_it_is(
    found: dict[str, Any], blanks: dict[str, Any]
) -> None:
    payload = {
        "role": "user",
        "email": "a@x.test",
        "external_id": "1",
        "name": "A",
        "phone": "1",
        "unsubscribed_from_emails": True,
        "custom_attributes": {"imported_from": "zendesk", "zendesk_user_id": "7"},
    }
    assert blanks_of(found, payload) == blanks
