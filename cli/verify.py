"""`deskferry verify`: read everything back, compare, and certify what was found."""

import json
import os
import time
from pathlib import Path
from typing import Any

import click

from deskferry.load.certificate import certify
from deskferry.load.certificate_lines import accepted, lines, title
from deskferry.load.certificate_page import page
from deskferry.load.target import open_target
from deskferry.load.verify import verify
from deskferry.load.verify_result import VerifyResult

from . import options
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .verb import verb
from .words import command, number, plural
from .write_whole import write_whole

LISTED = 100


@verb(root, "verify")
@options.plan
@options.target
@options.ledger
@options.workspace_name
@click.option(
    "--sample", type=options.share, metavar="SHARE", default="100%", help="Read so many only, such as 5%."
)
@options.settle
@click.option("--html", type=options.FILE, help="The certificate; default: ACCOUNT.certificate.html.")
@click.option("--report", type=options.FILE, help="Its facts as JSON; default: ACCOUNT.certificate.json.")
def run(
    display: Display,
    plan: Path,
    target: str,
    ledger: Path | None,
    workspace_name: str | None,
    sample: float,
    settle: float | None,
    html: Path | None,
    report: Path | None,
) -> Outcome:
    """Read back all that PLAN put there and list each difference. Exit 5 if there is one.

    What people added since is listed, too, and is no difference. The certificate lies beside PLAN.
    """
    with open_target(target, beside=plan.parent, workspace_name=workspace_name, environ=os.environ) as opened:
        result = verify(plan, target=opened, ledger=ledger, sample=sample, settle=settle, progress=display)
        state = opened.sandbox_state()
    notifications = None if state is None else int(state["notifications"])
    facts = certify(plan, result, now=time.time(), ledger=ledger, notifications=notifications)
    written = html or plan.parent / f"{facts['account']}.certificate.html"
    kept = report or plan.parent / f"{facts['account']}.certificate.json"
    write_whole(kept, json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    write_whole(written, page(facts))
    return Outcome(
        data=data(result) | {"certificate": facts, "html": str(written), "report": str(kept)},
        lines=[*screen(result), "", *summary(facts), f"certificate {written}"],
        next=following(
            result,
            plan,
            options.target_words(target, workspace_name),
            unplanned=facts["tickets"]["unaccounted"],
        ),
        exit=Exit.DIFFERENT if result.differences else Exit.DONE,
    )


def following(result: VerifyResult, plan: Path, words: list[str], *, unplanned: int = 0) -> str:
    """What is missing can be loaded; what differs needs somebody who looks."""
    if not result.differences and unplanned:
        others = plural(unplanned, "ticket")
        return f"every item stands as planned; plan the other {others}, without --limit, as before"
    if not result.differences:
        return "nothing; every item stands as planned"
    if any(difference.symbol == "-" for difference in result.differences):
        return command("load", plan, *words)
    return f"look at each line above; {command('load', plan, *words)} changes nothing that stands"


def data(result: VerifyResult) -> dict[str, Any]:
    """The JSON of a verification: `differences` counts them, `findings` lists them."""
    found = result.as_dict()
    return found | {"findings": found["differences"], "differences": len(result.differences)}


def screen(result: VerifyResult) -> list[str]:
    """One line a difference, then those people added since, then the count."""
    return [
        *map(str, result.differences[:LISTED]),
        *_more(len(result.differences)),
        *map(str, result.additions[:LISTED]),
        *_more(len(result.additions)),
        f"{number(result.checked)} read back: {plural(result.contacts, 'contact')}, "
        f"{plural(result.conversations, 'conversation')}, {plural(result.tickets, 'ticket')} "
        f"with {plural(result.parts, 'part')} · "
        f"{plural(len(result.differences), 'difference')} · {plural(result.calls, 'call')}",
    ]


def summary(facts: dict[str, Any]) -> list[str]:
    """The last screen: whether Zendesk may be cancelled, and why not."""
    told = list(lines(facts))
    width = max(len(label) for label, _ in told)
    return [title(facts), *(f"{label:<{width}}  {text}" for label, text in told), accepted(facts)]


def _more(count: int) -> list[str]:
    return [f"... and {number(count - LISTED)} more (--json lists all)"] if count > LISTED else []
