"""What watches over a load, as a user meets it: a look before it, a canary, what is silent, the ladder."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from .conftest import Run, Sandbox

Demo = tuple[dict[str, Any], Path]


def test_a_workflow_that_somebody_forgot_stops_a_load_until_it_is_ignored(
    deskferry: Run, demo: Demo, sandbox: Callable[..., Sandbox]
) -> None:
    busy, files = sandbox("--live-workflow"), demo[0]["files"]
    plan = ("plan", files["dataset"], "--mapping", files["mapping"], "--to", busy.url, "-o", "a.plan")
    planned = deskferry(*plan, "--limit", "3")
    assert planned.code == 0, planned.err
    look = deskferry("load", "a.plan", "--to", busy.url, "--dry-run", "--json")
    assert (look.code, look.json["refusals"], look.json["by_kind"]["conversation"]) == (0, [], 3)
    assert busy.state()["conversations"] == 0
    refused = deskferry("load", "a.plan", "--to", busy.url)
    assert refused.code == 4
    assert "the canary was not left alone: conversation" in refused.err
    assert "by bot Operator" in refused.err
    state = busy.state()
    assert (state["conversations"], state["contacts"]) == (0, 0)
    assert deskferry("load", "a.plan", "--to", busy.url, "--ignore-foreign").code == 0


def test_into_a_real_workspace_go_only_plans_that_say_what_is_silent(
    deskferry: Run, demo: Demo, sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    first = sandbox(state=tmp_path / "eu.sqlite")
    first.process.terminate()
    first.process.wait(timeout=20)
    with closing(sqlite3.connect(first.state_file)) as state:
        state.execute("update workspace set region = 'EU'")
        state.commit()
    real, files = sandbox(state=first.state_file), demo[0]["files"]
    plan = ("plan", files["dataset"], "--mapping", files["mapping"], "--to", real.url, "-o", "a.plan")
    refused = deskferry(*plan, "--limit", "2")
    assert (refused.code, "workflows, assignment" in refused.err) == (4, True)
    assert json.loads(deskferry("silence", "init", "--json").out)["silence"] == "silence.yaml"
    open_ = deskferry(*plan, "--limit", "2", "--silence", "silence.yaml")
    assert (open_.code, "10 of 10 switches could be set off" in open_.err) == (4, True)
    text = (tmp_path / "silence.yaml").read_text()
    text = text.replace('checked_by: "", date: ""', 'checked_by: "Kim", date: "2026-01-02"')
    for was, is_ in (("{state: on,", "{state: not,"), ("{state: off,", "{state: on,"), ("not,", "off,")):
        text = text.replace(was, is_)
    (tmp_path / "silence.yaml").write_text(text)
    planned = deskferry(*plan, "--limit", "2", "--silence", "silence.yaml")
    assert planned.code == 0, planned.err
    assert "looked at more than 14 days ago" in planned.out
    nameless = deskferry("load", "a.plan", "--to", real.url)
    assert (nameless.code, 'Add --workspace "Sandbox"' in nameless.err) == (4, True)
    assert deskferry("load", "a.plan", "--to", real.url, "--workspace", "Sandbox").code == 0
