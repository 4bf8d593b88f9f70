"""Several workers, one commit; a crash between leaves at worst rows in `sending`."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.action import Action, Kind, Step
from deskferry.load.disk_space import DiskSpace
from deskferry.load.group_commit import GroupCommit
from deskferry.load.ledger import key_of, open_ledger
from deskferry.load.ledger_file import Origin, read_ledger
from deskferry.schemas.errors import InputError, RefusedError

OWNER: Any = {"workspace_id": "ab12", "account": "acme"}


def create(number: int) -> Action:
    return Action(Kind.CONVERSATION, str(number), Step.CREATE, 0, "POST", "/conversations", {"n": number})


def test_who_waits_for_a_commit_shares_the_next_one() -> None:
    batches: list[list[int]] = []
    first = threading.Event()

    def write(rows: list[int]) -> None:
        batches.append(rows)
        first.wait(2)

    group = GroupCommit(write)
    with ThreadPoolExecutor(8) as pool:
        one = pool.submit(group.add, [0])
        while not batches:
            time.sleep(0.001)
        others = [pool.submit(group.add, [number]) for number in range(1, 8)]
        time.sleep(0.05)
        assert not any(other.done() for other in others)
        first.set()
        for other in [one, *others]:
            other.result(timeout=2)
    assert [len(batch) for batch in batches] == [1, 7]


def test_what_cannot_be_written_stops_everybody() -> None:
    def write(_rows: list[int]) -> None:
        raise OSError("no room")

    group = GroupCommit(write)
    for _ in range(2):
        with pytest.raises(OSError, match="no room"):
            group.add([1])


def test_workers_see_each_others_outcomes_and_each_intent_is_durable_before_its_call(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with open_ledger(path, **OWNER) as ledger:

        def work(number: int) -> None:
            ledger.intend([create(number)], plan_digest="p", now=1.0)
            with read_ledger(path) as other:
                query = "select count(*) from rows where key = ?"
                assert other.execute(query, (str(number),)).fetchone() == (1,)
            ledger.done(key_of(create(number)), target_id=f"t{number}", origin=Origin.CREATED, now=2.0)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(100)))
        assert [ledger.target_id(Kind.CONVERSATION, str(number)) for number in range(100)] == [
            f"t{number}" for number in range(100)
        ]


CRASH = """
import os, sys, threading
from pathlib import Path
from deskferry.load.action import Action, Kind, Step
from deskferry.load.ledger import key_of, open_ledger
from deskferry.load.ledger_file import Origin
def create(n):
    return Action(Kind.CONVERSATION, str(n), Step.CREATE, 0, "POST", "/conversations", {"n": n})
with open_ledger(Path(sys.argv[1]), workspace_id="ab12", account="acme") as ledger:
    def work(first):
        for n in range(first, first + 10_000):
            ledger.intend([create(n)], plan_digest="p", now=1.0)
            os.write(1, b"%d\\n" % n)  # the call leaves
            ledger.done(key_of(create(n)), target_id=str(n), origin=Origin.CREATED, now=2.0)
    for start in range(0, 40_000, 10_000):
        threading.Thread(target=work, args=(start,)).start()
    threading.Event().wait()
"""


def test_a_crash_between_leaves_a_row_for_each_call_that_left(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    process = subprocess.Popen([sys.executable, "-c", CRASH, str(path)], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        left = [process.stdout.readline() for _ in range(200)]
        process.kill()
        left += process.stdout.readlines()
    sent = {line.decode().strip() for line in left if line.endswith(b"\n")}
    with read_ledger(path) as ledger:
        rows = dict(ledger.execute("select key, state from rows"))
    assert sent <= rows.keys()
    assert set(rows.values()) <= {"sending", "done"}


def test_a_full_disk_is_told_before_the_call_and_looked_at_once_a_second(tmp_path: Path) -> None:
    free, now = [500 << 20], [0.0]
    space = DiskSpace(tmp_path, least=100 << 20, free=lambda _: free[0], clock=lambda: now[0])
    with open_ledger(tmp_path / "a.ledger", **OWNER, space=space) as ledger:
        ledger.intend([create(1)], plan_digest="p", now=1.0)
        free[0], now[0] = 50 << 20, 2.0
        with pytest.raises(RefusedError, match=r"50 MB free, less than 100 MB.*--least-free"):
            ledger.intend([create(2)], plan_digest="p", now=1.0)
        assert ledger.thread(Kind.CONVERSATION, "2") == {}


def test_a_disk_that_is_full_all_the_same_ends_the_run_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with pytest.raises(InputError, match=r"cannot be written \(.*full\).*run it again"):
        fill(path)
    with read_ledger(path) as rows:
        assert rows.execute("select key from rows").fetchall() == [("1",)]


def fill(path: Path) -> None:
    """One intent that finds room, then more than there is room for."""
    with open_ledger(path, **OWNER) as ledger:
        ledger.intend([create(1)], plan_digest="p", now=1.0)
        pages = ledger.connection.execute("pragma page_count").fetchone()[0]
        ledger.connection.execute(f"pragma max_page_count = {pages}")
        ledger.intend(map(create, range(2, 2000)), plan_digest="p", now=1.0)
