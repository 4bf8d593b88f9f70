"""Each row of Intercom's table of answers."""

from typing import Any

import pytest

from deskferry.load.answers import (
    Answer,
    Conflict,
    Done,
    Failed,
    InDoubt,
    Outcome,
    Retry,
    Silence,
    Stop,
    classify,
)

EXISTS = "A contact matching those details already exists with id=5da6f18e3d7cf967e4582d05"
ARCHIVED = "An archived contact matching those details already exists with id=5da6f18e3d7cf967e4582d05"


def answer(status: int, code: str | None = None, message: str = "", **more: Any) -> Answer:
    body = (
        {"type": "error.list", "errors": [{"code": code, "message": message, **more}]}
        if code
        else {"id": "1"}
    )
    return Answer(status, {}, body)


@pytest.mark.parametrize(
    ("reply", "repeated", "once"),
    [
        (answer(200), Done({"id": "1"}), Done({"id": "1"})),
        (
            answer(500, "server_error", "Oops"),
            Retry("500 server_error: Oops"),
            InDoubt("500 server_error: Oops"),
        ),
        (
            answer(503, "service_unavailable"),
            Retry("503 service_unavailable"),
            InDoubt("503 service_unavailable"),
        ),
        (answer(408, "request_timeout"), Retry("408 request_timeout"), InDoubt("408 request_timeout")),
        (
            Answer(200, {}, None, broken=True),
            Retry("200 without readable JSON"),
            InDoubt("200 without readable JSON"),
        ),
        (
            Silence(sent=True, reason="no answer in time"),
            Retry("no answer in time", unreachable=True),
            InDoubt("no answer in time"),
        ),
    ],
)
def test_a_lost_answer_is_in_doubt_unless_the_call_can_be_repeated(
    reply: Answer | Silence, repeated: Outcome, once: Outcome
) -> None:
    assert classify(reply, repeatable=True, fresh=False) == repeated
    assert classify(reply, repeatable=False, fresh=False) == once


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Silence(sent=False, reason="refused"), Retry("refused", unreachable=True)),
        (answer(429, "rate_limit_exceeded", "Slow"), Retry("rate_limit_exceeded: Slow", limited=True)),
        (
            answer(400, "parameter_invalid", "Too many recent replies to this conversation"),
            Retry("parameter_invalid: Too many recent replies to this conversation", wait=15.0, limited=True),
        ),
        (
            answer(400, "parameter_invalid", "is no good", field="email"),
            Failed("parameter_invalid", "parameter_invalid: is no good (email)", 400),
        ),
        (answer(401, "unauthorized", "Access Token Invalid"), Stop("401 unauthorized: Access Token Invalid")),
        (answer(403, "api_plan_restricted", "No"), Stop("403 api_plan_restricted: No")),
        (answer(302), Stop("302 redirects elsewhere; redirects are not followed")),
        (answer(404, "not_found", "User Not Found"), Failed("not_found", "not_found: User Not Found", 404)),
        (
            answer(409, "conflict", EXISTS),
            Conflict("5da6f18e3d7cf967e4582d05", archived=False, text=f"conflict: {EXISTS}"),
        ),
        (
            answer(409, "conflict", ARCHIVED),
            Conflict("5da6f18e3d7cf967e4582d05", archived=True, text=f"conflict: {ARCHIVED}"),
        ),
        (answer(409, "conflict", "Twin"), Conflict(None, archived=False, text="conflict: Twin")),
        (
            answer(422, "conversation_already_assigned_to_assignee"),
            Done(answer(422, "conversation_already_assigned_to_assignee").body),
        ),
        (answer(410, "contact_merged", "Merged"), Failed("contact_merged", "contact_merged: Merged", 410)),
    ],
)
def test_every_other_answer_means_the_same_for_every_call(
    reply: Answer | Silence, outcome: Outcome, repeatable: bool
) -> None:
    assert classify(reply, repeatable=repeatable, fresh=False) == outcome


def test_a_404_on_what_was_just_made_is_the_targets_delay() -> None:
    reply = answer(404, "not_found", "User Not Found")
    assert classify(reply, repeatable=False, fresh=True) == Retry("404 not_found: User Not Found")


@pytest.mark.parametrize("status", [400, 404, 409, 422])
@pytest.mark.parametrize("body", [None, {}, {"errors": []}, {"message": "Bad Gateway"}])
def test_a_refusal_without_intercoms_words_comes_from_something_on_the_way(status: int, body: object) -> None:
    reply = Answer(status, {}, body, broken=body is None)
    assert isinstance(classify(reply, repeatable=True, fresh=False), Retry)
    assert isinstance(classify(reply, repeatable=False, fresh=False), InDoubt)
