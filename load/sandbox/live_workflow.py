"""A workflow that somebody forgot: it answers what is new and asks for a rating at the close."""

from . import outbox
from .call import Call
from .part_store import OPERATOR, store_part
from .state import State


def begun(state: State, call: Call, conversation_id: int) -> None:
    """A conversation was made."""
    _say(state, call, conversation_id, "Thanks for writing! We will be with you soon.")


def closed(state: State, call: Call, conversation_id: int) -> None:
    """A conversation was closed."""
    _say(state, call, conversation_id, "How was your conversation with us?")


def _say(state: State, call: Call, conversation_id: int, words: str) -> None:
    if not call.live_workflow:
        return
    row = state.one("conversation", id=conversation_id) or {}
    store_part(state, call, row, part_type="comment", author=OPERATOR, body=words)
    outbox.notify(state, call, "a workflow that is on wrote to the customer", about=conversation_id)
