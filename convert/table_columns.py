"""Columns of tables as keys of the API: what others call them, what pipelines add, which table they make."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

_BLANKS = re.compile(r"[\s\-/]+")
_MARKS = ("_fivetran_", "_dlt_", "_airbyte_", "_ab_", "_sdc_", "unnamed:")
_INDEX = frozenset(("", "level_0", "index"))

_TIMES = {
    "created": "created_at",
    "createdat": "created_at",
    "date_created": "created_at",
    "updated": "updated_at",
    "updatedat": "updated_at",
    "last_updated": "updated_at",
}
_ALIASES: Mapping[str, Mapping[str, str]] = {
    "tickets": {
        **_TIMES,
        "ticket_id": "id",
        "ticket_type": "type",
        "assignee": "assignee_name",
        "group": "group_name",
        "organization": "organization_name",
        "requester": "requester_name",
        "submitter": "submitter_name",
    },
    "comments": {
        **_TIMES,
        "comment_id": "id",
        "user_id": "author_id",
        "comment": "body",
        "text": "body",
        "is_public": "public",
    },
    "users": {
        **_TIMES,
        "user_id": "id",
        "email_address": "email",
        "e_mail": "email",
        "full_name": "name",
        "phone_number": "phone",
        "last_sign_in": "last_login_at",
        "last_login": "last_login_at",
        "lastloginat": "last_login_at",
        "language": "locale",
        "suspended_(true_false)": "suspended",
        "restriction": "ticket_restriction",
    },
    "organizations": {**_TIMES, "organization_id": "id"},
    "groups": {**_TIMES, "group_id": "id"},
    "ticket_events": {"updated": "created_at", "user_id": "author_id"},
    "satisfaction_ratings": _TIMES,
    "chats": {"chat_id": "id", "ticket_id": "zendesk_ticket_id"},
}

# Fivetran's tables by columns that only they have together; the first that fits.
_FIVETRAN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ticket_comment", ("ticket_id", "body", "public")),
    ("ticket_field_history", ("ticket_id", "field_name", "value")),
    ("ticket_chat_event", ("chat_id", "chat_index")),
    ("ticket_chat", ("chat_id", "ticket_id")),
    ("satisfaction_rating", ("ticket_id", "score", "requester_id")),
    ("ticket", ("id", "requester_id", "subject")),
    ("user", ("id", "role", "email")),
    ("organization", ("id", "shared_tickets", "shared_comments")),
    ("ticket_form_history", ("id", "display_name", "end_user_visible")),
    ("ticket_custom_field", ("id", "raw_title", "type")),
    ("ticket_custom_field_option", ("ticket_custom_field_id", "name", "value")),
    ("brand", ("id", "subdomain", "brand_url")),
    ("brand", ("id", "has_help_center", "name")),
    ("domain_name", ("organization_id", "domain_name")),
    ("ticket_tag", ("ticket_id", "tag")),
    ("ticket_tag", ("ticket_id", "tags")),
    ("user_tag", ("user_id", "tag")),
    ("user_tag", ("user_id", "tags")),
    ("organization_tag", ("organization_id", "tag")),
    ("organization_tag", ("organization_id", "tags")),
    ("group_member", ("user_id", "group_id")),
    ("organization_member", ("user_id", "organization_id")),
)
_ALIKE = frozenset(("group", "ticket_follower", "ticket_email_cc", "ticket_collaborator"))


def key_of(column: str) -> str:
    """A column as a key: `Ticket ID` is `ticket_id`; `via.channel` stays."""
    return _BLANKS.sub("_", column.strip().lower())


def keys_of(columns: Sequence[str], entity: str = "") -> list[str]:
    """A key for each column, by what others call it; an index and what a pipeline adds have an empty one."""
    plain = [key_of(column) for column in columns]
    plain = ["" if key in _INDEX or is_marked(key) else key for key in plain]
    aliases = _ALIASES.get(entity, {})
    return [key if aliases.get(key, key) in plain else aliases.get(key, key) for key in plain]


def is_marked(key: str) -> bool:
    """True for a column that a pipeline, or pandas, added."""
    return key.startswith(_MARKS)


def fivetran_name(columns: Sequence[str], name: str) -> str:
    """The name Fivetran gives a table of these columns, as far as they tell; else the file's."""
    heads = {column.strip().lower() for column in columns}
    named = name_of_table(name).removesuffix("_data")
    if named in _ALIKE:
        return named
    for table, telling in _FIVETRAN:
        if heads >= set(telling):
            return table
    return named


def name_of_table(name: str) -> str:
    """The table a file is of: `tickets__tags/170.ab.jsonl`, `x.duckdb/tickets__tags`, `ticket_tag.csv`."""
    path = PurePosixPath(name.lower())
    parts = [path.name.split(".")[0], *reversed(path.parts[:-1])]
    for part in parts:
        if re.fullmatch(r"[a-z_][a-z0-9_]*", part) and re.search(r"[a-z]", part):
            return re.sub(r"_(?:\d{4,})$", "", part)
    return ""
