"""`deskferry status`: what a ledger remembers."""

from pathlib import Path

import click

from deskferry.load.status import status

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .verb import verb
from .words import number


@verb(root, "status")
@click.argument("ledger", type=options.FILE)
def run(display: Display, ledger: Path) -> Outcome:
    """Say what LEDGER remembers: done, failed, in doubt. Also while a loader runs."""
    del display
    found = status(ledger)
    lines = [f"{found.account} -> workspace {found.workspace}"]
    lines += [
        f"  {count.kind:<24} {count.step:<14} {count.state:<8} {count.origin or '':<8} "
        f"{number(count.count):>9}"
        for count in found.counts
    ]
    lines += [f"failed {row.kind} {row.key} ({row.step}): {row.error}" for row in found.failed[:20]]
    lines += [f"in doubt {row.kind} {row.key} ({row.step})" for row in found.in_doubt[:20]]
    lines.append(
        f"a loader is at work (process {found.running})" if found.running else "no loader is at work"
    )
    verb = "verify PLAN --to TARGET" if found.finished else "load PLAN --to TARGET goes on from here"
    return Outcome(data=found.as_dict(), lines=lines, next=f"deskferry {verb}")
