"""Companies: one per product id, shown once somebody belongs to them; and what else hangs on a contact."""

from typing import Any

import pytest


def company(sandbox: Any, company_id: str, **body: Any) -> Any:
    return sandbox.ok("POST", "/companies", {"company_id": company_id, **body})


def test_posting_a_company_twice_changes_it(shared: Any) -> None:
    first = company(shared, "twice", name="Acme & Co", size=3, plan="Pro")
    again = company(shared, "twice", size=4)
    assert again["id"] == first["id"]
    assert (again["name"], again["size"], again["plan"]["name"]) == ("Acme &amp; Co", 4, "Pro")
    assert [one["id"] for one in shared.ok("GET", "/companies?company_id=twice")["data"]] == [first["id"]]


def test_what_a_company_does_not_know_is_refused(shared: Any) -> None:
    assert shared.refused("POST", "/companies", {"company_id": "x", "colour": "red"}) == (
        400,
        "bad_request",
        "bad 'colour' parameter",
    )
    wrong = {"company_id": "x", "custom_attributes": {"nobody defined it": 1}}
    assert shared.refused("POST", "/companies", wrong)[:2] == (400, "parameter_invalid")
    assert shared.refused("GET", "/companies/none")[:2] == (404, "company_not_found")
    assert shared.refused("PUT", "/companies/none", {"name": "x"})[:2] == (404, "company_not_found")


def test_a_company_is_listed_once_somebody_belongs_to_it(sandbox: Any) -> None:
    made, person = company(sandbox, "listed"), sandbox.contact(email="a@example.org")
    assert sandbox.ok("GET", "/companies")["data"] == []
    for _ in range(2):
        sandbox.ok("POST", f"/contacts/{person}/companies", {"id": made["id"]})
    assert [one["id"] for one in sandbox.ok("POST", "/companies/list", {})["data"]] == [made["id"]]
    assert sandbox.ok("GET", f"/companies/{made['id']}")["user_count"] == 1
    shown = sandbox.ok("GET", f"/contacts/{person}")["companies"]
    assert (shown["total_count"], shown["data"][0]["id"]) == (1, made["id"])
    people = sandbox.ok("GET", f"/companies/{made['id']}/contacts")["data"]
    assert [one["id"] for one in people] == [person]
    sandbox.ok("DELETE", f"/contacts/{person}/companies/{made['id']}")
    assert sandbox.ok("GET", f"/contacts/{person}/companies")["companies"] == []
    assert sandbox.testimony("state")["companies"] == 1


def test_the_products_id_is_not_intercoms(shared: Any) -> None:
    company(shared, "by-ours")
    person = shared.contact(external_id="with-company")
    assert shared.refused("POST", f"/contacts/{person}/companies", {"id": "by-ours"})[:2] == (
        404,
        "company_not_found",
    )


def test_a_deleted_company_comes_back_with_its_id(shared: Any) -> None:
    made = company(shared, "deleted", name="Old")
    assert shared.ok("DELETE", f"/companies/{made['id']}")["deleted"] is True
    assert shared.refused("GET", f"/companies/{made['id']}")[0] == 404
    assert company(shared, "deleted")["id"] == made["id"]


def test_a_conversation_can_belong_to_a_company(shared: Any) -> None:
    made, conversation = company(shared, "of-conversation", name="Owner"), shared.conversation()
    shared.ok("PUT", f"/conversations/{conversation}", {"company_id": made["id"]})
    assert shared.read(conversation)["company"]["name"] == "Owner"
    assert shared.refused("PUT", f"/conversations/{conversation}", {"company_id": "none"})[0] == 404
    shared.ok("PUT", f"/conversations/{conversation}", {"title": "kept"})
    assert shared.read(conversation)["company"]["id"] == made["id"]


def test_tags_and_notes_hang_on_a_contact(shared: Any) -> None:
    person, tag = shared.contact(external_id="tagged"), shared.ok("POST", "/tags", {"name": "vip"})
    for _ in range(2):
        shared.ok("POST", f"/contacts/{person}/tags", {"id": tag["id"]})
    assert [one["id"] for one in shared.ok("GET", f"/contacts/{person}/tags")["data"]] == [tag["id"]]
    note = shared.ok("POST", f"/contacts/{person}/notes", {"body": "<b>x</b>", "admin_id": shared.admin})
    assert (note["body"], note["author"]["id"]) == ("<p><b>x</b></p>", shared.admin)
    assert shared.ok("GET", f"/contacts/{person}/notes")["total_count"] == 1
    shown = shared.ok("GET", f"/contacts/{person}")
    assert (shown["tags"]["total_count"], shown["notes"]["total_count"]) == (1, 1)
    shared.ok("DELETE", f"/contacts/{person}/tags/{tag['id']}")
    assert shared.ok("GET", f"/contacts/{person}/tags")["data"] == []


def test_a_merged_lead_is_gone_and_says_into_whom(shared: Any) -> None:
    lead = shared.contact(role="lead", email="lead@example.org", external_id="merged-away")
    user = shared.contact(external_id="merged-into", email="lead@example.org")
    conversation = shared.conversation(lead)
    assert shared.refused("POST", "/contacts/merge", {"from": user, "into": lead})[:2] == (
        400,
        "invalid_merge",
    )
    shared.ok("POST", "/contacts/merge", {"from": lead, "into": user})
    for path in (f"/contacts/{lead}", "/contacts/find_by_external_id/merged-away"):
        answer = shared.call("GET", path)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (410, "contact_merged")
        assert answer.headers["Link"] == f'</contacts/{user}>; rel="canonical"'
    assert [one["id"] for one in shared.read(conversation)["contacts"]["contacts"]] == [user]


def test_only_duplicates_are_merged_unless_the_caller_insists(shared: Any) -> None:
    lead, user = shared.contact(role="lead"), shared.contact()
    body = {"from": lead, "into": user}
    assert shared.refused("POST", "/contacts/merge", body)[:2] == (400, "invalid_merge")
    shared.ok("POST", "/contacts/merge", {**body, "skip_duplicate_validation": True})


@pytest.mark.parametrize("by", ["intercom_user_id", "user_id", "email"])
def test_another_person_joins_a_conversation_and_leaves_it(shared: Any, by: str) -> None:
    person = shared.contact(external_id=f"joins-{by}", email=f"{by}@example.org")
    names = {"intercom_user_id": person, "user_id": f"joins-{by}", "email": f"{by}@example.org"}
    conversation = shared.conversation()
    joined = shared.ok(
        "POST",
        f"/conversations/{conversation}/customers",
        {"admin_id": shared.admin, "customer": {by: names[by]}},
    )
    first, second = (one["id"] for one in joined["contacts"]["contacts"])
    assert second == person
    path = f"/conversations/{conversation}/customers"
    shared.ok("DELETE", f"{path}/{person}", {"admin_id": shared.admin})
    assert shared.refused("DELETE", f"{path}/{first}", {"admin_id": shared.admin})[0] == 422
    assert shared.refused("DELETE", f"{path}/{person}", {"admin_id": shared.admin})[0] == 404


def test_an_address_nobody_has_joins_as_a_lead(shared: Any) -> None:
    conversation = shared.conversation()
    joined = shared.ok(
        "POST", f"/conversations/{conversation}/customers", {"customer": {"email": "new@example.org"}}
    )
    made = joined["contacts"]["contacts"][1]["id"]
    assert shared.ok("GET", f"/contacts/{made}")["role"] == "lead"
