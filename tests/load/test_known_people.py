"""People of a workspace that a snapshot knows: who is whom, before the first write."""

from datetime import UTC, datetime
from typing import Any

import pytest

from deskferry.load.match_person import Found, Nobody, OnlyLeads, Several, match_person
from deskferry.load.plan_summary import PlanSummary
from deskferry.load.workspace import take_snapshot
from deskferry.load.workspace_people import take_people
from deskferry.schemas.errors import RefusedError
from deskferry.schemas.mapping import read_mapping
from deskferry.schemas.validate import complaints

from .conftest import ANNA, BEN, LEA, Desk, Intercom, company, write_dataset
from .test_contacts import origins

EVERYBODY = (("A-1", "anna@x.test"), ("", "ben@x.test"), (f"zendesk:{LEA}", ""))


def with_people(desk: Desk) -> dict[str, Any]:
    with desk.target() as target:
        client = target.client()
        snapshot = take_snapshot(client, now=datetime(2026, 1, 1, tzinfo=UTC))
        return {**snapshot, "people": take_people(client)}


def known(intercom: Intercom, **contact: Any) -> str:
    return str(intercom.post("/contacts", {"role": "user", **contact})["id"])


def planned(desk: Desk, **more: Any) -> PlanSummary:
    return desk.plan(workspace=with_people(desk), **more)


def test_the_snapshot_has_every_contact_that_can_be_seen(desk: Desk, intercom: Intercom) -> None:
    ids = [known(intercom, email=f"{number}@x.test", name="A & B") for number in range(160)]
    lead = intercom.post("/contacts", {"role": "lead", "email": "lead@x.test"})["id"]
    put_away = known(intercom, external_id="<gone>", phone="+1")
    intercom.post(f"/contacts/{put_away}/archive", {})
    snapshot = with_people(desk)
    assert complaints("workspace", snapshot) == []
    assert {person["id"] for person in snapshot["people"]} == {*ids, lead}
    first = next(person for person in snapshot["people"] if person["id"] == ids[0])
    assert (first["email"], first["role"]) == ("0@x.test", "user")
    assert "name" in first["filled"]
    assert "phone" not in first["filled"]


def test_known_contacts_are_adopted_in_exactly_the_calls_that_were_planned(
    desk: Desk, intercom: Intercom
) -> None:
    known(intercom, external_id="A-1", email="other@x.test", name="Their name")
    known(intercom, email="BEN@x.test")
    plan = planned(desk)
    assert plan.calls == plan.calls_most
    loaded = desk.load()
    assert (loaded.done, loaded.calls - loaded.preflight) == (6, plan.calls)
    assert origins(desk) == {"adopted": 2, "created": 1}
    assert intercom.get("/contacts/find_by_external_id/A-1")["name"] == "Their name"
    assert desk.verify().differences == ()


def test_a_later_plan_with_newer_people_changes_nothing_that_stands(desk: Desk, intercom: Intercom) -> None:
    desk.plan(tickets=(1, 2))
    assert desk.load().done == 2
    known(intercom, email="stranger@x.test")
    planned(desk, replace=True)
    loaded = desk.load()
    assert (loaded.done, loaded.changed_count, loaded.failures) == (6, 0, ())
    assert intercom.counts["contacts"] == 4
    later = planned(desk, replace=True)
    known(intercom, email="another@x.test")
    assert planned(desk, replace=True).digest == later.digest, "strangers do not count"


def test_doubles_of_intercom_are_lines_of_the_plan_and_refuse_only_their_tickets(
    desk: Desk, intercom: Intercom
) -> None:
    anna = known(intercom, email="anna@x.test")
    lead = intercom.post("/contacts", {"role": "lead", "email": "ben@x.test"})["id"]
    twin = {"id": "f" * 24, "role": "user", "email": "Anna@x.test", "filled": []}
    snapshot = with_people(desk)
    plan = desk.plan(workspace={**snapshot, "people": [*snapshot["people"], twin]})
    assert plan.doubles == {"leads": 1, "several": 1}
    assert f"only leads of Intercom have the e-mail of user {BEN}: {lead}" in plan.double_lines[0]
    assert (
        f"several contacts of Intercom have the e-mail of user {ANNA}: {anna}, {twin['id']}"
        in (plan.double_lines[1])
    )
    assert {refused.ticket_id for refused in plan.refused} == {1, 3, 6}
    assert desk.load().done == 3
    assert intercom.get(f"/contacts/{lead}")["role"] == "lead"
    assert intercom.counts["contacts"] == 4, "a user beside the lead, and the one without e-mail"


