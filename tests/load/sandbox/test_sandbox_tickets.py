"""Tickets of the sandbox: made, changed, answered, found, deleted."""

import itertools
from typing import Any

import pytest

NOW = 1_750_000_000
_numbers = itertools.count(1)


def define(sandbox: Any, data_type: str = "string", *, category: str = "Customer", **more: Any) -> Any:
    """A new attribute of that kind of ticket."""
    wanted = {"name": f"field {next(_numbers)}", "description": "", "data_type": data_type, **more}
    return sandbox.ok("POST", f"/ticket_types/{sandbox.types[category]['id']}/attributes", wanted)


def parts(ticket: Any) -> list[Any]:
    found: list[Any] = ticket["ticket_parts"]["ticket_parts"]
    return found


def kinds(ticket: Any) -> list[str]:
    return [part["part_type"] for part in parts(ticket)]


def test_a_ticket_keeps_its_date_and_starts_as_submitted(shared: Any) -> None:
    who = shared.contact(external_id="asks & waits")
    made = shared.ticket(
        contacts=[{"external_id": "asks & waits"}],
        created_at=NOW - 100,
        ticket_attributes={"_default_title_": "Broken", "_default_description_": "It <b>broke</b>"},
    )
    assert (made["created_at"], made["updated_at"], made["open"]) == (NOW - 100, NOW, True)
    assert made["ticket_state"]["category"] == "submitted"
    assert made["ticket_attributes"]["_default_title_"] == "Broken"
    assert made["contacts"]["contacts"][0]["id"] == who
    assert (made["category"], made["is_shared"]) == ("Customer", True)
    # the state it starts in is a part, by nobody in particular and dated now
    assert kinds(made) == ["ticket_state_updated_by_admin"]
    assert (parts(made)[0]["author"]["name"], parts(made)[0]["created_at"]) == ("Operator", NOW)
    assert shared.ok("GET", f"/tickets/{made['id']}") == made


def test_the_number_in_the_inbox_is_no_id(shared: Any) -> None:
    made = shared.ticket()
    assert made["ticket_id"] != made["id"]
    number, close = made["ticket_id"], {"message_type": "close", "type": "admin", "admin_id": shared.admin}
    for method, path, body in (
        ("GET", "/tickets/{}", None),
        ("PUT", "/tickets/{}", {"open": False}),
        ("DELETE", "/tickets/{}", None),
        ("POST", "/tickets/{}/tags", {"id": "1", "admin_id": shared.admin}),
    ):
        assert shared.refused(method, path.format(number), body)[:2] == (404, "ticket_not_found")
    note = {"type": "admin", "message_type": "note", "admin_id": shared.admin, "body": "x"}
    assert shared.refused("POST", f"/tickets/{number}/reply", note)[:2] == (404, "not_found")
    assert shared.refused("POST", f"/conversations/{number}/parts", close)[:2] == (404, "not_found")


def test_a_ticket_can_be_closed_as_a_conversation_but_is_not_listed_as_one(sandbox: Any) -> None:
    made, talk = sandbox.ticket(), sandbox.conversation()
    assert sandbox.act(made["id"], "close")["state"] == "closed"
    assert sandbox.ok("GET", f"/tickets/{made['id']}")["open"] is False
    assert [one["id"] for one in sandbox.ok("GET", "/conversations")["conversations"]] == [talk]
    assert sandbox.refused("GET", f"/tickets/{talk}")[:2] == (404, "ticket_not_found")
    query = {"query": {"field": "created_at", "operator": ">", "value": 1}}
    assert sandbox.ok("POST", "/conversations/search", query)["total_count"] == 1
    assert sandbox.ok("POST", "/tickets/search", query)["total_count"] == 1
    counts = sandbox.testimony("state")
    assert (counts["conversations"], counts["tickets"]) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"contacts": []},
        {"contacts": [{"id": "a"}, {"id": "b"}]},
        {"contacts": [{"id": "a", "email": "a@x.test"}]},
        {"contacts": [{"name": "a"}]},
        {"contacts": [{"email": "nobody"}]},
        {"contacts": None},
        {"ticket_type_id": 7},
        {"created_at": NOW + 1},
        {"created_at": 0},
        {"skip_notifications": "yes"},
    ],
)
def test_a_ticket_of_the_wrong_shape_is_refused(shared: Any, change: Any) -> None:
    body = {
        "ticket_type_id": shared.types["Customer"]["id"],
        "contacts": [{"id": shared.contact()}],
        **change,
    }
    assert shared.refused("POST", "/tickets", body)[0] == 400


