"""Which entity a record is by the keys that only its kind has, where no address says it.

The key sets are those that real records always had. A record is what the first line it meets says.
"""

from collections.abc import Mapping
from typing import Any

_PORTAL = frozenset(
    ("title_in_portal", "raw_title_in_portal", "visible_in_portal", "editable_in_portal", "removable")
)
# Entity -> keys of which all, and one of those in the last place, must be there. The order decides.
_RULES: tuple[tuple[str, frozenset[str], tuple[str, ...]], ...] = tuple(
    (entity, frozenset(every), one)
    for entity, every, one in (
        ("comments", ("author_id",), ("html_body", "plain_body")),
        ("comments", ("author_id", "public", "body"), ()),
        ("users", ("role",), ("time_zone", "verified", "email")),
        ("organizations", (), ("domain_names", "shared_tickets")),
        ("side_conversation_events", ("side_conversation_id",), ()),
        ("side_conversations", ("participants", "state", "ticket_id"), ()),
        ("audits", ("events", "ticket_id"), ()),
        ("ticket_events", ("child_events",), ()),
        ("chats", ("visitor",), ("session", "history", "message")),
        ("identities", ("user_id", "type", "value"), ()),
        ("organization_memberships", ("user_id", "organization_id"), ()),
        ("group_memberships", ("user_id", "group_id"), ()),
        ("custom_statuses", ("status_category", "agent_label"), ()),
        ("ticket_metrics", ("ticket_id",), ("reply_time_in_minutes", "assignee_stations")),
        ("satisfaction_ratings", ("ticket_id", "score", "requester_id"), ()),
        ("tickets:deleted", ("subject", "deleted_at", "previous_state"), ()),
        ("suspended_tickets", ("cause", "author"), ("cause_id", "content")),
        ("ticket_forms", ("ticket_field_ids", "name"), ()),
        ("brands", ("subdomain",), ("brand_url", "has_help_center")),
        ("articles", ("html_url", "section_id"), ()),
        ("configuration:ticket_metric_events", ("ticket_id", "metric", "instance_id", "time"), ()),
        ("configuration:views", ("execution", "conditions"), ()),
        ("configuration:sla_policies", ("filter", "policy_metrics"), ()),
        ("configuration:macros", ("actions", "restriction"), ("title", "raw_title")),
        ("configuration:schedules", ("intervals", "time_zone"), ()),
        ("configuration:audit_logs", ("action", "actor_id", "change_description"), ()),
        ("configuration:calls", ("completion_status",), ("phone_number", "call_charge", "talk_time")),
        ("configuration:legs", ("call_id",), ("talk_time", "wrap_up_time")),
        ("configuration:conversation_log", ("reference", "content", "author"), ()),
        ("configuration:sharing_agreements", ("partner_name", "status"), ()),
    )
)


def by_keys(record: Mapping[str, Any]) -> str | None:
    """Entity of a record by its keys, None if they are those of nothing we know."""
    keys = record.keys()
    for entity, every, one in _RULES:
        if keys >= every and (not one or any(key in keys for key in one)):
            return entity
    if _is_ticket_field(record):
        return "ticket_fields"
    if {"name", "deleted", "created_at"} <= keys and "role" not in keys:
        return "groups"
    return None


def _is_ticket_field(record: Mapping[str, Any]) -> bool:
    keys = record.keys()
    if not {"title", "type", "active"} <= keys or not ("raw_title" in keys or "position" in keys):
        return False
    # Fields of users and organizations look alike; they have a key where those of tickets have portal texts.
    return "key" not in keys or not keys.isdisjoint(_PORTAL)
