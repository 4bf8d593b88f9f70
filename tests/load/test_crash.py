"""A real load process, killed at any moment, and run again."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from .conftest import Desk, Intercom, misbehaving

LOAD = """
import os, sys
from pathlib import Path
from deskferry.load.replay import load
from deskferry.load.target import open_target
plan = Path(sys.argv[1])
with open_target(sys.argv[2], beside=plan.parent, workspace_name=None, environ=os.environ) as target:
    load(plan, target=target, settle=0.0)
"""


def start(plan: Path, to: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", LOAD, str(plan), to], start_new_session=True)


def test_killed_at_random_it_ends_as_if_it_had_run_once(
    desk: Desk, intercom: Intercom, undisturbed: list[object]
) -> None:
    desk.planned()
    chance, kills = random.Random(7), 0
    with misbehaving(desk.url, lambda *_: None) as front:  # other processes reach it by HTTP
        for _ in range(12):
            before = intercom.counts["requests"]
            process = start(desk.folder / "try.plan", front.url)
            after = chance.randint(7, 14)
            while process.poll() is None and intercom.counts["requests"] < before + after:
                time.sleep(chance.random() * 0.003)
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                kills += 1
            process.wait()
            if kills == 5:
                break
    assert kills >= 4
    assert desk.load().done == 6
    assert intercom.content() == undisturbed
    assert intercom.counts["contacts"] == 3
    assert desk.verify().differences == ()
    assert desk.load().calls == 0


def test_a_sandbox_of_our_own_ends_when_we_are_killed_and_the_next_load_goes_on(desk: Desk) -> None:
    with desk.target("sandbox") as target:
        from datetime import UTC, datetime

        from deskferry.load.workspace import take_snapshot

        workspace = take_snapshot(target.client(), now=datetime(2026, 1, 1, tzinfo=UTC))
    desk.plan(workspace=workspace)
    process = start(desk.folder / "try.plan", "sandbox")
    ledger = desk.folder / f"acme-{workspace['id']}.ledger"
    deadline = time.monotonic() + 20
    while not ledger.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    loaded = desk.load(url="sandbox")
    assert (loaded.done, loaded.failed) == (6, 0)
    with desk.target("sandbox") as target:
        state = target.sandbox_state()
    assert state is not None
    assert (state["conversations"], state["contacts"], state["notifications"]) == (6, 3, 0)