def test_what_a_ticket_names_must_be_there(shared: Any) -> None:
    good = {"ticket_type_id": shared.types["Customer"]["id"], "contacts": [{"id": shared.contact()}]}
    before = shared.testimony("state")["tickets"]
    for change, code in (
        ({"ticket_type_id": "1"}, "not_found"),
        ({"contacts": [{"id": "0" * 24}]}, "not_found"),
        ({"contacts": [{"external_id": "nobody has this"}]}, "not_found"),
        ({"company_id": "1"}, "company_not_found"),
        ({"assignment": {"admin_assignee_id": "1"}}, "assignee_not_found"),
        ({"assignment": {"team_assignee_id": "1"}}, "assignee_not_found"),
        ({"conversation_to_link_id": "1"}, "conversation_not_found"),
    ):
        assert shared.refused("POST", "/tickets", {**good, **change})[:2] == (404, code)
    assert shared.testimony("state")["tickets"] == before


def test_an_address_nobody_has_makes_a_contact(sandbox: Any) -> None:
    for _ in range(2):
        made = sandbox.ticket(contacts=[{"email": "New@example.org"}])
    contact = sandbox.ok("GET", f"/contacts/{made['contacts']['contacts'][0]['id']}")
    assert (contact["role"], contact["email"], contact["external_id"]) == ("user", "New@example.org", None)
    assert sandbox.testimony("state")["contacts"] == 1


def test_a_merged_contact_gets_no_ticket(shared: Any) -> None:
    user, lead = shared.contact(), shared.contact(role="lead")
    shared.ok("POST", "/contacts/merge", {"from": lead, "into": user, "skip_duplicate_validation": True})
    body = {"ticket_type_id": shared.types["Customer"]["id"], "contacts": [{"id": lead}]}
    assert shared.refused("POST", "/tickets", body)[:2] == (410, "contact_merged")


def test_attributes_are_set_by_name_and_only_those_of_the_type(shared: Any) -> None:
    mine, other = define(shared), define(shared, category="Back-office")
    made = shared.ticket(ticket_attributes={mine["name"]: "x"})
    assert made["ticket_attributes"][mine["name"]] == "x"
    body = {"ticket_attributes": {mine["name"]: "y", other["name"]: "x"}}
    status, code, words = shared.refused("PUT", f"/tickets/{made['id']}", body)
    assert (status, code) == (400, "parameter_invalid")
    assert words == f"Extra attributes provided that are not found on ticket type: {other['name']}"
    after = shared.ok("GET", f"/tickets/{made['id']}")
    assert after["ticket_attributes"][mine["name"]] == "x"
    assert len(parts(after)) == 1


@pytest.mark.parametrize(
    ("data_type", "good", "bad"),
    [
        ("string", "x" * 5000, 7),
        ("integer", 7, "7"),
        ("decimal", 7.5, "7.5"),
        ("boolean", True, "true"),
        ("datetime", NOW, "soon"),
    ],
)
def test_a_ticket_attribute_takes_only_values_of_its_type(
    shared: Any, data_type: str, good: Any, bad: Any
) -> None:
    name = define(shared, data_type)["name"]
    made = shared.ticket(ticket_attributes={name: good})
    assert made["ticket_attributes"][name] == good
    body = {"ticket_attributes": {name: bad}}
    assert shared.refused("PUT", f"/tickets/{made['id']}", body)[:2] == (400, "parameter_invalid")
    gone = shared.ok("PUT", f"/tickets/{made['id']}", {"ticket_attributes": {name: None}})
    assert gone["ticket_attributes"][name] is None


def test_lists_are_set_by_the_id_of_their_item_and_shown_by_its_label(shared: Any) -> None:
    attribute = define(shared, "list", list_items="Low, High")
    options = {one["label"]: one["id"] for one in attribute["input_options"]["list_options"]}
    made = shared.ticket(ticket_attributes={attribute["name"]: options["High"]})
    assert made["ticket_attributes"][attribute["name"]] == "High"
    body = {"ticket_attributes": {attribute["name"]: "High"}}
    assert shared.refused("PUT", f"/tickets/{made['id']}", body)[0] == 400
    body = {"ticket_attributes": {attribute["name"]: options["Low"]}}
    changed = parts(shared.ok("PUT", f"/tickets/{made['id']}", body))[-1]["updated_attribute_data"]
    assert changed == {
        "attribute": {"type": "attribute", "id": attribute["id"], "label": attribute["name"]},
        "value": {"type": "value", "id": options["Low"], "label": "Low"},
    }


