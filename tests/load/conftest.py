"""A small company, an Intercom in a thread, and between them plans, loads, a proxy that misbehaves."""

import contextlib
import hashlib
import json
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest
import requests
from requests.adapters import HTTPAdapter

from deskferry.archive.build import build
from deskferry.archive.decide import decide
from deskferry.archive.map_init import default_mapping
from deskferry.load.guards import UNGUARDED
from deskferry.load.plan import build_plan
from deskferry.load.plan_file import relative_paths
from deskferry.load.plan_summary import PlanSummary
from deskferry.load.replay import LoadResult, load
from deskferry.load.sandbox.app import Settings, make_app
from deskferry.load.sandbox.state import open_state
from deskferry.load.sandbox.workspace import seed
from deskferry.load.target import Target, open_target
from deskferry.load.verify import verify
from deskferry.load.verify_result import VerifyResult
from deskferry.load.workspace import take_snapshot
from deskferry.schemas.canonical import digest
from deskferry.schemas.dataset import Dataset, open_dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.mapping import Mapping, parse_mapping
from deskferry.schemas.validate import complaints
from deskferry.templates.render import Templates

from .asgi_call import answer_of, response_of

AGENT, ANNA, BEN, LEA = 2, 11, 12, 13


@cache
def _templates_once() -> Templates:
    return Templates()


@cache
def _mapping_once(text: str) -> Mapping:
    return parse_mapping(text, path=Path("mapping.yaml"))


def templates_of(folder: Path | None) -> Templates:
    """The templates in effect; deskferry's own are compiled once for all tests."""
    return Templates(folder) if folder else _templates_once()


def mapping_at(path: Path) -> Mapping:
    """The mapping at `path`; one text is parsed once for all tests."""
    text = path.read_text(encoding="utf-8")
    if "\n  ids: " in text.replace("\n  ids: null", ""):  # another file's words count too
        return parse_mapping(text, path=path)
    return replace(_mapping_once(text), path=path)


