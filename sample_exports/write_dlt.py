"""Tables as dlt's Zendesk source loads them: a file of JSON lines each, lists in tables of their own.

Custom fields are columns named by title, options their names; a key that never had a value has no column.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .company import BRANDS, GROUPS, ORGANIZATIONS, Record
from .fields import CUSTOM_FIELDS, SYSTEM_FIELDS
from .people import PEOPLE
from .tell import Told, tell_all
from .write_fivetran import column

_LOAD = "1795230000.4412"


def write_dlt(folder: Path) -> None:
    """Write one file for each table into the folder."""
    every = tell_all()
    tables: dict[str, list[Record]] = {}
    for name, records in (
        ("tickets", [_pivoted(told) for told in every]),
        ("ticket_fields", [*SYSTEM_FIELDS, *CUSTOM_FIELDS.values()]),
        ("users", list(PEOPLE.values())),
        ("groups", list(GROUPS.values())),
        ("organizations", list(ORGANIZATIONS.values())),
        ("brands", list(BRANDS.values())),
    ):
        for record in records:
            _add(tables, name, record, own=_row_id(name, record["id"]))
    tables["_dlt_loads"] = [
        {"load_id": _LOAD, "schema_name": "zendesk", "status": 0, "inserted_at": "2026-11-21T05:54:00Z"}
    ]
    for name, rows in tables.items():
        path = folder / f"{name}.{_LOAD}.{_row_id(name, 0)[:10]}.jsonl"
        path.write_bytes("".join(_line(row) for row in rows).encode())


def _pivoted(told: Told) -> Record:
    """A ticket as the source hands it to dlt."""
    ticket = {key: value for key, value in told.ticket.items() if key not in ("custom_fields", "fields")}
    values = {entry["id"]: entry["value"] for entry in told.ticket["custom_fields"]}
    for field in CUSTOM_FIELDS.values():
        value = values.get(field["id"])
        names = {one["value"]: one["name"] for one in field.get("custom_field_options") or ()}
        if names and isinstance(value, list):
            value = [names.get(item, item) for item in value]
        elif names and value:
            value = names.get(value)  # an option that is gone has no name any more, and the value is lost
        if (name := column(field, "")) not in told.ticket:  # a field with the title Status falls upon status
            ticket[name] = value
    return ticket


def _add(tables: dict[str, list[Record]], name: str, record: Mapping[str, Any], *, own: str) -> None:
    row = {"_dlt_load_id": _LOAD, "_dlt_id": own}
    tables.setdefault(name, []).append(row)
    _flatten(tables, name, record, row, path="", own=own)


def _flatten(
    tables: dict[str, list[Record]], name: str, record: Mapping[str, Any], row: Record, *, path: str, own: str
) -> None:
    for key, value in record.items():
        here = f"{path}{key.replace('::', '_')}"
        if isinstance(value, Mapping):
            _flatten(tables, name, value, row, path=f"{here}__", own=own)
        elif isinstance(value, list):
            _add_list(tables, f"{name}__{here}", value, parent=own)
        elif value is not None:
            row[here] = value


def _add_list(tables: dict[str, list[Record]], name: str, values: Iterable[Any], *, parent: str) -> None:
    for index, value in enumerate(values):
        own = _row_id(name, f"{parent}/{index}")
        row: Record = {"_dlt_parent_id": parent, "_dlt_list_idx": index, "_dlt_id": own}
        tables.setdefault(name, []).append(row)
        if isinstance(value, Mapping):
            _flatten(tables, name, value, row, path="", own=own)
        else:
            row["value"] = value


def _row_id(table: str, key: Any) -> str:
    return hashlib.sha256(f"{table}/{key}".encode()).hexdigest()[:14]


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_time) + "\n"


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    raise TypeError(f"no spelling for {value!r}")
