"""An incremental ticket event: an update of a ticket whose changes stand flat in its child events.

Zendesk's own form: `{"id", "ticket_id", "timestamp", "updater_id", "via", "event_type": "Audit",
"child_events": [{"id", "event_type": "Change", "status": "open", "previous_value": "new"}]}`. A change stands
under the name of its field, custom ones in `custom_ticket_fields`; comments are only there when they were
asked for (`include=comment_events`).
"""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .normalize_event import read_event
from .normalize_record import whole_number

_CUSTOM = "custom_ticket_fields"
# What stands beside the changed fields in a child event.
_ABOUT = frozenset(
    (
        *("id", "event_type", "via", "via_reference_id", "previous_value", "audit_id", "author_id"),
        *("created_at", "timestamp", "comment_present", "comment_public", "metadata", "ticket_id"),
    )
)
_CHANGES = frozenset(("Create", "Change"))


def read_ticket_event(raw: Mapping[str, Any], pointer: str, out: Collector, *, ticket_id: int | None) -> None:
    """Hand the child events of a ticket event to `out`, each as a comment or a ticket event."""
    own = out.own_id(raw, "ticket_id")
    ticket_id = own if own is not None else ticket_id
    children = raw.get("child_events")
    if not isinstance(children, list):
        reason = RecordError("a ticket event without child events", pointer="/child_events")
        out.reject("ticket_events", pointer, reason, key=whole_number(raw.get("id")))
        return
    given = _given(raw, out)
    for index, child in enumerate(children):
        where = f"{pointer}/child_events/{index}"
        if not isinstance(child, dict):
            out.reject("ticket_events", where, RecordError("not an object"))
            continue
        event = {**given, **as_event(child)}
        event["via"] = child.get("via") or given["via"]
        read_event(event, where, out, ticket_id=ticket_id, rank=index)
    if not children:
        empty = {**given, "id": given["audit_id"], "type": "Audit"}
        read_event(empty, pointer, out, ticket_id=ticket_id, rank=0)


def as_event(child: Mapping[str, Any]) -> dict[str, Any]:
    """A child event, or a connector's copy of one, with the keys that an event of an audit has.

    Several fields set at once, under one id, stay one event: its value is an object, it names no field.
    """
    kind = child.get("event_type")
    changing = isinstance(kind, str) and kind in _CHANGES
    changes = {key: value for key, value in child.items() if key not in _ABOUT} if changing else {}
    event = {key: value for key, value in child.items() if key not in changes}
    event.pop("event_type", None)
    if event.get("via_reference_id") is None:  # the number of what `via` names, where that has one
        event.pop("via_reference_id", None)
    at = event.pop("timestamp", None)
    if event.get("created_at") is None and at is not None:
        event["created_at"] = at
    if kind is not None:
        event["type"] = kind
    custom = changes.pop(_CUSTOM, None)
    if isinstance(custom, dict):
        changes.update(custom)
    elif custom is not None:
        changes[_CUSTOM] = custom
    if len(changes) == 1:
        ((event["field_name"], event["value"]),) = changes.items()
    elif changes:
        event["value"] = changes
    return event


def _given(raw: Mapping[str, Any], out: Collector) -> dict[str, Any]:
    created = raw.get("created_at")
    given = {
        "audit_id": out.own_id(raw),
        "author_id": raw.get("updater_id", raw.get("author_id")),
        "created_at": raw.get("timestamp") if created is None else created,
        "via": raw.get("via"),
    }
    metadata, system = raw.get("metadata"), raw.get("system")
    told: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
    if isinstance(system, dict):
        told = {"system": system, **told}
    return {**given, "metadata": told} if told else given
