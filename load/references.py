"""Putting Intercom's ids where a planned call names a thing by what it is in Zendesk."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from deskferry.schemas.errors import InputError

from .action import Action, FileBytes, Kind, Ref
from .client import Call
from .ledger import Ledger
from .ticket_ids import NAMED, TicketIds


def resolver(
    ledger: Ledger, workspace: Mapping[str, Any], *, tickets: TicketIds | None = None
) -> Callable[[Ref], str]:
    """A function from Ref to id: what the ledger knows, else a tag or ticket type the workspace has.

    It raises InputError for what is nowhere: a tag that somebody deleted since.
    """
    tags = {tag["name"].casefold(): tag["id"] for tag in workspace["tags"]}

    def resolve(ref: Ref) -> str:
        found = ledger.target_id(ref.kind, ref.key)
        if found is None and ref.kind is Kind.TAG:
            found = tags.get(ref.key.casefold())
        if found is None and ref.kind in NAMED and tickets is not None:
            found = tickets.find(ref)
        if found is None:
            raise InputError(f"{ref.kind} '{ref.key}' is not in the workspace", todo="Make the plan again")
        return str(found)

    return resolve


def fill(action: Action, resolve: Callable[[Ref], str], *, fresh: bool) -> Call:
    """The call as it is sent. fresh: what it is about was made a moment ago."""
    path = action.path
    if action.target is not None:
        path = path.replace("{id}", resolve(action.target))
    payload = None if action.method == "GET" else _filled(action.payload, resolve)
    return Call(action.method, path, payload, fresh=fresh)


def _encoded(file: FileBytes) -> str:
    """The bytes as base64. What lies there now may be something else: the digest says."""
    try:
        content = file.path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=file.path) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise InputError("holds other bytes than it did", where=file.path, todo="Convert the export again")
    return base64.b64encode(content).decode("ascii")


def _filled(value: Any, resolve: Callable[[Ref], str]) -> Any:
    if isinstance(value, Ref):
        return resolve(value)
    if isinstance(value, FileBytes):
        return _encoded(value)
    if isinstance(value, Mapping):
        return {key: _filled(item, resolve) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(item, resolve) for item in value]
    return value
