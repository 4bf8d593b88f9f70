"""A person with their identities. Who is erased keeps an id; a placeholder stands only for who is named.

Groups arrive in this order: the user, then each identity.
"""

from typing import Protocol

import orjson

from .erased_people import ErasedPeople
from .run_lines import ERASED, PARTIAL, PLACEHOLDER, WHOLE, Line, placed
from .settle import Tally, Verdict, settle, spliced, supersede


class Writes(Protocol):
    """Takes records."""

    def write(self, entity: str, line: bytes) -> None:
        """One record."""


class Knows(Protocol):
    """Knows which users accepted records name."""

    def has(self, user_id: int) -> bool:
        """True if one does. Asked in ascending order."""


class PersonMerge:
    """Takes the groups of the person family in order."""

    def __init__(self, tally: Tally, writers: Writes, named: Knows, *, erased: ErasedPeople | None) -> None:
        self._tally, self._writers, self._named, self._erased = tally, writers, named, erased
        self.placeholders = 0
        self.erased = 0

    def take(self, lines: list[Line]) -> None:
        """One group: all records of one user, or of one identity. erased None: older copies are kept."""
        owner = int(lines[0].group[1:21]) - (1 << 63)
        gone = self._erased is not None and owner in self._erased.ids
        if lines[0].entity == "users":
            self._take_user(owner, lines, gone=gone)
        elif gone:
            supersede(lines, self._tally)
        else:
            winner, body = settle(lines, self._tally)
            self._writers.write("identities", placed(body, winner))

    def _take_user(self, owner: int, lines: list[Line], *, gone: bool) -> None:
        found = [line for line in lines if line.level < PLACEHOLDER]
        if not found:
            if self._named.has(owner):
                self._placeholder(lines[0], gone=gone)
            return
        if gone:
            self._take_erased(owner, found)
        elif found[0].level == ERASED:
            self._take_restored(found)
        else:
            winner, body = settle(found, self._tally)
            self._write(_inactive(body) if _left_since(winner, found) else body, winner, found)

    def _placeholder(self, line: Line, *, gone: bool) -> None:
        self.placeholders += 1
        self._tally.add(line, Verdict.MADE)
        more = {"erased": True} if gone else {}
        self._writers.write("users", spliced(line.body, **more, source=line.source))

    def _take_erased(self, owner: int, found: list[Line]) -> None:
        """Of somebody on the list the id stays; of whom Zendesk deleted for good, what it left."""
        winner, body = settle(found, self._tally, fill=False)
        if self._erased is not None and owner in self._erased.listed:
            self.erased += 1
            body = orjson.dumps({"id": owner})
        self._writers.write("users", spliced(body, erased=True, source=winner.source))

    def _take_restored(self, found: list[Line]) -> None:
        """Who was permanently deleted, as an older copy still knew them: what --keep-erased asks for."""
        order = sorted(found, key=lambda line: line.level == ERASED)
        winner, body = settle(order, self._tally, fill=False)
        if winner.level != ERASED:
            gone = {"active": False, "permanently_deleted": True}
            body = orjson.dumps({**orjson.loads(body), **gone}, option=orjson.OPT_SORT_KEYS)
        self._write(body, winner, found)

    def _write(self, body: bytes, winner: Line, found: list[Line]) -> None:
        roles = sorted({line.info.decode() for line in found if line.info})
        more = {"roles_seen": roles} if roles else {}
        self._writers.write("users", spliced(body, **more, source=winner.source))


def _left_since(winner: Line, found: list[Line]) -> bool:
    """True where a later list of deleted users names somebody whom a whole copy still calls active."""
    return winner.level == WHOLE and any(
        b'"active":false' in line.body and orjson.loads(line.body).get("active") is False
        for line in found
        if line.level == PARTIAL and line.version >= winner.version
    )


def _inactive(body: bytes) -> bytes:
    return orjson.dumps({**orjson.loads(body), "active": False}, option=orjson.OPT_SORT_KEYS)
