"""Custom attributes: what is defined, for contacts, companies and conversations."""

import re
from uuid import uuid4

import orjson

from .answers import Json, Problem, invalid, not_found
from .call import Call
from .state import Row, State

CONVERSATION_TYPES = ("string", "integer", "list", "decimal", "boolean", "datetime", "relationship", "files")
DATA_TYPES = ("string", "integer", "float", "boolean", "datetime", "date", "options")

# Fields every workspace has. They stand in the same list as custom ones, and take their names.
BUILT_IN = {
    "id": "string",
    "external_id": "string",
    "role": "string",
    "name": "string",
    "email": "string",
    "phone": "string",
    "owner_id": "integer",
    "avatar": "string",
    "signed_up_at": "date",
    "created_at": "date",
    "updated_at": "date",
    "last_seen_at": "date",
    "last_replied_at": "date",
    "last_contacted_at": "date",
    "unsubscribed_from_emails": "boolean",
    "language_override": "string",
}

# What was asked for as a datetime is called a date from then on, a list of options a string.
_REPORTED = {"datetime": "date", "options": "string"}

# Letters, digits, spaces, currency signs, hyphens and underscores.
_DATA_NAME = re.compile(r"[\w $€£¥-]+")


def seed(state: State, snapshot: Json, *, now: int) -> None:
    """Define what a workspace snapshot names."""
    for attribute in snapshot["contact_attributes"]:
        if attribute["name"] not in BUILT_IN:
            _insert(state, model="contact", now=now, body=attribute)
    for attribute in snapshot.get("company_attributes", ()):
        _insert(state, model="company", now=now, body=attribute)
    for attribute in snapshot["conversation_attributes"]:
        labels = [{"label": label} for label in attribute.get("options", [])]
        body = {**attribute, "options": labels}
        known = int(attribute["id"]) if attribute["id"].isdigit() else None
        _insert(state, model="conversation", now=now, body=body, known_id=known)


def list_data_attributes(state: State, call: Call) -> Json:
    """GET /data_attributes?model=contact|company."""
    model = call.query.get("model")
    if model not in (None, "contact", "company"):
        message = f"model={model} is no longer supported. Use GET /conversations/attributes instead"
        raise Problem(422, "parameter_invalid", message)
    found: list[Json] = []
    if model != "company":
        found += [_built_in_shape(name, data_type) for name, data_type in BUILT_IN.items()]
    for kind in ("contact", "company") if model is None else (model,):
        found += [_data_shape(row) for row in _listed(state, call, kind)]
    return {"type": "list", "data": found}


def create_data_attribute(state: State, call: Call) -> Json:
    """POST /data_attributes. A name is taken once for contacts and companies together."""
    name, model, data_type = call.body["name"], call.body["model"], call.body["data_type"]
    if model not in ("contact", "company"):
        raise invalid("The Data Attribute model field must be either contact or company")
    if data_type not in DATA_TYPES:
        raise invalid("Data Type isn't an option")
    if not _DATA_NAME.fullmatch(name):
        raise invalid(
            "Your name for this attribute must only contain alphanumeric characters, "
            "currency symbols, and hyphens"
        )
    taken = {
        row["name"].casefold()
        for kind in ("contact", "company")
        for row in state.all("attributes", model=kind)
    }
    if name.casefold() in taken | BUILT_IN.keys():
        raise invalid(
            f"You already have '{name}' in your {model} data. "
            f"To save this as new {model} data, use a different name."
        )
    if data_type == "options" and len(call.body.get("options", [])) < 2:
        raise invalid("Options must have at least two values")
    labels = [{"label": option["value"]} for option in call.body.get("options", [])]
    body = {**call.body, "options": labels}
    return _data_shape(_insert(state, model=model, now=call.second, body=body))


def list_conversation_attributes(state: State, call: Call) -> Json:
    """GET /conversations/attributes."""
    return {
        "type": "list",
        "data": [_conversation_shape(row) for row in _listed(state, call, "conversation")],
    }


def create_conversation_attribute(state: State, call: Call) -> Json:
    """POST /conversations/attributes."""
    data_type = call.body["data_type"]
    if data_type not in CONVERSATION_TYPES:
        allowed = ", ".join(CONVERSATION_TYPES)
        message = f"data_type '{data_type}' is not valid. Allowed types: {allowed}"
        raise Problem(422, "parameter_invalid", message)
    _require_free(state, call.body["name"], but=None)
    return _conversation_shape(_insert(state, model="conversation", now=call.second, body=call.body))


def get_conversation_attribute(state: State, call: Call) -> Json:
    """GET /conversations/attributes/{id}."""
    return _conversation_shape(_known(state, call))


