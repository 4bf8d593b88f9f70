"""What a Singer tap leaves: its saved output with the log between the messages, and the files of a target.

The tap writes times with microseconds, drops every key its schemas do not know, writes a ticket's audits,
metrics and comments right after it, and has none of a deleted ticket's comments.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .company import NOVEMBER, ORGANIZATIONS, Record
from .fields import MACROS
from .people import PEOPLE
from .tell import Told, tell_all
from .tell_audits import audits_of
from .tell_lists import account_lists
from .zip_members import write_zip

# What the tap's schemas do not know.
DROPPED = {
    "tickets": ("custom_status_id", "fields", "from_messaging_channel"),
    "ticket_metrics": ("custom_status_updated_at", "reply_time_in_seconds"),
    "users": ("iana_time_zone", "remote_photo_url"),
    "groups": ("default", "description", "is_public"),
    "ticket_fields": ("key", "custom_statuses"),
    "satisfaction_ratings": ("reason_code",),
}
DROPPED_OF_FILES = ("deleted", "malware_access_override", "malware_scan_result")
_LISTS = ("groups", "group_memberships", "ticket_fields", "ticket_forms", "satisfaction_ratings")
_EXTRACTED_AT = "2026-11-21T06:00:00.000000Z"


def write_singer(folder: Path) -> None:
    """Write two zips into the folder: the saved output, and one file per stream."""
    every = tell_all()
    write_zip(folder / "tap-zendesk.zip", {"tap-zendesk.singer": _saved_output(every)})
    files: dict[str, list[Record]] = {}
    for stream, record in _records(every):
        if stream != "ticket_audits":
            plain = {key: value for key, value in record.items() if key != "url"}
            files.setdefault(stream, []).append({**plain, **_columns(record)})
    write_zip(
        folder / "target-jsonl.zip",
        {f"{stream}-20261121T060000.jsonl": _lines(records) for stream, records in files.items()},
    )


def _records(every: Iterable[Told]) -> Iterator[tuple[str, Record]]:
    """(stream, record) as the tap writes them."""
    every = list(every)
    lists = account_lists(every)
    lists |= {"users": list(PEOPLE.values()), "organizations": list(ORGANIZATIONS.values()), "macros": MACROS}
    for stream in ("organizations", "users", *_LISTS, "macros"):
        for record in lists[stream]:
            yield stream, _selected(stream, record)
    names = sorted({tag for told in every for tag in told.ticket["tags"]})
    for name in names:
        yield "tags", {"name": name, "count": sum(name in told.ticket["tags"] for told in every)}
    for told in every:
        yield "tickets", _selected("tickets", _ticket(told.ticket))
        for audit in audits_of(told):
            yield "ticket_audits", audit
        yield "ticket_metrics", _selected("ticket_metrics", told.metrics)
        for comment in told.comments:
            yield (
                "ticket_comments",
                {**comment, "attachments": [_file(one) for one in comment["attachments"]]},
            )


def _selected(stream: str, record: Record) -> Record:
    return {key: value for key, value in record.items() if key not in DROPPED.get(stream, ())}


def _ticket(ticket: Record) -> Record:
    rating = ticket["satisfaction_rating"]
    bare = isinstance(rating, dict) and "id" not in rating
    return {**ticket, "satisfaction_rating": rating["score"] if bare else rating}  # old tickets have a word


def _file(attachment: Record) -> Record:
    kept = {key: value for key, value in attachment.items() if key not in DROPPED_OF_FILES}
    return {**kept, "thumbnails": [_file(one) for one in attachment.get("thumbnails", ())]}


def _columns(record: Record) -> Record:
    """What the target adds to each row."""
    return {
        "_sdc_extracted_at": _EXTRACTED_AT,
        "_sdc_received_at": "2026-11-21T06:00:01.000000Z",
        "_sdc_batched_at": "2026-11-21T06:00:02.000000Z",
        "_sdc_deleted_at": None,
        "_sdc_sequence": 1_795_240_800_000,
        "_sdc_table_version": None,
        "_sdc_primary_key": record.get("id"),
    }


def _saved_output(every: Iterable[Told]) -> bytes:
    lines = ["INFO Starting discover", "INFO Starting sync"]
    known: set[str] = set()
    for stream, record in _records(every):
        if stream not in known:
            lines += _announced(stream, record, first=not known)
            known.add(stream)
        message = {"type": "RECORD", "stream": stream, "record": record, "time_extracted": _EXTRACTED_AT}
        lines.append(_json(message))
        if stream == "tickets" and record["id"] % 20 == 0:
            lines.append(_state("tickets"))
    lines += ["INFO tickets: Completed sync", _state(None), "INFO Sync completed", ""]
    return "\n".join(lines).encode()


def _announced(stream: str, record: Record, *, first: bool) -> list[str]:
    columns = {name: {"type": ["null", "string"]} for name in record}
    schema = {"type": "object", "properties": columns}
    lines = [f"INFO {stream}: Starting sync"]
    if not first:
        lines.append(_state(stream))
    key = ["name"] if stream == "tags" else ["id"]
    lines.append(_json({"type": "SCHEMA", "stream": stream, "schema": schema, "key_properties": key}))
    lines.append(_json({"type": "ACTIVATE_VERSION", "stream": stream, "version": 1_795_240_800_000}))
    return lines


def _state(syncing: str | None) -> str:
    bookmarks = {"tickets": {"generated_timestamp": int(NOVEMBER.timestamp())}}
    return _json({"type": "STATE", "value": {"bookmarks": bookmarks, "currently_syncing": syncing}})


def _lines(records: Iterable[Record]) -> bytes:
    return "".join(_json(record) + "\n" for record in records).encode()


def _json(value: Record) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_time)


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    raise TypeError(f"no spelling for {value!r}")
