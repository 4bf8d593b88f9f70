"""A look before a load: what it finds, and that nothing is sent but reads."""

from pathlib import Path
from typing import Any

import pytest

from deskferry.load.dry_run import Look, look
from deskferry.load.guards import Guards
from deskferry.schemas.errors import InputError

from .conftest import Desk, Intercom, misbehaving


def looked(desk: Desk, name: str = "try.plan", *, url: str | None = None, **more: Any) -> Look:
    with desk.target(url) as target:
        return look(desk.folder / name, target=target, guards=Guards(), sleep=desk.waits.append, **more)


def test_it_counts_what_is_left_and_writes_nothing_anywhere(desk: Desk, intercom: Intercom) -> None:
    planned, requests = desk.planned(), intercom.counts["requests"]
    before = sorted(path.name for path in desk.folder.iterdir())
    found = looked(desk)
    assert (found.refusals, found.warnings, found.calls) == ([], [], planned)
    assert found.workspace["name"] == "Rehearsal"
    assert found.by_kind["conversation"] == 6
    assert sorted(path.name for path in desk.folder.iterdir()) == before
    log = intercom.get("/_sandbox/requests")["requests"]
    assert len(log) == requests + found.reads
    assert {one["method"] for one in log[requests:] if not one["path"].endswith("/search")} == {"GET"}
    desk.load()
    after = looked(desk)
    assert (after.left, after.calls, after.refusals) == (0, 0, [])


def test_it_names_everything_the_token_may_not_read(desk: Desk) -> None:
    desk.planned()

    def fault(_method: str, path: str, _number: int) -> str | None:
        return "forbidden" if path.startswith(("/teams", "/contacts/search")) else None

    with misbehaving(desk.url, fault) as proxy:
        found = looked(desk, url=proxy.url)
    assert [clause.partition(" (")[0] for clause in found.refusals] == [
        "the token may not read teams",
        "the token may not read contacts",
    ]
    assert "required scope (some_scope)" in found.refusals[0]


def test_a_load_names_all_of_them_too_before_it_sends_anything(desk: Desk, intercom: Intercom) -> None:
    desk.planned()

    def fault(_method: str, path: str, _number: int) -> str | None:
        return "forbidden" if path in ("/teams", "/tags") else None

    with (
        misbehaving(desk.url, fault) as proxy,
        pytest.raises(InputError, match=r"may not read teams \(GET /teams: .*some_scope.*; tags \(GET /tags"),
    ):
        desk.load(url=proxy.url)
    assert intercom.counts["contacts"] == 0


def test_what_is_in_the_way_is_listed_all_at_once(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    made = {"name": "imported_from", "model": "contact", "data_type": "integer"}
    intercom.post("/data_attributes", made)
    found = looked(desk, least_free=1 << 62)
    assert len(found.refusals) == 2
    assert "the disk has" in found.refusals[0]
    assert "contact_attribute imported_from is integer, not string" in found.refusals[1]


def test_a_target_that_is_not_there_is_told_with_the_rest(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    intercom.stop()
    found = looked(desk)
    assert found.workspace == {}
    assert any("cannot reach" in clause for clause in found.refusals)


def test_a_ledger_of_others_is_in_the_way(desk: Desk, tmp_path: Path) -> None:
    desk.planned()
    (tmp_path / "notes.ledger").write_text("no ledger")
    with pytest.raises(InputError):
        looked(desk, ledger=tmp_path / "notes.ledger")
