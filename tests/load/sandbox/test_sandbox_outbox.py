"""Who would have heard of it: customers and teammates, each call with its reason."""

from typing import Any

import pytest

NOW = 1_750_000_000
SNAPSHOT = {
    "name": "Acme",
    "me": {"id": "11", "email": "me@acme.test", "name": "Me"},
    "admins": [{"id": "12", "email": "agent@acme.test", "name": "Agent", "seat": True}],
    "teams": [
        {"id": "21", "name": "Support", "admin_ids": ["11", "12"]},
        {"id": "22", "name": "Only me", "admin_ids": ["11"]},
        {"id": "23", "name": "Nobody", "admin_ids": []},
    ],
    "contact_attributes": [],
    "conversation_attributes": [],
    "tags": [],
}


def heard(sandbox: Any, audience: str | None = None) -> list[tuple[str, str]]:
    """(audience, reason) of every notification; state counts each audience by itself."""
    sent = sandbox.testimony("outbox")["notifications"]
    counts = sandbox.testimony("state")
    for key, who in (("notifications", "customer"), ("teammate_notifications", "teammate")):
        assert counts[key] == sum(one["audience"] == who for one in sent)
    return [(one["audience"], one["reason"]) for one in sent]


@pytest.fixture
def company(start: Any) -> Any:
    """A sandbox with an agent and teams."""
    return start(snapshot=SNAPSHOT)


def test_an_assignment_rings_a_teammate_but_nobody_rings_himself(company: Any) -> None:
    made = company.conversation()
    company.act(made, "assignment", type="admin", assignee_id="11")
    assert heard(company) == []
    company.act(made, "assignment", type="admin", assignee_id="12")
    company.act(made, "assignment", type="admin", assignee_id="0")
    assert heard(company) == [("teammate", "assignment to a teammate")]
    assert company.testimony("outbox")["notifications"][0]["conversation_id"] == made


def test_a_team_rings_its_other_members(company: Any) -> None:
    made = company.conversation()
    for team in ("22", "23", "21", "0"):
        company.act(made, "assignment", type="team", assignee_id=team)
    assert heard(company) == [("teammate", "assignment to a team")]


@pytest.mark.parametrize("closed", [False, True])
def test_a_customer_s_reply_rings_whom_it_is_assigned_to(company: Any, *, closed: bool) -> None:
    who = company.contact()
    free, taken = company.conversation(who), company.conversation(who)
    company.act(taken, "assignment", type="admin", assignee_id="11")
    reply = {"type": "user", "message_type": "comment", "intercom_user_id": who, "body": "Again"}
    for made in (free, taken):
        if closed:
            company.act(made, "close")
        company.ok("POST", f"/conversations/{made}/reply", reply)
    assert heard(company) == [("teammate", "reply of a customer to what is assigned to a teammate")]
    # conversations know no switch for that, tickets do
    company.ok("POST", f"/conversations/{taken}/reply", {**reply, "skip_notifications": True})
    assert len(heard(company)) == 2


def test_a_customer_s_reply_is_mailed_to_others_who_take_part(company: Any) -> None:
    who, other = company.contact(), company.contact(email="other@example.org")
    made = company.conversation(who)
    reply = {"type": "user", "message_type": "comment", "intercom_user_id": who, "body": "Again"}
    company.ok("POST", f"/conversations/{made}/reply", reply)
    guest = {"admin_id": "11", "customer": {"intercom_user_id": other}}
    company.ok("POST", f"/conversations/{made}/customers", guest)
    assert heard(company) == []
    company.ok("POST", f"/conversations/{made}/reply", reply)
    assert heard(company) == [("customer", "reply of a customer where others take part")]


def test_a_team_that_hands_out_by_itself_says_so(start: Any) -> None:
    team = {"id": "21", "name": "Support", "admin_ids": [], "distributes": True}
    there = start(snapshot={**SNAPSHOT, "teams": [team]})
    assert [one["distribution_method"] for one in there.ok("GET", "/teams")["teams"]] == ["round_robin"]


def test_what_a_silenced_ticket_goes_through_reaches_nobody(company: Any) -> None:
    who = company.contact()
    silent = {"skip_notifications": True}
    made = company.ticket(contacts=[{"id": who}], assignment={"admin_assignee_id": "12"})["id"]
    states = company.states()
    update = {"ticket_state_id": states["resolved"], "open": False, "assignee_id": "21", **silent}
    comment = {"message_type": "comment", "body": "x", **silent}
    company.ok("PUT", f"/tickets/{made}", update)
    company.ok("POST", f"/tickets/{made}/reply", {**comment, "type": "admin", "admin_id": "11"})
    company.ok("POST", f"/tickets/{made}/reply", {**comment, "type": "user", "intercom_user_id": who})
    assert heard(company) == []


