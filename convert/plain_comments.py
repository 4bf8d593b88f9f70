"""The comments of a ticket, quickly, where there is nothing to repair and nothing to work out.

Half of all records are such comments. Whatever is not as Zendesk writes it today is left to `read_comment`,
which gives the same lines; a test holds them equal.
"""

from typing import Any

from deskferry.schemas.errors import RecordError
from deskferry.schemas.validate import is_plain

from .collect import SPLICED, Collector
from .links import may_link
from .normalize_record import known_keys, set_times
from .record_facts import dumps, info_of
from .run_lines import WHOLE, group_of, number, rank_of

_NO_FILES: tuple[Any, ...] = ([], None)
_KEYS = known_keys("comments") | {"attachments"}


class PlainComments:
    """Takes the comments of one ticket. where: pointer of their list. version: of the ticket."""

    def __init__(self, out: Collector, where: str, *, ticket_id: int, version: int) -> None:
        self._out, self._ticket_id, self._pointer = out, ticket_id, f"{where}/"
        self._group = group_of("comments", {"ticket_id": ticket_id, "id": 0})[: -len(number(0))]
        self._rank = rank_of(WHOLE, version=version, where=out.place(self._pointer))
        self._is_plain = is_plain("comments", without=SPLICED)

    def take(self, raw: Any, index: int) -> bool:
        """True where the comment was kept; False, and nothing done, where it needs more thought."""
        if not self._is_simple(raw):
            return False
        record = dict(raw)
        record.pop("attachments", None)
        record["ticket_id"] = self._ticket_id
        out = self._out
        try:
            set_times("comments", record, zone=out.zone)
            if not self._is_plain(record) or may_link(record):
                return False
            body = dumps(record)
        except RecordError:
            return False
        out.found[out.unit.file, "comments"] += 1
        out.name(record.get("author_id"), f"{self._pointer}{index}")
        info = info_of("comments", record, rank=index)
        out.lines.append(
            b"%b%b\x01%b%d\x01%d\x011\x01%b\x01%b\n"
            % (self._group, number(record["id"]), self._rank, index, out.unit.file, info, body)
        )
        return True

    def _is_simple(self, raw: Any) -> bool:
        if type(raw) is not dict or not raw.keys() <= _KEYS or raw.get("attachments", []) not in _NO_FILES:
            return False
        at, own = raw.get("created_at"), raw.get("ticket_id")
        return (
            type(at) is str
            and at[-1:] == "Z"
            and type(raw.get("id")) is int
            and type(raw.get("public")) is bool
            and (own is None or (type(own) is int and own == self._ticket_id))
        )
