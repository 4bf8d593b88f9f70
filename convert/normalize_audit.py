"""An audit: the comments and the field history of one update of a ticket.

Comments come out of its events with the audit's time and via; changes of fields become ticket_events.
Other kinds of event (notifications, macro references) are history too and kept the same way, whole.
"""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .normalize_event import is_comment, read_event
from .normalize_record import whole_number

_INHERITED = ("created_at", "via", "author_id")


def read_audit(raw: Mapping[str, Any], pointer: str, out: Collector, *, ticket_id: int | None) -> None:
    """Hand the events of an audit to `out`, each as a comment or a ticket event."""
    own = out.own_id(raw, "ticket_id")
    ticket_id = own if own is not None else ticket_id
    audit_id = out.own_id(raw)
    events = raw.get("events")
    if not isinstance(events, list):
        out.reject(
            "ticket_events",
            pointer,
            RecordError("an audit without events", pointer="/events"),
            key=whole_number(raw.get("id")),
        )
        return
    for index, event in enumerate(events):
        where = f"{pointer}/events/{index}"
        if not isinstance(event, dict):
            out.reject("ticket_events", where, RecordError("not an object"))
            continue
        more = ("metadata",) if is_comment(event) else ()
        given = {key: raw[key] for key in (*_INHERITED, *more) if key in raw}
        read_event({**given, "audit_id": audit_id, **event}, where, out, ticket_id=ticket_id, rank=index)
    if not events:
        empty = {key: raw[key] for key in _INHERITED if key in raw}
        read_event(
            {**empty, "id": audit_id, "audit_id": audit_id, "type": "Audit"},
            pointer,
            out,
            ticket_id=ticket_id,
            rank=0,
        )
