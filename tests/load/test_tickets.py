"""Tickets: made once whatever is lost, shown to customers as far as they saw them, read back."""

import json
import re
import sqlite3
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.action import Kind
from deskferry.load.foreign import Ours, foreign
from deskferry.load.guards import GUARDED
from deskferry.load.status import status
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.errors import InputError, RefusedError

from .conftest import (
    ANNA,
    BEN,
    LEA,
    SNAPSHOT,
    Desk,
    Intercom,
    comments,
    company,
    default_text,
    misbehaving,
    running,
    ticket,
    write_dataset,
)

SECRET = "the customer must not read this"
CUSTOMER, INTERNAL = "From Zendesk", "Internal at Zendesk"
TYPES = f"""\
ticket_types:
  values:
    "{CUSTOMER}":
      category: customer
      states:
        hold: waiting_on_customer
    "{INTERNAL}":
      category: back_office
"""
CALLS = {
    "ticket type": r"POST /ticket_types",
    "ticket attribute": r"POST /ticket_types/\d+/attributes",
    "ticket": r"POST /tickets",
    "note": r"POST /tickets/\d+/reply",
    "tag": r"POST /tickets/\d+/tags",
    "state": r"PUT /tickets/\d+",
}


def internal(number: int, requester: int) -> dict[str, Any]:
    """The one comment of a ticket that no customer saw."""
    return {
        "id": number * 10,
        "ticket_id": number,
        "position": 1,
        "author_id": 2,
        "body": SECRET,
        "public": False,
        "created_at": f"2024-03-{number % 28 + 1:02}T11:00:00.000Z",
    }


def records() -> dict[str, Any]:
    """Customers' tickets in every status, two that no customer saw, and a drop-down."""
    kinds = ["closed", "solved", "pending", "open", "hold", "new"]
    people = [ANNA, BEN, ANNA, LEA, BEN, ANNA]
    made = [
        ticket(number, person, status=kind, custom_fields={"51": "kettle"} if number % 2 else {"51": "pot"})
        for number, (person, kind) in enumerate(zip(people, kinds, strict=True), 1)
    ]
    made[0]["organization_id"] = 20
    made += [ticket(8, ANNA, subject=SECRET), ticket(9, BEN, subject=SECRET, status="open")]
    said = [comment for number, person in enumerate(people, 1) for comment in comments(number, person)]
    field = {
        "id": 51,
        "title": "Product",
        "type": "tagger",
        "visible_in_portal": True,
        "custom_field_options": [
            {"name": "Kettle, big", "value": "kettle"},
            {"name": "Pot", "value": "pot"},
            {"name": "Pan", "value": "pan"},
        ],
    }
    return company(
        tickets=made,
        comments=[*said, internal(8, ANNA), internal(9, BEN)],
        ticket_fields=[field],
        organizations=[{"id": 20, "name": "Ltd"}],
    )


@pytest.fixture(scope="module")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("tickets") / "acme.dataset", records())


@pytest.fixture
def desk(tmp_path: Path, tickets: Dataset, prepared: Path, intercom: Intercom) -> Desk:
    made = Desk(tmp_path, tickets, intercom.url, prepared)
    mapping(made)
    return made


def mapping(desk: Desk, *changes: tuple[str, str], types: str = TYPES) -> None:
    """Every customer's ticket a ticket, those that nobody saw back-office tickets, and a list."""
    text = default_text(desk.dataset.archive, workspace=SNAPSHOT, internal=INTERNAL)
    text = text.replace("conversation: note", f'ticket: "{CUSTOMER}"')
    start, end = text.index("ticket_types:\n"), text.index("\n\n", text.index("ticket_types:\n"))
    text = text[:start] + types.rstrip() + text[end:]
    text = re.sub(r'("51":.*\n\s+attribute: "?Product"?\n\s+type: )string', r"\1list", text)
    assert "type: list" in text
    for old, new in (("assign: open", "assign: all"), *changes):
        assert old in text, old
        text = text.replace(old, new)
    (desk.folder / "acme.mapping.yaml").write_text(text)


def content(intercom: Intercom) -> list[Any]:
    """Every ticket with its parts, without what differs from run to run: ids and undated times."""
    query = {"query": {"field": "created_at", "operator": ">", "value": 1}, "pagination": {"per_page": 150}}
    found = [
        intercom.get(f"/tickets/{one['id']}") for one in intercom.post("/tickets/search", query)["tickets"]
    ]
    return sorted(map(_content, found), key=json.dumps)


