"""A side conversation, and the events that hold its messages.

Zendesk gives the messages by another address than the conversation, so they come in other files; the merge
puts them together by the conversation's id.
"""

import re
from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .normalize_record import normalized, small, whole_number
from .record_facts import made_id, version_of
from .run_lines import PARTIAL, SIDE_EVENTS, WHOLE
from .set_aside import set_aside

_OF_ADDRESS = re.compile(r"/side_conversations/([0-9a-zA-Z-]+)")
_CHILD = ("targetTicketId", "target_ticket_id", "ticketId", "ticket_id")  # of a conversation by child ticket


def read_side_conversation(
    raw: dict[str, Any], pointer: str, out: Collector, *, ticket_id: int | None
) -> None:
    """Hand a side conversation, the events it may hold and its link to its ticket to `out`.

    ticket_id: what its page or file says.
    """
    own = out.own_id(raw, "ticket_id")
    ticket_id = own if own is not None else ticket_id
    events = raw.get("events")
    listed = isinstance(events, list)
    try:
        given = {key: value for key, value in raw.items() if key != "events" or not listed}
        record = normalized("side_conversations", given, zone=out.zone)
        set_aside("side_conversations", record, given)
        if ticket_id is not None:
            record["ticket_id"] = ticket_id
        version = version_of(record)
    except RecordError as error:
        out.reject("side_conversations", pointer, error, key=raw.get("id"))
        kept = None
    else:
        kept = out.keep("side_conversations", record, pointer, version=version)
    if kept is not None:
        _link(kept["id"], ticket_id, pointer, out, external=kept.get("external_ids"))
    conversation = raw.get("id") if isinstance(raw.get("id"), str) else None
    for index, event in enumerate(events if isinstance(events, list) else ()):
        where = f"{pointer}/events/{index}"
        read_side_event(event, where, out, conversation=conversation, ticket_id=ticket_id)


def read_side_event(
    raw: Any, pointer: str, out: Collector, *, conversation: str | None, ticket_id: int | None
) -> None:
    """Hand one event to `out`. conversation, ticket_id: whose it is, where it does not say so itself."""
    if not isinstance(raw, dict):
        out.reject(SIDE_EVENTS, pointer, RecordError("not an object"))
        return
    own = out.own_id(raw, "ticket_id")
    ticket_id = own if own is not None else ticket_id
    try:
        record = normalized(SIDE_EVENTS, raw, zone=out.zone)
        set_aside(SIDE_EVENTS, record, raw)
        if record.get("side_conversation_id") is None:
            record["side_conversation_id"] = conversation or conversation_of(raw.get("url"))
        if record["side_conversation_id"] is None:
            raise RecordError("belongs to no side conversation", pointer="/side_conversation_id")
        if ticket_id is not None:
            record["ticket_id"] = ticket_id
        if record.get("id") is None:
            record["id"] = str(made_id(record["side_conversation_id"], small(raw)))
        version = version_of(record)
    except RecordError as error:
        out.reject(SIDE_EVENTS, pointer, error, key=raw.get("id"))
        return
    kept = out.keep(SIDE_EVENTS, record, pointer, version=version)
    if kept is not None:
        _link(kept["side_conversation_id"], ticket_id, pointer, out, external=None)


def conversation_of(address: Any) -> str | None:
    """The id of the side conversation that an address of the API names."""
    match = _OF_ADDRESS.search(address) if isinstance(address, str) else None
    return match[1] if match else None


def _link(
    conversation: str,
    ticket_id: int | None,
    pointer: str,
    out: Collector,
    *,
    external: Mapping[str, Any] | None,
) -> None:
    if ticket_id is None:
        return
    record: dict[str, Any] = {
        "id": f"side:{ticket_id}:{conversation}",
        "type": "side",
        "ticket_id": ticket_id,
        "linked_id": conversation,
        "evidence": "side_conversation",
    }
    child = next((number for key in _CHILD if (number := whole_number((external or {}).get(key)))), None)
    if child is not None and child != ticket_id:
        record["linked_ticket_id"] = child
    out.made("ticket_links", record, pointer, level=PARTIAL if external is None else WHOLE)
