r"""The lines of a run: a sorted temporary file in which plain byte comparison is nearly the total order.

A line is `group \x01 rank \x01 file \x01 count \x01 info \x01 record`. group: family, owner, kind, id.
rank: whole before partial before placeholder, newer version, then earlier place. Numbers have a fixed width,
JSON never holds a raw \x01, so no line has to be parsed to be sorted. What else decides among records of one
version is only looked at where they differ: see `best_first`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import orjson

from deskferry.schemas.entities import ENTITIES

SEPARATOR = b"\x01"
ERASED, WHOLE, PARTIAL, PLACEHOLDER = 0, 1, 2, 3
MARK = 9  # no record: what a later event says of one; the last of its group
_SHIFT = 1 << 63
_HIGHEST = 10**20 - 1

# The merge must see a ticket before what belongs to it, and tickets before the people they name.
_TICKET_FAMILY = ("tickets", "comments", "attachments", "ticket_metrics", "ticket_events", "ticket_links")
_PERSON_FAMILY = ("users", "identities")
_OWNER = {
    "tickets": "id",
    "ticket_metrics": "ticket_id",
    **dict.fromkeys(("comments", "attachments", "ticket_events", "ticket_links"), "ticket_id"),
    "users": "id",
    "identities": "user_id",
}
_KIND: dict[str, bytes] = {
    **{name: b"c%02d" % index for index, name in enumerate(ENTITIES)},
    **{name: b"a%02d" % index for index, name in enumerate(_TICKET_FAMILY)},
    **{name: b"b%02d" % index for index, name in enumerate(_PERSON_FAMILY)},
}
BUNDLE = "bundle"  # no entity: a ticket with all that belongs to it, see `bundles`; the first of its owner
_KIND[BUNDLE], _OWNER[BUNDLE] = b"a--", "ticket_id"
STRETCH = "stretch"  # of bundles, see `stretches`: before what its first owner has
_KIND[STRETCH], _OWNER[STRETCH] = b"a-+", "ticket_id"
_ONE_EACH = ("ticket_metrics", BUNDLE, STRETCH)  # of an owner
ENTITY_OF: dict[bytes, str] = {code: name for name, code in _KIND.items()}
SIDE_EVENTS = "side_conversation_events"  # found on their own, written into their side conversation
_IN_SIDE = b"\x02"  # stands before the id of an event: a conversation sorts right before its events
_RANK_HEAD = 21  # level and version
GROUP_HEAD = 21  # family and owner: what one ticket, or one person, owns


@dataclass(slots=True)  # not frozen: making one would take three times as long
class Line:
    """A line taken apart. Nobody changes it."""

    group: bytes
    rank: bytes
    file: int
    count: int
    info: bytes
    body: bytes
    entity: str

    @property
    def level(self) -> int:
        """ERASED, WHOLE, PARTIAL, PLACEHOLDER or MARK."""
        return self.rank[0] - 48

    @property
    def version(self) -> int:
        """Its version, in milliseconds."""
        return _HIGHEST - int(self.rank[1:_RANK_HEAD]) - _SHIFT

    @property
    def owner(self) -> int:
        """The id of the ticket or person it belongs to, 0 for what belongs to nobody."""
        return int(self.group[1:GROUP_HEAD]) - _SHIFT

    @property
    def where(self) -> bytes:
        """Its place, in bytes that sort."""
        return self.rank[_RANK_HEAD:]

    @property
    def source(self) -> str:
        """Its `source`, as records carry it."""
        text: str = orjson.loads(b'"%b"' % source_bytes(self.rank[_RANK_HEAD:]))
        return text


def group_of(entity: str, record: Mapping[str, Any]) -> bytes:
    """The group of a checked record. KeyError or TypeError when its key is missing: check it first."""
    if entity == SIDE_EVENTS:
        conversation = group_of("side_conversations", {"id": record["side_conversation_id"]})
        return conversation + _IN_SIDE + id_bytes(record["id"])
    code, owner_key = _KIND[entity], _OWNER.get(entity)
    owner = record[owner_key] if owner_key else 0
    own = owner if entity in _ONE_EACH else record["id"]
    if type(own) is int:
        return b"%b%020d%b%020d" % (code[:1], owner + _SHIFT, code[1:], own + _SHIFT)
    return b"%b%020d%b%b" % (code[:1], owner + _SHIFT, code[1:], id_bytes(own))


def side_conversation_of(group: bytes) -> bytes:
    """The group of the side conversation that a group is, or is an event of."""
    return group.split(_IN_SIDE, 1)[0]


def rank_of(level: int, *, version: int, where: bytes) -> bytes:
    """The rank of a record. version: in milliseconds. where: from `place`."""
    return b"%d%020d%b" % (level, _HIGHEST - version - _SHIFT, where)


def best_first(lines: list[Line]) -> list[Line]:
    """The lines of one key, which are sorted, in the total order.

    Records of one level and version that differ: private before public (of a comment), more non-null keys,
    smaller SHA-256 of the record, earlier place.
    """
    for line, after in pairwise(lines):
        if line.body != after.body and line.rank[:_RANK_HEAD] == after.rank[:_RANK_HEAD]:
            return sorted(lines, key=_in_full)
    return lines


def _in_full(line: Line) -> tuple[bytes, bool, int, bytes, bytes]:
    record = orjson.loads(line.body)
    public = line.entity == "comments" and record.get("public") is True
    nulls = list(record.values()).count(None)
    digest = hashlib.sha256(line.body).digest()
    return line.rank[:_RANK_HEAD], public, nulls - len(record), digest, line.where


def place(sha16: str, position: int, pointer: str) -> bytes:
    """A place in the input: sorts by file content, position, pointer."""
    return b"%b%020d%b" % (sha16.encode(), position, pointer_bytes(pointer))


@lru_cache(maxsize=4096)
def pointer_bytes(pointer: str) -> bytes:
    """A JSON pointer, as it stands in JSON text: it may name a key with a line break in it."""
    return orjson.dumps(pointer.encode("utf-8", "replace").decode())[1:-1]


def source_bytes(where: bytes) -> bytes:
    """The `source` of a record from its place, as it stands between quotes in JSON."""
    head = b"%b:%d" % (where[:16], int(where[16:36]))
    return b"%b#%b" % (head, where[36:]) if len(where) > 36 else head


def placed(body: bytes, line: Line, more: bytes = b"") -> bytes:
    """A record as it stands in its entity's file, its source at the end.

    body: JSON, with a key at least. more: JSON of further pairs, each with a comma behind it.
    """
    return b'%b,%b"source":"%b"}\n' % (body[:-1], more, source_bytes(line.where))


def number(value: int) -> bytes:
    """A 64-bit integer as 20 digits that sort."""
    return b"%020d" % (value + _SHIFT)


def id_bytes(value: Any) -> bytes:
    """An id, integer or text, as bytes that sort and hold no control characters."""
    if type(value) is int:
        return number(value)
    return orjson.dumps(value)[1:-1]


def key_text(group: bytes) -> str:
    """The id at a group's end, as people know it."""
    last = group[23:] or group[1:GROUP_HEAD]
    return str(int(last) - _SHIFT) if last.isdigit() and len(last) == 20 else last.decode("utf-8", "replace")


def split(line: bytes) -> Line:
    """Take a line apart."""
    group, rank, file, count, info, body = line.split(SEPARATOR, 5)
    entity = SIDE_EVENTS if _IN_SIDE in group else ENTITY_OF[group[:1] + group[GROUP_HEAD : GROUP_HEAD + 2]]
    return Line(group, rank, int(file), int(count), info, body[:-1], entity)
