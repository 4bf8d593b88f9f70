"""An answer that may be about what was asked is taken, whatever form Intercom gives it."""

from typing import Any

import pytest

from deskferry.load.answers import Answer
from deskferry.load.as_asked import as_asked
from deskferry.load.client import Call

CREATE = Call("POST", "/conversations", {"body": "Hello <there>\nyou", "created_at": 1_700_000_000})


@pytest.mark.parametrize(
    ("body", "is_taken"),
    [
        ({"type": "user_message", "created_at": 1_700_000_000, "body": "other"}, True),
        ({"type": "user_message", "created_at": 1_800_000_000, "body": "Hello <there>\nyou"}, True),
        ({"created_at": 1_800_000_000, "body": "<p>Hello &lt;there&gt;<br>\nyou</p>"}, True),
        ({"created_at": 1_800_000_000}, True),
        ({"created_at": 1_800_000_000, "body": "<p>Somebody else's</p>"}, False),
        ({"type": "conversation"}, False),
    ],
)
def test_a_first_message_is_known_by_its_second_or_its_words(body: dict[str, Any], is_taken: bool) -> None:
    reply = as_asked(Answer(200, {}, {**body, "conversation_id": "5"}), CREATE)
    assert isinstance(reply, Answer)
    assert reply.broken is not is_taken
