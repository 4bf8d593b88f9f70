"""What a script with pandas leaves: dotted columns, lists and dicts as Python writes them, ids as floats."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from .company import Record
from .people import PEOPLE
from .tell import Told, tell_all

_THREAD = ("ticket_id", "author_id", "created_at", "body", "via", "public")
_FLOATS = frozenset(("assignee_id", "group_id", "organization_id", "problem_id", "ticket_form_id"))


def write_pandas(folder: Path) -> None:
    """Write tickets.csv, ticket_threads.csv and users.csv into the folder."""
    every = tell_all()
    _write(folder / "tickets.csv", [_normalized(_with_texts(told.ticket)) for told in every], index=True)
    _write(folder / "ticket_threads.csv", [row for told in every for row in _thread(told)])
    _write(folder / "users.csv", [_normalized(_with_texts(person)) for person in PEOPLE.values()])


def _thread(told: Told) -> Iterable[Record]:
    """A row for each file of a comment, or one for a comment without any."""
    for comment in told.comments:
        row = _with_texts({key: comment[key] for key in _THREAD})
        row["via"] = comment["via"]["channel"]
        files: Sequence[Mapping[str, Any]] = comment["attachments"] or ({},)
        for file in files:
            yield {
                **row,
                "attachment_name": file.get("file_name"),
                "attachment_url": file.get("content_url"),
            }


def _normalized(record: Mapping[str, Any], path: str = "") -> Record:
    """Objects as dotted columns; an empty one leaves none."""
    flat: Record = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            flat.update(_normalized(value, f"{path}{key}."))
        else:
            flat[f"{path}{key}"] = value
    return flat


def _with_texts(value: Any) -> Any:
    """Times as the API wrote them, before pandas saw them."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Mapping):
        return {key: _with_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_texts(item) for item in value]
    return value


def _write(path: Path, rows: Sequence[Record], *, index: bool = False) -> None:
    columns = list({key: None for row in rows for key in row})
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*([""] if index else []), *columns])
    for number, row in enumerate(rows):
        cells = [_cell(key, row.get(key)) for key in columns]
        writer.writerow([*([number] if index else []), *cells])
    path.write_bytes(text.getvalue().encode())


def _cell(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key in _FLOATS:
        return f"{value}.0"  # a column with gaps is one of floats
    return str(value)
