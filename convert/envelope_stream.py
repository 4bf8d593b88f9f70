"""Messages of data pipelines: the lines a Singer tap or an Airbyte connector writes, and tables of them.

Singer: `{"type": "RECORD", "stream", "record", "time_extracted"}` between SCHEMA and STATE. Airbyte:
`{"type": "RECORD", "record": {"stream", "data", "emitted_at"}}`, the inner object alone, or a raw table,
where `_airbyte_data` is an object or its JSON text. What a pipeline adds to a record is dropped.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deskferry.schemas.errors import RecordError

from .normalize_record import has_exponent
from .parse_json import Parsed, parse, tidy

_CONTROL = {  # type -> what such a message always holds
    "SCHEMA": "stream",
    "ACTIVATE_VERSION": "stream",
    "BATCH": "stream",
    "STATE": "",
    "LOG": "log",
    "TRACE": "trace",
    "CONTROL": "control",
    "CATALOG": "catalog",
    "SPEC": "spec",
    "CONNECTION_STATUS": "connectionStatus",
}
_DATA = "_airbyte_data"
_BARE = frozenset(("stream", "data", "emitted_at", "namespace", "meta"))
# One of these stands in every row that a target wrote; then all keys with these prefixes are its own.
_MARKS = frozenset(
    (
        *("_sdc_extracted_at", "_sdc_received_at", "_sdc_batched_at", "_sdc_table_version", "_sdc_sequence"),
        *("_airbyte_raw_id", "_airbyte_ab_id", "_airbyte_extracted_at", "_airbyte_emitted_at"),
        "_ab_updated_at",
    )
)
_PREFIXES = ("_sdc_", "_airbyte_", "_ab_")


@dataclass(frozen=True, slots=True)
class Message:
    """A message taken apart. stream: empty where it names none. record: None where it brings none."""

    stream: str
    record: Any
    pointer: str


def message_of(value: Mapping[str, Any]) -> Message | None:
    """`value` as a pipeline's message; None where it is none."""
    kind = value.get("type")
    if kind == "RECORD":
        return _record_message(value)
    if isinstance(kind, str) and kind in _CONTROL:
        return _control_message(value, kind)
    if _DATA in value:
        return Message("", _from_text(value[_DATA]), f"/{_DATA}")
    if isinstance(value.get("stream"), str) and "data" in value and value.keys() <= _BARE:
        return Message(value["stream"], value["data"], "/data")
    return None


def without_columns(record: Any) -> Any:
    """A record without the keys its pipeline added; itself where it has none."""
    if not isinstance(record, dict) or record.keys().isdisjoint(_MARKS):
        return record
    return {key: value for key, value in record.items() if not key.startswith(_PREFIXES)}


def _record_message(value: Mapping[str, Any]) -> Message | None:
    record, stream = value.get("record"), value.get("stream")
    if isinstance(stream, str) and "record" in value:
        return Message(stream, record, "/record")
    if isinstance(record, dict) and isinstance(record.get("stream"), str) and "data" in record:
        return Message(record["stream"], record["data"], "/record/data")
    return None


def _control_message(value: Mapping[str, Any], kind: str) -> Message | None:
    if kind == "STATE":
        return Message("", None, "") if "value" in value or "state" in value else None
    held = value.get(_CONTROL[kind])
    return Message(held if isinstance(held, str) else "", None, "") if held is not None else None


def _from_text(data: Any) -> Any:
    """The record in the JSON text of a raw table; whatever cannot be read stays as it is."""
    if not isinstance(data, str):
        return data
    text = data.encode("utf-8", "replace")
    if has_exponent(text):
        try:
            return tidy(json.loads(data, parse_float=_lost_digits), Parsed())
        except (ValueError, RecursionError, RecordError):
            return data
    parsed = parse(text)
    return data if parsed.broken or len(parsed.values) != 1 else parsed.values[0][1]


def _lost_digits(number: str) -> float | str:
    # 1.03006E+13 as text is refused where an id belongs; as a float it would pass for exact.
    return number if "e" in number.lower() else float(number)