def update_conversation_attribute(state: State, call: Call) -> Json:
    """PUT /conversations/attributes/{id}: everything but its type."""
    row = _known(state, call)
    if "name" in call.body:
        _require_free(state, call.body["name"], but=row["id"])
    settings = orjson.loads(row["settings"])
    settings.update({key: call.body[key] for key in settings.keys() & call.body.keys()})
    return _save(
        state,
        {
            **row,
            "name": call.body.get("name", row["name"]),
            "description": call.body.get("description", row["description"]),
            "settings": orjson.dumps(settings).decode(),
            "updated_at": call.second,
        },
    )


def archive_conversation_attribute(state: State, call: Call) -> Json:
    """DELETE /conversations/attributes/{id}: it can be read on, not written."""
    return _save(state, {**_known(state, call), "archived": 1, "updated_at": call.second})


def add_conversation_attribute_option(state: State, call: Call) -> Json:
    """POST /conversations/attributes/{id}/options."""
    row = _known(state, call)
    if row["data_type"] != "list":
        raise Problem(422, "parameter_invalid", "Conversation attribute is not a list")
    options = orjson.loads(row["options"])
    if any(option["label"] == call.body["label"] for option in options):
        raise Problem(422, "parameter_invalid", "label already exists")
    options += _options([call.body])
    return _save(state, {**row, "options": orjson.dumps(options).decode(), "updated_at": call.second})


def _listed(state: State, call: Call, model: str) -> list[Row]:
    archived_too = call.query.get("include_archived") == "true"
    return [row for row in state.all("attributes", model=model) if archived_too or not row["archived"]]


def _known(state: State, call: Call) -> Row:
    row = state.one("attribute", id=call.ids["id"])
    if row is None or row["model"] != "conversation":
        raise not_found("Conversation attribute not found", code="conversation_attribute_not_found")
    return row


def _require_free(state: State, name: str, *, but: int | None) -> None:
    for row in state.all("attributes", model="conversation"):
        if row["name"].casefold() == name.casefold() and not row["archived"] and row["id"] != but:
            raise Problem(422, "parameter_invalid", f"A conversation attribute named '{name}' already exists")


def _insert(state: State, *, model: str, now: int, body: Json, known_id: int | None = None) -> Row:
    settings = {
        "required": body.get("required", False),
        "visible_to_team_ids": body.get("visible_to_team_ids", []),
        "multiline": body.get("multiline", False),
        "messenger_writable": body.get("messenger_writable", False),
    }
    listed = body["data_type"] in ("list", "options")
    row: Row = {
        "id": known_id,
        "model": model,
        "name": body["name"],
        "data_type": body["data_type"],
        "description": body.get("description", ""),
        "options": orjson.dumps(_options(body.get("options", []))).decode() if listed else None,
        "settings": orjson.dumps(settings).decode(),
        "archived": 0,
        "created_at": now,
        "updated_at": now,
    }
    return {**row, "id": state.run("insert_attribute", **row)}


def _options(wanted: list[Json]) -> list[Json]:
    return [{"id": str(uuid4()), "label": option["label"], "archived": False} for option in wanted]


def _save(state: State, row: Row) -> Json:
    state.run("update_attribute", **row)
    return _conversation_shape(row)


def _conversation_shape(row: Row) -> Json:
    settings = orjson.loads(row["settings"])
    shape = {
        "type": "conversation_attribute",
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "data_type": row["data_type"],
        "required": settings["required"],
        "visible_to_team_ids": settings["visible_to_team_ids"],
        "archived": bool(row["archived"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
    if row["data_type"] == "string":
        shape["multiline"] = settings["multiline"]
    if row["options"] is not None:
        shape["options"] = orjson.loads(row["options"])
    return shape


def _data_shape(row: Row) -> Json:
    data_type: str = _REPORTED.get(row["data_type"]) or row["data_type"]
    shape = {
        **_built_in_shape(row["name"], data_type),
        "id": row["id"],
        "model": row["model"],
        "full_name": f"custom_attributes.{row['name']}",
        "description": row["description"],
        "ui_writable": True,
        "messenger_writable": orjson.loads(row["settings"])["messenger_writable"],
        "custom": True,
        "archived": bool(row["archived"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
    if row["options"] is not None:
        shape["options"] = [option["label"] for option in orjson.loads(row["options"])]
    return shape


def _built_in_shape(name: str, data_type: str) -> Json:
    return {
        "type": "data_attribute",
        "model": "contact",
        "name": name,
        "full_name": name,
        "label": name,
        "description": "",
        "data_type": data_type,
        "api_writable": True,
        "messenger_writable": False,
        "ui_writable": False,
        "custom": False,
        "archived": False,
    }
