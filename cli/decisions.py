"""`deskferry decisions`: what becomes of each ticket, and by which rule."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from deskferry.archive.decide import Share, decide, summary
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.decision import Decision
from deskferry.schemas.mapping import Mapping, read_mapping

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .stages import with_archive
from .verb import verb
from .words import command, number

COLUMNS = ("ticket", "target", "form", "rule", "reason", "where")


@verb(root, "decisions")
@options.dataset
@options.mapping
@click.option("--ticket", type=int, metavar="ID", help="Only this ticket's answer.")
@click.option("--csv", "as_csv", is_flag=True, help="Print one line for every ticket as CSV.")
def run(
    display: Display,
    dataset: Path,
    mapping: Path,
    ticket: int | None,
    as_csv: bool,  # noqa: FBT001 -- click hands every option over by name
) -> Outcome:
    """Say what becomes of the tickets of DATASET: how many per target and rule, or one ticket's answer."""
    read = read_mapping(mapping)
    opened = with_archive(dataset, display)
    if as_csv:
        return _csv(opened, read, ticket)
    if ticket is not None:
        decision = next(iter(decide(opened.archive, read, tickets=[ticket], option="--ticket")))
        return Outcome(
            data=_of_ticket(decision, read),
            lines=[f"ticket {ticket}: {_target(decision.target, decision.form)}, {_why(decision, read)}"],
            next=command("preview", dataset, "--ticket", str(ticket), "--mapping", mapping),
        )
    shares = summary(opened.archive, read)
    return Outcome(
        data=_of_all(shares, read),
        lines=list(_screen(shares, read)),
        next=command("plan", dataset, "--mapping", mapping, "--to", "sandbox"),
    )


def _csv(opened: Dataset, mapping: Mapping, ticket: int | None) -> Outcome:
    asked = None if ticket is None else [ticket]
    decisions = decide(opened.archive, mapping, tickets=asked, option="--ticket")
    rows = [_of_ticket(decision, mapping) for decision in decisions]
    return Outcome(
        data={"decisions": rows},
        lines=list(_csv_lines(rows)),
        next=command("preview", opened.path, "--ticket", "ID", "--mapping", mapping.path),
        bare=True,
    )


def _csv_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield ",".join(COLUMNS)
    for row in rows:
        target = io.StringIO()
        csv.writer(target, lineterminator="").writerow([row[name] for name in COLUMNS])
        yield target.getvalue()


def _of_ticket(decision: Decision, mapping: Mapping) -> dict[str, Any]:
    return {
        "ticket": decision.ticket_id,
        "target": str(decision.target),
        "form": decision.form,
        "rule": decision.rule,
        "reason": decision.reason,
        "where": mapping.where("rules", decision.rule - 1),
    }


def _of_all(shares: list[Share], mapping: Mapping) -> dict[str, Any]:
    targets: dict[str, int] = {}
    for share in shares:
        name = _target(share.target, share.form)
        targets[name] = targets.get(name, 0) + share.tickets
    rules = [
        {
            "rule": share.rule,
            "target": str(share.target),
            "form": share.form,
            "tickets": share.tickets,
            "reason": share.reason,
            "where": mapping.where("rules", share.rule - 1),
        }
        for share in shares
    ]
    return {"tickets": sum(targets.values()), "targets": targets, "rules": rules}


def _screen(shares: list[Share], mapping: Mapping) -> Iterator[str]:
    found = _of_all(shares, mapping)
    for target, tickets in found["targets"].items():
        yield f"{target:<22} {number(tickets):>10}"
    yield f"{'tickets':<22} {number(found['tickets']):>10}"
    for share in shares:
        where = mapping.where("rules", share.rule - 1)
        target = _target(share.target, share.form)
        yield f"  rule {share.rule:<3} {target:<22} {number(share.tickets):>10}  {share.reason}  {where}"


def _target(target: str, form: str | None) -> str:
    word = target.replace("_", " ")
    return f"{word}: {form}" if form else word


def _why(decision: Decision, mapping: Mapping) -> str:
    return f"rule {decision.rule} at {mapping.where('rules', decision.rule - 1)}: {decision.reason}"
