r"""Tickets that were written with all that belongs to them, as they will stand in the dataset.

Most tickets stand in an export once, whole and undamaged. Their records are written beside the run, into a
file of bodies, in the order of the tickets; the run has one short line for each. Where nothing else speaks of
a ticket the merge copies its bytes. Where something does, the bundle is opened: then it is the lines that its
records would have been, byte for byte.

The record of such a line is `name of the file of bodies \x02 start,size,lines` and so on, by commas, for each
of `PARTS`; its info is `opened \x02 users named, by commas`.
"""

import heapq
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

import orjson

from .record_facts import info_of, version_of
from .run_lines import BUNDLE, GROUP_HEAD, SEPARATOR, WHOLE, Line, group_of, place, rank_of, split

PARTS = ("tickets", "comments", "attachments", "ticket_metrics")
ATTACHMENTS = PARTS.index("attachments")
_END = b"\x02"
_POSITION, _SOURCE = b',"position":', b',"source":"'  # in text, quotes have a backslash before them
_KEY = slice(GROUP_HEAD, GROUP_HEAD + 2)
_IS_BUNDLE = group_of(BUNDLE, {"ticket_id": 0})[_KEY]

# (name of a file of bodies, start, size) -> the bytes there
Read = Callable[[str, int, int], bytes]


@dataclass(slots=True)
class Written:
    """A ticket that was read. where, version: its own. parts: lines and text of each of `PARTS`."""

    ticket_id: int
    version: int
    where: bytes
    file: int
    users: Collection[int]
    opened: bool
    parts: Sequence[tuple[int, bytes]]


class Range(NamedTuple):
    """Lines of an entity in a file of bodies."""

    entity: str
    start: int
    size: int
    lines: int


class Bundle(NamedTuple):
    """A line taken apart. opened: the ticket waits for somebody. name: of the file of bodies.

    told: start, size and lines there of each of `PARTS`, one after the other.
    """

    file: int
    ticket_id: int
    opened: bool
    users: Collection[int]
    name: str
    told: Sequence[int]

    def ranges(self) -> Iterator[Range]:
        """Where its records stand."""
        return map(Range, PARTS, self.told[0::3], self.told[1::3], self.told[2::3])


class Told(NamedTuple):
    """A bundle and its line."""

    line: bytes
    bundle: Bundle


def bundle_lines(written: list[Written], name: str, bodies: IO[bytes]) -> list[Told]:
    """Write the records of `written` into the file of bodies called `name`; returns their lines, in order."""
    heads = sorted((_head(one), place) for place, one in enumerate(written))
    written = [written[place] for _, place in heads]
    ranges: list[list[int]] = [[] for _ in written]
    at = 0
    for number in range(len(PARTS)):
        for told, one in zip(ranges, written, strict=True):
            lines, text = one.parts[number]
            told += (at, len(text), lines)
            at += len(text)
        bodies.writelines([one.parts[number][1] for one in written])
    ending = name.encode() + _END
    return [
        Told(
            b"%b%b%b\n" % (head, ending, ",".join(map(str, told)).encode()),
            Bundle(one.file, one.ticket_id, one.opened, one.users, name, told),
        )
        for (head, _), one, told in zip(heads, written, ranges, strict=True)
    ]


def _head(one: Written) -> bytes:
    """Of a line: all before the record."""
    return b"%b\x01%b\x01%d\x011\x01%d\x02%b\x01" % (
        group_of(BUNDLE, {"ticket_id": one.ticket_id}),
        rank_of(WHOLE, version=one.version, where=one.where),
        one.file,
        one.opened,
        ",".join(map(str, one.users)).encode(),
    )


def is_bundle(line: bytes) -> bool:
    """True for the line of a bundle."""
    return line[_KEY] == _IS_BUNDLE


def bundle_of(line: bytes) -> Bundle:
    """A bundle's line, read."""
    group, _, file, _, info, body = line.split(SEPARATOR, 5)
    opened, users = info.split(_END)
    name, told = body.split(_END)
    return Bundle(
        file=int(file),
        ticket_id=int(group[1:GROUP_HEAD]) - (1 << 63),
        opened=opened == b"1",
        users=list(map(int, users.split(b","))) if users else (),
        name=name.decode(),
        told=list(map(int, told.split(b","))),
    )


def alone(lines: Iterable[bytes], read: Read, *, always: bool = False) -> Iterator[bytes]:
    """The sorted lines with each bundle opened whose ticket something else speaks of too, still sorted.

    always: open every bundle, so that each record can be looked at.
    """
    rest = iter(lines)
    after = next(rest, None)
    while after is not None:
        line, after = after, next(rest, None)
        if not is_bundle(line):
            yield line
            continue
        owner = line[:GROUP_HEAD]
        if not always and (after is None or not after.startswith(owner)):
            yield line
            continue
        together = opened(line, read)
        while after is not None and after.startswith(owner) and is_bundle(after):
            together += opened(after, read)
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


def opened(text: bytes, read: Read) -> list[bytes]:
    """The lines of the records of a bundle, as they would have been written one by one."""
    line, bundle = split(text), bundle_of(text)
    return [
        _line(one.entity, record, line)
        for one in bundle.ranges()
        for record in read(bundle.name, one.start, one.size).splitlines()
    ]


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


class Bodies:
    """The files of bodies in a folder; the last ones stay open. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, IO[bytes]] = {}

    def read(self, name: str, start: int, size: int) -> bytes:
        """OSError passes."""
        file = self._open.pop(name, None)
        if file is None:
            if len(self._open) == _AT_ONCE:
                self._open.pop(next(iter(self._open))).close()
            file = (self.folder / name).open("rb", buffering=0)
        self._open[name] = file
        return os.pread(file.fileno(), size, start)

    def __enter__(self) -> "Bodies":
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()


_AT_ONCE = 16
