"""An Intercom in the test's own process, on a clock of its own, behind a network that does what it is told.

Nothing listens and nothing waits: a load takes milliseconds, and a crash can come between any two steps.
"""

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from starlette.types import ASGIApp
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from deskferry.load.sandbox.app import Settings, make_app
from deskferry.load.sandbox.state import State, open_state
from deskferry.load.sandbox.workspace import seed
from deskferry.load.target import Target, TargetKind

from .asgi_call import Answered, answer_of, response_of
from .conftest import Intercom

URL = "http://127.0.0.1:9"  # nothing is ever sent there
STEP = 0.01  # seconds each request takes
LATEST = 20.0  # seconds until the work of a request whose caller gave up is done

# What the network does to a request: nothing of it is done, all is done and the answer lost, done later.
FAULTS = ("error", "429", "reset", "drop", "half", "garbage", "slow", "drop", "slow", "slow")
CRASHES = ("crash before", "crash after")


class Crash(BaseException):
    """The process ends here: what follows, `finally` too, must find everything as it was."""


@dataclass
class World:
    """The clock, the network's plans, and whether the loader's process is still alive.

    disturbed: share of writing requests that go wrong, of reading ones a quarter of that; of requests and
    commits, some are the process's last.
    """

    now: float = 1_800_000_000.0
    disturbed: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    alive: bool = True
    late: list[tuple[float, Callable[[], object]]] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.require_life()
        self.pass_time(max(seconds, 0.0))

    def pass_time(self, seconds: float) -> None:
        """Later; the work that falls into that time is done at its own moment."""
        until = self.now + seconds
        due = sorted((one for one in self.late if one[0] <= until), key=lambda one: one[0])
        self.late = [one for one in self.late if one[0] > until]
        for self.now, work in due:
            work()
        self.now = until

    def require_life(self) -> None:
        if not self.alive:
            raise Crash

    def crash(self, where: str) -> None:
        self.happened.append(where)
        self.alive = False
        raise Crash

    def disturb(self, share: float, seed: int) -> None:
        """A new process, and from now on so much goes wrong."""
        self.alive, self.disturbed, self.chance = True, share, random.Random(seed)

    def fault(self, *, writes: bool) -> str | None:
        """What happens to the next request."""
        share = self.disturbed if writes else self.disturbed / 4
        drawn = self.chance.random()
        if drawn < share / 10:
            return self.chance.choice(CRASHES)
        return self.chance.choice(FAULTS) if drawn < share else None

    def dies_at_commit(self) -> str | None:
        """Whether the next commit of the ledger is the last thing, and on which side of it."""
        last = self.chance.random() < self.disturbed / 20
        return self.chance.choice(CRASHES) if last else None


class Server(Intercom):
    """A sandbox that is asked by function call. app may be made again with other settings."""

    def __init__(self, state: State, world: World) -> None:
        super().__init__(URL, lambda: None)
        self._state, self.world = state, world
        self.lag(0.0)

    def lag(self, seconds: float) -> None:
        settings = Settings(token=None, rate=10**6, search_lag=seconds, clock=self.world.clock)
        self._app: ASGIApp = make_app(self._state, settings)

    def get(self, path: str) -> Any:
        request = requests.Request("GET", URL + path, headers=_HEADERS).prepare()
        return json.loads(self.answer(request)[2])

    def post(self, path: str, body: Any, *, method: str = "POST") -> Any:
        request = requests.Request(method, URL + path, headers=_HEADERS, json=body).prepare()
        status, _, answer = self.answer(request)
        assert status == 200, answer
        return json.loads(answer)

    def answer(self, request: requests.PreparedRequest) -> Answered:
        """The whole answer."""
        return answer_of(self._app, request)


_HEADERS = {"Authorization": "Bearer sandbox", "Intercom-Version": "2.16"}
_OOPS: Answered = (500, {}, b'{"type":"error.list","errors":[{"code":"server_error","message":"Oops"}]}')
_SLOWLY: Answered = (
    429,
    {},
    b'{"type":"error.list","errors":[{"code":"rate_limit_exceeded","message":"Slowly"}]}',
)


class Network:
    """Stands where requests would send: makes answers, and the faults that are due."""

    def __init__(self, server: Server, world: World) -> None:
        self._server, self._world = server, world

    def send(
        self, _adapter: HTTPAdapter, request: requests.PreparedRequest, **_how: Any
    ) -> requests.Response:
        world = self._world
        world.require_life()
        world.pass_time(STEP)
        fault = world.fault(writes=request.method != "GET")
        if fault is not None:
            world.happened.append(f"{fault} {request.method} {request.path_url}")
        if fault == "crash before":
            world.crash("before a request")
        if fault == "slow":
            world.late.append(
                (world.now + world.chance.uniform(0, LATEST), partial(self._server.answer, request))
            )
            raise requests.ReadTimeout(ReadTimeoutError(None, URL, "no answer"))  # type: ignore[arg-type] # no pool
        if fault == "reset":
            raise requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError()))
        if fault in ("error", "429"):
            return response_of(request, *(_OOPS if fault == "error" else _SLOWLY))
        status, headers, body = self._server.answer(request)
        if fault == "crash after":
            world.crash("while an answer is on its way")
        if fault == "drop":
            raise requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError()))
        return response_of(
            request,
            status,
            headers,
            {"half": body[: len(body) // 2], "garbage": b"[]"}.get(fault or "", body),
        )


def crashing_connections(world: World) -> type[sqlite3.Connection]:
    """SQLite connections that end with the process, at a commit if that is planned.

    What is not committed is lost then, as with kill -9: closing rolls it back.
    """

    class Connection(sqlite3.Connection):
        def commit(self) -> None:
            world.require_life()
            last = world.dies_at_commit()
            if last == "crash before":
                world.crash("before a commit")
            super().commit()
            if last == "crash after":
                world.crash("after a commit")

        def execute(self, statement: str, *args: Any) -> sqlite3.Cursor:
            world.require_life()
            if statement == "pragma synchronous = full":  # only the process dies here, never the machine
                statement = "pragma synchronous = off"
            return super().execute(statement, *args)

        def executemany(self, *args: Any) -> sqlite3.Cursor:
            world.require_life()
            return super().executemany(*args)

    return Connection


def target_in(world: World) -> Target:
    """What a new process reaches the server by: it knows nothing of earlier calls."""
    return Target(
        URL,
        kind=TargetKind.LOOPBACK,
        address=lambda: URL,
        token="sandbox",
        workspace_name=None,
        clock=world.clock,
        sleep=world.sleep,
    )


@contextmanager
def in_process(state_file: Path, world: World) -> Iterator[Server]:
    """The server on a state file; requests and ledgers are `world`'s meanwhile."""
    real_send, real_connect = HTTPAdapter.send, sqlite3.connect
    with open_state(state_file, seed=seed(None, now=int(world.now))) as state:
        server = Server(state, world)
        network = Network(server, world)
        connections = crashing_connections(world)

        def send(adapter: HTTPAdapter, request: requests.PreparedRequest, **how: Any) -> requests.Response:
            return network.send(adapter, request, **how)

        def connect(database: Any, *args: Any, **how: Any) -> sqlite3.Connection:
            is_ledger = str(database).endswith(".ledger")
            factory = connections if is_ledger else sqlite3.Connection
            return real_connect(database, *args, **{"factory": factory, **how})  # type: ignore[no-any-return]

        HTTPAdapter.send, sqlite3.connect = send, connect  # type: ignore[method-assign,assignment]
        try:
            yield server
        finally:
            HTTPAdapter.send, sqlite3.connect = real_send, real_connect  # type: ignore[method-assign]
