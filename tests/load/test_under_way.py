"""A load under way: many doubts at once, a share of the limit, a terminal, Ctrl-C twice."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deskferry.load import dispatch, feed, pace
from deskferry.load.manner import Bounds

from .conftest import ANNA, Desk, Intercom, comments, company, misbehaving, running, ticket, write_dataset

MANY = 40


@pytest.fixture
def crowded(tmp_path: Path, prepared: Path, intercom: Intercom) -> Desk:
    """One person with many tickets."""
    tickets = [ticket(number, ANNA, tags=[]) for number in range(1, MANY + 1)]
    said = [
        {**comment, "id": number}  # the opening alone
        for number in range(1, MANY + 1)
        for comment in comments(number, ANNA)[:1]
    ]
    dataset = write_dataset(tmp_path / "many.dataset", company(tickets=tickets, comments=said))
    desk = Desk(tmp_path, dataset, intercom.url, prepared)
    assert desk.plan().tickets == MANY
    return desk


def test_many_conversations_in_doubt_at_once_are_all_found_again_in_little_room(
    crowded: Desk, intercom: Intercom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One contact is slow to be made, and of each of his conversations the first answer is lost."""
    monkeypatch.setattr(dispatch, "ROOM", 4)
    monkeypatch.setattr(feed, "BATCH", 7)
    monkeypatch.setattr(feed, "_AGAIN", 0.01)
    most: Counter[str] = Counter()
    real = dispatch.Dispatcher.park

    def park(self: dispatch.Dispatcher, *args: Any) -> None:
        real(self, *args)
        most["parked"] = max(most["parked"], self.parked().total())
        most["times"] += 1

    monkeypatch.setattr(dispatch.Dispatcher, "park", park)
    seen: Counter[str] = Counter()

    def fault(method: str, path: str, _number: int) -> str | None:
        seen[f"{method} {path}"] += 1
        if f"{method} {path}" == "POST /contacts":
            return "error_unsent" if seen["POST /contacts"] < 3 else None
        return "drop" if f"{method} {path}" == "POST /conversations" else None

    with misbehaving(crowded.url, fault) as proxy:
        loaded = crowded.load(
            url=proxy.url,
            settle=1.5,
            sleep=lambda seconds: time.sleep(min(seconds, 0.05)),
            bounds=Bounds(workers=3, max_failures=MANY),
        )
    assert (loaded.done, loaded.failed, loaded.in_doubt) == (MANY, 0, 0)
    assert seen["POST /conversations"] == intercom.counts["conversations"] == MANY
    assert most["times"] >= MANY
    assert most["parked"] == 4


def test_a_share_of_the_limit_is_all_that_is_used(
    desk: Desk, tmp_path: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast, began = 25, time.time()  # so many seconds pass in one
    monkeypatch.setattr(pace, "_LOOK", 0.01)

    def clock() -> float:
        return 1_800_000_003.0 + (time.time() - began) * fast

    desk.planned()
    (tmp_path / "slow").mkdir()
    shutil.copy(prepared / "intercom.sqlite", tmp_path / "slow")
    with running(tmp_path / "slow" / "intercom.sqlite", rate=24, clock=clock) as slow:
        bounds = Bounds(workers=3, share=0.5)
        loaded = desk.load(url=slow.url, clock=clock, bounds=bounds)
        assert loaded.done == 6
        state = slow.counts
        assert state["rate_limited"] == 0
        windows = [count for _, count, _ in state["windows"]]
        assert len(windows) >= 4
        assert 11 <= max(windows) <= 12


def test_a_terminal_shows_how_it_goes_and_a_second_ctrl_c_does_not_wait(
    desk: Desk, intercom: Intercom, undisturbed: list[object]
) -> None:
    desk.planned()
    release, hanging = threading.Event(), threading.Event()

    def fault(method: str, path: str, _number: int) -> str | None:
        if (method, path) == ("POST", "/conversations"):
            hanging.set()
            release.wait(30)
        return None

    command = [sys.executable, "-m", "deskferry.cli", "load", str(desk.folder / "try.plan")]
    master, slave = pty.openpty()
    with misbehaving(desk.url, fault) as proxy:
        options = ["--to", proxy.url, "--settle", "0", "--no-canary", "--workers", "2"]
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "160"}
        with subprocess.Popen(
            [*command, *options], stdout=subprocess.DEVNULL, stderr=slave, env=environment, cwd=desk.folder
        ) as process:
            try:
                os.close(slave)
                assert hanging.wait(30)
                shown = _shown(master, until="in doubt")
                assert re.search(r"loading.*\d+ calls/s · \d+ done · 0 failed · 0 in doubt", shown, re.DOTALL)
                process.send_signal(signal.SIGINT)
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(1.0)
                process.send_signal(signal.SIGINT)
                assert process.wait(5.0) == 130
            finally:
                process.kill()
                release.set()
                os.close(master)
        made = sum(call == ("POST", "/conversations") for call in proxy.seen)
        deadline = time.monotonic() + 10
        while intercom.counts["conversations"] < made and time.monotonic() < deadline:
            time.sleep(0.02)
    assert desk.load().done == 6
    assert intercom.content() == undisturbed


def _shown(master: int, *, until: str) -> str:
    """What a terminal was sent, without its colours."""
    text, deadline = "", time.monotonic() + 20
    while until not in text and time.monotonic() < deadline:
        if select.select([master], [], [], 0.2)[0]:
            text += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", os.read(master, 65536).decode())
    return text
