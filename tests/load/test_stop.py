"""Ending a load from another terminal, and not sending too much to one conversation."""

import os
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Any

from deskferry.load.action import Action, Kind, Step
from deskferry.load.ledger import open_ledger
from deskferry.load.manner import Bounds
from deskferry.load.reply_limit import MOST, SPAN, ReplyLimit
from deskferry.load.stop_request import stop, stop_path, stop_requests

from .conftest import Desk, Intercom

OWNER: Any = {"workspace_id": "ab12", "account": "acme"}
LOADER = """
import sys, time
from pathlib import Path
from deskferry.load.interrupt import interrupts
from deskferry.load.ledger import open_ledger
from deskferry.load.stop_request import stop_requests
path = Path(sys.argv[1])
with open_ledger(path, workspace_id="ab12", account="acme"), stop_requests(path) as asked:
    with interrupts(asked) as interrupt:
        print("at work", flush=True)
        try:
            interrupt.sleeper(time.sleep)(60)
        except KeyboardInterrupt:
            print(interrupt.reason)
"""


def test_a_loader_that_is_asked_to_stop_stops_and_leaves_no_request_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    command = [sys.executable, "-c", LOADER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        assert stop(path, patience=20.0) == (process.pid, True)
        assert process.stdout.read() == "deskferry stop\n"
    assert process.returncode == 0
    assert not stop_path(path).exists()
    assert stop(path, patience=0.0) == (None, True)


def test_a_request_for_an_earlier_loader_does_not_stop_a_later_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with open_ledger(path, **OWNER):
        stop_path(path).write_text("1")
        with stop_requests(path) as is_asked:
            assert not is_asked()
            stop_path(path).write_text("1")
            assert not is_asked(), "meant for another process"
            stop_path(path).write_text(f"{os.getpid()}\n")
            assert is_asked()


def test_a_load_that_was_stopped_says_so_and_the_next_goes_on(desk: Desk, intercom: Intercom) -> None:
    desk.planned()

    class Asking:
        def start(self, *args: Any, **more: Any) -> None: ...
        def warn(self, text: str) -> None: ...
        def tell(self, text: str) -> None: ...
        def advance(self, amount: int = 1) -> None:
            assert amount == 1
            (ledger,) = desk.folder.glob("*.ledger")
            stop_path(ledger).write_text(str(os.getpid()))

    loaded = desk.load(progress=Asking(), bounds=Bounds(workers=1), sleep=lambda _: None)
    if loaded.asked:  # it looks twice a second: a small load may be through before
        assert (loaded.stopped, loaded.in_doubt) == ("deskferry stop", 0)
    assert desk.load().done == 6
    assert intercom.counts["conversations"] == 6


def test_once_the_limit_of_a_conversation_was_met_the_run_keeps_below_it() -> None:
    now = [100.0]
    limit = ReplyLimit(lambda: now[0])
    reply = Action(Kind.CONVERSATION, "7", Step.NOTE, 1, "POST", "/conversations/{id}/reply", {})
    close = Action(Kind.CONVERSATION, "7", Step.CLOSE, 0, "POST", "/conversations/{id}/parts", {})
    fast: deque[float] = deque(maxlen=MOST)
    assert [limit.until(reply, fast) for _ in range(2 * MOST)] == [None] * 2 * MOST
    limit.was_met = True
    kept: deque[float] = deque(maxlen=MOST)
    assert [limit.until(reply, kept) for _ in range(MOST)] == [None] * MOST
    assert limit.until(reply, kept) == 100.0 + SPAN
    assert limit.until(close, kept) is None
    now[0] += SPAN
    assert limit.until(reply, kept) is None