def test_a_required_attribute_must_be_there(sandbox: Any) -> None:
    needed = define(sandbox, required_to_create=True)["name"]
    body = {"ticket_type_id": sandbox.types["Customer"]["id"], "contacts": [{"email": "a@x.test"}]}
    for path in ("/tickets", "/tickets/enqueue"):
        for given in ({}, {needed: ""}):
            answer = sandbox.refused("POST", path, {**body, "ticket_attributes": given})
            assert answer == (400, "parameter_invalid", "Missing required ticket attributes")
    # what was refused made no contact either
    assert sandbox.testimony("state")["contacts"] == 0
    sandbox.ticket(ticket_attributes={needed: "x"})


def test_one_update_sets_state_closing_assignee_and_attributes(shared: Any) -> None:
    made, states, admin = shared.ticket(), shared.states(), shared.admin
    after = shared.ok(
        "PUT",
        f"/tickets/{made['id']}",
        {
            "ticket_attributes": {"_default_title_": "New"},
            "ticket_state_id": states["resolved"],
            "open": False,
            "assignee_id": admin,
            "admin_id": int(admin),
            "skip_notifications": True,
        },
    )
    assert (after["open"], after["ticket_state"]["category"]) == (False, "resolved")
    assert (after["admin_assignee_id"], after["team_assignee_id"]) == (int(admin), 0)
    assert after["previous_ticket_state_id"] == states["submitted"]
    assert kinds(after)[1:] == [
        "ticket_attribute_updated_by_admin",
        "ticket_state_updated_by_admin",
        "assignment",
        "close",
    ]
    assert {part["author"]["id"] for part in parts(after)[1:]} == {admin}
    changed = parts(after)[2]
    assert (changed["previous_ticket_state"], changed["ticket_state"]) == ("submitted", "resolved")
    assert shared.ok("PUT", f"/tickets/{made['id']}", {"assignee_id": "0"})["admin_assignee_id"] == 0


def test_resolved_is_not_closed(shared: Any) -> None:
    made = shared.ticket()
    after = shared.ok("PUT", f"/tickets/{made['id']}", {"ticket_state_id": shared.states()["resolved"]})
    assert (after["ticket_state"]["category"], after["open"]) == ("resolved", True)


def test_the_same_state_again_is_refused_and_nothing_else_of_the_call_is_done(shared: Any) -> None:
    made, resolved = shared.ticket(), shared.states()["resolved"]
    body = {"ticket_state_id": resolved, "open": False, "ticket_attributes": {"_default_title_": "x"}}
    shared.ok("PUT", f"/tickets/{made['id']}", body)
    shared.act(made["id"], "open")
    before = shared.ok("GET", f"/tickets/{made['id']}")
    status, code, words = shared.refused("PUT", f"/tickets/{made['id']}", body)
    assert (status, code) == (400, "parameter_invalid")
    assert words == "Cannot transition ticket to the same state"
    assert shared.ok("GET", f"/tickets/{made['id']}") == before


def test_a_repeated_close_of_a_ticket_is_another_part(shared: Any) -> None:
    made = shared.ticket()
    for _ in range(2):
        shared.ok("PUT", f"/tickets/{made['id']}", {"open": False})
    assert kinds(shared.ok("GET", f"/tickets/{made['id']}"))[1:] == ["close", "close"]


def test_states_belong_to_one_type(shared: Any) -> None:
    assert not set(shared.states().values()) & set(shared.states("Back-office").values())
    made = shared.ticket()
    for wrong in (shared.states("Back-office")["resolved"], "0"):
        answer = shared.refused("PUT", f"/tickets/{made['id']}", {"ticket_state_id": wrong})
        assert answer[:2] == (400, "ticket_state_id_invalid")
    listed = {one["id"]: one for one in shared.ok("GET", "/ticket_states")["data"]}
    for category in ("Customer", "Back-office"):
        for state in shared.states(category).values():
            assert [one["category"] for one in listed[state]["ticket_types"]["data"]] == [category]


def test_the_admin_of_an_update_is_a_number_and_must_be_there(shared: Any) -> None:
    path = f"/tickets/{shared.ticket()['id']}"
    assert shared.refused("PUT", path, {"admin_id": shared.admin, "open": False})[0] == 400
    for body in ({"admin_id": 1}, {"assignee_id": "1"}, {"assignee_id": "x"}):
        answer = shared.refused("PUT", path, body)
        assert answer == (404, "assignee_not_found", "Assignee not found")


