"""What one part gives: checked records as run lines, counts, rejects, things to report.

In: raw records that a reader found. Out: sorted lines. A record that cannot be accepted becomes a
reject with pointer and reason; nothing here raises for what the export holds.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deskferry.schemas.errors import RecordError
from deskferry.schemas.validate import complaints, is_plain, is_valid

from .bundles import Written
from .normalize_record import has_exponent, refuse_floats, repaired, small, whole_number
from .normalize_time import Zone
from .notes import Notes
from .record_facts import dumps, info_of, made_id, version_of
from .reject import Unit, reject_line
from .run_lines import ERASED, PLACEHOLDER, WHOLE, group_of, place, pointer_bytes, rank_of

_SOMEWHERE = "0000000000000000:0"
_MUCH, _MANY = 16 << 20, 10_000  # bytes of lines, and people and the like that are remembered


class Collector:
    """Takes the records of one part. Lives as long as the part is read."""

    def __init__(
        self,
        zone: Zone,
        *,
        account: str | None,
        same_account: Mapping[str, str] | None = None,
        spill: Callable[[Sequence[bytes], list[Written]], None] | None = None,
    ) -> None:
        self.zone, self.account, self.same_account = zone, account, same_account or {}
        self._spill, self._weight, self._weighed = spill, 0, 0
        self.unit = Unit(0, "", "0" * 64, 0, b"")
        self.lines: list[bytes] = []
        self.bundles: list[Written] = []
        self.counted: list[list[Any]] = []  # lines whose count may still grow
        self.rejects: list[bytes] = []
        self.found: Counter[tuple[int, str]] = Counter()
        self.rejected: Counter[tuple[int, str]] = Counter()
        self.notes = Notes()
        self.accounts: Counter[tuple[int, str]] = Counter()
        self.known_address: tuple[str, str] | None = None  # the last API address, and its account
        self._seen: dict[tuple[str, Any], tuple[dict[str, Any], list[Any], int]] = {}
        self.named: set[int] = set()
        self._met: set[int] = set()  # users with a row
        self._placeholders: dict[int, bytes] = {}
        self._made: Counter[tuple[Any, ...]] = Counter()
        self._rank = 0
        self._placed, self._origin = self.unit, place("", 0, "")

    def keep(
        self,
        entity: str,
        record: dict[str, Any],
        pointer: str,
        *,
        version: int | None = None,
        level: int = WHOLE,
        remember: dict[str, Any] | None = None,
    ) -> dict[str, Any] | None:
        """Accept a normalized record, or reject it and return None.

        version: in milliseconds, where the record does not say it itself. remember: the raw record, when
        equal copies of it are likely to follow in this part (see `again`).
        """
        try:
            record = self._checked(entity, record)
            body = self._body(entity, record)
            at = version_of(record) if version is None else version
            try:
                group = group_of(entity, record)
            except (KeyError, TypeError) as error:
                raise RecordError("it is not said whose it is") from error
        except RecordError as error:
            self.reject(entity, pointer, error, key=record.get("id"))
            return None
        file = self.unit.file
        self.found[file, entity] += 1
        if "extra" in record:
            self.note_extra(entity, record["extra"])
        if entity == "users" and level == WHOLE and record.get("permanently_deleted"):
            level = ERASED  # cannot be undone, so it wins over every copy that still knows more
        if entity == "users":
            self._met.add(record["id"])
        head = b"%b\x01%b\x01%d" % (group, rank_of(level, version=at, where=self.place(pointer)), file)
        tail = b"%b\x01%b\n" % (info_of(entity, record, rank=self._rank), body)
        if remember is None:
            self.lines.append(b"%b\x011\x01%b" % (head, tail))
        else:
            entry = [head, 1, tail]
            self.counted.append(entry)
            self._seen[entity, record["id"]] = (remember, entry, file)
        return record

    def note_extra(self, entity: str, extra: Mapping[str, Any] | None) -> None:
        """Keys of an accepted record that its schema does not know."""
        for key in extra or ():
            self.notes.counts[f"unknown_keys {entity}.{key}"] += 1

    def keep_bundle(self, bundle: Written, *, size: int) -> None:
        """A ticket that is written already, in so many bytes."""
        self.bundles.append(bundle)
        self._weight += size

    def place(self, pointer: str) -> bytes:
        """A place in the unit that is being read."""
        if self.unit is not self._placed:
            self._placed, self._origin = self.unit, place(self.unit.sha256[:16], self.unit.position, "")
        return self._origin + pointer_bytes(pointer) if pointer else self._origin

    def own_id(self, raw: Mapping[str, Any], key: str = "id") -> int | None:
        """The id of a raw record where it is exact; a number in E-notation is none."""
        value = raw.get(key)
        if value is None or (type(value) is float and has_exponent(self.unit.raw)):
            return None
        return whole_number(value)

    def keep_comment(
        self, record: dict[str, Any], pointer: str, *, version: int, rank: int
    ) -> dict[str, Any] | None:
        """`keep` for a comment. rank: its place in the list it stands in."""
        self._rank = rank
        return self.keep("comments", record, pointer, version=version)

    def make_id(self, *parts: Any) -> int:
        """An id for a comment that has none; equal ones in one unit are told apart by their order."""
        key = (self.unit.file, self.unit.position, *map(str, parts))
        self._made[key] += 1
        return made_id(*key[2:], self._made[key])

    def again(self, entity: str, raw: Mapping[str, Any]) -> bool:
        """True (and counted) when the last record of this id in this part and file was just as `raw`."""
        key = raw.get("id")
        if type(key) is not int:
            return False
        known = self._seen.get((entity, key))
        file = self.unit.file
        if known is None or known[2] != file or (known[0] is not raw and known[0] != raw):
            return False
        known[1][1] += 1
        self.found[file, entity] += 1
        return True

    def name(self, user_id: int | None, pointer: str) -> None:
        """A user is named by id: if no row ever comes, the merge makes a placeholder of this line."""
        if user_id is None or user_id in self.named:
            return
        self.named.add(user_id)
        record = {"id": user_id, "placeholder": True}
        self._placeholders[user_id] = self._made_line("users", record, pointer, level=PLACEHOLDER)

    def made(
        self, entity: str, record: dict[str, Any], pointer: str, *, level: int = WHOLE, info: bytes = b""
    ) -> None:
        """A record the source does not hold: a placeholder, a link. Not counted as found."""
        self.lines.append(self._made_line(entity, record, pointer, level=level, info=info))

    def reject(self, entity: str, pointer: str, error: RecordError, *, key: Any = None) -> None:
        """Something was found and is not accepted."""
        self.found[self.unit.file, entity] += 1
        self.rejected[self.unit.file, entity] += 1
        self.rejects.append(reject_line(entity, pointer, error, key=key, unit=self.unit))

    def relieve(self) -> None:
        """Hand over a run when much has gathered. For values longer than any part: memory must not grow."""
        self._weight += sum(map(len, self.lines[self._weighed :]))
        self._weighed = len(self.lines)
        if self._spill is not None and (self._weight > _MUCH or len(self.counted) > _MANY):
            self._spill(self.finished(), self.bundles)
            self.lines, self.bundles, self._weight, self._weighed = [], [], 0, 0
            self._seen.clear()

    def finished(self) -> list[bytes]:
        """The lines of the run, sorted; without the bundles."""
        self.lines.extend(b"%b\x01%d\x01%b" % tuple(entry) for entry in self.counted)
        self.counted = []
        # Whoever has a row needs no placeholder.
        self.lines.extend(line for user, line in self._placeholders.items() if user not in self._met)
        self._placeholders = {}
        self.lines.sort()
        return self.lines

    def _made_line(
        self, entity: str, record: dict[str, Any], pointer: str, *, level: int, info: bytes = b""
    ) -> bytes:
        rank = rank_of(level, version=0, where=self.place(pointer))
        return b"%b\x01%b\x01%d\x011\x01%b\x01%b\n" % (
            group_of(entity, record),
            rank,
            self.unit.file,
            info,
            dumps(record),
        )

    def _body(self, entity: str, record: dict[str, Any]) -> bytes:
        try:
            return dumps(record)
        except RecordError:  # beyond 64 bits where no schema wants a number: text keeps each digit
            return dumps(self._checked(entity, small(record)))

    def _checked(self, entity: str, record: dict[str, Any]) -> dict[str, Any]:
        if PLAIN[entity](record):
            return record
        record = repaired(entity, record, unit_raw=self.unit.raw)
        whole = {**record, "source": _SOMEWHERE}
        if entity == "comments":
            whole["position"] = 1
        if not is_valid(entity)(whole):
            pointer, reason = (complaints(entity, whole) or [("", "refused by the schema")])[0]
            raise RecordError(reason, pointer=pointer)
        refuse_floats(entity, record)
        return record


_SPLICED = frozenset(("source", "position"))  # the merge knows them


class _Plain(dict[str, Callable[[Any], bool]]):
    def __missing__(self, entity: str) -> Callable[[Any], bool]:
        check = self[entity] = is_plain(entity, without=_SPLICED)
        return check


PLAIN = _Plain()  # of each entity the check of a record that needs nothing done
