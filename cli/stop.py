"""`deskferry stop`: end a load at work, from any terminal."""

from pathlib import Path

import click

from deskferry.load.stop_request import stop

from . import options
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .verb import verb

PATIENCE = 90.0  # seconds; a call under way may take a minute


@verb(root, "stop")
@click.argument("ledger", type=options.FILE)
def run(display: Display, ledger: Path) -> Outcome:
    """End the load at work on LEDGER: it finishes the calls under way, and goes on when it is run again."""
    del display
    pid, has_stopped = stop(ledger, patience=PATIENCE)
    if pid is None:
        line = "no loader is at work"
    elif has_stopped:
        line = f"the loader (process {pid}) has stopped; what it began is in the ledger"
    else:
        line = f"the loader (process {pid}) is asked to stop and has not yet: a call may still be under way"
    return Outcome(
        data={"pid": pid, "stopped": has_stopped},
        lines=[line],
        next="deskferry load PLAN --to TARGET goes on from here",
        exit=Exit.DONE if has_stopped else Exit.FAILED,
    )
