"""Conversations message by message: who says what, who sees it, and that nothing is said twice."""

import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.map_diff import difference
from deskferry.cli.plan import screen
from deskferry.load.canary_calls import WORDS
from deskferry.load.guards import GUARDED
from deskferry.load.manner import Bounds
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.mapping import read_mapping

from .conftest import (
    AGENT,
    ANNA,
    BEN,
    LEA,
    SNAPSHOT,
    Desk,
    Intercom,
    company,
    misbehaving,
    running,
    ticket,
    write_dataset,
)

LEFT, THIRD, BOX = 3, 14, 15
SECRET = "XYZZY-4417"
MESSAGES = "conversation: messages"


def said(
    number: int, place: int, author: int, body: str, *, public: bool = True, **more: Any
) -> dict[str, Any]:
    """A comment, one minute after the one before it."""
    at = f"2024-03-0{number + 1}T11:{place:02}:00.000Z"
    who = {"id": number * 100 + place, "ticket_id": number, "position": place, "author_id": author}
    return {**who, "body": body, "public": public, "created_at": at, **more}


def talks(*more: dict[str, Any]) -> dict[str, Any]:
    """Three tickets: one opened by its customer, one by an agent, one that sleeps and has people in copy."""
    same: dict[str, Any] = {"created_at": "2024-03-02T11:03:00.000Z"}
    copied: dict[str, Any] = {"email_cc_ids": [BEN, LEA, AGENT, BOX, ANNA], "status": "pending"}
    html = f'<p>Look: <b>here</b> <img src="https://pixel.test/x.png" alt="shot"><script>{SECRET}</script>'
    everybody = company()["users"] + [
        {"id": LEFT, "name": "Left Agent", "email": "left@acme.test", "role": "agent"},
        {"id": THIRD, "name": "Courier", "email": "courier@other.test"},
        {"id": BOX, "name": "Info", "email": "info@x.test"},
    ]
    return company(
        users=everybody,
        tickets=[ticket(1, ANNA), ticket(2, BEN), ticket(3, ANNA, **copied)],
        comments=[
            said(1, 1, ANNA, "Hello, my <kettle> & I"),
            said(1, 2, AGENT, f"Never tell them {SECRET}", public=False),
            said(1, 3, AGENT, "Look: here", html_body=html),
            said(1, 4, ANNA, "It says <b>no</b> &lt;ever&gt;\n\nR&D", **same),
            said(1, 5, THIRD, "I have the parcel", **same),
            said(2, 1, AGENT, "We called you"),
            said(2, 2, BEN, "Thanks"),
            said(2, 3, LEFT, "I was here"),
            said(2, 4, LEFT, "By mistake inside", public=False),
            said(3, 1, ANNA, "Asleep"),
            said(3, 2, BEN, "Me too"),
            *more,
        ],
    )


@pytest.fixture(scope="session")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("talks") / "acme.dataset", talks())


@pytest.fixture
def table(desk: Desk, talking: Dataset) -> Desk:
    """A migration of the talks, message by message."""
    desk.dataset = talking
    desk.mapping.unlink()
    desk.change_mapping("conversation: note", MESSAGES)
    return desk


def shown(intercom: Intercom) -> dict[str, list[tuple[str, str, int, str]]]:
    """(type, author, second, text) of all that was said in each conversation, the opening first; by title."""
    found = {}
    for item in intercom.get("/conversations?per_page=150")["conversations"]:
        one = intercom.get(f"/conversations/{item['id']}?display_as=plaintext")
        source, parts = one["source"], one["conversation_parts"]["conversation_parts"]
        found[one["title"]] = [("opening", source["author"]["name"], one["created_at"], source["body"])] + [
            (part["part_type"], part["author"]["name"], part["created_at"], part["body"])
            for part in parts
            if part["body"]
        ]
    return found


def states(intercom: Intercom) -> dict[str, str]:
    found = intercom.get("/conversations?per_page=150")["conversations"]
    return {item["title"]: item["state"] for item in found}


def everything(intercom: Intercom) -> list[Any]:
    """What was said, in which seconds, and all the rest."""
    return [intercom.content(), shown(intercom), states(intercom)]


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory, talking: Dataset) -> list[Any]:
    """The talks as an undisturbed load leaves them, with people in copy and a conversation asleep."""
    folder = tmp_path_factory.mktemp("calm")
    with running(folder / "intercom.sqlite", snapshot=SNAPSHOT) as there:
        desk = Desk(folder, talking, there.url, folder)
        wide(desk)
        desk.plan()
        assert desk.load().done == 3
        assert desk.verify().differences == ()
        return everything(there)


