"""`deskferry verify`: read everything back and compare."""

import os
from pathlib import Path

import click

from deskferry.load.target import open_target
from deskferry.load.verify import verify
from deskferry.load.verify_result import VerifyResult

from . import options
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .verb import verb
from .words import command, number, plural


@verb(root, "verify")
@options.plan
@options.target
@options.ledger
@options.workspace_name
@click.option(
    "--sample", type=options.share, metavar="SHARE", default="100%", help="Read so many only, such as 5%."
)
@options.settle
def run(
    display: Display,
    plan: Path,
    target: str,
    ledger: Path | None,
    workspace_name: str | None,
    sample: float,
    settle: float | None,
) -> Outcome:
    """Read back all that PLAN put there and list each difference. Exit 5 if there is one."""
    with open_target(target, beside=plan.parent, workspace_name=workspace_name, environ=os.environ) as opened:
        result = verify(plan, target=opened, ledger=ledger, sample=sample, settle=settle, progress=display)
    return Outcome(
        data=data(result),
        lines=screen(result),
        next=following(result, plan, options.target_words(target, workspace_name)),
        exit=Exit.DIFFERENT if result.differences else Exit.DONE,
    )


def following(result: VerifyResult, plan: Path, words: list[str]) -> str:
    """What is missing can be loaded; what differs needs somebody who looks."""
    if not result.differences:
        return "nothing; every item stands as planned"
    if any(difference.symbol == "-" for difference in result.differences):
        return command("load", plan, *words)
    return f"look at each line above; {command('load', plan, *words)} changes nothing that stands"


def data(result: VerifyResult) -> dict[str, object]:
    """The JSON of a verification: `differences` counts them, `findings` lists them."""
    found = result.as_dict()
    return found | {"findings": found["differences"], "differences": len(result.differences)}


def screen(result: VerifyResult) -> list[str]:
    """One line a difference, then the count."""
    return [
        *map(str, result.differences[:100]),
        *(
            [f"... and {number(len(result.differences) - 100)} more (--json lists all)"]
            if len(result.differences) > 100
            else []
        ),
        f"{number(result.checked)} read back: {plural(result.contacts, 'contact')}, "
        f"{plural(result.conversations, 'conversation')} with {plural(result.parts, 'part')} · "
        f"{plural(len(result.differences), 'difference')} · {plural(result.calls, 'call')}",
    ]
