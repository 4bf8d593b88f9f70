"""docs/audit.md, written from the questions: `python -m deskferry.cli.reference_audit > docs/audit.md`."""

import sys
from collections.abc import Iterator
from importlib.resources import files
from itertools import groupby

from deskferry.archive.question import Question, Severity, read_questions


def reference() -> str:
    """The whole page as Markdown."""
    questions = read_questions()
    groups = groupby(questions, key=lambda question: question.group)
    body = "".join(_group(group, list(members)) for group, members in groups)
    head = files("deskferry.cli").joinpath("reference_audit.md").read_text(encoding="utf-8")
    return f"{head}\nThere are {len(questions)}.\n{body}"


def _group(group: str, questions: list[Question]) -> str:
    return f"\n### {group}\n" + "".join(part for question in questions for part in _question(question))


def _question(question: Question) -> Iterator[str]:
    zero = f"; {question.zero} when nothing is counted" if question.zero is not Severity.FINE else ""
    yield f"\n**{question.id}** · {question.title} · {question.severity}{zero}\n\n{question.advice}.\n\n"
    yield from (f"* `{name}`: {meaning}\n" for name, meaning in question.columns.items())
    yield from (f"* plot: {series.title}\n" for series in question.series)


if __name__ == "__main__":
    sys.stdout.write(reference())
