"""No call can be composed that somebody would hear of."""

from typing import Any

import pytest

from deskferry.load.action import Action, Kind, Step
from deskferry.load.silent import UnsilencedError

SAID = {"type": "admin", "message_type": "comment", "admin_id": "1", "body": "Hello"}
REPLY = "/conversations/{id}/reply"


def composed(path: str, payload: dict[str, Any], *, method: str = "POST") -> Action:
    return Action(Kind.CONVERSATION, "7", Step.MESSAGE, 1, method, path, payload)


@pytest.mark.parametrize(
    ("method", "path", "payload"),
    [
        ("POST", REPLY, SAID),
        ("POST", REPLY, {**SAID, "skip_notifications": False}),
        ("POST", REPLY, {**SAID, "skip_notifications": "true"}),
        ("POST", REPLY, {**SAID, "message_type": "note"}),
        ("POST", REPLY, {**SAID, "message_type": "quick_reply", "skip_notifications": True}),
        ("POST", REPLY, {**SAID, "skip_notifications": True, "attachment_urls": ["https://x.test/a.png"]}),
        ("POST", "/conversations/{id}/parts", {"message_type": "close", "admin_id": "1", "body": "Bye"}),
        ("POST", "/tickets", {"ticket_type_id": "1"}),
        ("PUT", "/tickets/{id}", {"open": False}),
        ("POST", "/tickets/{id}/reply", {"type": "user", "message_type": "comment"}),
        ("POST", "/messages", {"body": "Hello"}),
    ],
)
def test_a_call_that_is_heard_of_is_none(method: str, path: str, payload: dict[str, Any]) -> None:
    with pytest.raises(UnsilencedError, match=path.replace("{", r"\{")):
        composed(path, payload, method=method)


@pytest.mark.parametrize(
    ("path", "payload"),
    [
        (REPLY, {**SAID, "skip_notifications": True}),
        (REPLY, {"type": "user", "message_type": "comment", "intercom_user_id": "1", "body": "Hello"}),
        ("/conversations/{id}/parts", {"message_type": "close", "type": "admin", "admin_id": "1"}),
        ("/tickets/{id}/tags", {"id": "1"}),
        ("/tickets/search", {"query": {}}),
    ],
)
def test_a_silent_call_is_one(path: str, payload: dict[str, Any]) -> None:
    assert composed(path, payload).path == path