def test_require_needs_a_snapshot_with_people_and_names_who_is_missing(
    desk: Desk, intercom: Intercom
) -> None:
    desk.change_mapping("policy: create  # 3", "policy: require  # 3")
    with pytest.raises(RefusedError, match=r"policy require needs a snapshot .*workspace --people"):
        desk.plan()
    known(intercom, external_id="A-1")
    with pytest.raises(
        RefusedError, match=r"2 requesters .* does not know user 12 \(Ben@X.test, \+49301234\)"
    ):
        planned(desk)
    assert not (desk.folder / "try.plan").exists()
    known(intercom, phone="0049 30 1234")
    known(intercom, external_id=f"zendesk:{LEA}")
    plan = planned(desk)
    assert plan.doubles == {"by phone": 1}
    assert desk.load().done == 6
    assert (intercom.counts["contacts"], origins(desk)) == (3, {"adopted": 3})


def test_match_fails_strangers_alone_and_says_so_beforehand(desk: Desk, intercom: Intercom) -> None:
    known(intercom, email="ben@x.test")
    desk.change_mapping("policy: create  # 3", "policy: match  # 3")
    plan = planned(desk)
    assert plan.doubles == {"unknown": 2}
    loaded = desk.load()
    assert (loaded.done, loaded.failed, intercom.counts["contacts"]) == (2, 4, 1)


def test_a_contact_that_was_put_away_is_revived_only_when_asked(desk: Desk, intercom: Intercom) -> None:
    id_ = known(intercom, email="ben@x.test")
    intercom.post(f"/contacts/{id_}/archive", {})
    planned(desk)
    loaded = desk.load()
    assert (loaded.done, loaded.failed) == (4, 2)
    assert "archived contacts are not revived" in loaded.failures[0].error
    desk.change_mapping("archived: leave", "archived: revive")
    planned(desk, replace=True)
    loaded = desk.load(only_failed=True)
    assert (loaded.done, loaded.failures) == (6, ())
    assert intercom.get(f"/contacts/{id_}")["email"] == "ben@x.test"


def test_people_ids_say_whose_product_id_is_whose(desk: Desk, intercom: Intercom) -> None:
    (desk.folder / "ids.csv").write_text("who,id\nBEN@x.test,P-2\n13,P-3\n")
    desk.change_mapping("ids: null", "ids: ids.csv")
    desk.plan()
    assert desk.load().done == 6
    assert intercom.get("/contacts/find_by_external_id/P-2")["email"] == "Ben@X.test"
    assert intercom.get("/contacts/find_by_external_id/P-3")["name"] == "Lea"
    (desk.folder / "ids.csv").write_text("who,id\nBEN@x.test,P-9\n")
    with pytest.raises(RefusedError, match="the mapping changed"):
        desk.load()


def test_doubles_of_zendesk_are_lines_of_the_plan(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    small = company()
    small["users"][2] |= {"email": "ANNA@x.test"}
    small["users"][3] |= {"phone": "030 1234567", "email": "lea@x.test"}
    small["users"][1] |= {"phone": "+30 123-4567"}
    folder = tmp_path_factory.mktemp("doubles")
    desk.dataset = write_dataset(folder / "acme.dataset", small)
    plan = desk.plan()
    assert plan.double_lines == (
        "users 11, 12 have the same e-mail anna@x.test and become one contact",
        "users 11, 13 have the same phone number 301234567 and stay apart",
    )
    assert plan.contacts == 2
    assert read_mapping(desk.mapping).product_ids == {}


ONE = {"id": "1", "role": "user", "email": "a@x.test"}
TWO = {"id": "2", "role": "user", "external_id": "p&amp;1", "email": "b@x.test", "phone": "+49 30 1234567"}
LEAD = {"id": "3", "role": "lead", "email": "c@x.test"}
AWAY = {"id": "4", "role": "user", "email": "d@x.test", "archived": True}
TWIN = {"id": "5", "role": "user", "email": "A@X.test"}


@pytest.mark.parametrize(
    ("known_by", "match"),
    [
        ({"external_id": "p&1", "email": "a@x.test"}, Found(TWO, "external_id")),
        ({"email": "B@X.test"}, Found(TWO, "email")),
        ({"phone": "0049301234567"}, Found(TWO, "phone")),
        ({"phone": "0049301234567", "email": "z@x.test"}, Nobody()),
        ({"phone": "1234567"}, Nobody()),
        ({"email": "a@x.test"}, Several("email", ("1", "5"))),
        ({"email": "c@x.test"}, OnlyLeads(("3",))),
        ({"email": "d@x.test"}, Nobody()),
        ({}, Nobody()),
    ],
)
def test_a_person_is_found_by_product_id_then_e_mail_then_phone(known_by: dict[str, str], match: Any) -> None:
    assert match_person(known_by, [ONE, TWO, LEAD, AWAY, TWIN]) == match