def test_each_call_about_a_customer_ticket_that_is_not_silenced_reaches_the_customer(company: Any) -> None:
    who = company.contact()
    made = company.ticket(contacts=[{"id": who}], skip_notifications=False)["id"]
    company.ok("PUT", f"/tickets/{made}", {"ticket_state_id": company.states()["resolved"]})
    company.ok("PUT", f"/tickets/{made}", {"open": False})
    comment = {"message_type": "comment", "type": "admin", "admin_id": "11", "body": "x"}
    company.ok("POST", f"/tickets/{made}/reply", comment)
    company.ok("POST", f"/tickets/{made}/reply", {**comment, "message_type": "note"})
    assert heard(company) == [
        ("customer", "ticket created without skip_notifications"),
        ("customer", "ticket changed its state without skip_notifications"),
        ("customer", "ticket updated without skip_notifications"),
        ("customer", "admin reply without skip_notifications"),
    ]


def test_assigning_a_ticket_rings_unless_it_is_silenced(company: Any) -> None:
    assigned = {"assignment": {"admin_assignee_id": "12"}}
    made = company.ticket("Back-office", skip_notifications=False, **assigned)["id"]
    company.ok("PUT", f"/tickets/{made}", {"assignee_id": "21", "admin_id": 11})
    assert heard(company) == [
        ("teammate", "assignment to a teammate"),
        ("teammate", "assignment to a team"),
    ]


def test_a_back_office_ticket_reaches_its_customer_once_it_is_shared(company: Any) -> None:
    made = company.ticket("Back-office", skip_notifications=False)["id"]
    company.ok("PUT", f"/tickets/{made}", {"open": False})
    assert heard(company) == []
    company.ok("PUT", f"/tickets/{made}", {"is_shared": True})
    assert heard(company) == [("customer", "ticket updated without skip_notifications")]


def test_a_ticket_made_of_a_conversation_reaches_the_customer(sandbox: Any) -> None:
    made = sandbox.conversation()
    body = {"ticket_type_id": sandbox.types["Customer"]["id"]}
    sandbox.ok("POST", f"/conversations/{made}/convert", body)
    assert [audience for audience, _ in heard(sandbox)] == ["customer"]


def test_a_live_campaign_writes_to_whoever_it_may(start: Any) -> None:
    sandbox = start(live_series=True)
    sandbox.contact(email="silent@example.org", unsubscribed_from_emails=True)
    sandbox.contact(external_id="no address")
    assert heard(sandbox) == []
    late = sandbox.contact(external_id="later")
    sandbox.contact(email="a@example.org")
    sandbox.contact(role="lead", email="b@example.org")
    created = ("customer", "contact created into a live campaign")
    assert heard(sandbox) == [created, created]
    sandbox.ok("PUT", f"/contacts/{late}", {"email": "c@example.org"})
    sandbox.ok("PUT", f"/contacts/{late}", {"name": "Late"})
    sandbox.ticket(contacts=[{"email": "d@example.org"}])
    changed = ("customer", "contact changed so that a live campaign takes it in")
    assert heard(sandbox)[2:] == [changed, created]


def test_without_a_live_campaign_new_contacts_hear_nothing(sandbox: Any) -> None:
    sandbox.contact(email="a@example.org")
    assert heard(sandbox) == []


def words(sandbox: Any) -> list[str]:
    """What customers could read of the last request."""
    found: list[str] = sandbox.testimony("requests")["requests"][-1]["visible"]
    return found


def test_customers_read_of_tickets_what_their_type_shows_them(sandbox: Any) -> None:
    path = f"/ticket_types/{sandbox.types['Customer']['id']}/attributes"
    inner = {"name": "inner", "description": "", "data_type": "string", "visible_to_contacts": False}
    sandbox.ok("POST", path, inner)
    values = {"ticket_attributes": {"_default_title_": "the title", "inner": "the number"}}
    kind, about = sandbox.types["Customer"]["id"], [{"id": sandbox.contact()}]
    made = sandbox.ok("POST", "/tickets", {"ticket_type_id": kind, "contacts": about, **values})["id"]
    assert words(sandbox) == ["the title"]
    sandbox.ok("PUT", f"/tickets/{made}", {"ticket_attributes": {"_default_description_": "more"}})
    assert words(sandbox) == ["more"]
    comment = {"message_type": "comment", "type": "admin", "admin_id": sandbox.admin, "body": "the comment"}
    sandbox.ok("POST", f"/tickets/{made}/reply", comment)
    assert words(sandbox) == ["the comment"]
    sandbox.ok("POST", f"/tickets/{made}/reply", {**comment, "message_type": "note", "body": "the note"})
    assert words(sandbox) == []


def test_customers_read_nothing_of_a_back_office_ticket_before_it_is_shared(sandbox: Any) -> None:
    values = {"ticket_attributes": {"_default_title_": "the title"}}
    kind, about = sandbox.types["Back-office"]["id"], [{"id": sandbox.contact()}]
    made = sandbox.ok("POST", "/tickets", {"ticket_type_id": kind, "contacts": about, **values})["id"]
    assert words(sandbox) == []
    sandbox.ok("PUT", f"/tickets/{made}", values)
    assert words(sandbox) == []
    sandbox.ok("PUT", f"/tickets/{made}", {**values, "is_shared": True})
    assert words(sandbox) == ["the title"]