def _content(found: dict[str, Any]) -> dict[str, Any]:
    parts = found["ticket_parts"]["ticket_parts"]
    return {
        "attributes": found["ticket_attributes"],
        "type": found["ticket_type"]["name"],
        "category": found["category"],
        "state": found["ticket_state"]["internal_label"],
        "open": found["open"],
        "created_at": found["created_at"],
        "admin": found["admin_assignee_id"],
        "team": found["team_assignee_id"],
        "parts": [
            (
                part["part_type"],
                part["body"],
                part["author"]["type"],
                part["created_at"] if part["body"] else 0,
            )
            for part in parts
        ],
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, tickets: Dataset) -> list[Any]:
    folder = tmp_path_factory.mktemp("undisturbed")
    with running(folder / "intercom.sqlite", snapshot=SNAPSHOT) as other:
        calm = Desk(folder, tickets, other.url, folder)
        mapping(calm)
        calm.plan()
        assert calm.load().done == 8
        return content(other)


def test_tickets_of_both_kinds_are_made_as_planned_and_verify_finds_no_difference(
    desk: Desk, intercom: Intercom
) -> None:
    plan = desk.plan()
    assert plan.refused == ()
    assert plan.by_step["ticket create"] == 8
    loaded = desk.load()
    assert (loaded.done, loaded.failed, loaded.in_doubt, loaded.stopped) == (8, 0, 0, None)
    assert loaded.calls == plan.calls + loaded.preflight
    assert intercom.counts["notifications"] == 0
    verified = desk.verify()
    assert (verified.differences, verified.tickets, verified.added) == ((), 8, 0)
    again = desk.load()
    assert (again.done, again.skipped, again.calls) == (8, 8, 0)


def test_state_closing_dates_assignment_and_attributes_arrive(desk: Desk, undisturbed: list[Any]) -> None:
    by_number = {one["attributes"]["zendesk_ticket_id"]: one for one in undisturbed}
    assert {number: (one["state"], one["open"], one["type"]) for number, one in by_number.items()} == {
        "1": ("Resolved", False, CUSTOMER),
        "2": ("Resolved", False, CUSTOMER),
        "3": ("Waiting on customer", True, CUSTOMER),
        "4": ("In progress", True, CUSTOMER),
        "5": ("Waiting on customer", True, CUSTOMER),
        "6": ("Submitted", True, CUSTOMER),
        "8": ("Resolved", False, INTERNAL),
        "9": ("In progress", True, INTERNAL),
    }
    first = by_number["1"]["attributes"]
    assert first["Product"] == "Kettle; big", "lists are parted by commas"
    assert (first["imported_from"], first["zendesk_status"], first["zendesk_created_at"]) == (
        "zendesk",
        "closed",
        1709373600,
    )
    assert by_number["2"]["team"] == 5
    assert by_number["1"]["created_at"] == 1709373600
    assert [part[0] for part in by_number["1"]["parts"]].count("close") == 1


def test_customers_read_their_own_words_and_nothing_that_was_internal(
    desk: Desk, undisturbed: list[Any]
) -> None:
    for one in undisturbed:
        words = json.dumps([one["attributes"]["_default_title_"], one["attributes"]["_default_description_"]])
        if one["type"] == CUSTOMER:
            assert "Question" in words
        else:
            assert SECRET not in one["attributes"]["_default_description_"]
        visible = [part for part in one["parts"] if part[0] != "note"]
        assert SECRET not in json.dumps(visible)
        assert "Internal word" not in json.dumps(visible)


@pytest.mark.parametrize("fault", ["drop", "error", "broken"])
def test_an_answer_lost_after_the_work_makes_nothing_twice(
    desk: Desk, intercom: Intercom, undisturbed: list[object], fault: str
) -> None:
    """The first answers to each kind of call are lost."""
    lost = Counter[str]()

    def lose(method: str, path: str, _number: int) -> str | None:
        for name, pattern in CALLS.items():
            if re.fullmatch(pattern, f"{method} {path}") and lost[name] < 2:
                lost[name] += 1
                return fault
        return None

    desk.plan()
    with misbehaving(desk.url, lose) as proxy:
        loaded = desk.load(url=proxy.url)
    assert lost == dict.fromkeys(CALLS, 2)
    assert (loaded.done, loaded.failed, loaded.in_doubt, loaded.stopped) == (8, 0, 0, None)
    assert content(intercom) == undisturbed
    assert len(intercom.get("/ticket_types")["data"]) == 4
    assert intercom.counts["notifications"] == 0
    assert desk.verify().differences == ()