@pytest.fixture(scope="session", autouse=True)
def _parsed_once() -> Iterator[None]:
    """Every load reads its mapping and templates again, which for a small company is most of its work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("deskferry.load.plan_file.read_mapping", mapping_at)
        patch.setattr("deskferry.load.plan_file.Templates", templates_of)
        yield


@dataclass
class Intercom:
    """A running sandbox."""

    url: str
    stop: Callable[[], None]

    def get(self, path: str) -> Any:
        headers = {"Authorization": "Bearer sandbox", "Intercom-Version": "2.16"}
        return requests.get(self.url + path, headers=headers, timeout=10).json()

    def post(self, path: str, body: Any, *, method: str = "POST") -> Any:
        headers = {"Authorization": "Bearer sandbox", "Intercom-Version": "2.16"}
        answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def counts(self) -> dict[str, Any]:
        state: dict[str, Any] = self.get("/_sandbox/state")
        return state

    def content(self) -> list[Any]:
        """Every conversation with its parts, without what differs from run to run: ids and undated times."""
        found = self.get("/conversations?per_page=150")["conversations"]
        return sorted(
            (_content(self.get(f"/conversations/{item['id']}")) for item in found), key=orjson.dumps
        )


def _content(conversation: dict[str, Any]) -> dict[str, Any]:
    parts = conversation["conversation_parts"]["conversation_parts"]
    return {
        "created_at": conversation["created_at"],
        "title": conversation["title"],
        "body": conversation["source"]["body"],
        "author": conversation["source"]["author"].get("email"),
        "state": conversation["state"],
        "admin": conversation["admin_assignee_id"],
        "team": conversation["team_assignee_id"],
        "attributes": conversation["custom_attributes"],
        "tags": sorted(tag["name"] for tag in conversation["tags"]["tags"]),
        "parts": [
            (part["part_type"], part["body"], part["created_at"] if part["part_type"] == "note" else None)
            for part in parts
        ],
    }


@contextlib.contextmanager
def running(path: Path, **options: Any) -> Iterator[Intercom]:
    """A sandbox on a state file, in this process. options: see Settings, and snapshot."""
    snapshot = options.pop("snapshot", None)
    settings = {"token": None, "rate": 100_000, "search_lag": 0.0, "clock": time.time, **options}
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(socket.socket())
        port.bind(("127.0.0.1", 0))  # and nobody listens: what does not come by function call is refused
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        with pytest.MonkeyPatch.context() as patch:  # any thread may ask
            patch.setattr(sqlite3, "connect", partial(sqlite3.connect, check_same_thread=False))
            state = stack.enter_context(open_state(path, seed=seed(snapshot, now=int(time.time()))))
        app, turn = make_app(state, Settings(**settings)), threading.Lock()

        def answer(request: requests.PreparedRequest) -> requests.Response:
            with turn:
                if url not in _RUNNING:
                    raise requests.ConnectionError("stopped")
                return response_of(request, *answer_of(app, request))

        _RUNNING[url] = answer

        def stop() -> None:
            with turn:
                _RUNNING.pop(url, None)
            stack.close()

        try:
            yield Intercom(url, stop)
        finally:
            stop()


_RUNNING: dict[str, Callable[[requests.PreparedRequest], requests.Response]] = {}


@pytest.fixture(scope="session", autouse=True)
def _answered_by_call() -> Iterator[None]:
    """A request to a sandbox of `running` is a function call; HTTP itself is for test_client and e2e."""
    send = HTTPAdapter.send

    def send_or_call(
        adapter: HTTPAdapter, request: requests.PreparedRequest, **how: Any
    ) -> requests.Response:
        answer = _RUNNING.get("/".join(str(request.url).split("/", 3)[:3]))
        return send(adapter, request, **how) if answer is None else answer(request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HTTPAdapter, "send", send_or_call)
        yield


@pytest.fixture
def intercom(tmp_path: Path, prepared: Path) -> Iterator[Intercom]:
    """A sandbox with one seated admin, an agent and a team: the one of `prepared`."""
    shutil.copy(prepared / "intercom.sqlite", tmp_path)
    with running(tmp_path / "intercom.sqlite") as sandbox:
        yield sandbox


SNAPSHOT: dict[str, Any] = {
    "type": "workspace",
    "format": 1,
    "taken_at": "2026-01-01T00:00:00Z",
    "id": "x",
    "name": "Rehearsal",
    "region": "eu",
    "me": {"id": "1", "email": "boss@acme.test", "name": "Boss"},
    "admins": [{"id": "2", "email": "agent@acme.test", "name": "Agent", "seat": True}],
    "teams": [{"id": "5", "name": "Support", "admin_ids": ["2"]}],
    "contact_attributes": [],
    "conversation_attributes": [{"id": "7", "name": "zendesk_group", "data_type": "string"}],
    "tags": [{"id": "9", "name": "VIP"}],
    "limit": None,
}


def ticket(number: int, requester: int, *, status: str = "closed", **more: Any) -> dict[str, Any]:
    """A ticket of the small company; one with an even number has an agent, a group and tags."""
    extra = {"assignee_id": AGENT, "group_id": 5, "tags": ["vip", "kettle"]} if number % 2 == 0 else {}
    at = f"2024-03-{number % 28 + 1:02}T10:00:00.000Z"
    row = {"id": number, "subject": f"Subject {number}", "status": status, "requester_id": requester}
    return {**row, "via": {"channel": "email"}, "created_at": at, **extra, **more}


def comments(number: int, requester: int) -> list[dict[str, Any]]:
    at = f"2024-03-{number % 28 + 1:02}T1{{}}:00:00.000Z"
    texts = [
        (requester, f"Question <b>{number}</b> & more", True),
        (AGENT, "Internal word", False),
        (AGENT, "Answer", True),
    ]
    return [
        {
            "id": number * 10 + place,
            "ticket_id": number,
            "position": place,
            "author_id": author,
            "body": text,
            "public": public,
            "created_at": at.format(place),
        }
        for place, (author, text, public) in enumerate(texts, 1)
    ]


def company(**changes: Any) -> dict[str, Any]:
    """Six tickets of three people, two of them in the same second; one is open, two must stay out."""
    pairs = [(1, ANNA), (2, BEN), (3, ANNA), (4, LEA), (5, BEN), (6, ANNA)]
    same_second = {"created_at": "2024-03-02T10:00:00.000Z"}
    tickets = [ticket(1, ANNA), ticket(2, BEN), ticket(3, ANNA, **same_second), ticket(4, LEA)]
    tickets += [ticket(5, BEN, status="open"), ticket(6, ANNA), ticket(7, BEN, status="deleted")]
    return {
        "users": [
            {"id": AGENT, "name": "Agent", "email": "agent@acme.test", "role": "agent"},
            {"id": ANNA, "name": "Anna <A>", "email": "anna@x.test", "external_id": "A-1"},
            {"id": BEN, "name": "Ben", "email": "Ben@X.test", "phone": "+49301234"},
            {"id": LEA, "name": "Lea", "role": "end-user"},
        ],
        "groups": [{"id": 5, "name": "Support"}],
        "tickets": tickets,
        "comments": [comment for pair in pairs for comment in comments(*pair)],
        **changes,
    }


def write_dataset(folder: Path, records: dict[str, Any]) -> Dataset:
    """A dataset folder of these records, valid and sorted as a converted one is, with its archive."""
    folder.mkdir(parents=True)
    files = {}
    for name, entity in ENTITIES.items():
        rows = [{"source": "0123456789abcdef:0", **row} for row in records.get(name, ())]
        for row in rows:
            assert complaints(name, row) == []
        rows = sorted(rows, key=lambda row, key=entity.key: [row[part] for part in key])  # type: ignore[misc]
        data = "".join(json.dumps(row) + "\n" for row in rows).encode()
        (folder / entity.file_name).write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        files[entity.file_name] = {"records": len(rows), "bytes": len(data), "sha256": sha256}
    manifest = {
        "type": "manifest",
        "format": 1,
        "deskferry": "0",
        "account": "acme",
        "sources": [],
        "entities": {},
        "files": files,
        "options": {},
        "findings": [],
        "digest": digest(files),
    }
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))
    dataset = open_dataset(folder)
    build(dataset)
    return dataset


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The small company, made once: nothing may write to it."""
    return write_dataset(tmp_path_factory.mktemp("company") / "acme.dataset", company())


