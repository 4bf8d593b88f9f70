"""An audit: the comments and the field history of one update of a ticket.

Comments come out of its events with the audit's time and via; changes of fields become ticket_events.
Other kinds of event (notifications, macro references) are history too and kept the same way, whole.
"""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .links import links_of_comment
from .normalize_comment import read_comment
from .normalize_record import normalized, whole_number

_COMMENTS = frozenset(("Comment", "VoiceComment", "TpeVoiceComment", "FacebookComment", "Tweet"))
_INHERITED = ("created_at", "via", "author_id")


def read_audit(raw: Mapping[str, Any], pointer: str, out: Collector, *, ticket_id: int | None) -> None:
    """Hand the events of an audit to `out`, each as a comment or a ticket event."""
    own = out.own_id(raw, "ticket_id")
    ticket_id = own if own is not None else ticket_id
    audit_id = whole_number(raw.get("id"))
    events = raw.get("events")
    if not isinstance(events, list):
        out.reject(
            "ticket_events", pointer, RecordError("an audit without events", pointer="/events"), key=audit_id
        )
        return
    for index, event in enumerate(events):
        where = f"{pointer}/events/{index}"
        if not isinstance(event, dict):
            out.reject("ticket_events", where, RecordError("not an object"))
        elif event.get("type") in _COMMENTS and "body" in event:
            kept = read_comment(
                _inherit(event, raw, audit_id, more=("metadata",)),
                where,
                out,
                ticket_id=ticket_id,
                version=None,
                rank=index,
            )
            if kept is not None:
                links_of_comment(kept, where, out, merged=False)
        else:
            _read_event(_inherit(event, raw, audit_id), where, out, ticket_id=ticket_id)


def _inherit(
    event: Mapping[str, Any], audit: Mapping[str, Any], audit_id: int | None, *, more: tuple[str, ...] = ()
) -> dict[str, Any]:
    given = {key: audit[key] for key in (*_INHERITED, *more) if key in audit}
    return {**given, "audit_id": audit_id, **event}


def _read_event(event: dict[str, Any], pointer: str, out: Collector, *, ticket_id: int | None) -> None:
    try:
        if ticket_id is None:
            raise RecordError("belongs to no ticket")
        record = normalized("ticket_events", event, zone=out.zone)
        record["ticket_id"] = ticket_id
        if isinstance(record.get("via"), str):
            record["via"] = {"channel": record["via"]}
    except RecordError as error:
        out.reject("ticket_events", pointer, error, key=whole_number(event.get("id")))
        return
    out.keep("ticket_events", record, pointer)
