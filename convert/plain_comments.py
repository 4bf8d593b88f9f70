"""The comments of a ticket, quickly, where there is nothing to repair and nothing to work out.

Half of all records are such comments. Whatever is not as Zendesk writes it today is left to `read_comment`,
which gives the same lines; a test holds them equal.
"""

from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import PLAIN, Collector
from .links import may_link
from .normalize_record import known_keys
from .normalize_time import common, is_usual
from .record_facts import dumps, info_of
from .run_lines import WHOLE, group_of, number, rank_of

_NO_FILES: tuple[Any, ...] = ([], None)
_KEYS = known_keys("comments") | {"attachments"}


def plain_comment(raw: Any, *, ticket_id: int) -> dict[str, Any] | None:
    """A comment as its record, without its attachments; None where it needs more thought.

    What is returned has yet to pass the check.
    """
    if type(raw) is not dict or not raw.keys() <= _KEYS:
        return None
    at, own = raw.get("created_at"), raw.get("ticket_id")
    if (
        type(at) is not str
        or type(raw.get("id")) is not int
        or type(raw.get("public")) is not bool
        or (own is not None and (type(own) is not int or own != ticket_id))
    ):
        return None
    if is_usual(at):
        at = at[:19] + ".000Z"
    elif (at := common(at)) is None:
        return None
    record = {**raw, "ticket_id": ticket_id, "created_at": at}
    record.pop("attachments", None)
    return record


class PlainComments:
    """Takes the comments of one ticket. where: pointer of their list. version: of the ticket."""

    def __init__(self, out: Collector, where: str, *, ticket_id: int, version: int) -> None:
        self._out, self._ticket_id, self._pointer = out, ticket_id, f"{where}/"
        self._group = group_of("comments", {"ticket_id": ticket_id, "id": 0})[: -len(number(0))]
        self._rank = rank_of(WHOLE, version=version, where=out.place(self._pointer))
        self._is_plain = PLAIN["comments"]

    def take(self, raw: Any, index: int) -> bool:
        """True where the comment was kept; False, and nothing done, where it needs more thought."""
        record = plain_comment(raw, ticket_id=self._ticket_id)
        if record is None or raw.get("attachments", []) not in _NO_FILES:
            return False
        out = self._out
        try:
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
