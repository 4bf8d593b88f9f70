"""The history of a ticket as its audits tell it: what was set, what was said, what was made private later."""

from datetime import timedelta

from .company import Record
from .tell import Told

# This private comment of the ticket was public for ten minutes, until an agent saw what he had done.
MADE_PRIVATE_LATER = 1


def audits_of(told: Told) -> list[Record]:
    """Every audit of a ticket, oldest first. A deleted ticket has none."""
    audits: list[Record] = []
    for place, comment in enumerate(told.comments):
        late = told.story.id == MADE_PRIVATE_LATER and not comment["public"]
        events = [_comment_event(comment, public=late or comment["public"])]
        if place == 0:
            events += _created(told, comment["id"])
        audits.append(_audit(told, comment, comment["audit_id"], events))
        if late:
            change = {"id": comment["id"] + 11, "type": "CommentPrivacyChange"}
            change |= {"comment_id": comment["id"], "public": False}
            later = {**comment, "created_at": comment["created_at"] + timedelta(minutes=10)}
            audits.append(_audit(told, later, comment["id"] + 10, [change]))
    if told.comments and told.story.status != "new":
        last = told.comments[-1]
        event = {"id": last["id"] + 13, "type": "Change", "field_name": "status"}
        event |= {"value": told.ticket["status"], "previous_value": "new"}
        late_at = {**last, "created_at": told.ticket["updated_at"], "via": {"channel": "web", "source": {}}}
        audits.append(_audit(told, late_at, last["id"] + 12, [event]))
    return audits


def ticket_events_of(told: Told) -> list[Record]:
    """The same as incremental ticket events: changes flat in child events, via in words where it is plain."""
    return [_ticket_event(audit) for audit in audits_of(told)]


def _audit(told: Told, comment: Record, audit_id: int, events: list[Record]) -> Record:
    return {
        "id": audit_id,
        "ticket_id": told.story.id,
        "created_at": comment["created_at"],
        "author_id": comment["author_id"],
        "metadata": comment["metadata"],
        "events": events,
        "via": comment["via"],
    }


def _comment_event(comment: Record, *, public: bool) -> Record:
    told_by_the_audit = ("created_at", "metadata", "ticket_id", "via")
    event = {key: value for key, value in comment.items() if key not in told_by_the_audit}
    return {**event, "public": public}


def _created(told: Told, comment_id: int) -> list[Record]:
    set_first = {
        "subject": told.ticket["subject"],
        "status": "new",
        "priority": told.ticket["priority"],
        "requester_id": str(told.ticket["requester_id"]),
        **{
            str(field["id"]): field["value"]
            for field in told.ticket["custom_fields"]
            if field["value"] not in (None, "", [], False)
        },
    }
    return [
        {"id": comment_id + 20 + n, "type": "Create", "field_name": name, "value": value}
        for n, (name, value) in enumerate(set_first.items())
    ]


def _ticket_event(audit: Record) -> Record:
    return {
        "id": audit["id"],
        "ticket_id": audit["ticket_id"],
        "timestamp": int(audit["created_at"].timestamp()),
        "created_at": audit["created_at"],
        "updater_id": audit["author_id"],
        "via": audit["via"],
        "system": audit["metadata"]["system"],
        "metadata": {key: value for key, value in audit["metadata"].items() if key != "system"},
        "event_type": "Audit",
        "child_events": [_child(event, audit) for event in audit["events"]],
    }


def _child(event: Record, audit: Record) -> Record:
    via = audit["via"]
    channel = via["channel"]
    plain = channel == "web" and not any((via.get("source") or {}).values())
    child: Record = {
        "id": event["id"],
        "via": "Web form" if plain else via,
        "via_reference_id": None,
        "event_type": event["type"],
    }
    if event["type"] not in ("Create", "Change"):
        return {**child, **{key: value for key, value in event.items() if key not in ("id", "audit_id")}}
    name = event["field_name"]
    changed = {"custom_ticket_fields": {name: event["value"]}} if name.isdecimal() else {name: event["value"]}
    previous = {"previous_value": event["previous_value"]} if "previous_value" in event else {}
    return {**child, **changed, **previous}
