"""Each row of docs/loading.md's table of answers, between the real client and a server on a real socket."""

import json
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.answer_body import EndlessError, read_body
from deskferry.load.answers import Answer, Conflict, Done, Failed, InDoubt, Silence
from deskferry.load.client import Call, Client
from deskferry.load.pace import Pace
from deskferry.load.perform import HOPS, Patience, perform
from deskferry.schemas.errors import InputError

DOC = Path(__file__).parent.parent.parent / "docs" / "loading.md"
OK = {"id": "1", "conversation_id": "2"}
TWIN = "5da6f18e3d7cf967e4582d05"
GET, PUT = Call("GET", "/contacts/a1"), Call("PUT", "/conversations/1", {"title": "x"})
CREATE, FRESH = Call("POST", "/conversations", {"body": "x"}), Call("POST", "/conversations", {}, fresh=True)
PERSON = Call("POST", "/contacts", {"role": "user", "email": "a@x.test"})
STATE_ONLY = Call("PUT", "/tickets/5", {"ticket_state_id": "3"})
ATTACH = Call("POST", "/contacts/a1/companies", {"id": "1"})
FIND = Call("GET", "/contacts/find_by_external_id/x")
B2 = {"type": "contact", "id": "b2"}
THREAD, SEARCH = Call("GET", "/conversations/7"), Call("POST", "/conversations/search", {"query": {}})
PERSON_SHOWN = {"type": "contact", "id": "c9"}
TICKET = Call("PUT", "/tickets/1", {"ticket_state_id": "3", "open": False, "admin_id": 1})


