"""What can be searched by: fields of contacts, conversations and tickets, and the SQL they stand for.

The row that is looked at is `it`, of the view `searched_contacts` or `searched_conversations`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .state import Row, State

Type = Literal["text", "number", "time", "day", "boolean", "words", "list"]


@dataclass(frozen=True, slots=True)
class Field:
    """A searchable field: the SQL it stands for. lower: compared whatever the case."""

    sql: str
    type: Type
    lower: bool = False


CONVERSATION_FIELDS: Mapping[str, Field] = {
    "id": Field("cast(id as text)", "text"),
    "created_at": Field("created_at", "time"),
    "updated_at": Field("updated_at", "time"),
    "waiting_since": Field("waiting_since", "time"),
    "snoozed_until": Field("snoozed_until", "time"),
    "contact_ids": Field("contact_id", "text"),
    "source.type": Field("'conversation'", "text"),
    "source.id": Field("cast(message_id as text)", "text"),
    "source.delivered_as": Field("'customer_initiated'", "text"),
    "source.subject": Field("subject", "text"),
    "source.body": Field("body", "words"),
    "source.author.id": Field("contact_id", "text"),
    "admin_assignee_id": Field("admin_assignee_id", "number"),
    "team_assignee_id": Field("team_assignee_id", "number"),
    "state": Field("state", "text"),
    "open": Field("state <> 'closed'", "boolean"),
    "read": Field("read", "boolean"),
    "priority": Field("'none'", "text"),
    "tag_ids": Field(
        "(select group_concat(tag_id) from conversation_tags where conversation_id = it.id)", "list"
    ),
}
CONTACT_FIELDS: Mapping[str, Field] = {
    "id": Field("id", "text"),
    "role": Field("role", "text"),
    "name": Field("name", "text"),
    "email": Field("email_key", "text", lower=True),
    "email_domain": Field("substr(email_key, instr(email_key, '@') + 1)", "text", lower=True),
    "phone": Field("phone", "text"),
    "external_id": Field("external_id", "text"),
    "owner_id": Field("owner_id", "text"),
    "unsubscribed_from_emails": Field("unsubscribed_from_emails", "boolean"),
    "created_at": Field("created_at", "day"),
    "updated_at": Field("updated_at", "day"),
    "signed_up_at": Field("signed_up_at", "day"),
    "last_seen_at": Field("last_seen_at", "day"),
    "last_replied_at": Field("last_replied_at", "day"),
}
_TITLE = """(
  select json_extract(it.ticket_attributes, '$."' || id || '"') from ticket_type_attributes as one
  where one.ticket_type_id = it.ticket_type_id and name = '{}'
)"""
_LABEL = """(
  select json_extract(item.value, '$.label')
  from ticket_type_attributes as one, json_each(one.items) as item
  where one.id = {id} and json_extract(item.value, '$.id') = {value}
)"""
_CATEGORY = """(
  select case category when 'Customer' then 'request' when 'Back-office' then 'task' else 'tracker' end
  from ticket_types as one where one.id = it.ticket_type_id
)"""
_SHARED = (
    *("id", "created_at", "updated_at", "snoozed_until", "contact_ids", "open"),
    *("admin_assignee_id", "team_assignee_id"),
)
TICKET_FIELDS: Mapping[str, Field] = {
    **{name: CONVERSATION_FIELDS[name] for name in _SHARED},
    "title": Field(_TITLE.format("_default_title_"), "text"),
    "description": Field(_TITLE.format("_default_description_"), "text"),
    "category": Field(_CATEGORY, "text"),
    "ticket_type_id": Field("cast(ticket_type_id as text)", "text"),
    "teammate_ids": Field("cast(admin_assignee_id as text)", "text"),
    "state": Field("(select category from ticket_states where id = it.ticket_state_id)", "text"),
}
_ATTRIBUTE_TYPES: Mapping[str, Type] = {
    "integer": "number",
    "float": "number",
    "boolean": "boolean",
    "datetime": "day",
    "date": "day",
}
_TICKET_ATTRIBUTE_TYPES: Mapping[str, Type] = {
    "integer": "number",
    "decimal": "number",
    "boolean": "boolean",
    "datetime": "time",
}


def contact_fields(state: State) -> dict[str, Field]:
    """CONTACT_FIELDS, and custom attributes by name."""
    attributes = {
        f"custom_attributes.{row['name']}": _attribute_field(row)
        for row in state.all("attributes", model="contact")
        if '"' not in row["name"]  # a path into JSON cannot hold one
    }
    return {**CONTACT_FIELDS, **attributes}


def ticket_fields(state: State) -> dict[str, Field]:
    """TICKET_FIELDS, and the attributes of ticket types by id."""
    rows = state.all("ticket_type_attributes")
    return {
        **TICKET_FIELDS,
        **{f"ticket_attribute.{row['id']}": _ticket_attribute_field(row) for row in rows},
    }


def _attribute_field(row: Row) -> Field:
    path = f'$."{row["name"]}"'.replace("'", "''")
    return Field(f"json_extract(custom_attributes, '{path}')", _ATTRIBUTE_TYPES.get(row["data_type"], "text"))


def _ticket_attribute_field(row: Row) -> Field:
    value = f"""json_extract(ticket_attributes, '$."{row["id"]}"')"""
    if row["data_type"] == "list":  # kept by the id of the item, searched by its label
        value = _LABEL.format(value=value, id=row["id"])
    return Field(value, _TICKET_ATTRIBUTE_TYPES.get(row["data_type"], "text"))
