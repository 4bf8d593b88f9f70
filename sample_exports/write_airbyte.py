"""What an Airbyte connector leaves: protocol lines on a console, and raw tables as JSON lines.

Numbers are floats (`7761239926287.0`), comments come out of ticket events (`event_type`, `timestamp`, no via
where Zendesk writes it in words), and each raw row holds its record as an object or as JSON text.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from .company import NOVEMBER, ORGANIZATIONS, Record
from .fields import MACROS
from .people import PEOPLE
from .tell import Told, tell_all
from .tell_lists import account_lists
from .zip_members import write_zip

_EMITTED_AT = 1_795_240_800_000
_NAMESPACE = "haldenbikes__zendesk__"
_LISTS = (
    *("groups", "group_memberships", "organization_memberships", "ticket_fields", "ticket_forms", "brands"),
    *("satisfaction_ratings", "ticket_metrics"),
)


def write_airbyte(folder: Path) -> None:
    """Write two zips into the folder: the console of a run, and raw tables."""
    streams = _streams(tell_all())
    write_zip(folder / "protocol.zip", {"all-streams.log": "".join(_protocol(streams)).encode()})
    write_zip(
        folder / "raw_tables.zip",
        {
            f"_airbyte_raw_{stream}.jsonl": "".join(_rows(stream, records)).encode()
            for stream, records in streams.items()
        },
    )


def _streams(every: Sequence[Told]) -> dict[str, list[Record]]:
    lists = account_lists(every)
    tags = sorted({tag for told in every for tag in told.ticket["tags"]})
    return {
        "tickets": [told.ticket for told in every],
        "ticket_comments": [_from_event(comment) for told in every for comment in told.comments],
        "users": list(PEOPLE.values()),
        "organizations": [{**one, "_ab_updated_at": one["updated_at"]} for one in ORGANIZATIONS.values()],
        **{name: lists[name] for name in _LISTS},
        "user_identities": lists["identities"],
        "macros": MACROS,
        "tags": [{"name": tag, "count": sum(tag in told.ticket["tags"] for told in every)} for tag in tags],
    }


def _from_event(comment: Record) -> Record:
    """A comment as the connector takes it out of a ticket event."""
    via = comment["via"]
    in_words = via["channel"] == "web" and not any(via["source"].values())
    return {
        **comment,
        "via": None if in_words else via,
        "via_reference_id": None,
        "event_type": comment["type"],
        "timestamp": int(comment["created_at"].timestamp()),
    }


def _protocol(streams: dict[str, list[Record]]) -> Iterator[str]:
    yield "2026-11-21 06:00:00 INFO i.a.w.t.TemporalAttemptExecution - Executing worker wrapper\n"
    yield _json({"type": "LOG", "log": {"level": "INFO", "message": "Starting syncing SourceZendeskSupport"}})
    for stream, records in streams.items():
        for record in records:
            told = {"stream": _NAMESPACE + stream, "data": _floats(record), "emitted_at": _EMITTED_AT}
            # The log of a run shows the inner object alone.
            yield _json({"type": "RECORD", "record": told} if stream != "macros" else told)
        descriptor = {"name": _NAMESPACE + stream}
        status = {"stream_descriptor": descriptor, "status": "COMPLETE"}
        state = {"stream_descriptor": descriptor, "stream_state": {"updated_at": int(NOVEMBER.timestamp())}}
        yield _json({"type": "STATE", "state": {"type": "STREAM", "stream": state}})
        yield _json({"type": "TRACE", "trace": {"type": "STREAM_STATUS", "stream_status": status}})


def _rows(stream: str, records: Iterable[Record]) -> Iterator[str]:
    for number, record in enumerate(records):
        digest = sha256(f"{stream}/{number}".encode()).hexdigest()
        name = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-9{digest[17:20]}-{digest[20:32]}"
        data = _floats(record)
        if number % 3 == 2:  # newer destinations write other columns
            yield _json(
                {
                    "_airbyte_raw_id": name,
                    "_airbyte_extracted_at": _EMITTED_AT,
                    "_airbyte_meta": {"changes": [], "sync_id": 12},
                    "_airbyte_data": data,
                }
            )
            continue
        text = _json(data).rstrip("\n") if number % 3 == 1 else data
        yield _json({"_airbyte_ab_id": name, "_airbyte_emitted_at": _EMITTED_AT, "_airbyte_data": text})


def _floats(value: Any) -> Any:
    """Whole numbers as floats, which is what a schema of `number` makes of them."""
    if isinstance(value, dict):
        return {key: _floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_floats(item) for item in value]
    return float(value) if type(value) is int else value


def _json(value: Record) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_time) + "\n"


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise TypeError(f"no spelling for {value!r}")