def test_a_snoozed_ticket_wakes_and_closing_wakes_it_too(sandbox: Any) -> None:
    path = f"/tickets/{sandbox.ticket()['id']}"
    assert sandbox.refused("PUT", path, {"snoozed_until": NOW})[0] == 400
    assert sandbox.ok("PUT", path, {"snoozed_until": NOW + 60})["snoozed_until"] == NOW + 60
    assert "snoozed_until" not in sandbox.ok("PUT", path, {"open": False})
    sandbox.ok("PUT", path, {"open": True, "snoozed_until": NOW + 60})
    sandbox.clock.now += 60
    assert "snoozed_until" not in sandbox.ok("GET", path)


def test_a_company_of_nobody_on_the_ticket_is_refused(shared: Any) -> None:
    who = shared.contact()
    made = shared.ticket(contacts=[{"id": who}])
    company = shared.ok("POST", "/companies", {"company_id": "of-a-ticket", "name": "Acme"})["id"]
    body = {"company_id": company}
    assert shared.refused("PUT", f"/tickets/{made['id']}", body)[:2] == (400, "parameter_invalid")
    shared.ok("POST", f"/contacts/{who}/companies", {"id": company})
    shared.ok("PUT", f"/tickets/{made['id']}", body)
    shared.ok("PUT", f"/tickets/{made['id']}", {"company_id": None})


def test_a_ticket_begins_with_team_and_teammate(start: Any) -> None:
    admin = {"id": "11", "email": "me@acme.test", "name": "Me"}
    snapshot = {
        "name": "Acme",
        "me": admin,
        "admins": [],
        "teams": [{"id": "21", "name": "Support", "admin_ids": ["11"]}],
        "contact_attributes": [],
        "conversation_attributes": [],
        "tags": [],
    }
    sandbox = start(snapshot=snapshot)
    made = sandbox.ticket(assignment={"admin_assignee_id": "11", "team_assignee_id": "21"})
    assert (made["admin_assignee_id"], made["team_assignee_id"]) == (11, 21)
    assert sandbox.ok("PUT", f"/tickets/{made['id']}", {"assignee_id": "21"})["team_assignee_id"] == 21


def test_the_answer_to_a_reply_is_the_part(shared: Any) -> None:
    made = shared.ticket()
    file = {"name": "a.txt", "content_type": "text/plain", "data": "aGk="}
    note = {"type": "admin", "message_type": "note", "admin_id": shared.admin, "body": "<p>Hi</p>"}
    part = shared.ok(
        "POST", f"/tickets/{made['id']}/reply", {**note, "created_at": NOW - 9, "attachment_files": [file]}
    )
    assert (part["type"], part["part_type"], part["body"]) == ("ticket_part", "note", "<p>Hi</p>")
    assert (part["created_at"], part["attachments"][0]["filesize"]) == (NOW - 9, 2)
    assert part in parts(shared.ok("GET", f"/tickets/{made['id']}"))
    wrong = {**note, "attachment_files": [file] * 11}
    assert shared.refused("POST", f"/tickets/{made['id']}/reply", wrong)[0] == 400
    talk = shared.conversation()
    assert shared.refused("POST", f"/tickets/{talk}/reply", note)[:2] == (404, "not_found")


def test_a_comment_reopens_a_closed_ticket_and_a_note_does_not(shared: Any) -> None:
    who = shared.contact()
    made = shared.ticket(contacts=[{"id": who}])["id"]
    note = {"type": "admin", "message_type": "note", "admin_id": shared.admin, "body": "x"}
    comment = {"type": "user", "message_type": "comment", "intercom_user_id": who, "body": "x"}
    for body, open_ in ((note, False), (comment, True)):
        shared.ok("PUT", f"/tickets/{made}", {"open": False})
        assert shared.ok("POST", f"/tickets/{made}/reply", body)["part_type"] == body["message_type"]
        assert shared.ok("GET", f"/tickets/{made}")["open"] is open_


def test_customers_cannot_reply_to_a_back_office_ticket(shared: Any) -> None:
    who = shared.contact()
    made = shared.ticket("Back-office", contacts=[{"id": who}])
    body = {"type": "user", "message_type": "comment", "intercom_user_id": who, "body": "x"}
    for path in (f"/tickets/{made['id']}/reply", f"/conversations/{made['id']}/reply"):
        answer = shared.refused("POST", path, body)
        assert answer == (400, "parameter_mismatch", "User replies are not allowed on Backoffice tickets")


def test_more_than_ten_replies_in_ten_seconds_are_refused_to_one_ticket(shared: Any) -> None:
    path = f"/tickets/{shared.ticket()['id']}/reply"
    note = {"type": "admin", "message_type": "note", "admin_id": shared.admin, "body": "x"}
    for _ in range(10):
        shared.ok("POST", path, note)
    assert shared.refused("POST", path, note)[2] == "Too many recent replies to this conversation"


