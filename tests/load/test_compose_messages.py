"""What the comments of a ticket become, message by message."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.action import Action, Step, message_part
from deskferry.load.compose_conversation import MESSAGES
from deskferry.load.message_times import spread
from deskferry.templates.clean import canonical_html, canonical_text
from deskferry.templates.history import SYSTEM, File, Person

from .test_compose import (
    ANA,
    BEGAN,
    KIM,
    LEFT,
    SECRET,
    at,
    composed,
    history_of,
    mapping_of,
    message_of,
    step,
    workspace_of,
)

BOB = Person(31, "Bob", "bob@elsewhere.example", staff=False)
ZENDESK = Person(SYSTEM, "Zendesk system", None, staff=False)


def said(*messages: Any, mapping: Any = None, **changes: Any) -> list[Action]:
    return composed(history_of(*messages, **changes), mapping=mapping, form=MESSAGES)


def voices(actions: list[Action]) -> list[tuple[str, str | None, bool]]:
    """(comment or note, admin, visible) of each message."""
    return [
        (action.payload["message_type"], action.payload.get("admin_id"), action.customer_visible)
        for action in actions
        if action.step is Step.MESSAGE
    ]


@pytest.mark.parametrize(
    ("author", "public", "voice"),
    [
        (ANA, True, ("comment", None, True)),
        (ANA, False, ("note", "1", False)),
        (KIM, True, ("comment", "22", True)),
        (KIM, False, ("note", "22", False)),
        (LEFT, True, ("note", "1", False)),
        (BOB, True, ("note", "1", False)),
        (ZENDESK, True, ("note", "1", False)),
        (replace(KIM, email="noseat@acme.example"), True, ("note", "1", False)),
        (replace(KIM, staff=False), True, ("note", "1", False)),
    ],
)
def test_everybody_speaks_for_himself_or_in_a_note(
    author: Person, public: bool, voice: tuple[str, str | None, bool]
) -> None:
    actions = said(message_of(1), message_of(2, author=author, public=public, text=SECRET))
    assert voices(actions) == [voice]
    body = str(actions[1].payload["body"])
    assert ("INTERNAL" in body) is not public
    assert (author.name in body) is (voice[1] == "1"), "who wrote it, where it stands under another's name"


def test_a_successor_does_not_say_what_his_predecessor_said() -> None:
    taken_over = {"values": {"id:3": {"admin": "kim@acme.example"}, "*": {"unassigned": True, "reason": "x"}}}
    assert voices(said(message_of(1, author=LEFT), mapping=mapping_of(agents=taken_over)))[0][0] == "note"
    same = {
        "values": {"id:3": {"admin": "kim@acme.example", "same_person": True}, "*": taken_over["values"]["*"]}
    }
    assert voices(said(message_of(1, author=LEFT), mapping=mapping_of(agents=same))) == [
        ("comment", "22", True)
    ]


def test_others_can_be_said_by_the_migration_admin_with_their_name() -> None:
    mapping = mapping_of(messages={"others": "migration_admin"})
    actions = said(
        message_of(1), message_of(2, author=BOB), message_of(3, author=BOB, public=False), mapping=mapping
    )
    assert voices(actions) == [("comment", "1", True), ("note", "1", False)]
    assert actions[1].payload["body"].startswith("<p><b>Bob</b> · 3 Mar 2024, 14:03 UTC</p>")
    assert "bob@elsewhere.example" not in actions[1].payload["body"], "an address is not for customers"


def test_the_opening_is_the_requesters_first_words_or_a_neutral_line() -> None:
    assert step(said(message_of(1)), Step.CREATE).payload["body"] == "Message 1"
    for first in (message_of(1, author=KIM), message_of(1, public=False), message_of(2)):
        actions = said(first)
        assert str(step(actions, Step.CREATE).payload["body"]).startswith(
            "[Imported from Zendesk: ticket #30418"
        )
        assert len(voices(actions)) == 1


def test_a_rebuilt_message_says_so_and_is_the_requesters_only_where_he_opened_the_ticket() -> None:
    rebuilt = message_of(1, reconstructed=True)
    assert "[rebuilt from" in str(step(said(rebuilt), Step.CREATE).payload["body"])
    assert voices(said(rebuilt, submitter=KIM)) == [("note", "1", False)]


def test_seconds_increase_and_none_is_after_the_snapshot() -> None:
    same = [message_of(number, author=KIM, created_at=at(BEGAN)) for number in (1, 2, 3)]
    later = message_of(4, author=KIM, created_at=at(4_000_000_000))
    seconds = [a.payload["created_at"] for a in said(*same, later) if a.step is Step.MESSAGE]
    assert seconds == [BEGAN + 1, BEGAN + 2, BEGAN + 3, 1_795_435_200]
    assert spread([5, 5, 99, 99], after=4, now=20) == [5, 6, 19, 20]
    assert spread([5] * 4, after=18, now=20) == [19, 20, 21, 22], "there is no more room"


@pytest.mark.parametrize("author", [ANA, KIM, BOB])
def test_long_texts_are_split_and_nothing_of_them_is_lost(author: Person) -> None:
    text = " ".join(f"word{number} <&> R&D" for number in range(900))
    mapping = mapping_of(limits={"note": 2000, "message": 2000})
    actions = said(message_of(1), message_of(2, author=author, text=text), mapping=mapping)
    pieces = [action for action in actions if action.step is Step.MESSAGE]
    assert len(pieces) > 5
    assert [piece.part for piece in pieces] == [message_part(102, number) for number in range(len(pieces))]
    assert all(len(str(piece.payload["body"])) <= 2000 for piece in pieces)
    together = "".join(canonical_html(str(piece.payload["body"])) for piece in pieces)
    if author is not BOB:  # pieces under another's name begin with it
        heads = [f"Kim(continued{number}/{len(pieces)})" for number in range(2, len(pieces) + 1)]
        for head in heads:
            together = together.replace(head, "")
        assert together == canonical_text(text)


def test_the_opening_is_split_too_and_goes_on_in_the_same_voice() -> None:
    mapping = mapping_of(limits={"note": 2000, "message": 2000})
    actions = said(message_of(1, text="word " * 900), mapping=mapping)
    assert len(str(actions[0].payload["body"])) <= 2000
    assert set(voices(actions)) == {("comment", None, True)}
    assert actions[1].part == message_part(101, 1)


def test_messages_without_words_name_their_files_or_say_that_there_are_none() -> None:
    file = File(1, "a.png", 10, "image/png", inline=False, absence="not in the export")
    actions = said(message_of(1, text=" "), message_of(2, author=KIM, text="", files=(file,)))
    bodies = [str(action.payload["body"]) for action in actions if action.step is Step.MESSAGE]
    assert bodies[0] == "[no text]"
    assert "a.png" in bodies[1]
    assert "not in the export" not in bodies[1], "that is for teammates"
    assert "1 of its files not sent: not in the export" in step(actions, Step.UPDATE).remarks


def test_files_at_hand_go_with_the_message_that_names_them_ten_to_a_part(tmp_path: Path) -> None:
    def at_hand(number: int) -> File:
        content = f"{number}".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        (tmp_path / sha256).write_bytes(content)
        return File(number, f"{number}.png", 1, "image/png", inline=False, absence=None, sha256=sha256)

    few, many = at_hand(1), tuple(at_hand(number) for number in range(10, 22))
    first, loose = message_of(1, files=(few,)), (at_hand(3),)
    inside = message_of(3, author=KIM, public=False, files=(at_hand(2),))
    history = history_of(first, message_of(2, author=KIM, files=many), inside, loose_files=loose)
    sent = [
        (action.customer_visible, [file["name"] for file in action.payload.get("attachment_files", ())])
        for action in composed(history, form=MESSAGES, files=tmp_path)
        if action.step is Step.MESSAGE
    ]
    assert sent == [
        (False, ["3.png"]),
        (True, ["1.png"]),
        (True, [f"{number}.png" for number in range(10, 20)]),
        (True, ["20.png", "21.png"]),
        (False, ["2.png"]),
    ]


def test_a_comment_keeps_its_number_and_made_ids_fit_into_a_database() -> None:
    assert message_part(101, 2) == 101_002
    made = [-1 - (1 << 62), -2 - (1 << 62), -5, -6, 0, 5]
    numbers = [message_part(id_, piece) for id_ in made for piece in (0, 999)]
    assert len(set(numbers)) == len(numbers)
    assert all(abs(number) < 1 << 63 for number in numbers)


def test_more_parts_than_can_be_read_back_are_a_line_of_the_plan() -> None:
    few, many = (said(*(message_of(n) for n in range(1, count))) for count in (502, 503))
    assert not [remark for remark in step(few, Step.UPDATE).remarks if "500" in remark]
    assert [remark for remark in step(many, Step.UPDATE).remarks if "500" in remark]


def test_the_facts_stand_in_a_note_where_the_mapping_asks_for_it() -> None:
    mapping = mapping_of(messages={"header": "note"})
    actions = said(message_of(1), mapping=mapping, ccs=("Bob",))
    assert voices(actions) == [("note", "1", False)]
    assert "In copy" in str(actions[1].payload["body"])
    assert (
        "people in copy: named in the archive only"
        in step(said(message_of(1), ccs=("Bob",)), Step.UPDATE).remarks
    )


def test_a_new_message_closes_anew_and_a_note_does_not() -> None:
    first = step(said(message_of(1), message_of(2, author=KIM)), Step.CLOSE).part
    noted = said(message_of(1), message_of(2, author=KIM), message_of(3, author=KIM, public=False))
    assert step(noted, Step.CLOSE).part == first == message_part(102, 0)
    assert step(said(message_of(1), message_of(2, author=KIM), message_of(3)), Step.CLOSE).part != first


def test_snoozes_are_spread_between_the_bounds_of_the_mapping() -> None:
    asleep = {"values": {"pending": {"state": "snoozed", "over_days": 2, "wake_from": "2027-01-01"}}}
    mapping = mapping_of(statuses=asleep)
    until = {
        step(said(message_of(1), ticket_id=number, status="pending", mapping=mapping), Step.SNOOZE).payload[
            "snoozed_until"
        ]
        for number in range(1, 200)
    }
    assert len(until) > 190
    assert min(until) >= 1_798_761_600
    assert max(until) < 1_798_761_600 + 2 * 86_400


def test_a_team_that_hands_out_by_itself_gets_nothing() -> None:
    teams = [{"id": "900", "name": "Care", "admin_ids": ["22"], "distributes": True}]
    actions = composed(history_of(), workspace=workspace_of(teams=teams))
    assert Step.ASSIGN_TEAM not in [action.step for action in actions]
    assert any(
        "hands its conversations out by itself" in remark for remark in step(actions, Step.UPDATE).remarks
    )