def wide(desk: Desk) -> None:
    """Messages, participants, and pending ones asleep."""
    desk.change_mapping("conversation: note", MESSAGES)
    desk.change_mapping("policy: text ", "policy: participants ")
    asleep = '"pending": {state: snoozed, wake_from: "2037-01-01"}'
    desk.mapping.write_text(re.sub(r'"?pending"?: \{state: open\}', asleep, desk.mapping.read_text()))


def test_everybody_says_what_they_said_and_only_what_was_public_is_visible(
    table: Desk, intercom: Intercom
) -> None:
    planned = table.plan()
    loaded = table.load()
    assert (loaded.done, loaded.failed, loaded.calls - loaded.preflight) == (3, 0, planned.calls)
    assert [(kind, who, text) for kind, who, _, text in shown(intercom)["Subject 1"]] == [
        ("opening", "Anna &lt;A&gt;", "Hello, my <kettle> & I"),
        ("note", "Agent", f"INTERNAL\n\nNever tell them {SECRET}"),
        ("comment", "Agent", "Look: here [image: shot]"),
        ("comment", "Anna &lt;A&gt;", "It says <b>no</b> &lt;ever&gt;\n\nR&D"),
        (
            "note",
            "Boss",
            "Courier <courier@other.test> (not staff, not the requester) · 2 Mar 2024, 11:03 UTC"
            "\n\nI have the parcel",
        ),
    ]
    assert [(kind, who, text) for kind, who, _, text in shown(intercom)["Subject 2"]] == [
        ("opening", "Ben", "[Imported from Zendesk: ticket #2, opened 3 Mar 2024, 10:00 UTC by e-mail]"),
        ("comment", "Agent", "We called you"),
        ("comment", "Ben", "Thanks"),
        ("note", "Boss", "Left Agent <left@acme.test> (staff) · 3 Mar 2024, 11:03 UTC\n\nI was here"),
        (
            "note",
            "Boss",
            "INTERNAL · Left Agent <left@acme.test> (staff) · 3 Mar 2024, 11:04 UTC\n\nBy mistake inside",
        ),
    ]
    for said_there in shown(intercom).values():
        seconds = [second for _, _, second, _ in said_there]
        assert seconds == sorted(set(seconds)), "ties are moved"
    assert states(intercom) == {"Subject 1": "closed", "Subject 2": "closed", "Subject 3": "open"}
    assert table.verify().differences == ()
    assert intercom.counts["notifications"] == 0


def test_a_ticket_of_n_comments_takes_n_plus_two_calls_and_those_of_its_tags_and_assignments(
    table: Desk,
) -> None:
    table.change_mapping("assign: open", "assign: all")
    steps = table.plan().by_step
    calls = {step: count for step, count in steps.items() if step.startswith("conversation ")}
    # 5, 4 and 2 comments; the second begins with a neutral line; it alone has two tags, agent and group.
    assert sum(calls.values()) - calls["conversation tag"] == (5 + 2) + (4 + 2 + 1) + (2 + 2 - 1) + 2
    assert calls["conversation message"] == 4 + 4 + 1


def test_the_plan_says_what_customers_will_see(table: Desk) -> None:
    planned = table.plan()
    assert sum(planned.visible_by_step.values()) == planned.customer_visible
    replies = planned.visible_by_step["conversation message"]
    assert 0 < replies < planned.by_step["conversation message"], "notes among them are for teammates"
    (line,) = (line for line in screen(planned) if line.startswith("customers see"))
    openings = "the opening of each conversation (3)"
    assert (
        line
        == f"customers see {3 + replies} messages: {openings}, public replies in conversations ({replies})"
    )


@pytest.mark.parametrize("header", ["none", "note"])
def test_the_calls_are_those_the_mapping_was_reckoned_to_take(table: Desk, header: str) -> None:
    table.mapping.unlink()
    wide(table)
    table.change_mapping("header: none", f"header: {header}")
    planned, mapping = table.plan(), read_mapping(table.mapping)
    reckoned = difference(table.dataset.archive, mapping, mapping)
    assert reckoned.calls_after == planned.calls - planned.setup


