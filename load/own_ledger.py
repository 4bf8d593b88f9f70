"""A new ledger on a workspace that already holds what the plan would make: somebody's ledger is missing."""

from pathlib import Path
from typing import Any

from deskferry.schemas.errors import RefusedError

from .backlog import Backlog
from .client import Call, Client
from .made import listed
from .perform import Patience, perform, require

_MARK = "zendesk_user_id"
_ASKED = 15  # most filters Intercom takes in one group


def require_own_ledger(
    client: Client, backlog: Backlog, live: dict[str, Any], *, ledger: Path, patience: Patience
) -> None:
    """Raise RefusedError when contacts of the plan carry our mark although the ledger knows of none.

    live: a snapshot. Without the ledger of that load everything would be sent a second time. One request, and
    only where the workspace has the mark at all.
    """
    marked = any(attribute["name"] == _MARK for attribute in live["contact_attributes"])
    keys = backlog.contact_keys(_ASKED)
    if not marked or not keys or not backlog.is_new():
        return
    terms = [{"field": f"custom_attributes.{_MARK}", "operator": "=", "value": key} for key in keys]
    query = {"query": {"operator": "OR", "value": terms}}
    body = require(perform(client, Call("POST", "/contacts/search", query), patience), "searching contacts")
    found = len(listed(body, "data"))
    if found:
        raise RefusedError(
            f"{found} of the first {len(keys)} contacts of the plan were imported before, "
            "but this ledger is new and knows of none",
            where=ledger,
            todo="Name the ledger of that load with --ledger, or start over with --new-ledger",
        )
