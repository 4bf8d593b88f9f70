"""Lost answers: whatever was made is found, whatever was not is sent, and never anything twice."""

import random
import re
from collections import Counter

import pytest

from deskferry.load.status import status

from .conftest import Desk, Intercom, misbehaving

CALLS = {
    "conversation": r"POST /conversations",
    "note": r"POST /conversations/\d+/reply",
    "tag": r"POST /conversations/\d+/tags",
    "assignment or close": r"POST /conversations/\d+/parts",
    "title and attributes": r"PUT /conversations/\d+",
    "conversation attribute": r"POST /conversations/attributes",
    "contact attribute": r"POST /data_attributes",
    "contact": r"POST /contacts",
    "tag itself": r"POST /tags",
}


@pytest.mark.parametrize("fault", ["drop", "error", "broken"])
def test_an_answer_lost_after_the_work_makes_nothing_twice(
    desk: Desk, intercom: Intercom, undisturbed: list[object], fault: str
) -> None:
    """The first three answers to each kind of call are lost."""
    lost = Counter[str]()

    def lose(method: str, path: str, _number: int) -> str | None:
        for name, pattern in CALLS.items():
            if re.fullmatch(pattern, f"{method} {path}") and lost[name] < 3:
                lost[name] += 1
                return fault
        return None

    desk.planned()
    with misbehaving(desk.url, lose) as proxy:
        loaded = desk.load(url=proxy.url)
    assert lost == dict.fromkeys(CALLS, 3)
    assert (loaded.done, loaded.failed, loaded.in_doubt, loaded.stopped) == (6, 0, 0, None)
    assert intercom.content() == undisturbed
    assert intercom.counts["contacts"] == 3
    assert desk.verify().differences == ()


@pytest.mark.parametrize("fault", ["refuse", "error_unsent"])
def test_a_call_that_never_arrived_is_sent_again(
    desk: Desk, intercom: Intercom, undisturbed: list[object], fault: str
) -> None:
    chance = random.Random(5)
    desk.planned()
    with misbehaving(desk.url, lambda *_: fault if chance.random() < 0.15 else None) as proxy:
        loaded = desk.load(url=proxy.url)
    assert len(proxy.faults) > 5
    assert (loaded.done, loaded.failed) == (6, 0)
    assert intercom.content() == undisturbed


@pytest.mark.parametrize("seed", [1, 2])
def test_any_mix_of_faults_ends_as_an_undisturbed_run(
    desk: Desk, intercom: Intercom, undisturbed: list[object], seed: int
) -> None:
    chance = random.Random(seed)
    kinds = ["drop", "refuse", "error", "error_unsent", "broken"]

    def fault(_method: str, _path: str, _number: int) -> str | None:
        return chance.choice(kinds) if chance.random() < 0.2 else None

    desk.planned()
    with misbehaving(desk.url, fault) as proxy:
        loaded = desk.load(url=proxy.url)
    assert len(proxy.faults) > 5
    assert (loaded.done, loaded.failed, loaded.in_doubt) == (6, 0, 0)
    assert intercom.content() == undisturbed
    assert intercom.counts["notifications"] == 0
    assert desk.verify().differences == ()


def test_a_search_that_lags_is_trusted_only_after_the_settle_time(desk: Desk, intercom: Intercom) -> None:
    """A doubtful thread is parked while others go on, and looked at when the search can know."""
    desk.planned()
    lost: list[str] = []

    def lose_first(method: str, path: str, _number: int) -> str | None:
        if method == "POST" and path == "/conversations" and not lost:
            lost.append(path)
            return "drop"
        return None

    now = [1_800_000_000.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds
        desk.waits.append(seconds)

    with misbehaving(desk.url, lose_first) as proxy:
        loaded = desk.load(url=proxy.url, settle=300.0, clock=lambda: now[0], sleep=sleep)
    assert loaded.done == 6
    assert sum(desk.waits) == pytest.approx(300, abs=1)
    searches = [index for index, (_, path) in enumerate(proxy.seen) if path == "/conversations/search"]
    creates = [index for index, (_, path) in enumerate(proxy.seen) if path == "/conversations"]
    assert len(searches) == 1
    assert searches[0] > sorted(creates)[-2], "the others went first, but for the open one: it comes last"
    assert intercom.counts["conversations"] == 6


def test_a_conversation_with_our_second_and_other_words_is_left_to_a_person(
    desk: Desk, intercom: Intercom
) -> None:
    desk.planned()
    made: list[str] = []

    def meddle(method: str, path: str, _number: int) -> str | None:
        """Lose the first conversation without making it; a stranger makes one at the same second."""
        if method == "POST" and path == "/conversations" and not made:
            contact = intercom.get("/contacts/find_by_external_id/A-1")["id"]
            stranger = {
                "from": {"type": "user", "id": contact},
                "body": "Something else",
                "created_at": 1709373600,
            }
            made.append(intercom.post("/conversations", stranger)["conversation_id"])
            return "error_unsent"
        return None

    with misbehaving(desk.url, meddle) as proxy:
        loaded = desk.load(url=proxy.url)
    assert (loaded.failed, loaded.done) == (1, 5)
    assert made[0] in loaded.failures[0].error
    assert "other words" in loaded.failures[0].error


def test_what_never_gets_an_answer_stays_in_doubt_and_is_finished_later(
    desk: Desk, intercom: Intercom
) -> None:
    desk.planned()
    with misbehaving(
        desk.url,
        lambda method, path, _: "error_unsent" if (method, path) == ("POST", "/conversations") else None,
    ) as proxy:
        loaded = desk.load(url=proxy.url)
    assert (loaded.done, loaded.failed, loaded.in_doubt) == (0, 0, 6)
    assert {failure.step for failure in status(loaded.ledger).in_doubt} == {"create"}
    assert desk.load().done == 6
    assert intercom.counts["conversations"] == 6
