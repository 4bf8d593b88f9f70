"""Records that stand inside others, and those that need nothing but their schema."""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .normalize_record import normalized, whole_number
from .run_lines import PARTIAL, WHOLE
from .set_aside import set_aside

_REMEMBERED = frozenset(("users", "organizations", "groups"))  # copied into ticket after ticket
_WHOLE_HAS = {"users": "role", "organizations": "updated_at", "groups": "updated_at"}


def read_embedded(
    entity: str,
    raw: Any,
    pointer: str,
    out: Collector,
    *,
    given: Mapping[str, Any] | None = None,
    level: int = WHOLE,
) -> dict[str, Any] | None:
    """Hand a record to `out`; None when it was a copy or was rejected.

    given: values for keys it does not hold itself. A short object ({id, name}) only fills blanks.
    """
    if not isinstance(raw, dict):
        out.reject(entity, pointer, RecordError("not an object"))
        return None
    remember = entity in _REMEMBERED and given is None and level == WHOLE
    if remember and out.again(entity, raw):
        return None
    try:
        record = normalized(entity, raw, zone=out.zone)
    except RecordError as error:
        out.reject(entity, pointer, error, key=whole_number(raw.get("id")))
        return None
    for key, value in (given or {}).items():
        if record.get(key) is None and value is not None:
            record[key] = value
    if level == WHOLE and entity in _WHOLE_HAS and _WHOLE_HAS[entity] not in raw:
        level = PARTIAL
    if entity == "users" and isinstance(record.get("photo"), str):
        record["photo"] = {"content_url": record["photo"]}
    if entity == "suspended_tickets":
        set_aside(entity, record, raw)
    if "extra" in record:
        record["extra"].pop("result_type", None)
        if not record["extra"]:
            del record["extra"]
    return out.keep(entity, record, pointer, level=level, remember=raw if remember else None)
