r"""A ticket with all that belongs to it in one line of a run, as it will stand in the dataset.

Most tickets stand in an export once, whole and undamaged. Such a line is sorted once, and where nothing else
speaks of its ticket the merge only copies it. Where something does, it is opened: then it is the lines that
its records would have been, byte for byte.

Its record is the lines of each entity of `PARTS`, each line ended by \x03, each entity by \x02; its info is
`opened \x02 users named, by commas \x02 numbers of lines, by commas`.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from .record_facts import info_of, version_of
from .run_lines import BUNDLE, GROUP_HEAD, SEPARATOR, WHOLE, Line, group_of, place, rank_of, split

PARTS = ("tickets", "comments", "attachments", "ticket_metrics")
END_OF_RECORD = b"\x03"
_END_OF_PART = b"\x02"
_POSITION, _SOURCE = b',"position":', b',"source":"'  # in text, quotes have a backslash before them
_KEY = slice(GROUP_HEAD, GROUP_HEAD + 2)
_IS_BUNDLE = group_of(BUNDLE, {"ticket_id": 0})[_KEY]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the merge must know. opened: the ticket waits for somebody. parts: entity, its lines, how many."""

    ticket_id: int
    opened: bool
    users: tuple[int, ...]
    parts: tuple[tuple[str, bytes, int], ...]


def bundle_line(
    ticket_id: int,
    parts: Sequence[Sequence[bytes]],
    *,
    version: int,
    where: bytes,
    file: int,
    users: Iterable[int],
    opened: bool,
) -> bytes:
    """The line of a run. parts: the written records of each of `PARTS`, without line ends.

    version and where: of the ticket; its comments and attachments have the same version.
    """
    info = b"%d\x02%b\x02%b" % (
        opened,
        b",".join(b"%d" % user for user in users),
        b",".join(b"%d" % len(part) for part in parts),
    )
    body = _END_OF_PART.join(END_OF_RECORD.join(part) + END_OF_RECORD if part else b"" for part in parts)
    rank = rank_of(WHOLE, version=version, where=where)
    return b"%b\x01%b\x01%d\x011\x01%b\x01%b\n" % (
        group_of(BUNDLE, {"ticket_id": ticket_id}),
        rank,
        file,
        info,
        body,
    )


def bundle_of(line: Line) -> Bundle:
    """A bundle taken out of its line."""
    opened, users, counts = line.info.split(b"\x02")
    lines = line.body.replace(END_OF_RECORD, b"\n").split(_END_OF_PART)
    return Bundle(
        ticket_id=line.owner,
        opened=opened == b"1",
        users=tuple(map(int, users.split(b","))) if users else (),
        parts=tuple(zip(PARTS, lines, map(int, counts.split(b",")), strict=True)),
    )


def alone(lines: Iterable[bytes], *, always: bool = False) -> Iterator[bytes]:
    """The sorted lines with each bundle opened whose ticket something else speaks of too, still sorted.

    always: open every bundle, so that each record can be looked at.
    """
    line = None
    rest = iter(lines)
    after = next(rest, None)
    while after is not None:
        line, after = after, next(rest, None)
        if line[_KEY] != _IS_BUNDLE:
            yield line
            continue
        owner = line[:GROUP_HEAD]
        if not always and (after is None or not after.startswith(owner)):
            yield line
            continue
        together = opened(line)
        while after is not None and after.startswith(owner) and after[_KEY] == _IS_BUNDLE:
            together += opened(after)
            after = next(rest, None)
        together.sort()
        others = _Owned(owner, after, rest)
        yield from heapq.merge(together, others)
        after = others.after


class _Owned:
    """The lines of one owner, from a first one on; `after`: the first line of the next owner."""

    def __init__(self, owner: bytes, first: bytes | None, rest: Iterator[bytes]) -> None:
        self._owner, self._rest = owner, rest
        self.after = first

    def __iter__(self) -> Iterator[bytes]:
        while self.after is not None and self.after.startswith(self._owner):
            yield self.after
            self.after = next(self._rest, None)


def opened(text: bytes) -> list[bytes]:
    """The lines of the records in a bundle's line, as they would have been written one by one."""
    line = split(text)
    written = []
    for entity, part in zip(PARTS, line.body.split(_END_OF_PART), strict=True):
        written += [_line(entity, record, line) for record in part.split(END_OF_RECORD)[:-1]]
    return written


def _line(entity: str, text: bytes, bundle: Line) -> bytes:
    at = text.rindex(_SOURCE)
    head, _, pointer = text[at + len(_SOURCE) : -2].partition(b"#")
    end = text.rindex(_POSITION, 0, at) if entity == "comments" else at
    body = text[:end] + b"}"
    record = orjson.loads(body)
    sha16, position = head.split(b":")
    where = place(sha16.decode(), int(position), "") + pointer
    version = version_of(record) if entity == "ticket_metrics" else bundle.version
    index = int(pointer.rpartition(b"/")[2]) if entity == "comments" else 0
    return SEPARATOR.join(
        (
            group_of(entity, record),
            rank_of(WHOLE, version=version, where=where),
            b"%d" % bundle.file,
            b"1",
            info_of(entity, record, rank=index),
            body + b"\n",
        )
    )