@cache
def _default_text(archive: Path, _changed: int, options: str) -> str:
    return default_mapping(archive, **json.loads(options))


def default_text(archive: Path, **options: Any) -> str:
    """The mapping that `map init` writes for an archive; made once while the archive stays as it is."""
    return _default_text(archive, archive.stat().st_mtime_ns, json.dumps(options))


_PLANS: dict[tuple[Any, ...], tuple[bytes, PlanSummary]] = {}


@dataclass
class Desk:
    """One migration: a folder with mapping and plans, and a target."""

    folder: Path
    dataset: Dataset
    url: str
    prepared: Path
    waits: list[float] = field(default_factory=list)
    made: set[tuple[Any, ...]] = field(default_factory=set)  # what its plans were made from

    @property
    def mapping(self) -> Path:
        path = self.folder / "acme.mapping.yaml"
        if not path.exists():
            path.write_text(default_text(self.dataset.archive, workspace=SNAPSHOT))
        return path

    def change_mapping(self, old: str, new: str) -> None:
        text = self.mapping.read_text()
        assert old in text
        self.mapping.write_text(text.replace(old, new))

    @contextlib.contextmanager
    def target(self, url: str | None = None, **environ: str) -> Iterator[Target]:
        with open_target(url or self.url, beside=self.folder, workspace_name=None, environ=environ) as target:
            yield target

    def snapshot(self) -> dict[str, Any]:
        with self.target() as target:
            return take_snapshot(target.client(), now=datetime(2026, 1, 1, tzinfo=UTC))

    def planned(self) -> int:
        """Take the plan made once for the whole small company; how many calls it has."""
        shutil.copy(self.prepared / "try.plan", self.folder)
        with contextlib.closing(sqlite3.connect(self.folder / "try.plan")) as plan:
            (calls,) = plan.execute("select count(*) from actions").fetchone()
        return int(calls)

    def plan(
        self, name: str = "try.plan", *, workspace: dict[str, Any] | None = None, **more: Any
    ) -> PlanSummary:
        """Write a plan. The first that a desk makes of the same inputs as another desk is a copy of its."""
        snapshot, into = workspace or self.snapshot(), self.folder / name
        inputs = self._inputs(snapshot, more)
        if inputs is None or inputs in self.made or into.exists() or into.parent != self.folder:
            return self._plan(into, snapshot, more)
        self.made.add(inputs)
        if inputs in _PLANS:
            content, summary = _PLANS[inputs]
            into.touch(mode=0o600)
            into.write_bytes(content)
            lies = json.dumps(relative_paths(into, self.mapping))
            with contextlib.closing(sqlite3.connect(into)) as plan, plan:
                plan.execute("update meta set value = ? where name = 'mapping'", (lies,))
            return replace(summary, path=into)
        summary = self._plan(into, snapshot, more)
        _PLANS[inputs] = into.read_bytes(), summary
        return summary

    def _inputs(self, snapshot: dict[str, Any], more: dict[str, Any]) -> tuple[Any, ...] | None:
        """All that a plan is made of; None where that includes files of the test."""
        archive = self.dataset.archive
        if not archive.is_file() or more.keys() - {"tickets", "newest_first", "limit"}:
            return None
        chosen = json.dumps([snapshot, more], sort_keys=True)
        text, made_at = self.mapping.read_text(), archive.stat().st_mtime_ns
        return archive, made_at, self.dataset.digest, mapping_at(self.mapping).digest, text, chosen

    def _plan(self, into: Path, snapshot: dict[str, Any], more: dict[str, Any]) -> PlanSummary:
        mapping, options = mapping_at(self.mapping), dict(more)
        templates_dir = options.pop("templates_dir", None)
        chosen = {name: options.pop(name) for name in ("tickets", "newest_first") if name in options}
        return build_plan(
            self.dataset,
            mapping=mapping,
            decisions=decide(self.dataset.archive, mapping, **chosen),
            templates=templates_of(templates_dir),
            templates_dir=templates_dir,
            into=into,
            workspace=snapshot,
            **options,
        )

    def load(self, name: str = "try.plan", *, url: str | None = None, **more: Any) -> LoadResult:
        options: dict[str, Any] = {"settle": 0.0, "sleep": self.waits.append, "guards": UNGUARDED, **more}
        with self.target(url) as target:
            return load(self.folder / name, target=target, **options)

    def verify(self, name: str = "try.plan", **more: Any) -> VerifyResult:
        with self.target() as target:
            return verify(self.folder / name, target=target, sleep=self.waits.append, **more)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, dataset: Dataset) -> Path:
    """A folder with a sandbox that nobody wrote to, and a mapping and a plan for it, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    with running(folder / "intercom.sqlite", snapshot=SNAPSHOT) as sandbox:
        Desk(folder, dataset, sandbox.url, folder).plan()
    return folder


@pytest.fixture
def desk(tmp_path: Path, dataset: Dataset, prepared: Path, intercom: Intercom) -> Desk:
    """A migration of the small company into a sandbox. Waiting takes no time; `waits` has what was asked."""
    shutil.copy(prepared / "acme.mapping.yaml", tmp_path)
    return Desk(tmp_path, dataset, intercom.url, prepared)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, dataset: Dataset) -> list[Any]:
    """The content that an undisturbed load of the small company leaves."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with running(folder / "intercom.sqlite", snapshot=SNAPSHOT) as other:
        calm = Desk(folder, dataset, other.url, folder)
        calm.plan()
        assert calm.load().done == 6
        return other.content()


