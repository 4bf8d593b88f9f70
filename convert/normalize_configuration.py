"""What is kept raw: macros, triggers, calls, and all else without an entity of its own."""

from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .identify import CONFIGURATION
from .normalize_time import milliseconds, utc


def read_configuration(kind: str, name: Any, value: dict[str, Any], pointer: str, out: Collector) -> None:
    """Hand a record to `out` as it is. name: what tells it from others of its kind; the newest one stays."""
    record = {"id": f"{kind}/{name}", "kind": kind, "record": value}
    out.keep(CONFIGURATION, record, pointer, version=_changed(value, out))


def _changed(value: dict[str, Any], out: Collector) -> int:
    at = value.get("updated_at") or value.get("created_at")
    try:
        return milliseconds(utc(at, out.zone)) if at else 0
    except (RecordError, ValueError):  # no time that can be read: any other copy is as good
        return 0
