"""Rows of a table as records: a CSV's, or those of a table that a pipeline wrote as JSON lines.

Each row is brought into the shape of the API's record and then read as one, so that whatever holds for
records (accounts, damage, links, conservation) holds for rows. Its position is its row number.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import RecordError

from .accept import accept
from .child_rows import ChildRows
from .collect import Collector
from .csv_fields import Fields
from .custom_columns import CustomColumns
from .envelope import UNKNOWN, Found, records_in
from .fivetran_rows import deleted, is_true, record_of
from .identify import CONFIGURATION
from .links import links_of_merged
from .normalize_configuration import read_configuration
from .normalize_person import read_embedded
from .normalize_record import known_keys
from .normalize_row import Column, planned, read_row
from .normalize_thread import read_thread
from .parts import Piece
from .record_facts import made_id
from .rows import csv_rows, line_rows
from .table import Kind, Table
from .table_columns import keys_of
from .table_values import cast, is_nothing, nested

# What a whole record of the API always says. A table without it may lack more, and fills blanks only.
_WHOLE_SAYS = {
    "tickets": ("requester_id", "status", "updated_at", "tags", "custom_fields"),
    "users": ("role", "updated_at", "user_fields"),
    "organizations": ("updated_at", "organization_fields"),
}
_STATUS = {"on-hold": "hold", "on hold": "hold"}
_PAIRS = {"group_memberships": "group_id", "organization_memberships": "organization_id"}


class TableReader:
    """Reads the tables of one part. fields: ticket fields by title. children: rows that go into rows."""

    def __init__(self, out: Collector, *, fields: Fields, children: ChildRows | None) -> None:
        self._out, self._fields, self._children = out, fields, children
        self._custom = CustomColumns(fields)
        self._plans: dict[tuple[str, ...], tuple[Column, ...]] = {}

    def read(self, piece: Piece) -> None:
        """Hand every row of `piece` to the collector."""
        table = piece.source.table
        if table is None or table.child is not None:
            return
        if table.layout is None:
            for row in line_rows(piece, self._out):
                self._record(table, row)
            return
        for header, cells in csv_rows(piece, self._out):
            if table.kind == Kind.TICKETS:
                read_row(self._plan(header), cells, self._out, month_first=table.month_first)
            elif table.kind == Kind.THREADS:
                read_thread(
                    dict(zip(keys_of(header), cells, strict=True)), self._out, month_first=table.month_first
                )
            else:
                self._record(table, dict(zip(header, cells, strict=True)))

    def _plan(self, header: tuple[str, ...]) -> tuple[Column, ...]:
        if header not in self._plans:
            self._plans[header] = planned(header, self._fields)
        return self._plans[header]

    def records(self, piece: Piece) -> Iterator[dict[str, Any]]:
        """The rows of `piece` as records, not handed to anybody."""
        table = piece.source.table
        if table is None:
            return
        if table.layout is None:
            for row in line_rows(piece, self._out):
                yield self._shaped(table, row)
        else:
            for header, cells in csv_rows(piece, self._out):
                yield self._shaped(table, dict(zip(header, cells, strict=True)))

    def _record(self, table: Table, row: dict[str, Any]) -> None:
        out = self._out
        if table.kind == Kind.RAW:
            for found in records_in({key.strip().lower(): value for key, value in row.items()}):
                accept(found, out, ticket_id=None)
            return
        entity, _, kind = table.entity.partition(":")
        try:
            record = self._shaped(table, row)
        except RecordError as error:
            out.reject(entity if entity in ENTITIES else UNKNOWN, "", error, key=row.get("id"))
            return
        if not record:
            out.reject(entity if entity in ENTITIES else UNKNOWN, "", RecordError("an empty row"))
        elif entity == CONFIGURATION:
            read_configuration(kind, record.get("id") or made_id(record), record, "", out)
        elif entity == "ticket_events":
            read_embedded(entity, record, "", out)
        else:
            stub = not _is_whole(table, entity, record)
            accept(Found(entity, record, "", stub=stub, deleted=kind == "deleted"), out, ticket_id=None)
            if entity == "tickets" and record.get("merged_ticket_ids"):
                links_of_merged(record.get("id"), record["merged_ticket_ids"], out)

    def _shaped(self, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as the API's record. RecordError for one that is there no more."""
        entity = table.entity.partition(":")[0]
        flat: dict[str, Any] = {}
        marks: dict[str, Any] = {}
        for key, column in zip(keys_of(list(row), entity), row, strict=True):
            if key and (key not in flat or flat[key] in (None, "")):
                flat[key] = row[column]
            elif not key:
                marks[column.strip().lower()] = row[column]
        if table.kind == Kind.FIVETRAN:
            record = record_of(entity, flat)
            if is_true(marks.get("_fivetran_deleted")):
                record = deleted(entity, record, synced=marks.get("_fivetran_synced"))
        else:
            separator = "." if any("." in key for key in flat) else "__"
            record = nested(entity, flat, separator=separator)
        self._add_children(entity, record, marks.get("_dlt_id"))
        if entity == CONFIGURATION:
            return {key: value for key, value in record.items() if value not in (None, "")}
        record, custom = self._with_custom(entity, record)
        record = cast(entity, record, self._out, month_first=table.month_first)
        if custom:
            held = record.get("custom_fields")
            record["custom_fields"] = {**held, **custom} if isinstance(held, dict) else custom
        _complete(entity, record)
        return record

    def _add_children(self, entity: str, record: dict[str, Any], row_id: Any) -> None:
        if self._children is None:
            return
        owner = record.get("id")
        for key, values in {
            **(self._children.of(entity, owner) if owner not in (None, "") else {}),
            **(self._children.of("", row_id) if row_id else {}),
        }.items():
            head, _, path = key.partition("__")
            if not path:
                record[head] = values
            elif isinstance(record.setdefault(head, {}), dict):
                record[head][path.replace("__", ".")] = values

    def _with_custom(self, entity: str, record: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        if entity != "tickets" or not self._fields:
            return record, {}
        return self._custom.take(record, known_keys("tickets"))


def _complete(entity: str, record: dict[str, Any]) -> None:
    """An id where the schema wants one, the same for the same content; the file that stands in a row."""
    if entity == "comments" and "attachment_url" in record:
        file = (record.pop("attachment_name", None), record.pop("attachment_url"))
        name, url = (None if is_nothing(cell) else cell for cell in file)
        if "attachments" not in record and (url or name):
            record["attachments"] = [{"file_name": name, "content_url": url}]
    if entity == "tickets" and isinstance(record.get("status"), str):
        status = record["status"].strip().casefold()
        record["status"] = _STATUS.get(status, status)
    if record.get("id") is not None:
        return
    if entity == "ticket_events":
        keys = ("ticket_id", "created_at", "author_id", "field_name", "value")
        record["id"] = made_id(entity, *(record.get(key) for key in keys))
    elif entity in _PAIRS and record.get("user_id") is not None:
        record["id"] = made_id(entity, record["user_id"], record.get(_PAIRS[entity]))


def _is_whole(table: Table, entity: str, record: Mapping[str, Any]) -> bool:
    if table.kind == Kind.DLT:
        return True  # a column is missing where no record had a value
    if table.kind == Kind.FIVETRAN and entity in _WHOLE_SAYS:
        return False
    return all(key in record for key in _WHOLE_SAYS.get(entity, ()))
