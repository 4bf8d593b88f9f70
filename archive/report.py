"""The audit as one page: self-contained HTML with plots, for a screen, a telephone and paper.

In: findings. Out: HTML. What comes from the export is escaped; nothing is loaded from anywhere.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from deskferry.templates.document import document

from .ask import Finding, Series
from .draw import draw
from .question import Severity

_ROWS = 200  # of a series in the table below its picture; a page is read by people


def report(findings: Sequence[Finding], *, account: str, digest: str, asked: str) -> str:
    """The page. asked: when, as people write it."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        groups.setdefault(finding.question.group, []).append(_told(finding))
    counts = Counter(str(finding.severity) for finding in findings)
    return document(
        "audit",
        account=account,
        digest=digest,
        asked=asked,
        counts=[(str(severity), counts[str(severity)]) for severity in Severity],
        urgent=[
            _told(finding)
            for severity in (Severity.STOP, Severity.DECIDE)
            for finding in findings
            if finding.severity is severity
        ],
        groups=list(groups.items()),
        questions=len(findings),
    )


def _told(finding: Finding) -> dict[str, Any]:
    question = finding.question
    return {
        "id": question.id,
        "title": question.title,
        "severity": str(finding.severity),
        "text": finding.text,
        "advice": question.advice,
        "examples": [_words(example) for example in finding.examples],
        "plots": [
            _plot(series, name=f"{question.id}-{number}")
            for number, series in enumerate(finding.series, start=1)
            if series.rows
        ],
    }


def _plot(series: Series, *, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": series.question.title,
        "svg": draw(series, name=name),
        "columns": series.columns,
        "rows": [[_words(value) for value in row] for row in series.rows[:_ROWS]],
        "more": max(len(series.rows) - _ROWS, 0),
    }


def _words(value: Any) -> str:
    """An example, or a value of a series, as people read it."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if value is None:
        return "unknown"
    if isinstance(value, float):
        return f"{value:,.1f}"
    return str(value)
