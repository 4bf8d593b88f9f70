"""What is computed from a record: its canonical bytes, its version, what the merge must know of it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import orjson

from deskferry.schemas.canonical import canonical
from deskferry.schemas.errors import RecordError

from .normalize_time import milliseconds


def made_id(*parts: Any) -> int:
    """A negative id from content: the same content gives the same id, and it meets no id of Zendesk's."""
    try:
        text = canonical(list(parts))
    except TypeError:  # an integer beyond 64 bits: whether it may stand in a record is not asked here
        text = json.dumps(parts, sort_keys=True).encode()
    return -1 - (int.from_bytes(hashlib.sha256(text).digest()[:8], "big") >> 2)


def dumps(record: dict[str, Any]) -> bytes:
    """Canonical JSON of a record. RecordError for what JSON of 64 bits cannot say."""
    try:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise RecordError(_words(error)) from error


def version_of(record: Mapping[str, Any]) -> int:
    """Milliseconds: the system's own time stamp, else the last update or the deletion, else the start."""
    generated = record.get("generated_timestamp")
    if isinstance(generated, (int, float)) and 0 < generated < 1 << 50:
        return int(generated) * 1000
    written = record.get("updated_at") or record.get("created_at")
    deleted = record.get("deleted_at")
    try:
        at = milliseconds(written) if written else 0
        return max(at, milliseconds(deleted)) if deleted else at
    except (ValueError, TypeError) as error:
        raise RecordError("not a time that can be read", pointer="/updated_at") from error


def info_of(entity: str, record: Mapping[str, Any], *, rank: int) -> bytes:
    """What the merge must know of a record without reading it. See merge_ticket and merge_person."""
    if entity == "tickets":
        people = {record.get(key) for key in ("requester_id", "submitter_id", "assignee_id")}
        gone = is_gone(record)
        ids = ",".join(str(user) for user in sorted(user for user in people if user is not None))
        return f"{int(gone)}\x02{int(record.get('status') in OPEN)}\x02{ids}".encode()
    if entity == "comments":
        author = record.get("author_id")
        made = int(bool(record.get("id_made")))
        at = record.get("created_at") or "~"  # an unknown time comes last
        return f"{'' if author is None else author}\x02{at}\x02{rank}\x02{made}".encode()
    if entity == "users":
        return (record.get("role") or "").encode("utf-8", "replace").replace(b"\x01", b"").replace(b"\n", b"")
    return b""


_GONE = frozenset(("deleted", "scrubbed"))
OPEN = frozenset(("new", "open", "pending", "hold"))


def is_gone(ticket: Mapping[str, Any]) -> bool:
    """True for a checked ticket that was deleted or scrubbed."""
    return ticket.get("status") in _GONE or is_scrubbed(ticket)


def is_scrubbed(ticket: Mapping[str, Any]) -> bool:
    """Zendesk emptied it for good: subject SCRUBBED, description X."""
    return ticket.get("subject") == "SCRUBBED" and ticket.get("description") in ("X", "SCRUBBED", "", None)


def _words(error: TypeError) -> str:
    text = str(error)
    return "an integer beyond 64 bits" if "64-bit" in text else f"has no JSON form ({text})"
