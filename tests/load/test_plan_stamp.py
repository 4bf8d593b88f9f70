"""A plan is hashed once, and again whenever its file may have changed."""

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deskferry.load import open_calls, plan_file, plan_stamp
from deskferry.load.backlog import Backlog
from deskferry.load.plan_stamp import stamp_of
from deskferry.schemas.errors import RefusedError

from .conftest import Desk


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The times a plan was hashed. Its file counts as old at once."""
    times: list[Path] = []
    real = plan_file._own_digest

    def counting(path: Path, connection: sqlite3.Connection, meta: dict[str, object]) -> str:
        times.append(path)
        return real(path, connection, meta)

    monkeypatch.setattr(plan_file, "_own_digest", counting)
    monkeypatch.setattr(plan_stamp, "_YOUNG", 0)
    return times


def test_a_plan_that_was_loaded_once_is_not_hashed_again(desk: Desk, hashed: list[Path]) -> None:
    desk.planned()
    assert desk.load().done == 6
    assert len(hashed) == 1
    assert desk.load().calls == 0
    assert desk.verify().differences == ()
    assert len(hashed) == 1


def test_a_plan_that_is_edited_after_a_load_is_refused_even_with_its_old_size_and_date(
    desk: Desk, hashed: list[Path]
) -> None:
    desk.planned()
    desk.load()
    plan = desk.folder / "try.plan"
    before = plan.stat()
    with closing(sqlite3.connect(plan)) as connection, connection:
        connection.execute("update actions set customer_visible = 1 - customer_visible")
    os.utime(plan, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert plan.stat().st_size == before.st_size
    with pytest.raises(RefusedError, match="the plan itself changed"):
        desk.load()
    assert len(hashed) == 2


def test_what_may_change_without_a_trace_is_not_remembered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.planned()
    plan = desk.folder / "try.plan"
    assert stamp_of(plan, "d") is None, "a coarse clock may not show a change of the next second"
    monkeypatch.setattr(plan_stamp, "_YOUNG", 0)
    assert stamp_of(plan, "d") is not None
    plan.with_name("try.plan-wal").touch()
    assert stamp_of(plan, "d") is None, "what is written lies in another file"


def test_walking_in_steps_finds_what_looking_up_each_call_finds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.planned()
    desk.load()
    (ledger,) = desk.folder.glob("*.ledger")
    plan = desk.folder / "try.plan"
    query = (
        "select a.phase, a.seq, r.state is null or r.state = 'sending'"
        " from plan.actions as a left join rows as r"
        " on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part"
        " where r.state is null or r.state = 'sending' or r.plan_digest = 'other' order by a.phase, a.seq"
    )
    for seed in range(40):
        chance = random.Random(seed)
        monkeypatch.setattr(open_calls, "_RANGE", chance.randint(1, 7))
        with closing(sqlite3.connect(ledger.as_uri(), uri=True)) as connection:
            Backlog(connection, plan)
            for row in connection.execute("select kind, key, step, part from rows").fetchall():
                change = chance.choice(["delete from rows", "update rows set state = 'sending'"])
                change = chance.choice([change, "update rows set plan_digest = 'other', state = 'done'"])
                if chance.random() < chance.choice([0.02, 0.5]):
                    connection.execute(f"{change} where kind = ? and key = ? and step = ? and part = ?", row)
            open_calls.find_open_calls(connection)
            found = connection.execute("select * from temp.open_calls order by phase, seq").fetchall()
            assert found == connection.execute(query).fetchall()
