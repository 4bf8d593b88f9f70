"""What goes wrong once and is put right by waiting, or by running it again."""

import contextlib
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from deskferry.load.guards import UNGUARDED
from deskferry.load.manner import Bounds
from deskferry.load.replay import load
from deskferry.load.target import open_target
from deskferry.schemas.errors import InputError, RefusedError

from .conftest import Desk, Intercom, misbehaving

UPDATE = r"PUT /conversations/\d+"
NOTE = re.compile(r"POST /conversations/\d+/reply")


def once(pattern: str, *faults: str) -> Callable[[str, str, int], str | None]:
    """These faults for the first calls that look like that, one each; then none."""
    left = list(faults)

    def fault(method: str, path: str, _number: int) -> str | None:
        return left.pop(0) if left and re.fullmatch(pattern, f"{method} {path}") else None

    return fault


def test_the_settle_time_counts_from_the_last_time_a_call_left(desk: Desk, intercom: Intercom) -> None:
    """A 429 is waited out, and the answer to the repeated call is lost: the first sending tells nothing."""
    desk.planned()
    now = [1_800_000_000.0]
    left: list[float] = []
    looked: list[float] = []

    def fault(method: str, path: str, _number: int) -> str | None:
        if (method, path) == ("POST", "/conversations/search"):
            looked.append(now[0])
        if (method, path) == ("POST", "/conversations") and len(left) < 2:
            left.append(now[0])
            return ("limited", "drop")[len(left) - 1]
        return None

    def sleep(seconds: float) -> None:
        now[0] += seconds

    with misbehaving(desk.url, fault) as proxy:
        one = Bounds(workers=1)
        loaded = desk.load(url=proxy.url, settle=5.0, bounds=one, clock=lambda: now[0], sleep=sleep)
    assert left[1] > left[0]
    assert looked[0] - left[1] >= 5
    assert (loaded.done, intercom.counts["conversations"]) == (6, 6)


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("error_unsent", "POST /contacts"),
        ("page", "POST /contacts"),
        *[(fault, call) for fault in ("error_unsent", "page", "absent") for call in (UPDATE, NOTE.pattern)],
    ],
)
def test_a_target_that_was_at_fault_is_asked_again_by_the_next_run(
    desk: Desk, intercom: Intercom, undisturbed: list[object], fault: str, pattern: str
) -> None:
    desk.planned()
    with misbehaving(desk.url, once(pattern, *[fault] * 6)) as proxy:
        first = desk.load(url=proxy.url)
    assert len(proxy.faults) >= 5
    again = desk.load()
    assert (again.done, again.failed, again.in_doubt) == (6, 0, 0), first
    assert intercom.content() == undisturbed
    assert desk.verify().differences == ()


def test_what_was_refused_is_sent_again_when_somebody_asks(
    desk: Desk, intercom: Intercom, undisturbed: list[object]
) -> None:
    desk.planned()
    with misbehaving(desk.url, once(NOTE.pattern, "reject", "reject")) as proxy:
        assert desk.load(url=proxy.url).failed == 2
    assert desk.load(url=proxy.url).calls == 0
    asked = desk.load(only_failed=True)
    assert (asked.done, asked.failed) == (6, 0)
    assert intercom.content() == undisturbed


def test_asking_for_what_failed_sends_nothing_else(desk: Desk, intercom: Intercom) -> None:
    desk.plan(tickets=[1])
    with misbehaving(desk.url, once(NOTE.pattern, "reject")) as proxy:
        assert desk.load(url=proxy.url).failed == 1
    desk.plan(replace=True)
    assert desk.load(only_failed=True).done == 1
    assert intercom.counts["conversations"] == 1


def test_another_payload_is_sent_after_a_refused_one(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    with misbehaving(desk.url, once(NOTE.pattern, "reject")) as proxy:
        assert desk.load(url=proxy.url).failed == 1
    text = desk.mapping.read_text().replace("timezone: UTC", "timezone: Europe/Oslo")
    desk.mapping.write_text(text)
    desk.plan(replace=True)
    assert desk.load().failed == 0
    assert intercom.counts["conversations"] == 6


def test_a_conversation_that_is_slow_to_appear_is_not_called_gone(
    desk: Desk, undisturbed: list[object], intercom: Intercom
) -> None:
    lost = once(NOTE.pattern, "drop")
    late = once(r"GET /conversations/\d+", "absent")
    desk.planned()
    with misbehaving(desk.url, lambda *call: lost(*call) or late(*call)) as proxy:
        loaded = desk.load(url=proxy.url)
    assert [fault for fault, *_ in proxy.faults] == ["drop", "absent"]
    assert (loaded.done, loaded.failed) == (6, 0)
    assert intercom.content() == undisturbed


@pytest.mark.parametrize(
    "pattern", [r"GET /conversations/\d+", "POST /conversations/search", NOTE.pattern, "GET /tags"]
)
def test_an_answer_of_another_shape_is_one_line_or_asked_again(
    desk: Desk, intercom: Intercom, pattern: str
) -> None:
    lost = once(NOTE.pattern + "|POST /conversations", "drop", "drop")
    odd = once(pattern, *["odd"] * 9)
    desk.planned()
    with (
        misbehaving(desk.url, lambda *call: lost(*call) or odd(*call)) as proxy,
        contextlib.suppress(InputError),
    ):
        desk.load(url=proxy.url)
    assert desk.load().done == 6
    assert desk.verify().differences == ()
    assert intercom.counts["conversations"] == 6


def test_a_plan_that_was_moved_does_not_load_everything_again(
    desk: Desk, intercom: Intercom, tmp_path: Path
) -> None:
    desk.planned()
    assert desk.load().done == 6
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(desk.folder / "try.plan", elsewhere)
    moved = Desk(elsewhere, desk.dataset, desk.url, desk.prepared, desk.waits)
    with pytest.raises(RefusedError, match=r"imported before, but this ledger is new.*--ledger"):
        moved.load()
    assert intercom.counts["conversations"] == 6
    (ledger,) = desk.folder.glob("*.ledger")
    assert moved.load(ledger=ledger).calls == 0


@pytest.mark.parametrize(
    "statement",
    [
        "delete from actions where key = '2' and step = 'note'",
        "delete from needs",
        "update actions set customer_visible = 0",
        "insert into refused values (999, 'because')",
        "update actions set phase = 2 where phase = 1",
    ],
)
def test_a_plan_that_was_edited_is_refused(desk: Desk, statement: str) -> None:
    desk.planned()
    with sqlite3.connect(desk.folder / "try.plan") as plan:
        plan.execute(statement)
    plan.close()
    with pytest.raises(RefusedError, match="the plan itself changed"):
        desk.load()


def test_a_token_that_the_target_repeats_is_in_no_message_and_no_ledger(desk: Desk) -> None:
    secret = "dG9rOmEtdmVyeS1zZWNyZXQtb25l"
    desk.planned()
    with (
        misbehaving(desk.url, once(NOTE.pattern, "echo")) as proxy,
        open_target(
            proxy.url, beside=desk.folder, workspace_name=None, environ={"INTERCOM_ACCESS_TOKEN": secret}
        ) as target,
    ):
        loaded = load(
            desk.folder / "try.plan", target=target, settle=0.0, guards=UNGUARDED, sleep=desk.waits.append
        )
    assert "bad Bearer [token]" in loaded.failures[0].error
    assert all(secret.encode() not in path.read_bytes() for path in desk.folder.glob("*.ledger*"))
