"""The ledger: what is committed stays, one loader, one owner."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.action import Action, Kind, Step
from deskferry.load.ledger import key_of, open_ledger
from deskferry.load.ledger_file import Again, Origin, State, default_ledger, loader_pid, read_ledger
from deskferry.load.status import status
from deskferry.schemas.errors import InputError, RefusedError

CREATE = Action(
    Kind.CONVERSATION, "7", Step.CREATE, 0, "POST", "/conversations", {"body": "x"}, witness={"created_at": 5}
)
OWNER: Any = {"workspace_id": "ab12", "account": "acme"}


def test_an_intent_is_durable_before_its_call(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with open_ledger(path, **OWNER) as ledger:
        ledger.intend([CREATE], plan_digest="p", now=100.0)
        ledger.done(key_of(CREATE), target_id="99", origin=Origin.CREATED, now=101.0)
        with read_ledger(path) as other:
            assert other.execute("select state, sent_at from rows").fetchall() == [("sending", 100.0)]
        ledger.commit()
        with read_ledger(path) as other:
            assert other.execute("select state, target_id from rows").fetchall() == [("done", "99")]


def test_a_row_says_everything_that_is_needed_to_recognise_its_call(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "a.ledger", **OWNER) as ledger:
        ledger.intend([CREATE], plan_digest="p", now=100.0)
        row = ledger.thread(Kind.CONVERSATION, "7")[Step.CREATE, 0]
        assert (row.state, row.witness, row.payload_hash) == (
            State.SENDING,
            {"created_at": 5},
            CREATE.payload_hash,
        )
        ledger.failed(key_of(CREATE), error="400 no", again=Again.ASKED, now=102.0)
        assert ledger.thread(Kind.CONVERSATION, "7")[Step.CREATE, 0].error == "400 no"
        assert ledger.target_id(Kind.CONVERSATION, "7") is None
        ledger.intend([CREATE], plan_digest="q", now=103.0)
        again = ledger.thread(Kind.CONVERSATION, "7")[Step.CREATE, 0]
        assert (again.state, again.error, again.sent_at, again.plan_digest) == ("sending", None, 103.0, "q")


def test_only_an_intent_can_be_withdrawn(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "a.ledger", **OWNER) as ledger:
        ledger.intend([CREATE], plan_digest="p", now=1.0)
        ledger.withdraw(key_of(CREATE))
        assert ledger.thread(Kind.CONVERSATION, "7") == {}
        ledger.intend([CREATE], plan_digest="p", now=1.0)
        ledger.done(key_of(CREATE), target_id="9", origin=Origin.CREATED, now=2.0)
        ledger.withdraw(key_of(CREATE))
        assert ledger.target_id(Kind.CONVERSATION, "7") == "9"
        assert ledger.holds(Kind.CONVERSATION, "9")


def test_it_belongs_to_one_workspace_and_account(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with open_ledger(path, **OWNER):
        pass
    with (
        pytest.raises(RefusedError, match="belongs to workspace ab12 and account acme"),
        open_ledger(path, workspace_id="ab12", account="other"),
    ):
        pass


def test_the_lock_names_its_holder_and_goes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    code = (
        "import sys, time; from pathlib import Path; from deskferry.load.ledger import open_ledger\n"
        "with open_ledger(Path(sys.argv[1]), workspace_id='ab12', account='acme'):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert loader_pid(path) == status(path).running == process.pid
        with pytest.raises(RefusedError, match=f"process {process.pid}"), open_ledger(path, **OWNER):
            pass
        process.kill()
    assert loader_pid(path) is None
    with open_ledger(path, **OWNER):
        pass


def test_it_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with open_ledger(path, **OWNER):
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"not a database at all, but long enough" * 100, None])
def test_another_file_is_no_ledger_and_stays_as_it_is(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.ledger"
    if content is None:
        with sqlite3.connect(path) as other:
            other.execute("create table things (a)")
        other.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(InputError, match="not a ledger"), open_ledger(path, **OWNER):
        pass
    with pytest.raises(InputError, match="not a ledger"):
        status(path)
    assert path.read_bytes() == before


def test_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with open_ledger(path, **OWNER):
        pass
    with sqlite3.connect(path) as newer:
        newer.execute("pragma user_version = 2")
    newer.close()
    with pytest.raises(InputError, match="a ledger of format 2"), open_ledger(path, **OWNER):
        pass


def test_a_missing_ledger_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no ledger here.*deskferry load"):
        status(tmp_path / "a.ledger")


def test_its_name_holds_no_path_of_an_account(tmp_path: Path) -> None:
    found = default_ledger(tmp_path / "x.plan", "../evil", "ab/12")
    assert found.parent == tmp_path
    assert found.name == "___evil-ab_12.ledger"
