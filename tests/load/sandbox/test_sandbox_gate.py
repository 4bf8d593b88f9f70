"""What every request passes: token, version, rate, body; and what is remembered of it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from deskferry.load.sandbox.call import Call
from deskferry.load.sandbox.endpoints import ENDPOINTS, Endpoint
from deskferry.load.sandbox.state import State


def test_a_new_sandbox_holds_one_seated_admin_two_ticket_types_and_nothing_else(sandbox: Any) -> None:
    me = sandbox.ok("GET", "/me")
    assert me["email"] == "migration@sandbox.test"
    assert me["name"] == "Migration Admin"
    assert me["has_inbox_seat"] is True
    assert len(me["app"]["id_code"]) == 8
    assert me["app"]["name"] == "Sandbox"
    assert [admin["id"] for admin in sandbox.ok("GET", "/admins")["admins"]] == [me["id"]]
    assert sandbox.ok("GET", "/teams") == {"type": "team.list", "teams": []}
    assert sandbox.ok("GET", "/tags") == {"type": "list", "data": []}
    assert sandbox.ok("GET", "/conversations/attributes")["data"] == []
    kinds = sandbox.ok("GET", "/ticket_types")["data"]
    assert [kind["category"] for kind in kinds] == ["Customer", "Back-office"]
    assert not [one for one in sandbox.ok("GET", "/data_attributes")["data"] if one["custom"]]
    assert sandbox.testimony("state") == {
        "contacts": 0,
        "companies": 0,
        "conversations": 0,
        "tickets": 0,
        "parts": 0,
        "notifications": 0,
        "teammate_notifications": 0,
        "requests": 7,
        "rate_limited": 0,
        "windows": [[1_750_000_000, 7, 0]],
        "endpoints": {
            f"GET {path}": {"calls": 1, "refused": 0}
            for path in ("/admins", "/conversations/attributes", "/data_attributes", "/me", "/tags", "/teams")
        }
        | {"GET /ticket_types": {"calls": 1, "refused": 0}},
    }


def test_a_wrong_token_is_refused_and_learns_nothing_of_the_limit(start: Any) -> None:
    sandbox = start(token="right")
    answer = sandbox.call("GET", "/me", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401
    assert answer.json()["errors"] == [{"code": "unauthorized", "message": "Access Token Invalid"}]
    assert "X-RateLimit-Limit" not in answer.headers
    assert sandbox.call("GET", "/me").status_code == 200
    assert sandbox.testimony("state")["windows"] == [[1_750_000_000, 1, 0]]


HEADERS = {"Authorization": "Bearer any", "Intercom-Version": "2.16"}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc"])
def test_without_a_bearer_token_nobody_gets_in(shared: Any, header: str) -> None:
    assert shared.refused("GET", "/me", headers={"Authorization": header})[:2] == (401, "unauthorized")


@pytest.mark.parametrize("version", ["2.15", "2.17", "Preview", None])
def test_only_version_2_16_is_spoken(shared: Any, version: str | None) -> None:
    status, code, _ = shared.refused("GET", "/me", headers={"Intercom-Version": version})
    assert (status, code) == (400, "intercom_version_invalid")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("POST", "/messages"),
        ("DELETE", "/me"),
        ("PATCH", "/contacts/x"),
        ("GET", "/contacts//"),
    ],
)
def test_unknown_paths_and_methods_are_404(shared: Any, method: str, path: str) -> None:
    assert shared.refused(method, path, {})[:2] == (404, "not_found")


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff", b'{"name": "\\ud800"}'])
def test_a_body_that_is_no_json_object_is_refused(shared: Any, body: bytes) -> None:
    answer = shared.session.post(f"{shared.url}/tags", data=body, timeout=10)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad_request")


def test_calls_over_the_rate_are_refused_until_the_next_window(start: Any) -> None:
    sandbox = start(rate=3)
    answers = [sandbox.call("GET", "/me") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {"3"}
    assert {answer.headers["X-RateLimit-Reset"] for answer in answers} == {"1750000010"}
    error = answers[-1].json()["errors"][0]
    assert error == {"code": "rate_limit_exceeded", "message": "Exceeded rate limit of 3 in 10_seconds"}
    sandbox.clock.now += 10
    assert sandbox.call("GET", "/me").status_code == 200
    counts = sandbox.testimony("state")
    assert counts["rate_limited"] == 2
    assert counts["requests"] == 6
    assert counts["windows"] == [[1_750_000_000, 3, 2], [1_750_000_010, 1, 0]]


def test_calls_and_refusals_are_counted_by_endpoint(start: Any) -> None:
    sandbox = start(rate=4)
    for path in ("/contacts/1", "/contacts/2", "/nothing", "/me", "/me"):
        sandbox.call("GET", path)
    assert sandbox.testimony("state")["endpoints"] == {
        "GET /contacts/{id}": {"calls": 2, "refused": 2},
        "GET /me": {"calls": 2, "refused": 1},
        "unknown": {"calls": 1, "refused": 1},
    }


def test_racing_requests_are_all_counted_and_each_is_told_what_is_left(start: Any) -> None:
    sandbox = start(rate=30)
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(requests.get, f"{sandbox.url}/me", headers=HEADERS, timeout=10) for _ in range(40)
        ]
        answers = [one.result() for one in asked]
    through = [answer for answer in answers if answer.status_code == 200]
    assert sorted(int(one.headers["X-RateLimit-Remaining"]) for one in through) == list(range(30))
    assert [answer.status_code for answer in answers].count(429) == 10
    assert sandbox.testimony("state")["windows"] == [[1_750_000_000, 30, 10]]


def test_a_part_sent_twice_at_once_stands_twice_and_a_user_once(sandbox: Any) -> None:
    conversation = sandbox.conversation()
    note = {"type": "admin", "message_type": "note", "admin_id": sandbox.admin, "body": "x"}
    user = {"role": "user", "email": "race@example.org"}
    calls = [(f"/conversations/{conversation}/reply", note), ("/contacts", user)] * 6
    with ThreadPoolExecutor(12) as pool:
        asked = [
            pool.submit(requests.post, sandbox.url + path, json=body, headers=HEADERS, timeout=10)
            for path, body in calls
        ]
        answers = [one.result() for one in asked]
    assert [answer.status_code for answer in answers[::2]] == [200] * 6
    assert sorted(answer.status_code for answer in answers[1::2]) == [200] + [409] * 5
    assert len(sandbox.parts(conversation)) == 6


def test_a_refused_call_does_nothing(start: Any) -> None:
    sandbox = start(rate=1)
    sandbox.contact(email="a@example.org")
    assert sandbox.call("POST", "/contacts", {"email": "b@example.org"}).status_code == 429
    assert sandbox.testimony("state")["contacts"] == 1


def test_error_answers_carry_the_rate_as_well(shared: Any) -> None:
    assert shared.call("GET", "/contacts/none").headers["X-RateLimit-Limit"] == "100000"


def test_every_request_is_logged_with_what_a_customer_could_read(sandbox: Any) -> None:
    contact = sandbox.contact(name="Ann", email="ann@example.org", phone="+1")
    conversation = sandbox.conversation(contact, body="the opening")
    sandbox.reply(conversation, body="the note")
    sandbox.reply(conversation, message_type="comment", body="the comment", skip_notifications=True)
    sandbox.ok("PUT", f"/conversations/{conversation}", {"title": "the title"})
    sandbox.act(conversation, "close", body="the goodbye")
    sandbox.call("GET", "/nothing?secret=1", {"odd": [1]})
    log = sandbox.testimony("requests")["requests"]
    words = [row["visible"] for row in log if row["method"] != "GET"]
    assert words == [
        ["Ann", "ann@example.org", "+1"],
        ["the opening"],
        [],
        ["the comment"],
        [],
        ["the goodbye"],
    ]
    assert all(row["customer_visible"] == bool(row["visible"]) for row in log)
    assert [row["status"] for row in log[-2:]] == [200, 404]
    assert log[-1]["path"] == "/nothing?secret=1"
    assert '"the note"' in next(row["body"] for row in log if "reply" in row["path"])
    some = sandbox.testimony("requests?after=2&limit=3")["requests"]
    assert [row["n"] for row in some] == [3, 4, 5]
    for query in ("after=x", f"after={10**30}"):
        assert requests.get(f"{sandbox.url}/_sandbox/requests?{query}", timeout=5).status_code == 400


def test_questions_about_the_sandbox_are_no_api_requests(sandbox: Any) -> None:
    assert requests.get(f"{sandbox.url}/_sandbox/nothing", timeout=5).status_code == 404
    assert requests.get(f"{sandbox.url}/_sandbox/files/7", timeout=5).status_code == 404
    assert sandbox.testimony("outbox") == {"notifications": []}
    assert sandbox.testimony("state")["requests"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"type": "admin", "message_type": "comment", "attachment_files": 3, "attachment_urls": {"a": 1}},
        {"type": 1, "message_type": [], "body": {"a": ["b"]}},
        {"message_type": "quick_reply", "attachment_files": [None, {"name": 4}], "reply_options": 7},
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_and_logged(sandbox: Any, body: Any) -> None:
    conversation = sandbox.conversation()
    assert sandbox.refused("POST", f"/conversations/{conversation}/reply", body)[0] == 400
    assert sandbox.testimony("requests")["requests"][-1]["status"] == 400


def test_the_token_is_never_written_down(start: Any, tmp_path: Any) -> None:
    sandbox = start(token="very-secret-token")
    sandbox.conversation()
    assert sandbox.testimony("state")["requests"] == 2
    for file in tmp_path.iterdir():
        assert b"very-secret-token" not in file.read_bytes()


def test_a_bug_in_the_sandbox_is_a_500_that_leaves_nothing_half_done(
    sandbox: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(state: State, _call: Call) -> Any:
        state.run("insert_tag", id=None, name="half", name_key="half")
        raise ZeroDivisionError

    monkeypatch.setitem(ENDPOINTS, "GET /me", Endpoint(broken))
    assert sandbox.refused("GET", "/me")[:2] == (500, "server_error")
    assert "ZeroDivisionError" in capfd.readouterr().err
    assert sandbox.ok("GET", "/tags")["data"] == []
    assert [row["status"] for row in sandbox.testimony("requests")["requests"]] == [500, 200]
