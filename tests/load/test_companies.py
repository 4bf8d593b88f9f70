"""Organizations that become companies, people in them, and what else a contact may carry."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.difference import shown
from deskferry.schemas.dataset import Dataset

from .conftest import ANNA, BEN, LEA, Desk, Intercom, company, misbehaving, running, write_dataset

ACME, OTHER, TWIN, GONE = 100, 200, 300, 400


def firm() -> dict[str, Any]:
    """The small company with organizations: two share a product id, one was deleted."""
    small = company()
    people: dict[int, dict[str, Any]] = {
        ANNA: {
            "organization_id": ACME,
            "tags": ["gold", "kettle"],
            "user_fields": {"plan": "pro", "seats": "12", "since": "yesterday"},
            "notes": "Calls often. Card 4111 1111 1111 1111",
            "details": "Lives in Oslo <b>",
            "created_at": "2020-01-02T00:00:00.000Z",
            "last_login_at": "2024-01-02T00:00:00.000Z",
        },
        BEN: {"organization_id": TWIN},
    }
    tickets = [
        {**row, "organization_id": {ANNA: ACME, BEN: TWIN}.get(row["requester_id"], GONE)}
        for row in small["tickets"]
    ]
    return {
        **small,
        "users": [{**row, **people.get(row["id"], {})} for row in small["users"]],
        "tickets": tickets,
        "organizations": [
            {
                "id": ACME,
                "name": "Acme & Sons",
                "external_id": "acme/1",
                "created_at": "2019-05-01T00:00:00.000Z",
                "organization_fields": {"tier": "1.5"},
                "notes": "Pays late",
            },
            {"id": OTHER, "name": "Other"},
            {"id": TWIN, "name": "Acme again", "external_id": " acme/1"},
            {"id": GONE, "name": "Gone", "deleted_at": "2023-01-01T00:00:00.000Z"},
        ],
        "organization_memberships": [
            {"id": 1, "user_id": ANNA, "organization_id": ACME, "default": True},
            {"id": 2, "user_id": ANNA, "organization_id": OTHER},
            {"id": 3, "user_id": LEA, "organization_id": GONE},
        ],
        "user_fields": [
            {"id": 1, "key": "plan", "title": "Plan", "type": "text"},
            {"id": 2, "key": "seats", "title": "Seats", "type": "integer"},
            {"id": 3, "key": "since", "title": "Since", "type": "date"},
        ],
        "organization_fields": [{"id": 1, "key": "tier", "title": "Tier", "type": "decimal"}],
    }


BLOCKS = """
user_tags:
  values:
    "gold": {rename: VIP}
    "*": {drop: true, reason: noise}
user_fields:
  values:
    "plan": {attribute: Plan}
    "seats": {attribute: Seats, type: integer}
    "since": {attribute: Since, type: datetime}
organization_fields:
  values:
    "tier": {attribute: Tier, type: decimal}
