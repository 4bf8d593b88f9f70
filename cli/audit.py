"""`deskferry audit`: what is in the data, what has no equivalent, what it costs, asked in SQL."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from deskferry.archive.ask import Finding, ask
from deskferry.archive.question import RISK, Question, Severity, read_questions
from deskferry.schemas.cost import LIMITS_PER_10S, seconds
from deskferry.schemas.errors import InputError
from deskferry.schemas.workspace import read_workspace

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .stages import with_archive
from .verb import verb
from .words import command, duration, number, size
from .write_whole import write_whole

_SHOWN = 3  # examples on a line
_FORMS = {"bare": "bare", "note": "one note", "messages": "messages", "ticket": "ticket"}


@verb(root, "audit")
@options.dataset
@click.option("--queries", type=options.FOLDER, help="Folder with questions of your own, <group>_<name>.sql.")
@click.option("--group", "groups", multiple=True, metavar="NAME", help="Only questions of this group.")
@click.option("--only", "ids", multiple=True, metavar="ID", help="Only this question.")
@click.option("--risk", is_flag=True, help="Count card numbers, passwords, health too; none is ever printed.")
@click.option(
    "--delta",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The delta date you propose: what changed from then on is loaded later.",
)
@click.option("--html", type=options.FILE, metavar="FILE", help="Write a page with plots, self-contained.")
@options.workspace_file
def run(
    display: Display,
    dataset: Path,
    queries: Path | None,
    groups: tuple[str, ...],
    ids: tuple[str, ...],
    risk: bool,  # noqa: FBT001 -- click hands every option over by name
    delta: datetime | None,
    html: Path | None,
    workspace_file: Path | None,
) -> Outcome:
    """Ask DATASET every question that people should answer before anything moves."""
    asked = chosen(read_questions(queries), groups=groups, ids=ids, risk=risk)
    workspace = read_workspace(workspace_file) if workspace_file else None
    opened = with_archive(dataset, display)
    began, now = time.monotonic(), datetime.now(UTC)
    findings = ask(
        opened.archive,
        asked,
        now=now,
        delta=day(delta),
        workspace=workspace,
        progress=display,
    )
    lines = screen(findings, took=time.monotonic() - began, everything=bool(groups or ids))
    if html is not None:
        from deskferry.archive.report import report  # Matplotlib takes a second to import

        page = report(
            findings, account=opened.account, digest=opened.digest, asked=f"{now:%Y-%m-%d %H:%M} UTC"
        )
        write_whole(html, page)
        lines.append(f"{html}: {size(len(page.encode()))}, with plots; open it in any browser")
    return Outcome(
        data={
            "questions": len(findings),
            "findings": [finding.as_json() for finding in findings],
            **({"html": str(html)} if html else {}),
        },
        lines=lines,
        next=command("map", "init", dataset, "-o", f"{opened.account}.mapping.yaml")
        if html
        else command("audit", dataset, "--html", "audit.html"),
    )


def day(moment: datetime | None) -> date | None:
    """The day of a moment that click has read."""
    return moment.date() if moment else None


def chosen(
    questions: Sequence[Question], *, groups: Sequence[str], ids: Sequence[str], risk: bool
) -> list[Question]:
    """The questions to ask. Raises InputError for a group or an id that there is none of."""
    known = {question.group for question in questions}
    for group in groups:
        if group not in known:
            raise InputError(f"no group {group}", where="--group", todo=f"One of {', '.join(sorted(known))}")
    for name in ids:
        if all(name != question.id for question in questions):
            raise InputError(
                f"no question {name}", where="--only", todo="docs/audit.md and --json list their ids"
            )
    wanted = [
        question
        for question in questions
        if (not groups or question.group in groups) and (not ids or question.id in ids)
    ]
    # Asking for the group, or for one of its questions, is asking for it.
    opted = risk or RISK in groups
    return [one for one in wanted if one.group != RISK or opted or one.id in ids]


def screen(findings: Sequence[Finding], *, took: float, everything: bool) -> list[str]:
    """The counts, what stops, what is to be decided, and the costs. everything: what is fine, too."""
    counts = Counter(finding.severity for finding in findings)
    kinds = ", ".join(f"{counts[severity]} {severity.lower()}" for severity in Severity)
    lines = [f"{len(findings)} questions, {duration(took)}: {kinds}"]
    for severity in Severity:
        if everything or severity in (Severity.STOP, Severity.DECIDE):
            lines += [_line(finding) for finding in findings if finding.severity is severity]
    return lines + _costs(findings)


def _line(finding: Finding) -> str:
    shown = ", ".join(words(example) for example in finding.examples[:_SHOWN])
    such = f" (such as {shown})" if shown else ""
    line = f"{finding.severity:<6} {finding.text}{such}  [{finding.question.id}]"
    # What stops the move has to say what to do about it.
    stops = finding.severity is Severity.STOP
    return f"{line}\n{'':<6} -> {finding.question.advice}" if stops else line


def words(example: Any) -> str:
    """One example on one line: a value, or the values of an object."""
    values = example.values() if isinstance(example, dict) else [example]
    return " ".join(str(value) for value in values if value is not None)


def _costs(findings: Sequence[Finding]) -> list[str]:
    """The table of calls and hours by form, from the question that counts them."""
    forms = [one for finding in findings if finding.question.id == "cost_calls" for one in finding.examples]
    if not forms:
        return []
    head = "".join(f"{f'at {number(limit)}/10 s':>15}" for limit in LIMITS_PER_10S)
    lines = [f"{'COST':<6} {'form':<9}{'calls':>12}{head}"]
    for one in sorted(forms, key=lambda one: list(_FORMS).index(one["form"])):
        times = "".join(f"{duration(seconds(one['calls'], limit)):>15}" for limit in LIMITS_PER_10S)
        lines.append(f"{'':<6} {_FORMS[one['form']]:<9}{number(one['calls']):>12}{times}")
    return lines
