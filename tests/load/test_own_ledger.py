"""A second ledger on the same workspace and account is refused, however young the first load is."""

import contextlib
import shutil
from pathlib import Path

import pytest

from deskferry.schemas.errors import RefusedError

from .conftest import Desk, Intercom, misbehaving, running

REFUSED = r"imported before, but this ledger is new.*--ledger.*ledger rebuild.*--new-ledger"


def lose(desk: Desk) -> None:
    for file in desk.folder.glob("*.ledger*"):
        file.unlink()


def test_a_ledger_lost_a_moment_ago_is_missed_though_no_search_shows_anything(
    tmp_path: Path, prepared: Path, desk: Desk
) -> None:
    desk.planned()
    (tmp_path / "slow").mkdir()
    shutil.copy(prepared / "intercom.sqlite", tmp_path / "slow")
    with running(tmp_path / "slow" / "intercom.sqlite", search_lag=600.0) as slow:
        desk.url = slow.url
        desk.load()
        before = slow.content()
        lose(desk)
        for _ in range(2):  # the second run finds no trace of the first
            with pytest.raises(RefusedError, match=REFUSED):
                desk.load()
        assert slow.content() == before
        assert desk.load(new_ledger=True).done == 6


def test_people_anywhere_in_the_plan_are_looked_at(desk: Desk, intercom: Intercom) -> None:
    """The earlier load took another ticket than this plan begins with."""
    desk.plan("late.plan", tickets=[4])
    desk.load("late.plan")
    lose(desk)
    desk.planned()
    with pytest.raises(RefusedError, match=REFUSED):
        desk.load()
    assert intercom.counts["conversations"] == 1


def test_an_answer_of_ours_that_was_lost_is_no_other_ledger(desk: Desk, intercom: Intercom) -> None:
    dropped: set[str] = set()

    def fault(method: str, path: str, _number: int) -> str | None:
        if (method, path) == ("POST", "/contacts") and path not in dropped:
            dropped.add(path)
            return "drop"
        return None

    desk.planned()
    with misbehaving(intercom.url, fault) as proxy:
        assert desk.load(url=proxy.url).done == 6
    assert desk.verify().differences == ()
    assert intercom.counts["contacts"] == 3


def test_a_run_that_died_before_the_answer_is_no_other_ledger(desk: Desk, intercom: Intercom) -> None:
    """Its contact stands as `sending`: the next run finds it made, and takes it."""

    class Dies(Exception):
        pass

    def dies(_seconds: float) -> None:
        raise Dies

    first = True

    def fault(method: str, path: str, _number: int) -> str | None:
        nonlocal first
        if (method, path) == ("POST", "/contacts") and first:
            first = False
            return "drop"
        return None

    desk.planned()
    with misbehaving(intercom.url, fault) as proxy, contextlib.suppress(Dies):
        desk.load(url=proxy.url, sleep=dies)
    assert intercom.counts["contacts"] == 1
    assert desk.load().done == 6
    assert intercom.counts["contacts"] == 3


def test_what_others_made_is_taken_over(desk: Desk, intercom: Intercom) -> None:
    intercom.post("/contacts", {"role": "user", "email": "anna@x.test", "external_id": "A-1"})
    desk.planned()
    assert desk.load().done == 6
