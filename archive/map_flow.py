"""The diagram of a mapping: bands from where tickets come, through the rules, to what they become. Pure.

In: counts by (source, rule, target). Out: boxes and bands with their places, for a template to draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, _BOX, _ROW, _TALL = 960, 14, 20, 420
_COLUMNS = (0, 400, WIDTH - 220 - _BOX)  # left edge of sources, rules, targets; labels stand to the right


@dataclass(frozen=True, slots=True)
class Box:
    """One source, rule or target. kind: of a target, else of none."""

    x: float
    y: float
    height: float
    label: str
    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class Band:
    """Tickets on their way. path: SVG, a line of `width` through its middle."""

    path: str
    width: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole diagram."""

    width: int
    height: float
    box: int
    boxes: list[Box]
    bands: list[Band]


def flow(counts: Sequence[tuple[str, str, str, int]], *, sources: Sequence[str]) -> Flow:
    """Lay out (source, rule, target, tickets). Bands are as wide as their tickets are many.

    Sources stand in the order of `sources`, rules and targets in that of `counts`.
    """
    order = {source: place for place, source in enumerate(sources)}
    by_source = sorted(counts, key=lambda row: order[row[0]])
    total = sum(row[3] for row in counts) or 1
    per = _TALL / total
    columns = [_column(by_source if place == 0 else counts, place, per) for place in range(3)]
    kinds = {label: _kind(label) for label in columns[2]}
    bands = [
        *_bands(by_source, 0, columns, per, kinds),
        *_bands(counts, 1, columns, per, kinds),
    ]
    boxes = [box for column in columns for box in column.values()]
    height = max((box.y + max(box.height, _ROW) for box in boxes), default=0.0) + 4
    return Flow(WIDTH, round(height, 1), _BOX, boxes, bands)


def _column(counts: Sequence[tuple[str, str, str, int]], place: int, per: float) -> dict[str, Box]:
    """Boxes from top to bottom in the order in which they are first named, a line of text apart."""
    sums: dict[str, int] = {}
    for row in counts:
        label = (row[0], row[1], row[2])[place]
        sums[label] = sums.get(label, 0) + row[3]
    boxes, y = {}, 2.0
    for label, count in sums.items():
        height = max(count * per, 1.0)
        kind = _kind(label) if place == 2 else "none"
        boxes[label] = Box(_COLUMNS[place], round(y, 1), round(height, 1), label, count, kind)
        y += max(height, _ROW) + 6
    return boxes


def _bands(
    counts: Sequence[tuple[str, str, str, int]],
    place: int,
    columns: Sequence[dict[str, Box]],
    per: float,
    kinds: dict[str, str],
) -> list[Band]:
    """Bands from one column to the next, each below the one before it at both ends."""
    sums: dict[tuple[str, str, str], int] = {}
    for source, rule, target, tickets in counts:
        start, end = ((source, rule), (rule, target))[place]
        sums[start, end, target] = sums.get((start, end, target), 0) + tickets
    used: dict[tuple[int, str], float] = {}
    bands = []
    for (start, end, target), tickets in sums.items():
        width = max(tickets * per, 0.8)
        one, other = columns[place][start], columns[place + 1][end]
        y1 = one.y + used.get((0, start), 0.0) + width / 2
        y2 = other.y + used.get((1, end), 0.0) + width / 2
        used[0, start] = used.get((0, start), 0.0) + width
        used[1, end] = used.get((1, end), 0.0) + width
        x1, x2 = one.x + _BOX, other.x
        middle = (x1 + x2) / 2
        path = f"M{x1:.1f},{y1:.1f} C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
        bands.append(Band(path, round(width, 2), kinds[target], f"{start} → {end}: {tickets:,}"))
    return bands


def _kind(target: str) -> str:
    """The word of a target that a style is named after."""
    return target.partition(":")[0].replace(" ", "-")