def test_a_call_that_never_arrived_is_sent_again(
    desk: Desk, intercom: Intercom, undisturbed: list[object]
) -> None:
    desk.plan()
    with misbehaving(desk.url, lambda _m, _p, number: "error_unsent" if number % 5 == 0 else None) as proxy:
        loaded = desk.load(url=proxy.url)
    assert len(proxy.faults) > 5
    assert (loaded.done, loaded.failed) == (8, 0)
    assert content(intercom) == undisturbed


def test_a_ticket_is_looked_for_only_once_a_search_can_show_it(
    tmp_path: Path, tickets: Dataset, undisturbed: list[object]
) -> None:
    with running(tmp_path / "slow.sqlite", snapshot=SNAPSHOT, search_lag=1.0) as slow:
        desk = Desk(tmp_path, tickets, slow.url, tmp_path)
        mapping(desk)
        desk.plan()
        lost = iter(["drop"])

        def lose(method: str, path: str, _number: int) -> str | None:
            return next(lost, None) if (method, path) == ("POST", "/tickets") else None

        with misbehaving(desk.url, lose) as proxy:
            loaded = desk.load(url=proxy.url, settle=1.5, sleep=time.sleep)
        assert (loaded.done, loaded.in_doubt) == (8, 0)
        time.sleep(1.1)
        assert content(slow) == undisturbed


def test_several_tickets_of_one_number_are_left_to_a_person_with_all_their_ids(
    desk: Desk, intercom: Intercom
) -> None:
    desk.plan()
    desk.load()
    (made,) = list(search(intercom, "8"))
    again = copied(intercom, made)
    ledger_forgets(desk, "8")
    loaded = desk.load()
    assert loaded.failed == 1
    (failure,) = loaded.failures
    assert {made["id"], again} <= set(re.findall(r"\d+", failure.error))
    assert len(search(intercom, "8")) == 2, "nothing is deleted"


def test_a_ticket_that_was_there_before_is_not_taken_for_ours(desk: Desk, intercom: Intercom) -> None:
    desk.plan(tickets=[9])
    with misbehaving(desk.url, lambda _method, path, _n: "reject" if path == "/tickets" else None) as proxy:
        desk.load(url=proxy.url)
    kind = next(one for one in intercom.get("/ticket_types")["data"] if one["name"] == INTERNAL)
    contact = intercom.post("/contacts", {"role": "user", "email": "else@x.test"})["id"]
    intercom.post(
        "/tickets",
        {
            "ticket_type_id": kind["id"],
            "contacts": [{"id": contact}],
            "ticket_attributes": {"_default_title_": "Other", "zendesk_ticket_id": "9"},
            "skip_notifications": True,
        },
    )
    with misbehaving(
        desk.url, lambda _method, path, _n: "error_unsent" if path == "/tickets" else None
    ) as proxy:
        loaded = desk.load(url=proxy.url, only_failed=True)
    assert [failure.key for failure in loaded.failures] == ["9"]
    assert "is another" in loaded.failures[0].error


def search(intercom: Intercom, number: str) -> list[dict[str, Any]]:
    """Tickets that say this number of Zendesk."""
    found = []
    for kind in intercom.get("/ticket_types")["data"]:
        for attribute in kind["ticket_type_attributes"]["data"]:
            if attribute["name"] == "zendesk_ticket_id":
                query = {"field": f"ticket_attribute.{attribute['id']}", "operator": "=", "value": number}
                found += intercom.post("/tickets/search", {"query": query})["tickets"]
    return found


def copied(intercom: Intercom, made: dict[str, Any]) -> str:
    """Another ticket that says and begins the same."""
    shown = {key: value for key, value in made["ticket_attributes"].items() if value is not None}
    shown.pop("Product", None)
    body = {
        "ticket_type_id": made["ticket_type"]["id"],
        "contacts": [{"id": made["contacts"]["contacts"][0]["id"]}],
        "ticket_attributes": shown,
        "created_at": made["created_at"],
        "skip_notifications": True,
    }
    return str(intercom.post("/tickets", body)["id"])


