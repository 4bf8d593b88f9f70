"""Some of what was loaded is read back: what others did to it stops the run and is named."""

import re
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.guards import Guards
from deskferry.schemas.errors import RefusedError

from .conftest import AGENT, Desk, Fault, Intercom, misbehaving

EACH = Guards(canary=False, first=20, every=500)


def meddling(intercom: Intercom, act: Any, *, at: int = 2) -> Fault:
    """Somebody does something to a conversation, just after the planned close of the `at`-th."""
    closes = 0

    def fault(method: str, path: str, _number: int) -> str | None:
        nonlocal closes
        if method == "GET" and re.fullmatch(r"/conversations/\d+", path):
            closes += 1
            if closes == at:
                act(intercom, path)
        return None

    return fault


def comment(intercom: Intercom, path: str) -> None:
    said = {"type": "admin", "admin_id": str(AGENT), "message_type": "comment", "body": "Hello?"}
    intercom.post(f"{path}/reply", {**said, "skip_notifications": True})


def tag(intercom: Intercom, path: str) -> None:
    made = intercom.post("/tags", {"name": "urgent"})
    intercom.post(f"{path}/tags", {"id": made["id"], "admin_id": str(AGENT)})


def assign(intercom: Intercom, path: str) -> None:
    to = {"message_type": "assignment", "type": "team", "admin_id": str(AGENT), "assignee_id": "5"}
    intercom.post(f"{path}/parts", to)


def reopen(intercom: Intercom, path: str) -> None:
    intercom.post(f"{path}/parts", {"message_type": "open", "admin_id": str(AGENT)})


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (comment, r"part \d+ \(open\) by admin Agent \(2\)"),
        (tag, "tag 'urgent'"),
        (assign, "it is assigned to team 5, not nobody"),
        (reopen, "it is open, not closed"),
    ],
)
def test_what_others_do_to_an_item_stops_the_run_and_is_named(
    desk: Desk, intercom: Intercom, act: Any, words: str
) -> None:
    desk.planned()
    with (
        misbehaving(desk.url, meddling(intercom, act, at=1)) as proxy,
        pytest.raises(RefusedError) as caught,
    ):
        desk.load(url=proxy.url, guards=EACH)
    text = str(caught.value)
    assert re.search(r"conversation \d+ \(Intercom \d+\): ", text)
    assert re.search(words, text), text
    assert "--ignore-foreign" in text
    assert intercom.counts["conversations"] < 6, "it stops before the end"
    assert desk.load(guards=EACH).done == 6, "what is silenced goes on where it was"


def test_ignoring_it_goes_on_to_the_end(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    with misbehaving(desk.url, meddling(intercom, comment)) as proxy:
        loaded = desk.load(url=proxy.url, guards=Guards(canary=False, ignore_foreign=True))
    assert loaded.done == 6


def test_its_reads_are_counted_apart_from_what_was_planned(desk: Desk) -> None:
    planned = desk.planned()
    loaded = desk.load(guards=EACH)
    assert loaded.read_back == 6
    assert loaded.calls == planned + loaded.preflight + 6


def test_after_the_first_ones_it_reads_every_so_many_back(desk: Desk) -> None:
    desk.planned()
    assert desk.load(guards=Guards(canary=False, first=1, every=3)).read_back == 3


def test_items_are_read_when_their_time_has_come_and_the_run_waits_for_the_last(desk: Desk) -> None:
    desk.planned()
    now = [1_800_000_000.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    loaded = desk.load(guards=Guards(canary=False, after=300.0), clock=lambda: now[0], sleep=sleep)
    assert (loaded.done, loaded.read_back) == (6, 6)
    assert now[0] == pytest.approx(1_800_000_300.0)


def test_every_form_of_what_is_loaded_is_ours(desk: Desk, tmp_path: Path) -> None:
    desk.change_mapping("assign: open", "assign: all")
    desk.plan("all.plan")
    assert desk.load("all.plan", guards=EACH).done == 6
