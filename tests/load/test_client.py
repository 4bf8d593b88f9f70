"""The session: what it sends, what it never does."""

import socket
from http.server import BaseHTTPRequestHandler

import pytest

from deskferry.load.answers import Answer, Done, Failed, Silence
from deskferry.load.client import Call, Client, is_loopback
from deskferry.load.pace import Pace
from deskferry.load.perform import BACKOFF, Patience, perform
from deskferry.schemas.errors import InputError

from .conftest import serving


def client(url: str, *, waits: list[float] | None = None, timeout: float = 5.0) -> Client:
    """Its clock is moved by what is waited."""
    pace = Pace(clock=lambda: sum(waits or []))
    return Client(url, token="s3cret", pace=pace, timeout=(timeout, timeout), environ={})


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says and notes what came."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, dict[str, str], bytes]] = []  # noqa: RUF012 -- emptied by the fixture
    tries = 0

    def handle_call(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Handler.seen.append((self.path, dict(self.headers), body))
        Handler.tries += 1
        status = {"/moved": 302, "/late": 404 if Handler.tries < 4 else 200, "/limited": 429}.get(
            self.path, 200
        )
        if self.path == "/limited" and Handler.tries > 2:
            status = 200
        text = b'{"ok": tru' if self.path == "/broken" else b'{"ok": true}'
        if status == 404:
            text = b'{"type": "error.list", "errors": [{"code": "not_found", "message": "User Not Found"}]}'
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(text) + (10 if self.path == "/cut" else 0)))
        self.end_headers()
        self.wfile.write(text)
        if self.path == "/cut":
            self.close_connection = True

    do_GET = do_POST = do_PUT = handle_call

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def url() -> object:
    Handler.seen, Handler.tries = [], 0
    with serving(Handler) as address:
        yield address


def test_every_request_carries_token_and_version(url: str) -> None:
    session = client(url)
    assert isinstance(session.send(Call("POST", "/contacts", {"name": "Zoë"})), Answer)
    path, headers, body = Handler.seen[0]
    assert path == "/contacts"
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Intercom-Version"] == "2.16"
    assert headers["Accept"] == headers["Content-Type"] == "application/json"
    assert body == '{"name":"Zoë"}'.encode()
    assert session.requests == 1
    assert "s3cret" not in repr(session)


def test_a_redirect_is_never_followed(url: str) -> None:
    with pytest.raises(InputError, match="302 redirects elsewhere"):
        perform(client(url), Call("GET", "/moved"), Patience(sleep=lambda _: None))
    assert len(Handler.seen) == 1


@pytest.mark.parametrize("path", ["/broken", "/cut"])
def test_a_damaged_answer_is_known_for_one(url: str, path: str) -> None:
    reply = client(url).send(Call("POST", path, {}))
    assert isinstance(reply, Silence) if path == "/cut" else isinstance(reply, Answer)
    assert reply.sent if isinstance(reply, Silence) else reply.broken


def test_what_was_just_made_gets_time_to_appear(url: str) -> None:
    waits: list[float] = []
    call = Call("POST", "/late", {}, fresh=True)
    assert isinstance(perform(client(url), call, Patience(sleep=waits.append)), Done)
    assert waits == list(BACKOFF[:3])
    Handler.tries = 0
    assert isinstance(perform(client(url), Call("POST", "/late", {}), Patience(sleep=waits.append)), Failed)


def test_a_refused_call_waits_and_is_made_once(url: str) -> None:
    waits: list[float] = []
    assert isinstance(
        perform(client(url, waits=waits), Call("POST", "/limited", {}), Patience(sleep=waits.append)), Done
    )
    assert waits == [10, 10]


def test_a_port_nobody_listens_on_was_never_sent_to() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert client(address).send(Call("POST", "/x", {})) == Silence(sent=False, reason="nobody listens there")


def test_an_answer_that_takes_too_long_may_have_been_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        reply = client(address, timeout=0.05).send(Call("POST", "/x", {}))
    assert reply == Silence(sent=True, reason="no answer in time")


@pytest.mark.parametrize(
    ("call", "repeatable"),
    [
        (Call("GET", "/me"), True),
        (Call("PUT", "/conversations/1", {}), True),
        (Call("POST", "/tags", {"name": "a"}), True),
        (Call("POST", "/companies", {}), True),
        (Call("POST", "/contacts/search", {}), True),
        (Call("POST", "/conversations/search", {}), True),
        (Call("POST", "/contacts", {"role": "user"}), True),
        (Call("POST", "/contacts", {"role": "lead"}), False),
        (Call("POST", "/contacts", {"email": "a@x.test"}), False),
        (Call("POST", "/conversations", {}), False),
        (Call("POST", "/conversations/1/reply", {}), False),
        (Call("POST", "/conversations/1/parts", {}), False),
        (Call("POST", "/conversations/1/tags", {}), False),
        (Call("POST", "/data_attributes", {}), False),
    ],
)
def test_only_what_does_no_harm_twice_is_repeated(call: Call, repeatable: bool) -> None:
    assert call.repeatable is repeatable


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:1", True),
        ("http://localhost:1", True),
        ("http://[::1]:1", True),
        ("http://127.0.0.1.evil.test", False),
        ("http://localhost.evil.test", False),
        ("https://api.intercom.io", False),
    ],
)
def test_loopback_is_this_machine_and_no_name_that_looks_like_it(url: str, here: bool) -> None:
    assert is_loopback(url) is here