def ledger_forgets(desk: Desk, number: str) -> None:
    """As after a crash: the create of a ticket left, and nobody knows what came of it."""
    (path,) = desk.folder.glob("*.ledger")
    with sqlite3.connect(path) as ledger:
        ledger.execute("delete from rows where kind = 'ticket' and key = ? and step <> 'create'", (number,))
        ledger.execute(
            "update rows set state = 'sending', target_id = null, sent_at = 0"
            " where kind = 'ticket' and key = ?",
            (number,),
        )
    assert status(path).in_doubt != ()


@pytest.mark.parametrize(
    ("types", "line", "words"),
    [
        (TYPES.replace("hold: waiting_on_customer", "hold: On the shelf"), "On the shelf", "no state"),
        (TYPES.replace(f'"{INTERNAL}"', '"Unused"'), f'ticket: "{INTERNAL}"', "no ticket type"),
        (
            TYPES.replace("category: back_office", "category: back_office\n      form: replies"),
            f'"{INTERNAL}":',
            "repl",
        ),
        (
            TYPES.replace(
                "category: back_office",
                'category: back_office\n      fields: {"51": {attribute: zendesk_csat}}',
            ),
            "zendesk_csat",
            "holds something else",
        ),
    ],
)
def test_a_type_that_cannot_be_is_refused_by_its_line(desk: Desk, types: str, line: str, words: str) -> None:
    mapping(desk, types=types)
    with pytest.raises((RefusedError, InputError)) as caught:
        desk.plan()
    lines = desk.mapping.read_text().splitlines()
    found = re.search(r"yaml:(\d+)", str(caught.value))
    assert found
    assert line in lines[int(found.group(1)) - 1]
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        ({"name": "Budget", "data_type": "integer", "required": True}, "requires attribute Budget"),
        ({"name": "zendesk_group", "data_type": "integer"}, "is integer, not string"),
        ({"name": "zendesk_group", "data_type": "string"}, "customers see attribute zendesk_group"),
    ],
)
def test_a_type_of_the_workspace_that_does_not_fit_is_refused(
    desk: Desk, attribute: dict[str, Any], words: str
) -> None:
    kind = {
        "id": "1",
        "name": CUSTOMER,
        "category": "Customer",
        "states": [],
        "attributes": [{"id": "2", **attribute}],
    }
    kind["states"] = [
        {"id": str(number), "category": category, "label": category.title()}
        for number, category in enumerate(("submitted", "in_progress", "waiting_on_customer", "resolved"))
    ]
    with pytest.raises(RefusedError, match=words):
        desk.plan(workspace={**desk.snapshot(), "ticket_types": [kind]})


def test_a_snapshot_that_does_not_know_ticket_types_is_no_ground_to_make_some(desk: Desk) -> None:
    old = {key: value for key, value in desk.snapshot().items() if key != "ticket_types"}
    with pytest.raises(RefusedError, match="does not say which ticket types"):
        desk.plan(workspace=old)


def test_what_no_customer_saw_is_never_a_customers_ticket(desk: Desk) -> None:
    mapping(desk, (f'ticket: "{INTERNAL}"', f'ticket: "{CUSTOMER}"'))
    plan = desk.plan()
    assert [item.ticket_id for item in plan.refused] == [8, 9]
    assert "no customer ever saw it" in plan.refused[0].reason


def test_replies_say_each_comment_under_whoever_wrote_it(desk: Desk, intercom: Intercom) -> None:
    mapping(desk, types=TYPES.replace("category: customer", "category: customer\n      form: replies"))
    plan = desk.plan()
    loaded = desk.load()
    assert (loaded.done, loaded.failed, loaded.calls) == (8, 0, plan.calls + loaded.preflight)
    assert intercom.counts["notifications"] == 0
    assert desk.verify().differences == ()
    said = next(one for one in content(intercom) if one["attributes"]["zendesk_ticket_id"] == "1")["parts"]
    assert [(part[0], part[2]) for part in said if part[1]] == [("note", "admin"), ("comment", "admin")]


