"""Searching contacts and conversations: Intercom's filters as SQL. Too young things are not found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .answers import Cursor, Json, Problem, invalid, listing, read_cursor
from .call import Call
from .contacts import shape
from .conversation_shape import show_brief
from .state import Row, State
from .workspace import workspace_id

Type = Literal["text", "number", "time", "day", "boolean", "words"]

MAX_FILTERS = 15  # in one AND or OR group
MAX_DEPTH = 2  # groups in groups
DAY = 86_400
_FAR = 1 << 62  # SQLite counts no further


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
    # one row per tag; so `=` asks whether there is one
    "tag_ids": Field(
        "(select group_concat(tag_id) from conversation_tags where conversation_id = id)", "text"
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
_ATTRIBUTE_TYPES: Mapping[str, Type] = {
    "integer": "number",
    "float": "number",
    "boolean": "boolean",
    "datetime": "day",
    "date": "day",
}


def search_conversations(state: State, call: Call) -> Json:
    """POST /conversations/search: 20 per page unless asked otherwise."""
    if "sort" in call.body:
        raise _unsortable()
    state.run("wake", now=call.second)
    where, values = _query(call, CONVERSATION_FIELDS)
    cursor = read_cursor(call.body.get("pagination") or {}, default=20)
    rows, total = _page(state, "conversations", "id", (where, values), cursor)
    return listing(
        "conversation.list",
        "conversations",
        rows,
        total=total,
        cursor=cursor,
        shape=lambda row: show_brief(state, row, call),
    )


def search_contacts(state: State, call: Call) -> Json:
    """POST /contacts/search: live ones, 50 per page; times are whole days."""
    attributes = {
        f"custom_attributes.{row['name']}": _attribute_field(row)
        for row in state.all("attributes", model="contact")
        if '"' not in row["name"]  # a path into JSON cannot hold one
    }
    where, values = _query(call, {**CONTACT_FIELDS, **attributes})
    cursor = read_cursor(call.body.get("pagination") or {}, default=50)
    condition = (f"state = 'live' and {where}", values)
    rows, total = _page(state, "contacts", "n", condition, cursor, newest_first=_newest_first(call))
    workspace = workspace_id(state)
    return listing(
        "list", "data", rows, total=total, cursor=cursor, shape=lambda row: shape(state, row, workspace)
    )


def _attribute_field(row: Row) -> Field:
    path = f'$."{row["name"]}"'.replace("'", "''")
    return Field(f"json_extract(custom_attributes, '{path}')", _ATTRIBUTE_TYPES.get(row["data_type"], "text"))


def _newest_first(call: Call) -> bool:
    sort = call.body.get("sort") or {"field": "created_at", "order": "ascending"}
    if sort.get("field") != "created_at" or sort.get("order") not in ("ascending", "descending"):
        raise _unsortable()
    return bool(sort["order"] == "descending")


def _page(
    state: State,
    table: str,
    number: str,
    condition: tuple[str, list[Any]],
    cursor: Cursor,
    *,
    newest_first: bool = False,
) -> tuple[list[Row], int]:
    where, values = condition
    words = {"table": table, "number": number, "where": where, "order": "desc" if newest_first else "asc"}
    total = state.select("count_found", values, **words)[0]["count"]
    words["where"] += f" and {number} {'<' if newest_first else '>'} ?"
    start = _FAR if newest_first else 0
    after = start if cursor.after is None else cursor.after
    return state.select("find", [*values, after, cursor.per_page + 1], **words), total


def _query(call: Call, fields: Mapping[str, Field]) -> tuple[str, list[Any]]:
    values: list[Any] = []
    where = _filter(call.body["query"], fields, values, depth=0)
    return f"indexed_at <= ? and ({where})", [call.now, *values]


def _filter(query: Any, fields: Mapping[str, Field], values: list[Any], *, depth: int) -> str:
    if not isinstance(query, Mapping):
        raise invalid("a filter must be an object")
    operator, value = query.get("operator"), query.get("value")
    if operator not in ("AND", "OR"):
        return _condition(query, fields, values)
    if depth >= MAX_DEPTH:
        raise invalid(f"filters can be nested {MAX_DEPTH} levels deep")
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_FILTERS:
        raise invalid(f"{operator} takes 1 to {MAX_FILTERS} filters")
    conditions = [_filter(one, fields, values, depth=depth + 1) for one in value]
    return "(" + f" {operator.lower()} ".join(conditions) + ")"


def _condition(query: Mapping[str, Any], fields: Mapping[str, Field], values: list[Any]) -> str:
    name, operator, value = query.get("field"), query.get("operator"), query.get("value")
    field = fields.get(name) if isinstance(name, str) else None
    if field is None:
        raise invalid(f"{name} is not a valid field to search by", field="field")
    if operator in ("IN", "NIN"):
        if not isinstance(value, list) or field.type == "day":
            raise invalid(f"{operator} takes a list, and no field of type date")
        equal = [_comparison(field, "=", one, values) for one in value]
        condition = " or ".join(equal) or "0"
        return f"not ({condition})" if operator == "NIN" else f"({condition})"
    return _comparison(field, str(operator), value, values)


def _comparison(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    if field.sql is CONVERSATION_FIELDS["tag_ids"].sql and operator in ("=", "!="):
        values.append(f"%,{value},%")
        return f"',' || coalesce({field.sql}, '') || ',' {'not ' if operator == '!=' else ''}like ?"
    match field.type:
        case "day":
            return _day(field, operator, value, values)
        case "time" | "number":
            return _number(field, operator, value, values)
        case "boolean":
            return _boolean(field, operator, value, values)
        case "words":
            return _words(field, operator, value, values)
        case _:
            return _text(field, operator, value, values)


def _day(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    start = _whole(value) // DAY * DAY
    if operator == "=":
        values.extend([start, start + DAY])
        return f"({field.sql} >= ? and {field.sql} < ?)"
    if operator == ">":
        values.append(start + DAY)
        return f"{field.sql} >= ?"
    if operator == "<":
        values.append(start)
        return f"{field.sql} < ?"
    raise _unsupported(operator)


def _number(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    # ">" and "<" let the value itself through as well.
    known = {"=": "is", "!=": "is not", ">": ">=", "<": "<=", ">=": ">=", "<=": "<="}
    if operator not in known:
        raise _unsupported(operator)
    values.append(None if value is None else _whole(value))
    return f"{field.sql} {known[operator]} ?"


def _boolean(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    if operator not in ("=", "!=") or not isinstance(value, bool):
        raise _unsupported(operator)
    values.append(int(value == (operator == "=")))
    return f"({field.sql}) is ?"


def _words(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    if operator not in ("=", "!=", "~", "!~") or not isinstance(value, str):
        raise _unsupported(operator)
    values.append(value)
    test = "has_word" if operator in ("=", "!=") else "has_part"
    return f"{'not ' if operator.startswith('!') else ''}{test}({field.sql}, ?)"


def _text(field: Field, operator: str, value: Any, values: list[Any]) -> str:
    if value is None and operator in ("=", "!="):
        return f"{field.sql} is {'not ' if operator == '!=' else ''}null"
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise invalid("the value does not have the type of its field", field="value")
    text = str(value).casefold() if field.lower else str(value)
    known = {
        "=": f"{field.sql} is ?",
        "!=": f"{field.sql} is not ?",
        "~": f"instr(lower({field.sql}), lower(?)) > 0",
        "!~": f"coalesce(instr(lower({field.sql}), lower(?)), 0) = 0",
        "^": f"starts_with({field.sql}, ?)",
        "$": f"ends_with({field.sql}, ?)",
    }
    if operator not in known:
        raise _unsupported(operator)
    values.append(text)
    return known[operator]


def _whole(value: Any) -> int:
    try:
        if isinstance(value, bool):
            raise TypeError
        whole = int(value)
    except (TypeError, ValueError):
        raise invalid("the value does not have the type of its field", field="value") from None
    return max(-_FAR, min(whole, _FAR))


def _unsortable() -> Problem:
    return Problem(400, "invalid_sort_order", "Only contacts can be sorted, and only by created_at")


def _unsupported(operator: str) -> Problem:
    return invalid(f"operator {operator} cannot be used on this field", field="operator")