"""


@pytest.fixture(scope="session")
def firms(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("firms") / "acme.dataset", firm())


@pytest.fixture
def whole(tmp_path: Path, firms: Dataset, prepared: Path) -> Iterator[tuple[Desk, Intercom]]:
    """A migration with everything a mapping can ask for about people, and its target."""
    shutil.copy(prepared / "intercom.sqlite", tmp_path)
    with running(tmp_path / "intercom.sqlite") as intercom:
        desk = Desk(tmp_path, firms, intercom.url, prepared)
        text = desk.mapping.read_text()
        for block in ("user_tags", "user_fields", "organization_fields"):
            start = text.index(f"\n{block}:")
            text = text[:start] + text[text.index("\n\n", start) :]
        text = text.replace("notes: archive_only", "notes: contact_notes", 1)
        text = text.replace("person_created_at: attribute", "person_created_at: signed_up_at")
        start = text.index("\ncompanies:")
        text = (
            text[:start]
            + "\ncompanies: {policy: create, notes: company_notes}"
            + text[text.index("\n\n", start) :]
        )
        desk.mapping.write_text(text + BLOCKS)
        yield desk, intercom


def contact_of(intercom: Intercom, product_id: str) -> dict[str, Any]:
    found: dict[str, Any] = intercom.get(f"/contacts/find_by_external_id/{product_id}")
    return found


def company_of(intercom: Intercom, company_id: str) -> dict[str, Any]:
    (found,) = intercom.get(f"/companies?company_id={company_id}")["data"]
    assert isinstance(found, dict)
    return found


def test_organizations_become_companies_with_their_people_and_conversations(
    whole: tuple[Desk, Intercom],
) -> None:
    desk, intercom = whole
    planned = desk.plan()
    loaded = desk.load()
    assert (loaded.done, loaded.failures) == (6, ())
    acme, other = company_of(intercom, "acme%2F1"), company_of(intercom, f"zendesk:{OTHER}")
    assert (acme["name"], acme["remote_created_at"]) == ("Acme &amp; Sons", 1556668800)
    assert acme["custom_attributes"] == {
        "company_imported_from": "zendesk",
        "zendesk_organization_id": str(ACME),
        "Tier": 1.5,
    }
    anna = contact_of(intercom, "A-1")
    assert Counter(one["id"] for one in anna["companies"]["data"]) == Counter([acme["id"], other["id"]])
    assert acme["user_count"] == 2, "of two organizations with one product id"
    companies = [
        (item["company"] or {}).get("id")
        for item in intercom.get("/conversations?per_page=150")["conversations"]
    ]
    assert Counter(companies) == {acme["id"]: 5, None: 1}
    assert "Pays late" in intercom.get(f"/companies/{acme['id']}/notes")["data"][0]["body"]
    verified = desk.verify()
    assert (verified.differences, verified.companies) == ((), 2)
    # contacts without a snapshot of people may be there already
    assert planned.calls == loaded.calls - loaded.preflight
    assert planned.calls_most == planned.calls + 2 * planned.contacts


def test_a_contact_gets_its_fields_tags_dates_and_notes(whole: tuple[Desk, Intercom]) -> None:
    desk, intercom = whole
    planned = desk.plan()
    desk.load()
    anna = contact_of(intercom, "A-1")
    attributes = anna["custom_attributes"]
    assert (attributes["Plan"], attributes["Seats"], attributes.get("Since")) == ("pro", 12, None)
    assert "requester 11: field since: not of type datetime, stays in the archive" in planned.remarks_by_text
    assert anna["signed_up_at"] == 1577923200
    assert (anna["last_seen_at"], anna["unsubscribed_from_emails"]) == (None, True)
    (tag,) = intercom.get(f"/contacts/{anna['id']}/tags")["data"]
    assert tag["name"] == "VIP"
    (note,) = intercom.get(f"/contacts/{anna['id']}/notes")["data"]
    assert "Lives in Oslo &lt;b&gt;" in note["body"]
    assert "[card number removed]" in note["body"]
    assert note["author"]["id"] == "1"


def test_verify_sees_what_was_taken_away_from_people_and_companies(whole: tuple[Desk, Intercom]) -> None:
    desk, intercom = whole
    desk.plan()
    desk.load()
    anna, acme = contact_of(intercom, "A-1"), company_of(intercom, "acme%2F1")
    (tag,) = intercom.get(f"/contacts/{anna['id']}/tags")["data"]
    intercom.post(f"/contacts/{anna['id']}/tags/{tag['id']}", {}, method="DELETE")
    intercom.post(f"/contacts/{anna['id']}/companies/{acme['id']}", {}, method="DELETE")
    (note,) = intercom.get(f"/contacts/{anna['id']}/notes")["data"]
    intercom.post(f"/contacts/{anna['id']}/notes", {"body": note["body"], "admin_id": "1"})
    intercom.post(f"/companies/{acme['id']}", {"custom_attributes": {"Tier": 2.5}}, method="PUT")
    assert {str(line) for line in desk.verify().differences} == {
        "- contact 11  tag: expected vip, found nothing",
        "- membership 11/100  company: expected Intercom id " + acme["id"] + ", found nothing",
        "* contact 11  note 1: expected " + shown(note["body"]) + ", found 2 times",
        "* company 100  Tier: expected 1.5, found 2.5",
    }


def test_a_company_that_exists_keeps_what_it_has(whole: tuple[Desk, Intercom]) -> None:
    desk, intercom = whole
    intercom.post("/companies", {"company_id": "acme/1", "name": "Theirs", "remote_created_at": 7})
    planned = desk.plan()
    loaded = desk.load()
    assert (loaded.done, loaded.calls) == (6, planned.calls + loaded.preflight)
    found = company_of(intercom, "acme%2F1")
    assert (found["name"], found["remote_created_at"]) == ("Theirs", 7)
    assert found["custom_attributes"] == {"zendesk_organization_id": str(ACME), "Tier": 1.5}


def test_a_membership_that_is_refused_costs_no_conversation(whole: tuple[Desk, Intercom]) -> None:
    desk, intercom = whole
    desk.plan()
    with misbehaving(
        intercom.url,
        lambda _method, path, _number: (
            "reject" if path.endswith("/companies") and path != "/companies" else None
        ),
    ) as proxy:
        loaded = desk.load(url=proxy.url)
    assert (loaded.done, loaded.failed) == (6, 0)
    assert {failure.kind for failure in loaded.failures} == {"membership"}


@pytest.mark.parametrize("fault", ["drop", "error", "broken"])
def test_lost_answers_about_people_leave_everything_once(whole: tuple[Desk, Intercom], fault: str) -> None:
    desk, intercom = whole
    desk.plan()
    seen: set[tuple[str, str]] = set()

    def once(method: str, path: str, _number: int) -> str | None:
        """The first answer to each kind of call about people is lost."""
        what = (method, path.partition("?")[0].rpartition("/")[2] if path.count("/") > 1 else path)
        about = path.startswith(("/contacts", "/companies")) and not path.endswith("/search")
        if not about or what in seen:
            return None
        seen.add(what)
        return fault

    with misbehaving(intercom.url, once) as proxy:
        loaded = desk.load(url=proxy.url)
        while loaded.in_doubt or loaded.left:
            loaded = desk.load(url=proxy.url)
    assert (loaded.done, loaded.failures) == (6, ())
    assert len(proxy.faults) >= 5
    anna = contact_of(intercom, "A-1")
    for what, count in (("notes", 1), ("tags", 1), ("companies", 2)):
        assert anna[what]["total_count"] == count, what
    acme = company_of(intercom, "acme%2F1")
    assert len(intercom.get(f"/companies/{acme['id']}/notes")["data"]) == 1
    assert intercom.counts["contacts"] == 3
