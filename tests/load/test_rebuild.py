"""A lost ledger is made anew from what the workspace shows; the load goes on, and nothing stands twice."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.action import Kind
from deskferry.load.ledger_file import read_ledger
from deskferry.load.rebuild import Rebuilt, rebuild
from deskferry.schemas.errors import InputError, RefusedError
from deskferry.templates.clean import text_of

from .conftest import Desk, Intercom, misbehaving, running


def rebuilt(desk: Desk, name: str = "try.plan", **more: Any) -> Rebuilt:
    with desk.target() as target:
        options = {"settle": 0.0, "sleep": desk.waits.append, **more}
        return rebuild(desk.folder / name, target=target, **options)


def lose(ledger: Path) -> None:
    for file in ledger.parent.glob(f"{ledger.name}*"):
        file.unlink()


def rows(ledger: Path) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """What matters of a ledger: each call with its hash, id and state, setup left out."""
    with read_ledger(ledger) as connection:
        found = connection.execute(
            "select kind, key, step, part, payload_hash, target_id, origin, state from rows"
            " where kind in ('contact', 'conversation')"
        ).fetchall()
    return {row[:4]: row[4:] for row in found}


def stopped(desk: Desk, intercom: Intercom, after: int) -> Path:
    """A load that ends after so many writes that arrived: nobody answers from then on."""
    seen = 0

    def fault(method: str, _path: str, _number: int) -> str | None:
        nonlocal seen
        seen += method != "GET"
        return "refuse" if seen > after else None

    with misbehaving(intercom.url, fault) as proxy, pytest.raises(InputError, match="cannot reach"):
        desk.load(url=proxy.url)
    (ledger,) = desk.folder.glob("*.ledger")
    return ledger


def test_a_whole_ledger_comes_back_as_it_was(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    ledger = desk.load().ledger
    before = rows(ledger)
    lose(ledger)
    found = rebuilt(desk)
    assert (found.created, found.adopted, found.absent, found.unclear) == (
        {"contact": 3, "conversation": 6},
        {},
        {},
        (),
    )
    after = rows(ledger)
    ids = {key: row[1] for key, row in after.items() if row[1] is not None}
    assert {key: (row[0], *row[2:]) for key, row in after.items()} == {
        key: (row[0], *row[2:]) for key, row in before.items()
    }
    assert ids == {key: row[1] for key, row in before.items() if row[1] is not None}
    again = desk.load()
    assert (again.done, again.calls) == (6, 0)
    assert desk.verify().differences == ()


@pytest.mark.parametrize("after", [9, 19, 25, 34])
def test_a_ledger_lost_half_way_ends_with_each_ticket_once(
    desk: Desk, intercom: Intercom, undisturbed: list[Any], after: int
) -> None:
    desk.planned()
    lose(stopped(desk, intercom, after))
    found = rebuilt(desk)
    assert found.unclear == ()
    assert sum(found.absent.values()) > 0
    ended = desk.load()
    assert (ended.done, ended.failed, ended.in_doubt) == (6, 0, 0)
    assert desk.verify().differences == ()
    assert intercom.content() == undisturbed
    assert intercom.counts["contacts"] == 3


def test_an_older_copy_is_filled_up_and_nothing_else_is_touched(
    desk: Desk, intercom: Intercom, undisturbed: list[Any]
) -> None:
    desk.plan("one.plan", limit=2)
    ledger = desk.load("one.plan").ledger
    shutil.copy(ledger, desk.folder / "older")
    desk.planned()
    desk.load()
    lose(ledger)
    shutil.copy(desk.folder / "older", ledger)
    before = rows(ledger)
    with pytest.raises(RefusedError, match=r"only a lost ledger is rebuilt.*--fill"):
        rebuilt(desk)
    found = rebuilt(desk, fill=True)
    assert found.absent == {}
    assert rows(ledger).items() >= before.items()
    assert desk.load().calls == 0
    assert intercom.content() == undisturbed


def test_a_dry_run_counts_and_writes_nothing(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    ledger = desk.load().ledger
    lose(ledger)
    requests_before = intercom.counts["requests"]
    found = rebuilt(desk, dry_run=True)
    assert (found.created["conversation"], found.written) == (6, False)
    assert not ledger.exists()
    assert [path.name for path in desk.folder.glob(".*rebuilding*")] == []
    assert intercom.counts["requests"] - requests_before == found.calls


def test_what_search_does_not_know_yet_is_looked_for_again(
    tmp_path: Path, prepared: Path, desk: Desk, undisturbed: list[Any]
) -> None:
    """A load that ended a moment ago: its things show only once the search has had its time."""
    desk.planned()
    (tmp_path / "slow").mkdir()
    shutil.copy(prepared / "intercom.sqlite", tmp_path / "slow")
    with running(tmp_path / "slow" / "intercom.sqlite", search_lag=1.0) as slow:
        desk.url = slow.url
        lose(desk.load().ledger)
        found = rebuilt(desk, settle=1.5, sleep=time.sleep)
        assert found.absent == {}
        assert desk.load().calls == 0
        assert slow.content() == undisturbed


def test_several_that_could_be_it_are_named_and_none_is_sent(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    ledger = desk.load().ledger
    one = intercom.get("/conversations?per_page=150")["conversations"][0]
    number = one["custom_attributes"]["zendesk_id"]
    person = {"type": "user", "id": one["contacts"]["contacts"][0]["id"]}
    body = text_of(one["source"]["body"])
    twin = intercom.post("/conversations", {"from": person, "body": body, "created_at": one["created_at"]})[
        "conversation_id"
    ]
    lose(ledger)
    (failure,) = rebuilt(desk).unclear
    assert (failure.kind, failure.key) == (Kind.CONVERSATION, number)
    assert str(twin) in failure.error
    assert str(one["id"]) in failure.error
    ended = desk.load()
    assert (ended.failed, ended.done) == (1, 5)
    assert desk.load(only_failed=True).calls == 0


def test_a_contact_that_was_there_before_is_adopted(desk: Desk, intercom: Intercom) -> None:
    intercom.post("/contacts", {"role": "user", "email": "anna@x.test", "external_id": "A-1"})
    desk.planned()
    ledger = desk.load().ledger
    lose(ledger)
    found = rebuilt(desk)
    assert (found.adopted, found.created["contact"]) == ({"contact": 1}, 2)
    assert desk.load().calls == 0


def test_tags_that_people_took_away_do_not_bring_a_note_back(desk: Desk, intercom: Intercom) -> None:
    """What stands before our attributes in a thread was made, whatever became of it since."""
    desk.planned()
    ledger = desk.load().ledger
    one = next(
        item
        for item in intercom.get("/conversations?per_page=150")["conversations"]
        if item["title"] == "Subject 1"
    )
    parts = intercom.get(f"/conversations/{one['id']}")["conversation_parts"]["conversation_parts"]
    note = next(part for part in parts if part["part_type"] == "note")
    with sqlite3.connect(desk.folder / "intercom.sqlite") as state:
        state.execute("delete from parts where id = ?", (note["id"],))
    lose(ledger)
    rebuilt(desk)
    assert desk.load().calls == 0


def test_a_workspace_without_anything_of_ours_gives_an_empty_ledger(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    found = rebuilt(desk)
    assert (found.created, found.adopted) == ({}, {})
    assert found.absent == {"contact": 3, "conversation": 6}
    assert desk.load().done == 6
    assert desk.verify().differences == ()


@pytest.mark.parametrize("make", [lambda path: path.write_text("no ledger"), lambda path: path.touch()])
def test_another_file_is_no_lost_ledger_and_an_empty_one_is(
    desk: Desk, intercom: Intercom, make: Callable[[Path], object]
) -> None:
    desk.planned()
    path = desk.folder / "mine.ledger"
    make(path)
    if path.stat().st_size:
        with pytest.raises(RefusedError, match="cannot be read as one"):
            rebuilt(desk, ledger=path)
    else:
        assert rebuilt(desk, ledger=path).written