def test_nothing_internal_stands_in_what_a_customer_can_see_and_nothing_leaves_unsilenced(
    table: Desk, intercom: Intercom
) -> None:
    wide(table) if MESSAGES not in table.mapping.read_text() else None
    table.plan()
    table.load()
    seen = intercom.get("/_sandbox/requests")["requests"]
    assert sum(SECRET in str(request["body"]) for request in seen) == 1
    assert [request for request in seen if SECRET in json.dumps(request["visible"])] == []
    assert "pixel" not in json.dumps(seen)
    replies = [json.loads(request["body"]) for request in seen if request["path"].endswith("/reply")]
    assert Counter((reply["type"], reply.get("skip_notifications")) for reply in replies) == {
        ("admin", True): 7,
        ("user", None): 2,
    }
    assert intercom.get("/_sandbox/outbox")["notifications"] == []


def test_people_in_copy_take_part_and_a_conversation_sleeps_until_a_day_of_its_own(
    table: Desk, intercom: Intercom, calm: list[Any]
) -> None:
    table.mapping.unlink()
    wide(table)
    planned = table.plan()  # no agent, no mailbox, nobody without an address takes part
    assert planned.by_step["conversation participant"] == 1
    assert table.load().done == 3
    assert everything(intercom) == calm
    assert states(intercom)["Subject 3"] == "snoozed"
    found = intercom.get("/conversations?per_page=150")["conversations"]
    (asleep,) = [item for item in found if item["state"] == "snoozed"]
    people = [intercom.get(f"/contacts/{person['id']}") for person in asleep["contacts"]["contacts"]]
    assert {person["email"] for person in people} == {"anna@x.test", "Ben@X.test"}
    assert intercom.counts["notifications"] == 0
    assert table.verify().differences == ()


CALLS = {
    "message": r"POST /conversations/\d+/reply",
    "participant": r"POST /conversations/\d+/customers",
    "close or snooze": r"POST /conversations/\d+/parts",
}


@pytest.mark.parametrize("fault", ["drop", "broken"])
def test_an_answer_lost_after_the_work_says_nothing_twice(
    table: Desk, intercom: Intercom, calm: list[Any], fault: str
) -> None:
    lost = Counter[str]()

    def lose(method: str, path: str, number: int) -> str | None:
        kind = next((name for name, call in CALLS.items() if re.fullmatch(call, f"{method} {path}")), None)
        if kind is None or number % 2:
            return None
        lost[kind] += 1
        return fault

    table.mapping.unlink()
    wide(table)
    table.plan()
    with misbehaving(table.url, lose) as proxy:
        loaded = table.load(url=proxy.url)
    assert set(lost) >= {"message", "close or snooze"}
    assert (loaded.done, loaded.failed, loaded.in_doubt) == (3, 0, 0)
    assert everything(intercom) == calm
    assert table.verify().differences == ()


def test_any_mix_of_faults_ends_as_an_undisturbed_run(
    table: Desk, intercom: Intercom, calm: list[Any]
) -> None:
    chance = random.Random(1)
    kinds = ["drop", "refuse", "error", "error_unsent", "broken"]
    table.mapping.unlink()
    wide(table)
    table.plan()
    with misbehaving(table.url, lambda *_: chance.choice(kinds) if chance.random() < 0.2 else None) as proxy:
        loaded = table.load(url=proxy.url)
    assert len(proxy.faults) > 5
    assert (loaded.done, loaded.failed, loaded.in_doubt) == (3, 0, 0)
    assert everything(intercom) == calm
    assert intercom.counts["notifications"] == 0


def test_a_later_plan_sends_only_what_was_said_since_and_closes_again(
    table: Desk, intercom: Intercom, tmp_path: Path
) -> None:
    table.plan()
    table.load()
    before = shown(intercom)["Subject 1"]
    new = [said(1, 6, ANNA, "One more thing"), said(1, 7, AGENT, "Gladly")]
    table.dataset = write_dataset(tmp_path / "later" / "acme.dataset", talks(*new))
    table.plan("later.plan")
    loaded = table.load("later.plan")
    assert (loaded.done, loaded.changed_count, loaded.calls - loaded.preflight) == (3, 0, 3)
    assert shown(intercom)["Subject 1"][: len(before)] == before
    assert [(who, text) for _, who, _, text in shown(intercom)["Subject 1"][len(before) :]] == [
        ("Anna &lt;A&gt;", "One more thing"),
        ("Agent", "Gladly"),
    ]
    assert states(intercom)["Subject 1"] == "closed"
    assert table.verify("later.plan").differences == ()
    assert intercom.counts["notifications"] == 0
    table.plan("again.plan")
    again = table.load("again.plan")
    assert again.calls == again.preflight == 0