def test_tags_of_a_ticket_go_on_one_by_one(shared: Any) -> None:
    made, tag = shared.ticket()["id"], shared.ok("POST", "/tags", {"name": "of a ticket"})["id"]
    body = {"id": tag, "admin_id": shared.admin}
    assert shared.ok("POST", f"/tickets/{made}/tags", body)["applied_by"]["id"] == shared.admin
    # tickets don't show their tags, the conversation they are does
    assert [one["id"] for one in shared.read(made)["tags"]["tags"]] == [tag]
    shared.ok("DELETE", f"/tickets/{made}/tags/{tag}", {"admin_id": shared.admin})
    assert shared.read(made)["tags"]["tags"] == []
    assert shared.refused("POST", f"/tickets/{made}/tags", {**body, "id": "1"})[:2] == (404, "tag_not_found")


def test_a_deleted_ticket_is_gone_with_its_parts(sandbox: Any) -> None:
    made = sandbox.ticket()["id"]
    answer = sandbox.ok("DELETE", f"/tickets/{made}")
    assert answer == {"id": made, "object": "ticket", "deleted": True}
    assert sandbox.refused("GET", f"/tickets/{made}")[:2] == (404, "ticket_not_found")
    counts = sandbox.testimony("state")
    assert (counts["tickets"], counts["parts"]) == (0, 0)
    assert sandbox.ok("GET", "/conversations/deleted")["conversations"] == []


def test_a_job_makes_a_ticket_a_little_later(sandbox: Any) -> None:
    body = {"ticket_type_id": sandbox.types["Customer"]["id"], "contacts": [{"email": "a@x.test"}]}
    job = sandbox.ok("POST", "/tickets/enqueue", {**body, "skip_notifications": True})
    assert (job["type"], job["status"], job["resource_id"]) == ("job", "pending", None)
    lost = sandbox.ok("POST", "/tickets/enqueue", {**body, "contacts": [{"id": "0" * 24}]})
    sandbox.clock.now += 1
    done = sandbox.ok("GET", f"/jobs/status/{job['id']}")
    assert done["status"] == "success"
    assert sandbox.ok("GET", f"/tickets/{done['resource_id']}")["id"] == done["resource_id"]
    assert sandbox.ok("GET", f"/jobs/status/{lost['id']}")["status"] == "failed"
    assert sandbox.refused("GET", "/jobs/status/1")[:2] == (404, "job_not_found")
    assert sandbox.testimony("state")["tickets"] == 1


def test_a_back_office_ticket_is_linked_to_a_conversation_and_a_customer_ticket_is_not(shared: Any) -> None:
    talk = shared.conversation()
    made = shared.ticket("Back-office", conversation_to_link_id=talk)
    assert made["linked_objects"]["data"] == [{"type": "conversation", "id": talk, "category": None}]
    seen = shared.read(talk)["linked_objects"]["data"]
    assert seen == [{"type": "ticket", "id": made["id"], "category": "Back-office"}]
    body = {"ticket_type_id": shared.types["Customer"]["id"], "contacts": [{"id": shared.contact()}]}
    assert shared.refused("POST", "/tickets", {**body, "conversation_to_link_id": talk})[0] == 400


def test_a_conversation_becomes_a_customer_ticket_under_its_own_id(shared: Any) -> None:
    talk = shared.conversation(created_at=NOW - 50)
    shared.reply(talk)
    states, types = shared.states(), shared.types
    path = f"/conversations/{talk}/convert"
    for kind, state, code in (
        ("Back-office", None, "parameter_invalid"),
        ("Customer", shared.states("Back-office")["resolved"], "ticket_state_id_invalid"),
    ):
        body = {"ticket_type_id": types[kind]["id"], **({"ticket_state_id": state} if state else {})}
        assert shared.refused("POST", path, body)[:2] == (400, code)
    body = {"ticket_type_id": types["Customer"]["id"], "ticket_state_id": states["resolved"]}
    made = shared.ok("POST", path, {**body, "attributes": {"_default_title_": "T"}})
    assert (made["id"], made["created_at"], made["is_shared"]) == (talk, NOW - 50, True)
    assert made["ticket_state"]["category"] == "resolved"
    assert kinds(made) == ["note", "ticket_state_updated_by_admin"]
    assert shared.refused("POST", path, body)[0] == 400
    assert shared.read(talk)["id"] == talk
