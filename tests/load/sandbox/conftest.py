"""A real sandbox on a free port, in a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn

from deskferry.load.sandbox.app import Settings, make_app
from deskferry.load.sandbox.faults import Faults, with_faults
from deskferry.load.sandbox.state import open_state
from deskferry.load.sandbox.workspace import seed

NOW = 1_750_000_000  # start of a window of ten seconds


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


@dataclass
class Sandbox:
    """A running sandbox and a client that speaks to it as a loader would."""

    url: str
    session: requests.Session
    clock: Clock

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        return self.session.request(method, self.url + path, json=body, timeout=10, **more)

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, str, str]:
        """(status, code, message) of an error in Intercom's shape."""
        answer = self.call(method, path, body, **more)
        error = answer.json()
        assert error["type"] == "error.list"
        assert error["request_id"]
        assert len(error["errors"]) == 1
        return answer.status_code, error["errors"][0]["code"], error["errors"][0]["message"]

    @property
    def admin(self) -> str:
        return str(self.ok("GET", "/me")["id"])

    def contact(self, **body: Any) -> str:
        return str(self.ok("POST", "/contacts", {"role": "user", **body})["id"])

    def conversation(self, contact: str | None = None, **body: Any) -> str:
        who = contact or self.contact(email=f"{time.time_ns()}@example.org")
        wanted = {"from": {"type": "contact", "id": who}, "body": "Hello", **body}
        return str(self.ok("POST", "/conversations", wanted)["conversation_id"])

    @property
    def types(self) -> dict[str, Any]:
        """Ticket types by category."""
        return {one["category"]: one for one in self.ok("GET", "/ticket_types")["data"]}

    def states(self, category: str = "Customer") -> dict[str, str]:
        """Ids of the states of that kind of ticket, by their category."""
        found = self.types[category]["ticket_states"]["data"]
        return {one["category"]: one["id"] for one in found}

    def ticket(self, category: str = "Customer", **body: Any) -> Any:
        """A new ticket, silent unless asked otherwise."""
        wanted = {"ticket_type_id": self.types[category]["id"], "skip_notifications": True, **body}
        if "contacts" not in wanted:
            wanted["contacts"] = [{"id": self.contact(email=f"{time.time_ns()}@example.org")}]
        return self.ok("POST", "/tickets", wanted)

    def reply(self, conversation: str, **body: Any) -> Any:
        wanted = {"type": "admin", "message_type": "note", "admin_id": self.admin, "body": "x", **body}
        return self.ok("POST", f"/conversations/{conversation}/reply", wanted)

    def act(self, conversation: str, message_type: str, **body: Any) -> Any:
        wanted = {"message_type": message_type, "admin_id": self.admin, **body}
        if message_type == "close":
            wanted["type"] = "admin"
        return self.ok("POST", f"/conversations/{conversation}/parts", wanted)

    def read(self, conversation: str, query: str = "") -> Any:
        return self.ok("GET", f"/conversations/{conversation}{query}")

    def parts(self, conversation: str) -> list[Any]:
        found: list[Any] = self.read(conversation)["conversation_parts"]["conversation_parts"]
        return found

    def testimony(self, what: str) -> Any:
        return requests.get(f"{self.url}/_sandbox/{what}", timeout=10).json()


Start = Callable[..., Sandbox]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a sandbox: start(rate=.., search_lag=.., token=.., snapshot=..)."""
    with ExitStack() as stack:

        def run(**options: Any) -> Sandbox:
            return stack.enter_context(_running(tmp_path / "state.sandbox", **options))

        yield run


@pytest.fixture
def sandbox(start: Start) -> Sandbox:
    """A sandbox as it is at first."""
    return start()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for all tests that neither count nor move the clock: each makes its own people."""
    with _running(tmp_path_factory.mktemp("shared") / "state.sandbox") as sandbox:
        yield sandbox


class _Server(uvicorn.Server):
    """Looks more often whether it shall end: a hundred tests each wait for that."""

    async def main_loop(self) -> None:
        while not self.should_exit:
            await asyncio.sleep(0.005)


@contextmanager
def _running(
    path: Path,
    *,
    rate: int = 100_000,
    search_lag: float = 0.0,
    token: str | None = None,
    snapshot: Any = None,
    faults: Faults | None = None,
    latency: float = 0.0,
    live_series: bool = False,
) -> Iterator[Sandbox]:
    clock, servers, listening = Clock(), [], threading.Event()

    def run() -> None:
        with open_state(path, seed=seed(snapshot, now=NOW)) as state:
            settings = Settings(
                token=token, rate=rate, search_lag=search_lag, clock=clock, live_series=live_series
            )
            app = make_app(state, settings)
            network = with_faults(app, faults, latency=latency)
            config = uvicorn.Config(network, port=0, log_level="error", lifespan="off", ws="none")
            servers.append(_Server(config))
            listening.set()
            servers[0].run()

    thread = threading.Thread(target=run)
    thread.start()
    assert listening.wait(10)
    server = servers[0]
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    with requests.Session() as session:
        session.headers.update({"Authorization": f"Bearer {token or 'any'}", "Intercom-Version": "2.16"})
        yield Sandbox(f"http://127.0.0.1:{port}", session, clock)
    server.should_exit = True
    thread.join(10)
