"""Names that pipelines give to streams, and files to what is in them. A name alone is never believed.

A tap's `ticket_comments`, a connector's `acme__zendesk__tickets`, a file `_airbyte_raw_users.jsonl` or
`ticket_audits-20240101T000000.jsonl`, a folder `macros/`: each names an entity, if the keys of what is found
there allow it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from .identify import AUDITS, CONFIGURATION, ENTITY_OF_KEY, TICKET_EVENTS, kind_of_key
from .normalize_record import known_keys

_OTHER_NAMES = {
    "ticket_comments": "comments",
    "ticket_audits": AUDITS,
    "user_identities": "identities",
    "ticket_satisfaction_ratings": "satisfaction_ratings",
    "deleted_tickets": "tickets:deleted",
    "deleted_users": "users:deleted",
}
_PREFIX = re.compile(r"(?:_airbyte_raw_|airbyte_raw_|raw_)?(?:zendesk_(?:support_)?)?")
_SUFFIX = re.compile(r"[-_.]?(?:page[-_]?)?[0-9][-_.0-9tz]*$")
_WORD = re.compile(r"[a-z_]+")
_FIELD = re.compile(r"(?:^|/)(?:ticket|user|organization)_fields/(\d{1,18})/(?:custom_field_)?options\b")
_NAMING = frozenset(("id", "name", "title", "url"))
_FOLDERS = 3  # users/suspended/x.json, macros/inactive/x.json: how far above a file its kind is looked for


def entity_of_stream(name: str) -> str | None:
    """Entity of a stream (or `configuration:<kind>`, `tickets:deleted`), None for an unknown name."""
    name = re.split(r"__|\.", name.lower())[-1]
    for known in (name, _PREFIX.sub("", name, count=1)):
        if entity := _OTHER_NAMES.get(known) or ENTITY_OF_KEY.get(known):
            return entity
        if kind := kind_of_key(known):
            return f"{CONFIGURATION}:{kind}"
    return None


@lru_cache(maxsize=1024)
def stream_of_name(name: str) -> str:
    """The stream a file's name, or that of a folder it lies in, stands for; empty if it names none."""
    path = PurePosixPath(name.lower())
    for part in (path.name.split(".")[0], *reversed(path.parts[-1 - _FOLDERS : -1])):
        plain = _SUFFIX.sub("", part)
        if _WORD.fullmatch(plain) and entity_of_stream(plain):
            return plain
    return ""


def field_of_name(name: str) -> int | None:
    """`ticket_fields/123/options.json` -> 123: options say nothing of their field."""
    match = _FIELD.search(name.lower())
    return int(match[1]) if match else None


def named_by_stream(record: Mapping[str, Any], stream: str) -> str | None:
    """The entity its stream says a record is, None where its keys speak against it."""
    named = entity_of_stream(stream) if stream else None
    return named if named and fits(named, record) else None


def fits(named: str, record: Mapping[str, Any]) -> bool:
    """True where the keys of a record (or of its schema) are mostly those of an entity."""
    entity = named.partition(":")[0]
    keys = record.keys()
    if entity == AUDITS:
        return "events" in keys
    if entity == TICKET_EVENTS:
        return "child_events" in keys
    if entity == CONFIGURATION:
        return len(keys) > 1 and not keys.isdisjoint(_NAMING)
    if "id" not in keys and "ticket_id" not in keys:
        return False
    return 2 * len(keys & known_keys(entity)) >= len(keys)
