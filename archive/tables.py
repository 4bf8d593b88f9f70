"""The tables of archive.duckdb: one per entity, its columns as the entity's JSON Schema says."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from deskferry.schemas.entities import ENTITIES, schema

_SCALARS = {"integer": "BIGINT", "string": "VARCHAR", "number": "DOUBLE", "boolean": "BOOLEAN"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. type: DuckDB's. comment: the description in the schema, None without one."""

    name: str
    type: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """`table.column` holds a key of `to_table.to_column`. Nothing enforces it: orphans are findings."""

    table: str
    column: str
    to_table: str
    to_column: str
    meaning: str


@cache
def columns(entity: str) -> tuple[Column, ...]:
    """The columns of an entity's table, in the order of its schema."""
    properties = schema(entity)["properties"].items()
    return tuple(Column(name, _type(shape), shape.get("description")) for name, shape in properties)


def stored_type(column: Column) -> str:
    """How a column lies on disk: a list lies there as JSON, and a view over the table makes it a list again.

    DuckDB 1.0 cannot read a column of lists once 122,880 rows in a row hold no element, which is ordinary.
    """
    return "JSON" if column.type.endswith("[]") else column.type


def table_comment(entity: str) -> str:
    """What a row of an entity's table is."""
    return str(schema(entity)["description"])


def quoted(name: str) -> str:
    """A name as SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """A text as SQL literal, where DuckDB takes no parameter (COMMENT ON, ATTACH, SET)."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def relations() -> list[Relation]:
    """Every relation between two tables, for people and clients that draw them."""
    known = set(ENTITIES)
    return [Relation(*row) for row in _RELATIONS if {row[0], row[2]} <= known]


def _type(shape: dict[str, Any]) -> str:
    """DuckDB's type for one property. What can be an object, or anything at all, stays JSON."""
    kinds = {kind for kind in _kinds(shape) if kind != "null"}
    if len(kinds) != 1:
        return "JSON"
    kind = kinds.pop()
    if kind == "string" and shape.get("format") == "date-time":
        return "TIMESTAMP"
    if kind == "array":
        element = _type(shape.get("items", {}))
        return "JSON" if element == "JSON" else f"{element}[]"
    return _SCALARS.get(kind, "JSON")


def _kinds(shape: dict[str, Any]) -> list[str]:
    if "enum" in shape and "type" not in shape:
        return ["string"] if all(isinstance(value, str) for value in shape["enum"]) else []
    kinds = shape.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


_RELATIONS = (
    ("tickets", "requester_id", "users", "id", "who asked"),
    ("tickets", "submitter_id", "users", "id", "who wrote it down"),
    ("tickets", "assignee_id", "users", "id", "the agent who has it"),
    ("tickets", "organization_id", "organizations", "id", "the requester's company at that time"),
    ("tickets", "group_id", "groups", "id", "the group that has it"),
    ("tickets", "brand_id", "brands", "id", "the brand it came to"),
    ("tickets", "ticket_form_id", "ticket_forms", "id", "the form it was filed with"),
    ("tickets", "custom_status_id", "custom_statuses", "id", "its status in the account's own words"),
    ("tickets", "problem_id", "tickets", "id", "the problem this incident belongs to"),
    ("tickets", "collaborator_ids", "users", "id", "each element: a person in copy"),
    ("tickets", "email_cc_ids", "users", "id", "each element: a person in copy of the mails"),
    ("tickets", "follower_ids", "users", "id", "each element: an agent who follows it"),
    ("comments", "ticket_id", "tickets", "id", "the ticket it stands in"),
    ("comments", "author_id", "users", "id", "who wrote it"),
    ("attachments", "ticket_id", "tickets", "id", "the ticket it came in"),
    ("attachments", "comment_id", "comments", "id", "the comment that names it"),
    ("users", "organization_id", "organizations", "id", "their company"),
    ("users", "default_group_id", "groups", "id", "an agent's first group"),
    ("identities", "user_id", "users", "id", "whose address it is"),
    ("organizations", "group_id", "groups", "id", "the group that gets its tickets"),
    ("organization_memberships", "user_id", "users", "id", "the member"),
    ("organization_memberships", "organization_id", "organizations", "id", "the company"),
    ("group_memberships", "user_id", "users", "id", "the agent"),
    ("group_memberships", "group_id", "groups", "id", "the group"),
    ("ticket_forms", "ticket_field_ids", "ticket_fields", "id", "each element: a field it shows"),
    ("brands", "ticket_form_ids", "ticket_forms", "id", "each element: a form it offers"),
    ("satisfaction_ratings", "ticket_id", "tickets", "id", "the ticket that was rated"),
    ("satisfaction_ratings", "requester_id", "users", "id", "who rated"),
    ("satisfaction_ratings", "assignee_id", "users", "id", "the agent who was rated"),
    ("satisfaction_ratings", "group_id", "groups", "id", "the group that was rated"),
    ("ticket_metrics", "ticket_id", "tickets", "id", "the ticket that was measured"),
    ("ticket_events", "ticket_id", "tickets", "id", "the ticket that changed"),
    ("ticket_events", "author_id", "users", "id", "who changed it"),
    ("ticket_events", "comment_id", "comments", "id", "the comment it is about"),
    ("ticket_events", "attachment_id", "attachments", "id", "of a redaction: the file it is about"),
    ("ticket_events", "assignee_id", "users", "id", "of a rating: the agent who was rated"),
    ("ticket_events", "recipient_id", "users", "id", "of a text message: who got it"),
    ("ticket_links", "ticket_id", "tickets", "id", "the ticket the link starts at"),
    ("ticket_links", "linked_ticket_id", "tickets", "id", "the ticket the link leads to"),
    ("ticket_links", "linked_id", "side_conversations", "id", "the side conversation it leads to"),
    ("side_conversations", "ticket_id", "tickets", "id", "the ticket it stands beside"),
    ("chats", "zendesk_ticket_id", "tickets", "id", "the ticket made from it"),
    ("suspended_tickets", "ticket_id", "tickets", "id", "the ticket it would have answered"),
    ("suspended_tickets", "brand_id", "brands", "id", "the brand it was sent to"),
    ("articles", "author_id", "users", "id", "who wrote it"),
)
