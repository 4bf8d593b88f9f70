"""`deskferry ledger rebuild`: make a lost ledger anew from what the workspace shows."""

import os
from pathlib import Path

import click

from deskferry.load.rebuild import Rebuilt, rebuild
from deskferry.load.target import open_target

from . import options
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .verb import verb
from .words import command, number, plural

LISTED = 20


@root.group("ledger")
def ledger_group() -> None:
    """Look after the ledger, the only memory of what was sent."""


@verb(ledger_group, "ledger", "rebuild")
@options.plan
@options.target
@options.ledger
@options.workspace_name
@options.settle
@click.option("--fill", is_flag=True, help="Fill up an older copy of the ledger with what it does not know.")
@click.option("--dry-run", is_flag=True, help="Look and count; write nothing.")
def run(
    display: Display,
    plan: Path,
    target: str,
    ledger: Path | None,
    workspace_name: str | None,
    settle: float | None,
    fill: bool,  # noqa: FBT001 -- click hands every option over by name
    dry_run: bool,  # noqa: FBT001 -- see above
) -> Outcome:
    """Write a lost ledger anew: a line for each call of PLAN that the workspace shows to have been made.

    Nothing is written to Intercom. Whatever is not found stays to do: load PLAN afterwards.
    """
    with open_target(target, beside=plan.parent, workspace_name=workspace_name, environ=os.environ) as opened:
        result = rebuild(
            plan, target=opened, ledger=ledger, settle=settle, fill=fill, dry_run=dry_run, progress=display
        )
    words = [*options.target_words(target, workspace_name), *(["--ledger", str(ledger)] if ledger else [])]
    again = command("ledger", "rebuild", plan, *words, *(["--fill"] if fill else []))
    return Outcome(
        data=result.as_dict(),
        lines=screen(result),
        next=command("load", plan, *words) if result.written else again,
        exit=Exit.SOME_REJECTED if result.unclear else Exit.DONE,
    )


def screen(result: Rebuilt) -> list[str]:
    """What is unclear first, then each kind, the ledger last."""
    lines = [f"look at {failure}" for failure in result.unclear[:LISTED]]
    if len(result.unclear) > LISTED:
        lines.append(f"... {number(len(result.unclear))} in all (--json lists them)")
    for kind in dict.fromkeys([*result.created, *result.adopted, *result.absent]):
        words = [f"{number(result.created.get(kind, 0))} ours"]
        if adopted := result.adopted.get(kind):
            words.append(f"{number(adopted)} without our mark, never to be taken back")
        words.append(f"{number(result.absent.get(kind, 0))} not there, left to do")
        lines.append(f"  {kind:<14} {' · '.join(words)}")
    lines.append(
        f"{plural(result.rows, 'call')} known, with {plural(result.calls, 'request')} that only read"
    )
    lines.append(f"ledger {result.ledger}" if result.written else "dry run: nothing was written")
    return lines