OOPS = b'{"type":"error.list","errors":[{"code":"server_error","message":"Oops"}]}'
REJECTION = b'{"type":"error.list","errors":[{"code":"parameter_invalid","message":"body is no good"}]}'
Fault = Callable[[str, str, int], str | None]


@dataclass
class Proxy:
    """Stands before an Intercom and misbehaves as `fault(method, path, number)` says.

    drop: forward, then close without an answer. refuse: close before forwarding. error: forward, answer 500.
    error_unsent: answer 500 without forwarding. broken: forward, answer 200 with half the JSON.
    reject: answer 400 without forwarding; limited: 429; absent: 404; forbidden: 403; page: 400 with a page of
    HTML; echo: 400 that repeats the request's token. odd: forward, answer 200 with a list. None: behave.
    """

    url: str
    seen: list[tuple[str, str]]
    faults: list[tuple[str, str, str]]


def refusal(code: str, message: str) -> bytes:
    """An error in Intercom's shape."""
    body = {"type": "error.list", "request_id": None, "errors": [{"code": code, "message": message}]}
    return json.dumps(body).encode()


@contextlib.contextmanager
def misbehaving(upstream: str, fault: Fault) -> Iterator[Proxy]:
    """A Proxy in a thread."""
    seen: list[tuple[str, str]] = []
    faults: list[tuple[str, str, str]] = []

    session = requests.Session()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_call(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append((self.command, self.path))
            wanted = fault(self.command, self.path, len(seen))
            if wanted is not None:
                faults.append((wanted, self.command, self.path))
            if wanted == "refuse":
                self.close_connection = True
                return
            if wanted == "error_unsent":
                self._answer(500, OOPS)
                return
            if wanted == "reject":
                self._answer(400, REJECTION)
                return
            unsent = {
                "limited": (429, refusal("rate_limit_exceeded", "Exceeded rate limit")),
                "absent": (404, refusal("not_found", "Resource Not Found")),
                "page": (400, b"<html><h1>Bad Request</h1></html>"),
                "forbidden": (403, refusal("forbidden", "You do not have the required scope (some_scope)")),
                "echo": (400, refusal("parameter_invalid", f"bad {self.headers['Authorization']}")),
            }
            if wanted in unsent:
                self._answer(*unsent[wanted])
                return
            headers = {
                key: value for key, value in self.headers.items() if key.lower() not in ("host", "connection")
            }
            answer = session.request(
                self.command, upstream + self.path, data=body, headers=headers, timeout=10
            )
            if wanted == "drop":
                self.close_connection = True
            elif wanted == "error":
                self._answer(500, OOPS)
            elif wanted == "odd":
                self._answer(200, b"[1, 2]")
            elif wanted == "broken":
                self._answer(200, answer.content[: len(answer.content) // 2])
            else:
                self._answer(answer.status_code, answer.content, dict(answer.headers))

        do_GET = do_POST = do_PUT = do_DELETE = handle_call

        def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for key, value in (headers or {}).items():
                if key.lower().startswith("x-ratelimit"):
                    self.send_header(key, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    with session, serving(Handler) as url:
        yield Proxy(url, seen, faults)


@contextlib.contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server in a thread that answers with `handler`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
