r"""Bundles that stand one after the other in a run, as one line: a stretch.

Where nothing else speaks of any ticket from its first to its last, the merge copies a stretch as a whole.
Where something does, the stretch is taken apart into the lines of its bundles, which stand in the file of
bodies too.

Its line is `group \x01 summary`: in the group the number of the last ticket follows that of the first, the
summary is JSON.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from operator import add
from typing import IO, NamedTuple

import orjson

from .bundles import ATTACHMENTS, PARTS, Bundle, Read, Told
from .run_lines import GROUP_HEAD, SEPARATOR, STRETCH, group_of, number

_HEAD = group_of(STRETCH, {"ticket_id": 0})[GROUP_HEAD : GROUP_HEAD + 2]
_KIND = slice(GROUP_HEAD, GROUP_HEAD + len(_HEAD))
_LAST = slice(_KIND.stop, _KIND.stop + len(number(0)))
_OWNER = slice(1, GROUP_HEAD)
_MOST = 64  # tickets
_NONE = (0,) * len(PARTS)


class Stretch(NamedTuple):
    """Tickets that are copied together.

    users: whom they name. name: of the file of bodies. told: start, size and lines there of each of `PARTS`,
    one after the other. accepted: (file, records of each of `PARTS`). files: how many attachments each ticket
    has that has some, and whether it is open.
    """

    ids: Sequence[int]
    users: Collection[int]
    name: str
    told: Sequence[int]
    accepted: Sequence[tuple[int, Sequence[int]]]
    files: Sequence[tuple[int, bool]]


def stretch_lines(
    told: Iterable[Told], name: str, bodies: IO[bytes], *, apart: Collection[bytes]
) -> list[bytes]:
    """The lines of a run: stretches, and bundles that are none.

    told: bundles, in order, their records just written to `bodies`. apart: heads of groups that hold more.
    """
    out: list[bytes] = []
    gathered: list[Told] = []
    for one in told:
        alone = one.line[:GROUP_HEAD] not in apart
        if gathered and not (
            alone and len(gathered) < _MOST and gathered[-1].bundle.ticket_id < one.bundle.ticket_id
        ):
            out.append(_stretch(gathered, name, bodies))
            gathered = []
        if alone:
            gathered.append(one)
        else:
            out.append(one.line)
    if gathered:
        out.append(_stretch(gathered, name, bodies))
    return out


def _stretch(gathered: Sequence[Told], name: str, bodies: IO[bytes]) -> bytes:
    if len(gathered) == 1:
        return gathered[0].line
    text = b"".join([one.line for one in gathered])
    start = bodies.tell()
    bodies.write(text)
    accepted: dict[int, list[int]] = {}
    for one in gathered:
        known = accepted.get(one.bundle.file, _NONE)
        accepted[one.bundle.file] = list(map(add, known, one.bundle.told[2::3]))
    first, last = gathered[0].bundle, gathered[-1].bundle
    ranges = [
        number
        for at in range(0, 3 * len(PARTS), 3)
        for number in (
            first.told[at],
            last.told[at] + last.told[at + 1] - first.told[at],
            sum(one.bundle.told[at + 2] for one in gathered),
        )
    ]
    whole = Stretch(
        ids=[one.bundle.ticket_id for one in gathered],
        users=sorted({user for one in gathered for user in one.bundle.users}),
        name=name,
        told=ranges,
        accepted=list(accepted.items()),
        files=[files for one in gathered for files in _files(one.bundle)],
    )
    group = gathered[0].line[:GROUP_HEAD] + _HEAD + number(last.ticket_id)
    return b"%b\x01%b\n" % (group, orjson.dumps((start, len(text), *whole)))


def _files(bundle: Bundle) -> list[tuple[int, bool]]:
    count = bundle.told[3 * ATTACHMENTS + 2]
    return [(count, bundle.opened)] if count else []


def is_stretch(line: bytes) -> bool:
    """True for the line of a stretch."""
    return line[_KIND] == _HEAD


def stretch_of(line: bytes) -> Stretch:
    """A stretch's line, read."""
    return Stretch(*orjson.loads(line.partition(SEPARATOR)[2])[2:])


def stretch_of_one(bundle: Bundle) -> Stretch:
    """A bundle by itself."""
    return Stretch(
        ids=(bundle.ticket_id,),
        users=bundle.users,
        name=bundle.name,
        told=bundle.told,
        accepted=((bundle.file, bundle.told[2::3]),),
        files=_files(bundle),
    )


def taken_apart(lines: Iterable[bytes], read: Read, *, always: bool = False) -> Iterator[bytes]:
    """The sorted lines with each stretch taken apart among whose tickets something else stands, still sorted.

    always: take every stretch apart.
    """
    rest = iter(lines)
    after = next(rest, None)
    bundles: list[bytes] = []  # of stretches that were taken apart, a heap
    while after is not None or bundles:
        if after is None or (bundles and bundles[0] < after):
            yield heappop(bundles)
            continue
        line, after = after, next(rest, None)
        if not is_stretch(line):
            yield line
        elif always or _reaches(line, after) or (bundles and _reaches(line, bundles[0])):
            for bundle in _bundles_of(line, read):
                heappush(bundles, bundle)
        else:
            yield line


def _reaches(line: bytes, after: bytes | None) -> bool:
    return after is not None and after[:1] == line[:1] and after[_OWNER] <= line[_LAST]


def _bundles_of(line: bytes, read: Read) -> list[bytes]:
    start, size, _, _, name, *_ = orjson.loads(line.partition(SEPARATOR)[2])
    return read(name, start, size).splitlines(keepends=True)
