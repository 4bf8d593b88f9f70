"""A canary goes before the bulk: what is done to it stops the run, and nothing of it stays."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.canary_nest import METRICS
from deskferry.load.guards import Guards
from deskferry.load.ledger_file import read_ledger
from deskferry.schemas.errors import InputError, RefusedError

from .conftest import Desk, Fault, Intercom, misbehaving, running

CANARY = Guards(first=0, every=0)
READS = 12  # more than a preflight without a canary makes


def left_of_canaries(intercom: Intercom) -> list[Any]:
    """Everything of a canary that still stands there."""
    query = {"field": "name", "operator": "~", "value": "canary"}
    contacts: list[Any] = intercom.post("/contacts/search", {"query": query})["data"]
    conversations = intercom.get("/conversations?per_page=150")["conversations"]
    return contacts + [one for one in conversations if one["title"] == "deskferry canary"]


def fact(ledger: Path, name: str) -> str:
    with read_ledger(ledger) as connection:
        found = connection.execute("select value from meta where name = ?", (name,)).fetchone()
    return "" if found is None else str(found[0])


@pytest.fixture
def busy(tmp_path: Path, prepared: Path) -> Iterator[Intercom]:
    """A sandbox whose workflow somebody forgot."""
    (tmp_path / "busy").mkdir()
    shutil.copy(prepared / "intercom.sqlite", tmp_path / "busy")
    with running(tmp_path / "busy" / "intercom.sqlite", live_workflow=True) as intercom:
        yield intercom


def test_it_gets_every_kind_of_call_and_nothing_of_it_stays(desk: Desk, intercom: Intercom) -> None:
    planned = desk.planned()
    loaded = desk.load(guards=CANARY)
    assert loaded.done == 6
    assert loaded.calls == planned + loaded.preflight
    log = intercom.get("/_sandbox/requests")["requests"]
    about = [one["path"] for one in log if one["method"] == "DELETE"]
    (number,) = {match[1] for path in about if (match := re.match(r"/conversations/(\d+)", path))}
    kinds = {(one["method"], one["path"].rpartition(number)[2]) for one in log if f"/{number}" in one["path"]}
    assert {("POST", "/reply"), ("PUT", ""), ("POST", "/tags"), ("POST", "/parts"), ("GET", "")} <= kinds
    assert left_of_canaries(intercom) == []
    counts = intercom.counts
    assert (counts["conversations"], counts["contacts"], counts["notifications"]) == (6, 3, 0)
    assert fact(loaded.ledger, METRICS) == "yes"
    assert desk.verify().differences == ()


def test_it_has_no_address_and_the_mark_that_campaigns_leave_out(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load(guards=CANARY)
    log = intercom.get("/_sandbox/requests")["requests"]
    (made,) = [one["body"] for one in log if one["path"] == "/contacts" and "canary" in one["body"]]
    assert "email" not in made.replace("unsubscribed_from_emails", "")
    assert "phone" not in made
    assert '"imported_from":"zendesk"' in made


def test_a_workflow_that_is_still_on_stops_the_run_before_a_single_item(desk: Desk, busy: Intercom) -> None:
    desk.planned()
    with pytest.raises(RefusedError) as caught:
        desk.load(url=busy.url, guards=CANARY)
    assert re.search(r"conversation \d+: part \d+ \(comment\) by bot", str(caught.value))
    assert "--ignore-foreign" in str(caught.value)
    assert busy.counts["conversations"] == busy.counts["contacts"] == 0, "the canary is deleted all the same"
    assert left_of_canaries(busy) == []
    busy.stop()
    with running(desk.folder / "busy" / "intercom.sqlite") as silenced:
        assert desk.load(url=silenced.url, guards=CANARY).done == 6


def test_what_others_do_can_be_ignored_with_a_warning(desk: Desk, busy: Intercom) -> None:
    desk.planned()
    assert desk.load(url=busy.url, guards=Guards(first=0, every=0, ignore_foreign=True)).done == 6


def test_without_a_canary_nothing_goes_before_the_bulk(desk: Desk, busy: Intercom) -> None:
    desk.planned()
    loaded = desk.load(url=busy.url, guards=Guards(canary=False, first=0, every=0))
    assert (loaded.done, loaded.preflight < READS) == (6, True)


def test_one_that_came_back_holds_for_the_runs_that_follow_soon(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    stop = stopping_at(2)
    with misbehaving(desk.url, stop) as proxy, pytest.raises(InputError):
        desk.load(url=proxy.url, guards=CANARY)
    again = desk.load(guards=CANARY)
    assert (again.done, again.preflight < READS) == (6, True)
    assert left_of_canaries(intercom) == []


def stopping_at(number: int) -> Fault:
    """The token is withdrawn at the planned conversation of that number."""
    seen = 0

    def fault(method: str, path: str, _number: int) -> str | None:
        nonlocal seen
        seen += (method, path) == ("POST", "/conversations")
        return "forbidden" if seen > number else None

    return fault


@pytest.mark.parametrize("number", [1, 2, 3, 5, 9, 12])
def test_a_crash_anywhere_in_it_leaves_none_behind(desk: Desk, intercom: Intercom, number: int) -> None:
    desk.planned()
    first = 0

    def fault(method: str, path: str, seen: int) -> str | None:
        nonlocal first
        first = first or (seen if (method, path) == ("POST", "/contacts") else 0)
        return "drop" if first and seen >= first + number - 1 else None

    class Killed(BaseException):
        """Nothing may catch it."""

    def die(_seconds: float) -> None:
        raise Killed

    with misbehaving(desk.url, fault) as proxy, suppress(Killed, InputError):
        desk.load(url=proxy.url, guards=CANARY, sleep=die)
    loaded = desk.load(guards=CANARY)
    assert loaded.done == 6
    assert left_of_canaries(intercom) == []
    assert (intercom.counts["conversations"], intercom.counts["contacts"]) == (6, 3)


@pytest.mark.parametrize("what", ["drop", "error", "broken", "error_unsent"])
def test_lost_answers_to_it_cost_nothing_and_leave_nothing(desk: Desk, intercom: Intercom, what: str) -> None:
    desk.planned()
    hit: set[str] = set()

    def fault(method: str, path: str, _number: int) -> str | None:
        name = f"{method} {re.sub('[0-9a-f]{6,}|[0-9]+', 'N', path)}"
        if method == "GET" or name in hit or "attributes" in path or path == "/tags":
            return None
        hit.add(name)
        return what

    with misbehaving(desk.url, fault) as proxy:
        loaded = desk.load(url=proxy.url, guards=CANARY)
    assert loaded.done == 6
    assert left_of_canaries(intercom) == []
    assert (intercom.counts["conversations"], intercom.counts["contacts"]) == (6, 3)


def test_a_token_that_may_not_clean_reports_is_said_and_noted(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    fault = only("forbidden", lambda method, path: method == "DELETE" and "retain_metrics=false" in path)
    with misbehaving(desk.url, fault) as proxy:
        loaded = desk.load(url=proxy.url, guards=CANARY)
    assert loaded.done == 6
    assert fact(loaded.ledger, METRICS).startswith("403 ")
    assert left_of_canaries(intercom) == [], "then it is deleted and its metrics stay"


def test_a_call_that_is_refused_stops_the_run_in_the_targets_words(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    with (
        misbehaving(desk.url, only("reject", lambda _, path: path.endswith("/reply"))) as proxy,
        pytest.raises(RefusedError, match=r"POST /conversations/\d+/reply was refused: .*body is no good"),
    ):
        desk.load(url=proxy.url, guards=CANARY)
    assert intercom.counts["conversations"] == intercom.counts["contacts"] == 0


def test_dates_that_are_not_kept_are_seen_by_it(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    with closing(sqlite3.connect(desk.folder / "intercom.sqlite")) as state:
        state.execute(
            "create trigger today after insert on parts when new.part_type = 'note' begin"
            " update parts set created_at = made_at where id = new.id; end"
        )
        state.commit()
    with pytest.raises(RefusedError, match="its note does not stand there at the second it was sent with"):
        desk.load(guards=CANARY)


def only(what: str, when: Callable[[str, str], bool]) -> Fault:
    return lambda method, path, _number: what if when(method, path) else None
