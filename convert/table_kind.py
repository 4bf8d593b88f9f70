"""Which table a header stands for. A name only decides between what the columns leave open.

Fivetran: its connector's tables. dlt: rows with `_dlt_id`, lists in tables of their own. Airbyte:
`_airbyte_data`. Anything else is a table of an entity where its columns are mostly the keys of that entity.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .csv_columns import COLUMNS, folded, is_ticket_header
from .identify import identify
from .normalize_record import known_keys
from .stream_names import entity_of_stream, stream_of_name
from .table import Child, Kind, Table
from .table_columns import fivetran_name, is_marked, keys_of, name_of_table

_THREADS = frozenset(("ticket_id", "from", "comment"))
_ENOUGH = 3  # columns an entity must know, its id among them
_MANY = 8
_KEYED = {  # what a row must say to be one of these
    "comments": ("ticket_id",),
    "ticket_metrics": ("ticket_id",),
    "ticket_events": ("ticket_id",),
}
# Columns of which one, or all of a group, tell an entity where no rule of whole records does.
_TELLING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("comments", ("ticket_id", "body")),
    ("comments", ("ticket_id", "html_body")),
    ("comments", ("ticket_id", "plain_body")),
    ("tickets", ("id", "requester_id")),
    ("tickets", ("id", "raw_subject")),
    ("tickets", ("id", "subject", "status")),
    ("tickets", ("id", "subject", "priority")),
    ("tickets", ("id", "subject", "description")),
    ("users", ("id", "name", "email")),
    ("users", ("id", "email", "created_at")),
    ("users", ("id", "role")),
    ("organizations", ("id", "name", "organization_fields")),
    ("ticket_metrics", ("ticket_id", "replies", "reopens")),
    ("satisfaction_ratings", ("id", "ticket_id", "score")),
    ("ticket_fields", ("id", "title", "type", "custom_field_options")),
    ("ticket_fields", ("id", "title", "raw_title", "type")),
)


_BOOKKEEPING = (
    frozenset(("load_id", "schema_name", "status")),
    frozenset(("engine_version", "schema_name")),
    frozenset(("engine_version", "pipeline_name", "state")),
)


def is_bookkeeping(columns: Sequence[str]) -> bool:
    """True for the tables in which dlt keeps count of its own loads."""
    keys = set(columns)
    return any(keys >= own for own in _BOOKKEEPING)


def known_table(columns: Sequence[str], *, name: str, first: Mapping[str, Any]) -> Table | None:
    """The table these columns make, None if it is none we know. first: the first row, by column."""
    marks = {column.strip().lower() for column in columns}
    if "_airbyte_data" in marks:
        return Table(Kind.RAW, "")
    if "_fivetran_synced" in marks:
        return _fivetran(columns, name)
    if "_dlt_id" in marks or "_dlt_parent_id" in marks:
        return _dlt(columns, name=name, first=first)
    keys = keys_of(columns)
    if set(keys) >= _THREADS and "date" in keys:
        return Table(Kind.THREADS, "comments")
    if is_ticket_header(columns) and not _is_of_the_api(columns):
        return Table(Kind.TICKETS, "tickets")
    entity = _entity(keys, name=name, first=first)
    return Table(Kind.FLAT, entity) if entity else None


def _is_of_the_api(columns: Sequence[str]) -> bool:
    """`created_at` and `description` where Zendesk's own CSV writes `Created at` and has no such column."""
    names = {folded(column).partition(".")[0] for column in columns}
    known = names & known_keys("tickets")
    return not known.isdisjoint(_UNDERSCORED) or len(known) > len(names & COLUMNS.keys())


_UNDERSCORED = frozenset(key for key in known_keys("tickets") if "_" in key)


def _entity(keys: Sequence[str], *, name: str, first: Mapping[str, Any]) -> str:
    heads = {_head(key) for key in keys if key and not is_marked(key)}
    named = entity_of_stream(stream_of_name(name) or "") or ""
    by_url = identify({"url": first.get("url"), **dict.fromkeys(heads - {"url"}, None)})
    for entity in (by_url, *_told(heads), named):
        if entity and _matches(entity, {_head(key) for key in keys_of(keys, entity) if key}):
            return entity
    return ""


def _told(heads: set[str]) -> list[str]:
    return [entity for entity, telling in _TELLING if heads >= set(telling)]


def _matches(entity: str, heads: set[str]) -> bool:
    """True where an entity knows enough of the columns, its key among them."""
    entity = entity.partition(":")[0]
    if entity in ("configuration", "audits"):
        return "id" in heads or "name" in heads
    keyed = _KEYED.get(entity, ("id",))
    known = len(heads & known_keys(entity))
    return heads >= set(keyed) and known >= _ENOUGH and (2 * known >= len(heads) or known >= _MANY)


def _head(key: str) -> str:
    return key.replace("__", ".").partition(".")[0]


def _fivetran(columns: Sequence[str], name: str) -> Table | None:
    table = fivetran_name(columns, name)
    child = _FIVETRAN_CHILDREN.get(table)
    if child:
        lowered = {column.strip().lower() for column in columns}
        value = "tags" if child.value == "tag" and "tag" not in lowered else child.value
        return Table(Kind.FIVETRAN, "", child=Child(child.of, child.key, child.field, value, child.rank))
    return Table(Kind.FIVETRAN, FIVETRAN_ENTITIES.get(table, f"configuration:{table or 'table'}"))


FIVETRAN_ENTITIES = {
    "ticket": "tickets",
    "ticket_comment": "comments",
    "user": "users",
    "organization": "organizations",
    "group": "groups",
    "brand": "brands",
    "group_member": "group_memberships",
    "organization_member": "organization_memberships",
    "satisfaction_rating": "satisfaction_ratings",
    "ticket_field_history": "ticket_events",
    "ticket_form_history": "ticket_forms",
    "ticket_custom_field": "ticket_fields",
    "ticket_chat": "chats",
    "ticket_metric": "ticket_metrics",
}
_FIVETRAN_CHILDREN = {
    "ticket_tag": Child("tickets", "ticket_id", "tags", "tag"),
    "user_tag": Child("users", "user_id", "tags", "tag"),
    "organization_tag": Child("organizations", "organization_id", "tags", "tag"),
    "domain_name": Child("organizations", "organization_id", "domain_names", "domain_name", "index"),
    "ticket_follower": Child("tickets", "ticket_id", "follower_ids", "user_id"),
    "ticket_email_cc": Child("tickets", "ticket_id", "email_cc_ids", "user_id"),
    "ticket_collaborator": Child("tickets", "ticket_id", "collaborator_ids", "user_id"),
    "ticket_chat_event": Child("chats", "chat_id", "history", "", "chat_index"),
    "ticket_custom_field_option": Child("ticket_fields", "ticket_custom_field_id", "custom_field_options"),
}


def _dlt(columns: Sequence[str], *, name: str, first: Mapping[str, Any]) -> Table | None:
    table = name_of_table(name)
    if "_dlt_parent_id" in columns:
        _, _, field = table.rpartition("__")
        if not field:
            return None
        own = {column.partition("__")[0] for column in columns if not column.startswith("_")}
        value = "value" if own == {"value"} else ""
        return Table(Kind.DLT, "", child=Child("", "_dlt_parent_id", field, value, "_dlt_list_idx"))
    entity = _entity(keys_of(columns), name=table, first=first)
    return Table(Kind.DLT, entity or f"configuration:{table}") if entity or table else None
