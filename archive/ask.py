"""Asking an archive the questions of the audit.

In: archive.duckdb and questions. Out: a Finding for each, in their order. Wrong: InputError with the file and
line of a question that DuckDB cannot answer or that answers in another shape. The connection is locked as
that of `deskferry sql` is: a question can neither write nor reach another file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.errors import InputError
from deskferry.schemas.progress import Progress, Silent

from .assumed import prepare
from .query import Table, answer
from .question import PLACEHOLDER, Question, SeriesQuestion, Severity

MEMORY, THREADS = "300MB", 2
EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Series:
    """What a plot shows. rows: of columns; x, y, by name columns."""

    question: SeriesQuestion
    columns: list[str]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question. text: its sentence with the numbers in it. values: of further columns."""

    question: Question
    severity: Severity
    count: int
    examples: list[Any]
    text: str
    values: dict[str, Any]
    series: tuple[Series, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that `--json` prints."""
        return {
            "id": self.question.id,
            "group": self.question.group,
            "severity": str(self.severity),
            "count": self.count,
            "examples": self.examples,
            "advice": self.question.advice,
        }


def ask(
    archive: Path,
    questions: Sequence[Question],
    *,
    now: datetime,
    delta: date | None = None,
    workspace: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """A finding for each question. now: aware. delta: the proposed delta date. workspace: a snapshot."""
    progress = progress or Silent()
    progress.start("asking", total=len(questions), unit="questions")
    findings = []
    with open_archive(archive, memory_limit=MEMORY, threads=THREADS) as connection:
        prepare(connection, workspace=workspace, now=now, delta=delta)
        for question in questions:
            findings.append(_finding(connection, question))
            progress.advance()
    return findings


def _finding(connection: duckdb.DuckDBPyConnection, question: Question) -> Finding:
    row = _only_row(question, _answered(connection, question.sql, where=question.where))
    count = row.pop("count")
    if isinstance(count, bool) or not isinstance(count, int):
        raise InputError("its count is not a whole number", where=question.where)
    severity = _severity(question, count, row.pop("severity", None))
    return Finding(
        question=question,
        severity=severity,
        count=count,
        examples=_examples(question, row.pop("examples")),
        text=_said(question.says, {"count": count, **row}),
        values=row,
        series=tuple(_series(connection, one) for one in question.series),
    )


def _answered(connection: duckdb.DuckDBPyConnection, sql: str, *, where: str) -> Table:
    try:
        return answer(connection, sql)
    except InputError as error:
        raise InputError(error.what, where=where, todo=error.todo) from error


def _only_row(question: Question, table: Table) -> dict[str, Any]:
    """The answer by column, of exactly the columns that the header describes."""
    told = {*question.columns, *(("severity",) if "severity" in table.columns else ())}
    if told != set(table.columns):
        odd = ", ".join(sorted(told ^ set(table.columns)))
        raise InputError(f"header and answer differ in columns: {odd}", where=question.where)
    if len(table.rows) != 1:
        raise InputError(f"{len(table.rows)} rows instead of one", where=question.where)
    return dict(zip(table.columns, table.rows[0], strict=True))


def _severity(question: Question, count: int, own: object) -> Severity:
    """The query's own word, else the header's. A count of zero is fine unless the header says otherwise."""
    if count == 0:
        return question.zero
    if own is None:
        return question.severity
    try:
        return Severity(str(own))
    except ValueError:
        known = ", ".join(Severity)
        raise InputError(f"severity {own} is none of {known}", where=question.where) from None


def _examples(question: Question, listed: object) -> list[Any]:
    if listed is None:
        return []
    found = orjson.loads(listed) if isinstance(listed, str) and listed.startswith("[") else None
    if not isinstance(found, list):
        raise InputError("its examples are not a list", where=question.where)
    return found[:EXAMPLES]


def _series(connection: duckdb.DuckDBPyConnection, series: SeriesQuestion) -> Series:
    table = _answered(connection, series.sql, where=series.where)
    wanted = [series.x, series.y, *([series.by] if series.by else [])]
    if missing := [name for name in wanted if name not in table.columns]:
        raise InputError(f"the plot's column {missing[0]} is not in its answer", where=series.where)
    return Series(series, table.columns, table.rows)


def _said(sentence: str, values: Mapping[str, Any]) -> str:
    """A sentence with its numbers: {column}, or {column:word for one|word for several}."""

    def number(match: re.Match[str]) -> str:
        value = values[match["name"]]
        if match["one"] is None:
            return _written(value)
        word = match["one"] if value == 1 else match["many"]
        # A verb after its own number would name that number twice.
        return word if match["name"] in seen else f"{_written(value)} {word}"

    seen: set[str] = set()
    parts = []
    end = 0
    for match in PLACEHOLDER.finditer(sentence):
        parts += [sentence[end : match.start()], number(match)]
        seen.add(match["name"])
        end = match.end()
    return "".join([*parts, sentence[end:]])


def _written(value: object) -> str:
    """A value inside a sentence."""
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