def test_a_reply_whose_answer_was_lost_is_said_once(desk: Desk, intercom: Intercom) -> None:
    mapping(desk, types=TYPES.replace("category: customer", "category: customer\n      form: replies"))
    desk.plan(tickets=[1, 2])
    lost = iter(["drop"] * 3)

    def lose(_method: str, path: str, _number: int) -> str | None:
        return next(lost, None) if path.endswith("/reply") else None

    with misbehaving(desk.url, lose) as proxy:
        loaded = desk.load(url=proxy.url)
    assert (loaded.done, loaded.failed, loaded.in_doubt, len(proxy.faults)) == (2, 0, 0, 3)
    assert all(sum(part[1] is not None for part in one["parts"]) == 2 for one in content(intercom))
    assert desk.verify().differences == ()


def test_what_a_ticket_shows_otherwise_is_a_difference(desk: Desk, intercom: Intercom) -> None:
    desk.plan(tickets=[1])
    desk.load()
    (made,) = search(intercom, "1")
    changed = {"ticket_attributes": {"zendesk_status": "odd"}, "skip_notifications": True}
    intercom.post(f"/tickets/{made['id']}", {**changed, "open": True}, method="PUT")
    verified = desk.verify()
    assert {line.field for line in verified.differences} == {"zendesk_status"}
    assert {line.expected for line in verified.additions} == {"nothing"}, (
        "who goes on with a ticket may open it"
    )


def test_a_ticket_has_the_company_its_ticket_had(desk: Desk, intercom: Intercom) -> None:
    start = desk.mapping.read_text().index("\ncompanies:")
    text = desk.mapping.read_text()
    desk.mapping.write_text(text[:start] + text[start:].replace("policy: attribute", "policy: create", 1))
    plan = desk.plan(tickets=[1])
    assert plan.by_step["company create"] == 1
    loaded = desk.load()
    assert (loaded.done, loaded.failed) == (1, 0)
    sent = [json.loads(one["body"]) for one in requests_to(intercom, "POST /tickets")]
    assert [intercom.get(f"/companies/{one['company_id']}")["name"] for one in sent] == ["Ltd"]
    assert desk.verify().differences == ()


def test_conversations_have_lists_too(desk: Desk, intercom: Intercom) -> None:
    mapping(
        desk,
        (f'ticket: "{CUSTOMER}"', "conversation: note"),
        types=TYPES.split(f'    "{CUSTOMER}"')[0] + f'    "{INTERNAL}":\n      category: back_office\n',
    )
    desk.plan(tickets=[1, 2])
    loaded = desk.load()
    assert (loaded.done, loaded.failed) == (2, 0)
    (product,) = [
        one for one in intercom.get("/conversations/attributes")["data"] if one["name"] == "Product"
    ]
    assert [option["label"] for option in product["options"]] == ["Kettle, big", "Pot", "Pan"]
    assert {one["attributes"]["Product"] for one in intercom.content()} == {"Kettle, big", "Pot"}
    assert desk.verify().differences == ()


def requests_to(intercom: Intercom, call: str) -> list[dict[str, Any]]:
    """What the sandbox was asked, such as `POST /tickets`."""
    seen = intercom.get("/_sandbox/requests")["requests"]
    return [one for one in seen if f"{one['method']} {one['path']}" == call]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [("submitted", "submitted", 0), ("submitted", "resolved", 1)],
    ids=["as it was made", "a workflow"],
)
def test_the_state_a_new_ticket_is_put_into_is_nobody_elses_doing(before: str, after: str, said: int) -> None:
    part = {
        "id": "7",
        "part_type": "ticket_state_updated_by_admin",
        "author": {"type": "bot", "id": "0", "name": "Operator"},
        "previous_ticket_state": before,
        "ticket_state": after,
    }
    found = {"open": True, "ticket_parts": {"ticket_parts": [part]}}
    assert len(list(foreign(Kind.TICKET, found, ours=Ours(frozenset({"1"}))))) == said


def test_canary_and_tripwire_find_nothing_of_others_in_tickets(desk: Desk, intercom: Intercom) -> None:
    planned = desk.plan()
    loaded = desk.load(guards=GUARDED)
    assert (loaded.done, loaded.read_back) == (planned.tickets, planned.tickets)
    log = intercom.get("/_sandbox/requests")["requests"]
    assert [one["path"] for one in log if one["method"] == "DELETE" and "/tickets/" in one["path"]]
    assert intercom.counts["tickets"] == planned.tickets
    assert intercom.counts["notifications"] == 0
