"""The snapshot of a workspace: what the target is, taken by reading, and what has changed in it since."""

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deskferry.schemas.errors import InputError
from deskferry.schemas.validate import complaints

from .action import Kind
from .client import Client
from .perform import PATIENT, Patience, read
from .workspace_tickets import ticket_types

REGIONS = ("us", "eu", "au", "sandbox")


def take_snapshot(client: Client, *, now: datetime, patience: Patience = PATIENT) -> dict[str, Any]:
    """Read what the workspace is; valid against schemas/workspace.json. now: when, aware.

    Seven requests. Raises InputError when the target can't be reached, refuses the token, or is no Intercom.
    """
    me = _object(read(client, "/me", patience), client)
    app = _object(me.get("app"), client)
    snapshot = {
        "type": "workspace",
        "format": 1,
        "taken_at": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "id": str(app.get("id_code") or ""),
        "name": str(app.get("name") or ""),
        "region": _region(app),
        "identity_verification": app.get("identity_verification"),
        "me": {
            "id": str(me.get("id")),
            "email": str(me.get("email") or ""),
            "name": str(me.get("name") or ""),
        },
        "admins": _sorted(_admin(item) for item in _items(read(client, "/admins", patience), "admins")),
        "teams": _sorted(_team(item) for item in _items(read(client, "/teams", patience), "teams")),
        **_data_attributes(client, patience),
        "conversation_attributes": _conversation_attributes(client, patience),
        "tags": _tags(client, patience),
        **ticket_types(client, patience),
        "limit": None,
    }
    snapshot["limit"] = client.pace.limit
    wrong = complaints("workspace", snapshot)
    if wrong:
        raise InputError(f"{client.base_url} does not answer as Intercom does ({wrong[0][0]}: {wrong[0][1]})")
    return snapshot


def write_snapshot(snapshot: Mapping[str, Any], path: Path) -> None:
    """Write it as indented JSON for people, readable by the owner only, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    text = json.dumps(snapshot, indent=2, ensure_ascii=False) + "\n"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise InputError(f"cannot be written ({error.strerror})", where=path) from error


def find_attribute(client: Client, kind: Kind, name: str, patience: Patience) -> tuple[str, str] | None:
    """(id, data type) of the attribute `name` as the workspace has it now, None when it has none."""
    if kind in (Kind.CONTACT_ATTRIBUTE, Kind.COMPANY_ATTRIBUTE):
        found = _data_attributes(client, patience)[f"{kind}s"]
        known = [(item["name"], item["name"], item["data_type"]) for item in found]
    else:
        known = [
            (item["name"], item["id"], item["data_type"])
            for item in _conversation_attributes(client, patience)
        ]
    return next(((id_, data_type) for called, id_, data_type in known if called == name), None)


def _data_attributes(client: Client, patience: Patience) -> dict[str, list[dict[str, Any]]]:
    """Those of contacts and those of companies, from one list: no name is free for both."""
    found = _items(read(client, "/data_attributes", patience), "data")
    custom = [item for item in found if item.get("custom") and not item.get("archived")]
    return {
        f"{model}_attributes": _sorted(
            {"name": str(item["name"]), "data_type": str(item["data_type"])}
            for item in custom
            if item.get("model", "contact") == model
        )
        for model in ("contact", "company")
    }


def _conversation_attributes(client: Client, patience: Patience) -> list[dict[str, Any]]:
    found = _items(read(client, "/conversations/attributes", patience), "data")
    return _sorted(_conversation_attribute(item) for item in found if not item.get("archived"))


def _conversation_attribute(item: Mapping[str, Any]) -> dict[str, Any]:
    attribute = {"id": str(item["id"]), "name": str(item["name"]), "data_type": str(item["data_type"])}
    options = [option for option in item.get("options") or () if not option.get("archived")]
    return {**attribute, "options": [str(option["label"]) for option in options]} if options else attribute


def _tags(client: Client, patience: Patience) -> list[dict[str, Any]]:
    found = _items(read(client, "/tags", patience), "data")
    return _sorted({"id": str(item["id"]), "name": str(item["name"])} for item in found)


def _admin(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(item["id"]),
        "email": str(item.get("email") or ""),
        "name": str(item.get("name") or ""),
        "seat": bool(item.get("has_inbox_seat")),
    }


def _team(item: Mapping[str, Any]) -> dict[str, Any]:
    admins = sorted(str(admin) for admin in item.get("admin_ids") or ())
    team = {"id": str(item["id"]), "name": str(item.get("name") or ""), "admin_ids": admins}
    return {**team, "distributes": True} if _distributes(item) else team


def _distributes(item: Mapping[str, Any]) -> bool:
    """A team that balances or rotates what it gets. A method nobody has described counts as one of those."""
    method = str(item.get("distribution_method") or "manual").casefold()
    return item.get("assignment_limit") is not None or method not in ("manual", "none", "off")


def _region(app: Mapping[str, Any]) -> str:
    region = str(app.get("region") or "").lower()
    if region not in REGIONS:
        raise InputError(f"the workspace says it is in region '{region}', which is none of Intercom's")
    return region


def _object(value: Any, client: Client) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{client.base_url} does not answer as Intercom does")
    return value


def _items(body: Any, key: str) -> list[Mapping[str, Any]]:
    """The list in an answer; what is no object in it is passed over."""
    found = body.get(key) if isinstance(body, dict) else None
    return [item for item in found or () if (isinstance(item, dict) and "id" in item) or _is_attribute(item)]


def _is_attribute(item: Any) -> bool:
    return isinstance(item, dict) and "name" in item and "data_type" in item  # built-in ones have no id


def _sorted(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By name, then id: the order of a list is the target's whim and must not change the digest."""
    return sorted(items, key=lambda item: (item["name"], item.get("id", "")))
