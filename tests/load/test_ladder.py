"""The ladder before a real workspace: its name, what is silent, a sample, a verification, then all.

A server on this machine that says it is in region eu stands for the real one.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deskferry.load import ladder
from deskferry.load.client import Call
from deskferry.load.guards import UNGUARDED
from deskferry.load.ladder import last_verified, note_verified
from deskferry.load.ledger_file import read_ledger
from deskferry.load.plan_file import open_plan
from deskferry.load.replay import LoadResult, load
from deskferry.load.silenced import require_silence, silence_warnings
from deskferry.load.target import open_target
from deskferry.schemas.errors import RefusedError
from deskferry.schemas.progress import Silent
from deskferry.schemas.silence import SWITCHES, Silence, read_silence, wanted_state

from .conftest import Desk, running

TODAY = datetime.now(UTC).date()


class Warnings(Silent):
    """What a run warns of."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def warn(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def real(tmp_path: Path, desk: Desk, prepared: Path) -> Iterator[Desk]:
    """The migration into a workspace with customers, four items at most before a verification."""
    (tmp_path / "real").mkdir()
    shutil.copy(prepared / "intercom.sqlite", tmp_path / "real")
    with closing(sqlite3.connect(tmp_path / "real" / "intercom.sqlite")) as state:
        state.execute("update workspace set region = 'EU'")
        state.commit()
    with running(tmp_path / "real" / "intercom.sqlite") as intercom:
        desk.url = intercom.url
        yield desk


@pytest.fixture(autouse=True)
def short_ladder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "SAMPLE", 4)


def silent(folder: Path, *, day: date = TODAY, **states: str) -> Silence:
    """A file in which all is as it should be but for these states."""
    lines = [
        f'{name}: {{state: "{states.get(name, wanted_state(name))}", checked_by: Kim, date: "{day}"}}'
        for name in SWITCHES
    ]
    (folder / "silence.yaml").write_text("\n".join(["type: silence", "format: 1", *lines]) + "\n")
    return read_silence(folder / "silence.yaml")


def load_real(desk: Desk, name: str, *, workspace_name: str | None = "Rehearsal", **more: Any) -> LoadResult:
    options: dict[str, Any] = {"settle": 0.0, "guards": UNGUARDED, **more}
    with open_target(desk.url, beside=desk.folder, workspace_name=workspace_name, environ={}) as target:
        return load(desk.folder / name, target=target, **options)


def verified(desk: Desk, name: str, ledger: Path, *, differences: int = 0) -> None:
    with open_plan(desk.folder / name) as plan:
        note_verified(ledger, plan, checked=7, differences=differences, now=1.0)


def test_a_sample_then_its_verification_then_all(real: Desk) -> None:
    silence = silent(real.folder)
    real.plan("some.plan", limit=4, silence=silence)
    real.plan("all.plan", silence=silence)
    with pytest.raises(RefusedError, match=r"6 conversations and tickets .* at most 4 .* --no-sample"):
        load_real(real, "all.plan")
    loaded = load_real(real, "some.plan")
    assert loaded.done == 4
    verified(real, "some.plan", loaded.ledger, differences=1)
    with pytest.raises(RefusedError, match="at most 4 until"):
        load_real(real, "all.plan")
    verified(real, "some.plan", loaded.ledger)
    assert load_real(real, "all.plan").done == 6


def test_what_is_yet_to_be_loaded_takes_no_permission_away_and_what_is_gone_does(real: Desk) -> None:
    silence = silent(real.folder)
    real.plan("some.plan", limit=4, silence=silence)
    real.plan("all.plan", silence=silence)
    loaded = load_real(real, "some.plan")
    with closing(sqlite3.connect(loaded.ledger)) as ledger, ledger:
        last = "kind = 'conversation' and key = (select max(key) from rows where kind = 'conversation')"
        (id_,) = ledger.execute(f"select target_id from rows where {last} and step = 'create'").fetchone()
        ledger.execute(f"update rows set state = 'sending' where {last} and step = 'update'")
    early = real.verify("all.plan", settle=0.0)
    assert (len(early.differences) > 2, early.standing) == (True, 0)
    with open_plan(real.folder / "all.plan") as plan, read_ledger(loaded.ledger) as ledger:
        found = last_verified(ledger)
        assert found is not None
        assert found.stands_for(plan)
    with real.target() as target:
        target.client().send(Call("DELETE", f"/conversations/{id_}"))
    assert real.verify("all.plan", settle=0.0).standing > 0
    with pytest.raises(RefusedError, match="at most 4 until"):
        load_real(real, "all.plan")


