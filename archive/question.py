"""A question of the audit: one SQL file that says what it asks, how grave an answer is, and what to do.

In: `<group>_<name>.sql`, a header of `-- key: value` lines, then one SELECT that gives one row; after it any
number of series to plot, each with a header of its own. Wrong: InputError with file and line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from deskferry.schemas.errors import InputError

Kind = TypeVar("Kind", bound=StrEnum)

_NAME = re.compile(r"([a-z]+)_([a-z0-9_]+)\.sql")
_KEY = re.compile(r"-- ([a-z_0-9]+): (\S.*)")
# In a sentence: {column}, or {column:word for one|word for several}; again, the words alone.
PLACEHOLDER = re.compile(r"\{(?P<name>[a-z_0-9]+)(?::(?P<one>[^|{}]*)\|(?P<many>[^|{}]*))?\}")
_MORE = re.compile(r"--   +(\S.*)")
_REQUIRED = ("title", "group", "severity", "says", "advice", "count", "examples")
_PLOT_KEYS = ("plot", "title", "x", "y", "by")
# In the order of the report; a group of the user's own comes after them.
GROUPS = (
    *("inventory", "completeness", "people", "staff", "organizations", "structure"),
    *("conversations", "files", "risk", "service", "cost"),
)
RISK = "risk"  # asked only when wanted


class Severity(StrEnum):
    """How grave an answer is."""

    STOP = "STOP"
    DECIDE = "DECIDE"
    KNOW = "KNOW"
    FINE = "fine"


class Plot(StrEnum):
    """How a series is drawn."""

    BAR = "bar"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class SeriesQuestion:
    """A series to plot. x, y, by: columns of its answer; by is None for a single series."""

    kind: Plot
    title: str
    x: str
    y: str
    by: str | None
    sql: str
    where: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. says: a sentence with {column} for each number in it.

    zero: severity of an answer that counts nothing. columns: what each column means. where: `file:line` of
    the SQL.
    """

    id: str
    group: str
    title: str
    severity: Severity
    zero: Severity
    says: str
    advice: str
    columns: dict[str, str]
    sql: str
    series: tuple[SeriesQuestion, ...]
    where: str


def read_questions(own: Path | None = None) -> list[Question]:
    """Every question, by group and name. own: a folder with more. Raises InputError."""
    found = {question.id: question for question in _in(files("deskferry.archive.audit"), where=None)}
    if own is not None:
        if not own.is_dir():
            raise InputError("no such folder", where=own)
        for question in _in(own, where=own):
            if question.id in found:
                raise InputError("there is a question of this name already", where=own / f"{question.id}.sql")
            found[question.id] = question
    return sorted(found.values(), key=lambda one: (_rank(one.group), one.group, one.id))


def _rank(group: str) -> int:
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)


def _in(folder: Traversable | Path, *, where: Path | None) -> Iterator[Question]:
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".sql"):
            place = str(where / file.name) if where is not None else file.name
            try:
                yield parse_question(file.name, file.read_text(encoding="utf-8"), place=place)
            except UnicodeDecodeError as error:
                raise InputError("not UTF-8 text", where=place) from error
            except OSError as error:
                raise InputError(f"cannot be read ({error.strerror})", where=place) from error


def parse_question(name: str, text: str, *, place: str) -> Question:
    """The question in a file. place: how errors name the file. Raises InputError with the line."""
    named = _NAME.fullmatch(name)
    if named is None:
        raise InputError("its name is not <group>_<name>.sql in lower case", where=place)
    first, *rest = _sections(text.splitlines(), place)
    keys = first.keys
    for key in _REQUIRED:
        first.require(key)
    if keys["group"] != named[1]:
        raise first.wrong(f"group {keys['group']} does not begin the name of the file", "group")
    columns = {key: value for key, value in keys.items() if key not in ("title", *_REQUIRED[1:5], "zero")}
    return Question(
        id=name.removesuffix(".sql"),
        group=keys["group"],
        title=keys["title"],
        severity=_one_of(Severity, first, "severity"),
        zero=_one_of(Severity, first, "zero") if "zero" in keys else Severity.FINE,
        says=_sentence(first, columns),
        advice=keys["advice"],
        columns=columns,
        sql=first.sql,
        series=tuple(map(_series, rest)),
        where=first.where,
    )


def _sentence(section: "_Section", columns: dict[str, str]) -> str:
    says = section.keys["says"]
    for match in PLACEHOLDER.finditer(says):
        if match["name"] not in columns or match["name"] == "examples":
            raise section.wrong(f"says names {{{match['name']}}}, which no line describes", "says")
    if re.search(r"[{}]", PLACEHOLDER.sub("", says)):
        raise section.wrong("a brace in says that is not {column} or {column:one|several}", "says")
    return says


def _series(section: "_Section") -> SeriesQuestion:
    for key in _PLOT_KEYS[:4]:
        section.require(key)
    for key in section.keys:
        if key not in _PLOT_KEYS:
            raise section.wrong(f"unknown key {key}; a plot has {', '.join(_PLOT_KEYS)}", key)
    return SeriesQuestion(
        kind=_one_of(Plot, section, "plot"),
        title=section.keys["title"],
        x=section.keys["x"],
        y=section.keys["y"],
        by=section.keys.get("by"),
        sql=section.sql,
        where=section.where,
    )


def _one_of(kinds: type[Kind], section: "_Section", key: str) -> Kind:
    try:
        return kinds(section.keys[key])
    except ValueError:
        raise section.wrong(f"{key} is one of {', '.join(kinds)}", key) from None


@dataclass(frozen=True, slots=True)
class _Section:
    """A header and the SQL below it. lines: line of each key. line: of the SQL."""

    place: str
    keys: dict[str, str]
    lines: dict[str, int]
    sql: str
    line: int

    @property
    def where(self) -> str:
        """File and line of the SQL."""
        return f"{self.place}:{self.line}"

    def require(self, key: str) -> None:
        """Raise InputError without this key."""
        if key not in self.keys:
            raise InputError(f"no line '-- {key}: ...' above the query", where=self.where)

    def wrong(self, what: str, key: str) -> InputError:
        """An error in the line of a key."""
        return InputError(what, where=f"{self.place}:{self.lines[key]}")


def _sections(lines: Sequence[str], place: str) -> Iterator[_Section]:
    starts = [0, *(number for number, line in enumerate(lines) if line.startswith("-- plot:"))]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _section(lines[start:end], place, first=start + 1)


def _section(lines: Sequence[str], place: str, *, first: int) -> _Section:
    keys: dict[str, str] = {}
    where: dict[str, int] = {}
    key = ""
    for number, line in enumerate(lines):
        if not line.startswith("--"):
            sql = "\n".join(lines[number:]).strip()
            if not sql:
                break
            return _Section(place, keys, where, sql, first + number)
        if (more := _MORE.fullmatch(line)) and key:
            keys[key] += f" {more[1]}"
            continue
        match = _KEY.fullmatch(line)
        if match is None:
            raise InputError(
                "not a line of a header", where=f"{place}:{first + number}", todo="Write: -- key: value"
            )
        key = match[1]
        if key in keys:
            raise InputError(f"{key} stands twice", where=f"{place}:{first + number}")
        keys[key], where[key] = match[2].rstrip(), first + number
    raise InputError("a header without a query", where=f"{place}:{first}")
