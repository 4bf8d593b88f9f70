"""Which entity a key of an envelope, or a bare record, stands for.

The key tables follow Zendesk's API documentation.
"""

import re
from collections.abc import Mapping
from typing import Any

from .identify_keys import by_keys

CONFIGURATION = "configuration"
AUDITS = "audits"
TICKET_EVENTS = "ticket_events"  # of the incremental list; each holds several changes

# Array key of a page, or singular key of a wrapped record -> entity.
ENTITY_OF_KEY: dict[str, str] = {
    "ticket": "tickets",
    "tickets": "tickets",
    "deleted_tickets": "tickets",
    "comment": "comments",
    "comments": "comments",
    "user": "users",
    "users": "users",
    "deleted_user": "users",
    "deleted_users": "users",
    "identity": "identities",
    "identities": "identities",
    "organization": "organizations",
    "organizations": "organizations",
    "organization_membership": "organization_memberships",
    "organization_memberships": "organization_memberships",
    "group": "groups",
    "groups": "groups",
    "group_membership": "group_memberships",
    "group_memberships": "group_memberships",
    "ticket_field": "ticket_fields",
    "ticket_fields": "ticket_fields",
    "user_field": "user_fields",
    "user_fields": "user_fields",
    "organization_field": "organization_fields",
    "organization_fields": "organization_fields",
    "ticket_form": "ticket_forms",
    "ticket_forms": "ticket_forms",
    "custom_status": "custom_statuses",
    "custom_statuses": "custom_statuses",
    "brand": "brands",
    "brands": "brands",
    "satisfaction_rating": "satisfaction_ratings",
    "satisfaction_ratings": "satisfaction_ratings",
    "ticket_metric": "ticket_metrics",
    "ticket_metrics": "ticket_metrics",
    "metric_sets": "ticket_metrics",
    "side_conversation": "side_conversations",
    "side_conversations": "side_conversations",
    "chat": "chats",
    "chats": "chats",
    "suspended_ticket": "suspended_tickets",
    "suspended_tickets": "suspended_tickets",
    "article": "articles",
    "articles": "articles",
    "audit": AUDITS,
    "audits": AUDITS,
    "last_audits": AUDITS,
    "ticket_event": TICKET_EVENTS,
    "ticket_events": TICKET_EVENTS,
}

# Kept raw, one configuration record each.
CONFIGURATION_KINDS = frozenset(
    (
        *("macros", "triggers", "trigger_categories", "automations", "views", "dynamic_content", "items"),
        *("targets", "webhooks", "apps", "app_installations", "settings", "account_attributes"),
        *("locales", "custom_roles", "roles", "abilities", "sharing_agreements", "schedules", "holidays"),
        *("sla_policies", "group_slas", "group_sla_policies", "workspaces", "resource_collections"),
        *("custom_field_options", "tags", "activities", "ticket_activities", "audit_logs", "job_statuses"),
        *("ticket_skips", "skips", "requests", "ticket_metric_events", "metric_events", "incident_counts"),
        *("recipient_addresses", "support_addresses", "attributes", "attribute_definitions", "agents"),
        *("categories", "sections", "topics", "posts", "post_comments", "post_votes", "post_comment_votes"),
        *("article_comments", "article_votes", "article_comment_votes", "article_attachments", "votes"),
        *("agent_engagement_data",),
        *("translations", "calls", "legs", "phone_numbers", "talk_phone_numbers", "user_segments"),
    )
)
_SINGULAR = {
    "macro": "macros",
    "trigger": "triggers",
    "automation": "automations",
    "view": "views",
    "sla_policy": "sla_policies",
    "schedule": "schedules",
    "webhook": "webhooks",
    "target": "targets",
    "custom_role": "custom_roles",
    "sharing_agreement": "sharing_agreements",
    "request": "requests",
    "custom_field_option": "custom_field_options",
}

_URL = re.compile(r"/([a-z_]+)/[0-9a-zA-Z-]+(?:\.json)?(?:\?.*)?$")


def kind_of_key(key: str) -> str | None:
    """The configuration kind an envelope's key stands for, None if it is none we know."""
    return key if key in CONFIGURATION_KINDS else _SINGULAR.get(key)


def identify(record: Mapping[str, Any]) -> str | None:
    """Entity of a bare record (or `configuration:<kind>`, `tickets:deleted`), None if it is nothing we know.

    Order of trust: what a search says it is, the API address it has, the keys only its kind has.
    """
    if is_ticket(record) and record.get("result_type", "ticket") == "ticket":
        return "tickets"
    for named in (_by_result_type(record), _by_url(record)):
        if named:
            return named
    return by_keys(record)


def is_ticket(record: Mapping[str, Any]) -> bool:
    """True for keys that only a ticket has, whether or not it has an id."""
    has = record.keys().__contains__
    return has("raw_subject") or (has("status") and (has("requester") or has("requester_id")))


def _by_result_type(record: Mapping[str, Any]) -> str | None:
    kind = record.get("result_type")
    return ENTITY_OF_KEY.get(kind) if isinstance(kind, str) else None


def _by_url(record: Mapping[str, Any]) -> str | None:
    url = record.get("url")
    if not isinstance(url, str) or "/api/" not in url:
        return None
    match = _URL.search(url)
    if not match:
        return None
    name = match[1]
    if name in ENTITY_OF_KEY:
        return ENTITY_OF_KEY[name]
    kind = kind_of_key(name)
    return f"{CONFIGURATION}:{kind}" if kind else None
