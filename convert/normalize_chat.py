"""A chat of Zendesk Chat, or a message left there while nobody was online.

Chat writes "" where other parts of Zendesk write null, and times as `2017-04-24T12:45:32+00:00Z`.
"""

from typing import Any

from deskferry.schemas.entities import schema
from deskferry.schemas.errors import RecordError

from .collect import Collector
from .normalize_record import normalized
from .record_facts import version_of
from .set_aside import set_aside

_CHANGED = ("update_timestamp", "end_timestamp", "timestamp")
_TEXTS = ("id", "message")  # an empty message is one


def read_chat(raw: dict[str, Any], pointer: str, out: Collector) -> dict[str, Any] | None:
    """Hand a chat to `out`; None when it was rejected. What was said is kept whole, in its order."""
    try:
        record = normalized("chats", _without_empty(raw), zone=out.zone)
        set_aside("chats", record, raw)
        changed = next((record[key] for key in _CHANGED if record.get(key)), None)
        version = version_of({"updated_at": changed})
    except RecordError as error:
        out.reject("chats", pointer, error, key=raw.get("id"))
        return None
    return out.keep("chats", record, pointer, version=version)


def _without_empty(raw: dict[str, Any]) -> dict[str, Any]:
    chat = {
        key: None if value == "" and key in schema("chats")["properties"] and key not in _TEXTS else value
        for key, value in raw.items()
    }
    visitor = raw.get("visitor")
    if isinstance(visitor, dict):
        chat["visitor"] = {key: None if value == "" else value for key, value in visitor.items()}
    return chat
