"""The sandbox as a process: its port, its file, its end."""

import contextlib
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from deskferry.load.sandbox.serve import serve
from deskferry.load.sandbox.state import State, open_state, statements
from deskferry.load.sandbox.workspace import seed
from deskferry.schemas.errors import InputError

HEADERS = {"Authorization": "Bearer any", "Intercom-Version": "2.16"}
CHILD = """
import sys
from pathlib import Path
from deskferry.load.sandbox.serve import serve
serve(port=int(sys.argv[2]), state=Path(sys.argv[1]), token=None, stop_with_stdin=sys.argv[3] == "child",
      ready=lambda port: print(port, flush=True))
print("ended", flush=True)
"""


@contextmanager
def process(
    state: Path, *, port: int = 0, kind: str = "child"
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A sandbox in a process of its own and its base address."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(state), str(port), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        try:
            assert child.stdout is not None
            yield child, f"http://127.0.0.1:{int(child.stdout.readline())}"
        finally:
            child.kill()


def contacts(url: str) -> int:
    return int(requests.get(f"{url}/_sandbox/state", timeout=10).json()["contacts"])


def refuse(**options: Any) -> str:
    """What serve says instead of listening."""
    with pytest.raises(InputError) as caught:
        serve(**{"port": 0, "token": None, "ready": lambda _port: None, **options})
    return str(caught.value)


def test_it_ends_with_its_parent_and_goes_on_where_it_was(tmp_path: Path) -> None:
    state = tmp_path / "state.sandbox"
    with process(state) as (child, url):
        made = requests.post(f"{url}/contacts", json={"external_id": "a"}, headers=HEADERS, timeout=10)
        workspace = requests.get(f"{url}/me", headers=HEADERS, timeout=10).json()["app"]["id_code"]
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(10) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["state.sandbox"]
    assert state.stat().st_mode & 0o777 == 0o600
    with process(state) as (_, url):
        found = requests.get(f"{url}/contacts/find_by_external_id/a", headers=HEADERS, timeout=10)
        assert found.json()["id"] == made.json()["id"]
        assert requests.get(f"{url}/me", headers=HEADERS, timeout=10).json()["app"]["id_code"] == workspace


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state.sandbox"
    for number in range(3):
        with process(state) as (child, url):
            assert contacts(url) == number
            made = requests.post(
                f"{url}/contacts", json={"external_id": f"{number}"}, headers=HEADERS, timeout=10
            )
            assert made.status_code == 200
            child.kill()
            child.wait(10)


def test_a_second_one_on_the_same_state_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    state = tmp_path / "state.sandbox"
    with process(state) as (_, url):
        second = open_state(state, seed=seed(None, now=1), wait=0.2)
        with pytest.raises(InputError, match="another sandbox runs on this state"):
            second.__enter__()
        assert contacts(url) == 0


def test_a_second_one_waits_for_the_first_to_end(tmp_path: Path) -> None:
    state = tmp_path / "state.sandbox"
    with process(state) as (first, _):
        assert first.stdin is not None
        first.stdin.close()
        with process(state) as (_, url):
            assert contacts(url) == 0


def test_ctrl_c_in_the_terminal_ends_it_cleanly_but_never_a_child(tmp_path: Path) -> None:
    with process(tmp_path / "a.sandbox", kind="alone") as (alone, _):
        alone.send_signal(signal.SIGINT)
        assert alone.wait(10) == 0
        assert alone.stdout is not None
        assert alone.stdout.read() == b"ended\n"
    with process(tmp_path / "b.sandbox") as (child, url):
        assert contacts(url) == 0
        child.send_signal(signal.SIGINT)
        assert contacts(url) == 0
        assert child.poll() is None


def test_answers_are_not_held_back(tmp_path: Path) -> None:
    with process(tmp_path / "state.sandbox") as (_, url), requests.Session() as session:
        started = time.monotonic()
        for _ in range(50):
            assert session.get(f"{url}/me", headers=HEADERS, timeout=10).status_code == 200
        assert time.monotonic() - started < 1.5  # 2 s at least with Nagle's delay


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    with process(tmp_path / "state.sandbox") as (_, url):
        port = int(url.rpartition(":")[2])
        with socket.socket() as other:
            other.settimeout(5)
            # 127.0.0.2 is this machine as well, but not the address it is bound to
            assert other.connect_ex(("127.0.0.2", port)) != 0


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"cannot listen on port {port}" in refuse(port=port, state=tmp_path / "s")
    assert "cannot listen on port 70000" in refuse(port=70_000, state=tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_sandbox_state_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "text", tmp_path / "other.sqlite"
    text.write_bytes(b"these are somebody's notes, not a state" * 30)
    connection = sqlite3.connect(other)
    connection.execute("create table mine (a)")
    connection.commit()
    connection.close()
    before = {path: path.read_bytes() for path in (text, other)}
    for path in (text, other):
        assert "not a sandbox state" in refuse(state=path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_state_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.sandbox"
    with open_state(path, seed=seed(None, now=1)):
        pass
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.close()
    assert "format 99" in refuse(state=path)


def test_a_place_where_nothing_can_be_written_is_refused(tmp_path: Path) -> None:
    assert "cannot be written" in refuse(state=tmp_path / "none" / "state.sandbox")
    assert "a folder" in refuse(state=tmp_path)


def workspace_file(path: Path, **change: Any) -> Path:
    admin = {"id": "11", "email": "me@acme.test", "name": "Me"}
    snapshot = {
        "type": "workspace",
        "format": 1,
        "taken_at": "2026-01-01T00:00:00.000Z",
        "id": "abcd1234",
        "name": "Acme",
        "region": "eu",
        "me": admin,
        "admins": [{**admin, "seat": True}],
        "teams": [],
        "contact_attributes": [],
        "conversation_attributes": [],
        "tags": [],
        "limit": 1667,
        **change,
    }
    path.write_text(json.dumps(snapshot))
    return path


def test_a_workspace_file_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    file, state = tmp_path / "workspace.json", tmp_path / "state"
    assert "no such workspace snapshot" in refuse(state=state, workspace_file=file)
    file.write_text("{}")
    assert "not a workspace snapshot" in refuse(state=state, workspace_file=file)
    workspace_file(file, teams=[{"id": "support", "name": "Support"}])
    assert "the id of team 'support'" in refuse(state=state, workspace_file=file)
    workspace_file(file, tags=[{"id": "1", "name": "VIP"}, {"id": "2", "name": "vip"}])
    assert "cannot be set up" in refuse(state=state, workspace_file=file)
    workspace_file(file)
    with open_state(state, seed=seed(json.loads(file.read_text()), now=1)) as opened:
        row = opened.one("workspace")
        assert row is not None
        # never the id of the workspace that is rehearsed
        assert (row["name"], row["id"] == "abcd1234") == ("Acme", False)


def test_every_statement_is_valid_sql(tmp_path: Path) -> None:
    words = {"table": "contacts", "number": "n", "where": "n > ?", "order": "asc"}
    with open_state(tmp_path / "state", seed=seed(None, now=1)):
        connection = sqlite3.connect(tmp_path / "state")
        for name, sql in statements().items():
            text = f"explain {sql.format(**words) if '{where}' in sql else sql}"
            names = set(re.findall(r":(\w+)", sql))
            values: Any = dict.fromkeys(names) if names else [None] * text.count("?")
            assert connection.execute(text, values).fetchall(), name
        connection.close()


def test_a_transaction_happens_whole_or_not_at_all(tmp_path: Path) -> None:
    def tag(state: State, number: int, *, fails: bool) -> None:
        state.run("insert_tag", id=number, name=f"{number}", name_key=f"{number}")
        if fails:
            raise ZeroDivisionError

    with open_state(tmp_path / "state", seed=seed(None, now=1)) as state:
        with contextlib.suppress(ZeroDivisionError), state.transaction():
            tag(state, 1, fails=True)
        with state.transaction():
            tag(state, 2, fails=False)
            with contextlib.suppress(ZeroDivisionError), state.attempt():
                tag(state, 3, fails=True)
        assert [row["id"] for row in state.all("tags")] == [2]