def reply(status: int, body: Any, *headers: str) -> bytes:
    """An HTTP answer, its body as JSON unless it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = [f"HTTP/1.1 {status} OK", f"Content-Length: {len(data)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + data


def error(status: int, code: str, message: str, *headers: str) -> bytes:
    body = {"type": "error.list", "request_id": None, "errors": [{"code": code, "message": message}]}
    return reply(status, body, *headers)


GOOD = reply(200, OK)
SEVEN, NONE, NOTES = reply(200, {"id": "7"}), reply(200, {"conversations": []}), reply(200, {"data": []})
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
HALF = reply(200, b'{"id": "1", "conver')
RESET = b""
MERGED = error(410, "contact_merged", "Merged", 'Link: </contacts/b2>; rel="canonical"')
ELSEWHERE = error(410, "contact_merged", "Merged", 'Link: <https://evil.test/contacts/b2>; rel="canonical"')
REFUSED = error(400, "parameter_invalid", "is no good")
LATE = error(404, "not_found", "User Not Found")
OVER = error(429, "rate_limit_exceeded", "Exceeded rate limit of 167 in 10_seconds")
RESETS_AT = ("X-RateLimit-Limit: 167", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1007")
OVER_UNTIL = error(429, "rate_limit_exceeded", "Exceeded", *RESETS_AT)
MANY = error(400, "parameter_invalid", "Too many recent replies to this conversation")
ASSIGNED = error(422, "conversation_already_assigned_to_assignee", "Already assigned")
SAME = error(400, "parameter_invalid", "Cannot transition ticket to the same state")
OOPS, PAGE = error(500, "server_error", "Oops"), reply(502, b"<html>Bad Gateway</html>")
REFUSAL_PAGE = reply(400, b"<html>Bad Request</html>")
TIMEOUT = error(408, "request_timeout", "Timed out")
UNKNOWN = error(401, "unauthorized", "Access Token Invalid")
UNPAID = error(403, "api_plan_restricted", "Active subscription needed.")
GONE = Failed("contact_merged", "contact_merged: Merged", 410)
EXISTS = f"A contact matching those details already exists with id={TWIN}"
ARCHIVED = f"An archived contact matching those details already exists with id={TWIN}"

# Calls that are made again until the answer is about them: (call, what else is answered, what is right).
REPEATED: list[tuple[Call, Any, Any]] = [
    (GET, PERSON_SHOWN, {"id": "a1"}),
    (PUT, {"id": "2"}, {"id": "1"}),
    (PERSON, {"id": "c9", "email": "b@x.test"}, {"type": "contact", "id": "c8", "email": "A@X.test"}),
    (PERSON, {"id": "7", "type": "conversation"}, {"id": "c8"}),
    (FIND, {"id": "c9", "external_id": "y"}, {"id": "c8", "external_id": "x"}),
    (ATTACH, {"id": "2"}, {"id": "1"}),
    (
        Call("GET", "/companies?company_id=a%26b"),
        {"id": "1", "company_id": "b"},
        {"id": "1", "company_id": "a&amp;b"},
    ),
    (
        Call("POST", "/companies", {"company_id": "a"}),
        {"id": "1", "company_id": "b"},
        {"id": "1", "company_id": "a"},
    ),
    (Call("POST", "/tags", {"name": "VIP"}), {"id": "1", "name": "other"}, {"id": "1", "name": "vip"}),
    (Call("POST", "/tickets/5/tags", {"id": "1"}), {"id": "5"}, {"id": "1"}),
    (Call("GET", "/contacts/a1/companies"), {"id": "a1"}, {"companies": []}),
]
# Calls that may have been made all the same.
DOUBTED: list[tuple[Call, Any]] = [
    (CREATE, {"type": "conversation", "conversation_id": "7"}),
    (CREATE, {"conversation_id": "7", "created_at": 5, "body": "y"}),
    (TICKET, {"id": "2"}),
    (Call("POST", "/tickets", {"ticket_attributes": {"zendesk_ticket_id": "1"}}),
     {"id": "1", "ticket_attributes": {"zendesk_ticket_id": "2"}}),
    (Call("POST", "/tickets/5/reply", {}), {}),
    (Call("POST", "/contacts/a1/notes", {}), PERSON_SHOWN),
    (Call("POST", "/conversations/7/parts", {}), {"id": "8"}),
    (Call("POST", "/conversations/7/reply", {}), {"id": "8"}),
    (Call("POST", "/conversations/7/customers", {}), {}),
    (Call("POST", "/data_attributes", {"name": "x"}), {}),
    (Call("POST", "/conversations/attributes", {"name": "x"}), {"id": "1", "name": "y"}),
    (Call("POST", "/ticket_types/1/attributes", {"name": "x"}), {"id": "1"}),
    (Call("POST", "/ticket_types", {"name": "x"}), {"id": "1", "name": "y"}),
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """what: first cell of the documented table. answers: what the server says, one after the other.

    paths: of the requests that arrive, all to the call's own unless given. outcome: an exception's words, or
    what perform gives. waits: seconds slept.
    """

    what: str
    call: Call
    answers: list[bytes]
    outcome: Any
    waits: list[float] = field(default_factory=list)
    paths: list[str] | None = None


ROWS = [
    Row("400, 404, 422 and others with Intercom's words", CREATE, [REFUSED],
        Failed("parameter_invalid", "parameter_invalid: is no good", 400)),
    Row("400, 404, 422 and others with Intercom's words", CREATE, [LATE],
        Failed("not_found", "not_found: User Not Found", 404)),
    Row("400 \"too many recent replies\"", CREATE, [MANY, MANY, GOOD], Done(OK), [15, 15]),
    Row("400 \"same state\" of a ticket", TICKET, [SAME, GOOD], Done(OK)),
    Row("400 \"same state\" of a ticket", STATE_ONLY, [SAME], Done(None)),
    Row("401, 403", PUT, [UNKNOWN], "401 unauthorized: Access Token"),
    Row("401, 403", CREATE, [UNPAID], "403 api_plan"),
    Row("404 just after a create", FRESH, [LATE, LATE, LATE, LATE, GOOD], Done(OK), [1, 2, 5, 10]),
    Row("404 just after a create", FRESH, [LATE] * 5,
        Failed("404", "404 not_found: User Not Found", 404, passing=True), [1, 2, 5, 10]),
    Row("408, 5xx, a gateway's page", PUT, [TIMEOUT, OOPS, PAGE, GOOD], Done(OK), [1, 2, 5]),
    Row("408, 5xx, a gateway's page", PUT, [REFUSAL_PAGE, GOOD], Done(OK), [1]),
    Row("408, 5xx, a gateway's page", PUT, [OOPS] * 5,
        Failed("500", "500 server_error: Oops", 500, passing=True), [1, 2, 5, 10]),
    Row("408, 5xx, a gateway's page", CREATE, [TIMEOUT], InDoubt("408 request_timeout: Timed out")),
    Row("408, 5xx, a gateway's page", CREATE, [OOPS], InDoubt("500 server_error: Oops")),
    Row("408, 5xx, a gateway's page", CREATE, [PAGE], InDoubt("502 without readable JSON")),
    Row("408, 5xx, a gateway's page", CREATE, [REFUSAL_PAGE], InDoubt("400 without readable JSON")),
    Row("408, 5xx, a gateway's page", CREATE, [reply(400, {"errors": [None, {"code": None, "message": {}}]})],
        InDoubt("400 HTTP 400")),
    Row("409 with an id", PERSON, [error(409, "conflict", EXISTS)],
        Conflict(TWIN, archived=False, text=f"conflict: {EXISTS}")),
    Row("409 without an id", PERSON, [error(409, "conflict", "A twin exists")],
        Conflict(None, archived=False, text="conflict: A twin exists")),
    Row("409 of an archived contact", PERSON, [error(409, "conflict", ARCHIVED)],
        Conflict(TWIN, archived=True, text=f"conflict: {ARCHIVED}")),
    Row("410, the contact was merged", GET, [MERGED, reply(200, B2)], Done(B2),
        paths=["/contacts/a1", "/contacts/b2"]),
    Row("410, the contact was merged", ATTACH, [MERGED, GOOD], Done(OK),
        paths=["/contacts/a1/companies", "/contacts/b2/companies"]),
    Row("410, the contact was merged", FIND, [MERGED, reply(200, B2)], Done(B2),
        paths=["/contacts/find_by_external_id/x", "/contacts/b2"]),
    Row("410, the contact was merged", GET, [ELSEWHERE], GONE),
    Row("410, the contact was merged", GET, [error(410, "contact_merged", "Merged")], GONE),
    Row("422 \"already assigned\"", Call("POST", "/conversations/7/parts", {}), [ASSIGNED],
        Done(json.loads(ASSIGNED.partition(b"\r\n\r\n")[2]))),
    Row("429", CREATE, [OVER, GOOD], Done(OK), [10]),
    Row("429", CREATE, [OVER_UNTIL, GOOD], Done(OK), [7]),
    Row("429", CREATE, [error(429, "x", "Slow down", "Retry-After: 3"), GOOD], Done(OK), [3]),
    Row("3xx", CREATE, [reply(302, {}, "Location: http://127.0.0.1:1/x")], "302 redirects elsewhere"),
    Row("the connection breaks, or no answer in time", PUT, [RESET, CUT, GOOD], Done(OK), [1, 2]),
    Row("the connection breaks, or no answer in time", PUT, [RESET] * 7, "cannot reach",
        [1, 2, 5, 10, 10, 10]),
    Row("the connection breaks, or no answer in time", CREATE, [RESET], InDoubt("the connection broke")),
    Row("the connection breaks, or no answer in time", CREATE, [CUT], InDoubt("the answer broke off")),
    Row("no JSON, half of it, or a list", PUT, [HALF, reply(200, [1]), GOOD], Done(OK), [1, 2]),
    Row("no JSON, half of it, or a list", CREATE, [HALF], InDoubt("200 without readable JSON")),
    Row("no JSON, half of it, or a list", CREATE, [reply(200, b"")], InDoubt("200 without readable JSON")),
    Row("an object about something else", THREAD, [reply(200, {}), reply(200, {"id": "8"}), SEVEN],
        Done({"id": "7"}), [1, 2]),
    Row("an object about something else", SEARCH, [reply(200, {}), reply(200, {"conversations": None}), NONE],
        Done({"conversations": []}), [1, 2]),
    Row("an object about something else", SEARCH, [reply(200, {"type": "list", "data": []})] * 5,
        Failed("200", "200 without readable JSON", 200, passing=True), [1, 2, 5, 10]),
    Row("an object about something else", Call("GET", "/contacts/a1/notes"), [reply(200, {}), NOTES],
        Done({"data": []}), [1]),
    Row("an object about something else", Call("POST", "/tickets", {}), [reply(200, PERSON_SHOWN)],
        InDoubt("200 without readable JSON")),
    *(Row("an object about something else", call, [reply(200, {}), reply(200, shown), reply(200, right)],
          Done(right), [1, 2]) for call, shown, right in REPEATED),
    *(Row("an object about something else", call, [reply(200, shown)], InDoubt("200 without readable JSON"))
      for call, shown in DOUBTED),
]  # fmt: skip


@contextmanager
def speaking(answers: list[bytes]) -> Iterator[tuple[str, list[str]]]:
    """A server that gives these answers one after the other, and the paths it was asked for."""
    paths: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for answer in answers:
                try:
                    connection, _ = listener.accept()
                except OSError:  # closed: nobody asks any more
                    return
                with connection, connection.makefile("rb") as asked:
                    paths.append(asked.readline().split()[1].decode())
                    length = 0
                    while (line := asked.readline()) not in (b"\r\n", b""):
                        if line.lower().startswith(b"content-length:"):
                            length = int(line.split(b":")[1])
                    asked.read(length)
                    # One answer per connection keeps the server simple.
                    connection.sendall(answer.replace(b" OK\r\n", b" OK\r\nConnection: close\r\n", 1))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", paths
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def client(url: str, *, waits: Sequence[float] = (), timeout: float = 5.0) -> Client:
    """The clock begins at 1000 s and is moved by what is waited."""
    pace = Pace(clock=lambda: 1000.0 + sum(waits), wait=lambda _, seconds: pytest.fail(f"paced {seconds}"))
    return Client(url, token="s3cret-s3cret", pace=pace, timeout=(timeout, timeout), environ={})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.what} {row.call.method} {row.call.path}")
def test_an_answer_means_what_the_table_says(row: Row) -> None:
    waits: list[float] = []
    with speaking(row.answers) as (url, paths):
        patience = Patience(sleep=waits.append)
        if isinstance(row.outcome, str):
            with pytest.raises(InputError, match=row.outcome) as raised:
                perform(client(url, waits=waits), row.call, patience)
            assert "\n" not in str(raised.value)
            assert "s3cret" not in str(raised.value)
        else:
            assert perform(client(url, waits=waits), row.call, patience) == row.outcome
    assert waits == row.waits
    assert paths == (row.paths or [row.call.path] * len(row.answers))


def test_each_row_of_the_documented_table_is_tested_and_each_tested_row_documented() -> None:
    table = DOC.read_text().partition("## What an answer means")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE)
    documented = set(cells) - {"answer"}
    assert documented == {row.what for row in ROWS} | {"nobody there", "larger than 64 MB, or without end"}


def test_merged_contacts_are_followed_only_so_far() -> None:
    hops = [
        error(410, "contact_merged", "Gone", f'Link: </contacts/c{n}>; rel="canonical"') for n in range(9)
    ]
    with speaking(hops) as (url, paths):
        result = perform(client(url), GET, Patience(sleep=lambda _: None))
    assert result == Failed("contact_merged", f"contact_merged: Gone (into c{HOPS})", 410)
    assert paths == ["/contacts/a1", *(f"/contacts/c{n}" for n in range(HOPS))]


@pytest.mark.parametrize("chunked", [True, False])
def test_an_answer_without_end_is_lost(chunked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskferry.load.client.read_body", partial(read_body, most=1 << 20))
    block = b" " * 65_000
    head = b"HTTP/1.1 200 OK\r\n"
    if chunked:
        body = (b"%x\r\n" % len(block) + block + b"\r\n") * 30
        answer = head + b"Transfer-Encoding: chunked\r\n\r\n" + body
    else:
        answer = head + b"Content-Length: 999999999999\r\n\r\n" + block * 30
    with speaking([answer]) as (url, _):
        assert client(url).send(CREATE) == Silence(sent=True, reason="the answer is larger than 1 MB")


def test_an_answer_that_only_drips_is_lost() -> None:
    class Dripping:
        closed = False
        ticks = 0

        @property
        def raw(self) -> "Dripping":
            return self

        def read1(self, _most: int, **_how: bool) -> bytes:
            self.ticks += 1
            return b" "

        def close(self) -> None:
            self.closed = True

    drip: Any = Dripping()
    with pytest.raises(EndlessError, match="did not end in 300 s"):
        read_body(drip, clock=lambda: drip.ticks * 30.0)
    assert drip.closed


def test_an_answer_cut_at_any_byte_is_no_answer() -> None:
    """Of a call that can't be repeated every cut leaves doubt, and the whole answer none."""
    chunked = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"id":"1"\r\n1\r\n}\r\n0\r\n\r\n'
    for whole in (GOOD, chunked):
        with speaking([whole[:cut] for cut in range(len(whole))]) as (url, paths):
            session = client(url)
            for cut in range(len(whole)):
                result = perform(session, CREATE, Patience(sleep=lambda _: None))
                # What is missing at the very end is the mark of the end, not a byte of the answer.
                complete = whole is chunked and cut >= len(whole) - 4
                assert isinstance(result, InDoubt) or complete, whole[:cut]
        assert len(paths) == len(whole)


@pytest.mark.parametrize(
    "noise",
    [
        b"\x00\xff\xfe\r\n\r\n",
        b"HTTP/9.9 abc\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-RateLimit-Reset: \xb2\xb3\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 700 Odd\r\nContent-Length: 2\r\n\r\n{}",
        b"ICY 200 OK\r\n\r\n",
    ],
)
def test_noise_is_no_traceback(noise: bytes) -> None:
    with speaking([noise]) as (url, _):
        assert isinstance(client(url).send(CREATE), Answer | Silence)


def test_a_connection_is_used_again_after_a_whole_answer() -> None:
    answers = [GOOD, REFUSED, reply(200, b"")]
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as asked:
                for answer in answers:
                    while asked.readline() not in (b"\r\n", b""):
                        pass
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        session = client(f"http://127.0.0.1:{listener.getsockname()[1]}")
        found = [session.send(GET) for _ in answers]
        thread.join(5)
    assert [one.status for one in found if isinstance(one, Answer)] == [200, 400, 200]