@pytest.mark.parametrize("first", [MESSAGES, "conversation: note"])
def test_what_stands_in_one_form_is_not_said_again_in_another(
    table: Desk, intercom: Intercom, first: str
) -> None:
    other = {MESSAGES: "conversation: note"}.get(first, MESSAGES)
    if first != MESSAGES:
        table.change_mapping(other, first)
    table.plan()
    table.load()
    before = shown(intercom)
    table.change_mapping(first, other)
    table.plan("other.plan")
    loaded = table.load("other.plan")
    assert loaded.changed_count > 0
    assert shown(intercom) == before


def test_nothing_more_is_said_once_people_in_copy_take_part(
    table: Desk, intercom: Intercom, tmp_path: Path
) -> None:
    table.mapping.unlink()
    wide(table)
    table.plan()
    table.load()
    before = shown(intercom)
    table.dataset = write_dataset(tmp_path / "later" / "acme.dataset", talks(said(3, 3, ANNA, "Awake!")))
    table.plan("later.plan")
    loaded = table.load("later.plan")
    assert [(change.key, change.step) for change in loaded.changed] == [("3", "message")]
    assert shown(intercom) == before
    assert states(intercom)["Subject 3"] == "snoozed"


def test_a_message_that_stands_there_twice_is_left_to_a_person(table: Desk, intercom: Intercom) -> None:
    """The answer to the agent's comment is lost, and another part of its author and second turns up."""
    seen: list[str] = []
    doubtful: list[str] = []
    now = [1_800_000_000.0]

    def lose(method: str, path: str, _number: int) -> str | None:
        found = re.fullmatch(r"POST /conversations/(\d+)/reply", f"{method} {path}")
        if found is None:
            return None
        seen.append(found[1])
        if len(seen) != 2:
            return None
        doubtful.append(found[1])
        return "drop"

    table.plan()
    with misbehaving(table.url, lose) as proxy:

        def meanwhile(seconds: float) -> None:
            now[0] += seconds
            if doubtful:
                id_ = doubtful.pop()
                who = {"type": "admin", "message_type": "comment", "admin_id": "2", "body": "Look: here"}
                at = {"created_at": 1709377380, "skip_notifications": True}
                intercom.post(f"/conversations/{id_}/reply", {**who, **at})

        one = Bounds(workers=1)
        loaded = table.load(url=proxy.url, settle=5.0, bounds=one, clock=lambda: now[0], sleep=meanwhile)
    assert loaded.failed == 1
    assert "sent once, but stands 2 times: parts" in str(loaded.failures[0].error)


def test_a_part_nobody_planned_is_told_and_an_answer_of_today_is_none(
    table: Desk, intercom: Intercom
) -> None:
    table.plan()
    table.load()
    found = intercom.get("/conversations?per_page=150")["conversations"]
    ids = {item["title"]: item["id"] for item in found}
    who = {"type": "admin", "message_type": "comment", "skip_notifications": True}
    twice = {**who, "admin_id": "2", "body": "Look: here [image: shot]", "created_at": 1709377380}
    intercom.post(f"/conversations/{ids['Subject 1']}/reply", twice)
    intercom.post(
        f"/conversations/{ids['Subject 2']}/reply",
        {**who, "admin_id": "1", "body": "Ours?", "created_at": 1709460000},
    )
    intercom.post(f"/conversations/{ids['Subject 3']}/reply", {**who, "admin_id": "2", "body": "Hello again"})
    assert {str(line) for line in table.verify().differences} == {
        "* conversation 1  message 103000: expected once, found 2 times",
        "* conversation 1  state: expected closed, found open",
        "* conversation 2  customer sees: expected nothing of ours, found <p>Ours?</p>",
        "* conversation 2  state: expected closed, found open",
    }


def test_canary_and_tripwire_find_nothing_of_others_in_messages(
    desk: Desk, intercom: Intercom, talking: Dataset, calm: list[Any]
) -> None:
    desk.dataset = talking
    desk.mapping.unlink()
    wide(desk)
    desk.plan()
    loaded = desk.load(guards=GUARDED)
    assert (loaded.done, loaded.read_back) == (3, 3)
    log = [one["body"] or "" for one in intercom.get("/_sandbox/requests")["requests"]]
    canaries = [json.loads(body)["message_type"] for body in log if WORDS in body and "message_type" in body]
    assert canaries == ["note", "comment", "comment"]
    assert everything(intercom) == calm
    assert intercom.counts["notifications"] == 0
