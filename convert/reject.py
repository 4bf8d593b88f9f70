"""Rejects: what was found and not accepted, as lines that sort by file, position and pointer."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

import orjson

from deskferry.schemas.errors import RecordError

RAW_LIMIT = 65_536


@dataclass(slots=True)
class Unit:
    """What is being read: a line, a row, a document. Rejects show its raw bytes."""

    file: int
    name: str
    sha256: str
    position: int
    raw: bytes | None
    size: int = 0
    digest: str = ""


def reject_line(entity: str, pointer: str, error: RecordError, *, key: Any, unit: Unit) -> bytes:
    r"""`order \x02 reject`, ready to be sorted."""
    raw = unit.raw
    if raw is not None and not unit.digest:
        unit.size, unit.digest = len(raw), hashlib.sha256(raw).hexdigest()
    reject = {
        "entity": entity,
        "source": unit.name,
        "source_sha256": unit.sha256,
        "position": unit.position,
        "pointer": pointer + error.pointer,
        "reason": error.reason,
        "key": key if isinstance(key, str) or (type(key) is int and abs(key) < 1 << 63) else None,
        "raw": base64.b64encode(raw).decode() if raw is not None and len(raw) <= RAW_LIMIT else None,
        "bytes": unit.size,
        "sha256": unit.digest,
    }
    written = orjson.dumps(scrubbed(reject))
    nameless = orjson.dumps({name: value for name, value in scrubbed(reject).items() if name != "source"})
    order = b"%b%020d%b\x01%b\x01%b" % (
        unit.sha256.encode(),
        unit.position,
        scrubbed(reject["pointer"]).encode(),
        entity.encode(),
        hashlib.sha256(nameless).hexdigest().encode(),
    )
    return b"%b\x02%b\n" % (order, written)


def scrubbed(value: Any) -> Any:
    """`value` with lone surrogates and control characters that would break a line replaced."""
    if isinstance(value, str):
        return (
            value.encode("utf-8", "replace")
            .decode()
            .replace("\x01", "\ufffd")
            .replace("\x02", "\ufffd")
            .replace("\n", " ")
        )
    if isinstance(value, dict):
        return {key: scrubbed(item) for key, item in value.items()}
    return value