def test_small_plans_one_after_the_other_climb_no_ladder(real: Desk) -> None:
    silence = silent(real.folder)
    real.plan("one.plan", tickets=[1, 2, 3], silence=silence)
    real.plan("two.plan", tickets=[4, 5, 6], silence=silence)
    assert load_real(real, "one.plan").done == 3
    with pytest.raises(RefusedError, match="6 conversations and tickets"):
        load_real(real, "two.plan")


def test_another_mapping_must_be_verified_anew(real: Desk) -> None:
    silence = silent(real.folder)
    real.plan("some.plan", limit=4, silence=silence)
    loaded = load_real(real, "some.plan")
    verified(real, "some.plan", loaded.ledger)
    real.change_mapping("assign: open", "assign: none")
    real.plan("all.plan", silence=silence)
    with pytest.raises(RefusedError, match="until a run with this mapping and these templates is verified"):
        load_real(real, "all.plan")


def test_the_ladder_can_be_left_out(real: Desk) -> None:
    real.plan(silence=silent(real.folder))
    assert load_real(real, "try.plan", no_sample=True).done == 6


def test_a_sample_that_was_not_rehearsed_is_warned_of(real: Desk) -> None:
    real.plan(limit=2, silence=silent(real.folder))
    progress = Warnings()
    assert load_real(real, "try.plan", progress=progress).done == 2
    assert [text for text in progress.said if "not rehearsed" in text]


def test_the_name_is_asked_for_where_it_can_be_and_must_be_the_right_one(real: Desk) -> None:
    real.plan(limit=2, silence=silent(real.folder))
    with pytest.raises(RefusedError, match='Add --workspace "Rehearsal"'):
        load_real(real, "try.plan", workspace_name=None)
    with pytest.raises(RefusedError, match='not for "Production"'):
        load_real(real, "try.plan", workspace_name=None, ask_name=lambda _: "Production")
    asked: list[str] = []

    def typed(workspace: Any) -> str:
        asked.append(workspace["name"])
        return "Rehearsal"

    assert load_real(real, "try.plan", workspace_name=None, ask_name=typed).done == 2
    assert asked == ["Rehearsal"]


def test_a_plan_without_a_word_on_silence_is_not_loaded_into_a_real_workspace(real: Desk) -> None:
    real.plan(limit=2)
    with pytest.raises(RefusedError, match=r"real one.*workflows.*prevent_replies.*deskferry silence init"):
        load_real(real, "try.plan")
    real.plan(limit=2, no_silence="it is not live yet", replace=True)
    progress = Warnings()
    assert load_real(real, "try.plan", progress=progress).done == 2
    assert [text for text in progress.said if "it is not live yet" in text]


def test_every_open_switch_is_named(real: Desk) -> None:
    real.plan(limit=2, silence=silent(real.folder, csat="on", identity_verification="off"))
    with pytest.raises(RefusedError) as caught:
        load_real(real, "try.plan")
    text = str(caught.value)
    assert "2 of 10 switches" in text
    assert "csat (on, not off, line 7)" in text
    assert "identity_verification (off, not on, line 11)" in text
    assert "fin (" not in text


def test_a_file_that_changed_since_the_plan_is_refused(real: Desk) -> None:
    real.plan(limit=2, silence=silent(real.folder))
    silent(real.folder, workflows="not used")
    with pytest.raises(RefusedError, match="the silence changed since the plan was made"):
        load_real(real, "try.plan")
    (real.folder / "silence.yaml").unlink()
    with pytest.raises(RefusedError, match="the silence this plan was made from is gone"):
        load_real(real, "try.plan")


def test_a_check_that_is_old_is_warned_of_and_no_refusal(real: Desk) -> None:
    real.plan(limit=2, silence=silent(real.folder, day=TODAY - timedelta(days=20)))
    progress = Warnings()
    assert load_real(real, "try.plan", progress=progress).done == 2
    (old,) = [text for text in progress.said if "more than 14 days ago" in text]
    assert "workflows" in old


def test_a_sandbox_needs_no_word_on_silence_and_is_told_of_open_switches(desk: Desk) -> None:
    open_ = silent(desk.folder, fin="on")
    workspace = {"name": "Sandbox", "region": "sandbox"}
    require_silence(workspace, open_, reason=None)
    (warning,) = silence_warnings(open_, workspace=workspace, reason=None, today=TODAY)
    assert "fin (on, not off" in warning


def test_a_file_about_another_workspace_is_refused(real: Desk) -> None:
    silence = silent(real.folder)
    path = real.folder / "silence.yaml"
    path.write_text(path.read_text() + "workspace: Acme TEST\n")
    with pytest.raises(RefusedError, match=r'silence\.yaml:\d+: is about workspace "Acme TEST", not "Acme"'):
        require_silence({"name": "Acme", "region": "eu"}, read_silence(path), reason="anyway")
    assert silence.workspace == ""
