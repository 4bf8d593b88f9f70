"""A series of an audit as a picture: SVG that stands inside a page, drawn by Matplotlib.

In: a Series. Out: SVG text without any reference to the outside. Equal series give equal bytes.
"""

import io
import math
import warnings
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .ask import Series
from .question import Plot

WIDTH, HEIGHT = 4.8, 2.9  # inches: read on a telephone, where wider ones would shrink their words
_ROW = 0.24  # inches a bar takes
MOST = 20  # bars; the rest stands in the table below the picture
_POINTS = 120  # steps of a line that are shown as points, too
_LONGEST = 28  # characters of a name beside its bar
# Told apart by people who see few colours, and in grey on paper (Okabe and Ito).
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#000000")
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # words stay words: searchable, read aloud
    "text.parse_math": False,  # a $ in a name is a dollar
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
}

_YEARS = range(1970, 2100)

Lines = dict[str, list[tuple[Any, float]]]


def draw(series: Series, *, name: str) -> str:
    """The picture of a series. name: unique in the page."""
    lines = _by_kind(series)
    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": name}):
        rows = len({x for line in lines.values() for x, _ in line})
        flat = series.question.kind is Plot.BAR and not _all_times(lines)
        height = max(1.4, 0.8 + _ROW * min(rows, MOST)) if flat else HEIGHT
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.subplots()
        if flat:
            _bars(axes, lines)
        else:
            _over_time(axes, lines, bars=series.question.kind is Plot.BAR)
        if len(lines) > 1:  # below, where it hides no bar
            figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=8)
        written = io.StringIO()
        with warnings.catch_warnings():
            # A tag may hold an emoji that no font at hand has: a box stands in its place.
            warnings.filterwarnings("ignore", message="Glyph ")
            figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    svg = written.getvalue()
    return svg[svg.index("<svg") :].replace("<svg ", '<svg role="presentation" ', 1)


def _by_kind(series: Series) -> Lines:
    """The points of each line, in the order of the answer.

    Points without a number are left out, and damaged times: an axis to the year 1 shows nothing of today.
    """
    at = {name: index for index, name in enumerate(series.columns)}
    wanted = series.question
    lines: Lines = {}
    for row in series.rows:
        x, y = row[at[wanted.x]], row[at[wanted.y]]
        kind = str(row[at[wanted.by]]) if wanted.by else ""
        if y is not None and ((time := _time(x)) is None or time.year in _YEARS):
            lines.setdefault(kind, []).append(("unknown" if x is None else x, float(y)))
    return lines


def _bars(axes: Axes, lines: Lines) -> None:
    """Names down the side, one bar each, the parts of several kinds stacked."""
    names = list(dict.fromkeys(str(x) for line in lines.values() for x, _ in line))[:MOST]
    left = dict.fromkeys(names, 0.0)
    for (kind, line), colour in zip(lines.items(), _colours(len(lines)), strict=True):
        found = {str(x): y for x, y in line}
        values = [found.get(name, 0.0) for name in names]
        starts = [left[name] for name in names]
        axes.barh(range(len(names)), values, left=starts, color=colour, label=kind)
        left = {name: left[name] + value for name, value in zip(names, values, strict=True)}
    axes.set_yticks(range(len(names)), [_short(name) for name in names])
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_formatter(_written)


def _over_time(axes: Axes, lines: Lines, *, bars: bool) -> None:
    """Steps, mostly days or months, from left to right: lines, or bars with several kinds stacked."""
    times = _all_times(lines)
    steps: list[Any] = list(dict.fromkeys(_step(x, times=times) for line in lines.values() for x, _ in line))
    if times:
        steps.sort()
    below = dict.fromkeys(steps, 0.0)
    for (kind, line), colour in zip(lines.items(), _colours(len(lines)), strict=True):
        found = {_step(x, times=times): y for x, y in line}
        if bars:
            heights, starts = [found.get(step, 0.0) for step in steps], list(below.values())
            axes.bar(steps, heights, bottom=starts, width=_width(steps), color=colour, label=kind)
            below = {step: below[step] + found.get(step, 0.0) for step in steps}
        else:
            # A line over months without anything would tell of what never was; a month alone is a point.
            xs: list[Any] = _every_month(steps) or steps
            ys = [found.get(x, math.nan) for x in xs]
            few = len(xs) <= _POINTS
            axes.plot(xs, ys, color=colour, label=kind, linewidth=1.6, marker="." if few else "")
    axes.set_ylim(bottom=0)
    whole = all(y == round(y) for line in lines.values() for _, y in line)
    axes.yaxis.set_major_locator(MaxNLocator(nbins="auto", integer=whole))
    axes.tick_params(axis="x", rotation=30)
    axes.yaxis.set_major_formatter(_written)


def _every_month(steps: Sequence[Any]) -> list[date]:
    """From the first month to the last, none left out; empty where the steps are no months."""
    if not steps or not all(isinstance(step, date) and step.day == 1 for step in steps):
        return []
    first, last = (12 * step.year + step.month - 1 for step in (steps[0], steps[-1]))
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]


def _step(value: Any, *, times: bool) -> Any:
    return _time(value) if times else str(value)


def _width(steps: Sequence[Any]) -> float:
    """Of a bar: most of the shortest step, in days where steps are times."""
    if not steps or not isinstance(steps[0], date):
        return 0.8
    apart = [(after - before).days for before, after in pairwise(steps)]
    return 0.8 * min(apart, default=20)


def _all_times(lines: Lines) -> bool:
    return all(_time(x) is not None for line in lines.values() for x, _ in line)


def _time(value: Any) -> date | None:
    """A day, or the first of a month written as 2024-05."""
    text = str(value)
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == len("2024-05") else text[:10])
    except ValueError:
        return None


def _colours(count: int) -> Sequence[str]:
    return [_COLOURS[index % len(_COLOURS)] for index in range(count)]


def _short(name: str) -> str:
    """A name that leaves room for its bar; control characters have no picture."""
    plain = "".join(character if character.isprintable() else " " for character in name)
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def _written(value: float, _position: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
