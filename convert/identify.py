"""Which entity a key of an envelope, or a bare record, stands for.

The key tables follow Zendesk's API documentation; the key sets are those that real records always had.
"""

import re
from collections.abc import Mapping
from typing import Any

CONFIGURATION = "configuration"
AUDITS = "audits"

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
}

# Kept raw, one configuration record each.
CONFIGURATION_KINDS = frozenset(
    (
        *("macros", "triggers", "automations", "views", "dynamic_content", "items", "targets", "webhooks"),
        *(
            "locales",
            "custom_roles",
            "sharing_agreements",
            "schedules",
            "holidays",
            "sla_policies",
            "group_slas",
        ),
        *("custom_field_options", "tags", "activities", "audit_logs", "ticket_skips", "skips", "requests"),
        *(
            "ticket_metric_events",
            "ticket_events",
            "metric_events",
            "last_audits",
            "job_statuses",
            "abilities",
        ),
        *(
            "abilities",
            "recipient_addresses",
            "support_addresses",
            "trigger_categories",
            "resource_collections",
        ),
        *("roles", "categories", "sections", "topics", "posts", "post_comments", "article_comments", "votes"),
        *("translations", "article_attachments", "calls", "legs", "phone_numbers", "agents", "workspaces"),
        *("apps", "app_installations", "attributes"),
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
}

_URL = re.compile(r"/([a-z_]+)/[0-9a-zA-Z-]+(?:\.json)?(?:\?.*)?$")


def kind_of_key(key: str) -> str | None:
    """The configuration kind an envelope's key stands for, None if it is none we know."""
    return key if key in CONFIGURATION_KINDS else _SINGULAR.get(key)


def identify(record: Mapping[str, Any]) -> str | None:
    """Entity of a bare record (or `configuration:<kind>`), None if it is nothing we know.

    Order of trust: what a search says it is, the API address it has, the keys only its kind has.
    """
    if is_ticket(record) and record.get("result_type", "ticket") == "ticket":
        return "tickets"
    for named in (_by_result_type(record), _by_url(record)):
        if named:
            return named
    return _by_keys(record)


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


def _by_keys(record: Mapping[str, Any]) -> str | None:
    has = record.keys().__contains__
    if has("author_id") and (has("html_body") or has("plain_body") or (has("public") and has("body"))):
        return "comments"
    if has("role") and (has("time_zone") or has("verified") or has("email")):
        return "users"
    if has("domain_names") or has("shared_tickets"):
        return "organizations"
    if has("events") and has("ticket_id"):
        return AUDITS
    if has("visitor") and (has("session") or has("history") or has("message")):
        return "chats"
    if has("title") and has("type") and (has("raw_title") or has("position")) and has("active"):
        return "ticket_fields"
    if has("user_id") and has("type") and has("value"):
        return "identities"
    if has("user_id") and has("organization_id"):
        return "organization_memberships"
    if has("user_id") and has("group_id"):
        return "group_memberships"
    if has("status_category") and has("agent_label"):
        return "custom_statuses"
    if has("ticket_id") and (has("reply_time_in_minutes") or has("assignee_stations")):
        return "ticket_metrics"
    if has("ticket_id") and has("score") and has("requester_id"):
        return "satisfaction_ratings"
    if has("name") and has("deleted") and has("created_at") and not has("role"):
        return "groups"
    if has("html_url") and has("section_id"):
        return "articles"
    return None
