"""`deskferry status`: what a ledger remembers, and where everything went."""

import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from deskferry.load.ledger_dataset import dataset_beside
from deskferry.load.redirect import COLUMNS, Redirect, redirects
from deskferry.load.status import Status, status
from deskferry.schemas.dataset import open_dataset
from deskferry.schemas.errors import InputError

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .verb import verb
from .words import command, number, plural

STDOUT = Path("-")
UNKNOWN = "no Message-IDs and no merged tickets: no plan of this ledger lies beside it. Add --dataset DATASET"


@verb(root, "status")
@click.argument("ledger", type=options.FILE)
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    is_flag=False,
    flag_value=str(STDOUT),
    metavar="[FILE]",
    help="Write old id, new id, addresses and Message-IDs as CSV: a table to redirect by.",
)
@click.option(
    "--dataset",
    type=options.FOLDER,
    help="For --csv: whose Message-IDs; default: that of a plan beside the ledger.",
)
def run(display: Display, ledger: Path, table: Path | None, dataset: Path | None) -> Outcome:
    """Say what LEDGER remembers: done, failed, in doubt. Also while a loader runs."""
    if table is not None:
        return _redirects(display, ledger, table, dataset)
    if dataset is not None:
        raise click.UsageError("--dataset belongs to --csv")
    found = status(ledger)
    return Outcome(data=found.as_dict(), lines=screen(found), next=_next(found, ledger))


def screen(found: Status) -> list[str]:
    """Counts, then what failed and what is in doubt."""
    lines = [f"{found.account} -> workspace {found.workspace}"]
    lines += [
        f"  {count.kind:<24} {count.step:<14} {count.state:<8} {count.origin or '':<8} "
        f"{number(count.count):>9}"
        for count in found.counts
    ]
    lines += [f"failed {row.kind} {row.key} ({row.step}): {row.error}" for row in found.failed[:20]]
    doubt = "under way" if found.running else "in doubt"
    lines += [f"{doubt} {row.kind} {row.key} ({row.step})" for row in found.in_doubt[:20]]
    lines.append(
        f"a loader is at work (process {found.running})" if found.running else "no loader is at work"
    )
    return lines


def _next(found: Status, ledger: Path) -> str:
    if found.running:
        return f"nothing; the loader goes on by itself. {command('stop', ledger)} ends it"
    verb = "verify PLAN --to TARGET" if found.finished else "load PLAN --to TARGET goes on from here"
    return f"deskferry {verb}"


def _redirects(display: Display, ledger: Path, table: Path, dataset: Path | None) -> Outcome:
    opened = open_dataset(dataset) if dataset else dataset_beside(ledger)
    if opened is None:
        display.warn(UNKNOWN)
    found = redirects(ledger, dataset=opened)
    if table == STDOUT:
        return _printed(found)
    counts = {"lines": 0, "with_message_ids": 0}
    sibling = table.with_name(f".{table.name}.new")
    try:
        with sibling.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for line in found:
                writer.writerow(line.cells())
                counts["lines"] += 1
                counts["with_message_ids"] += bool(line.message_ids)
        sibling.replace(table)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=table) from error
    finally:
        sibling.unlink(missing_ok=True)
    said = (
        f"{plural(counts['lines'], 'line')}, {number(counts['with_message_ids'])} with Message-IDs: {table}"
    )
    return Outcome(data={**counts, "csv": str(table)}, lines=[said], next=command("status", ledger))


def _printed(found: Iterable[Redirect]) -> Outcome:
    """To stdout, line by line: a table of a million lines takes no memory. --json holds them all."""
    if click.get_current_context().params.get("as_json"):
        lines = [dict(zip(COLUMNS, line.cells(), strict=True)) for line in found]
        return Outcome(data={"redirects": lines})
    written = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(written)
        writer.writerow(COLUMNS)
        writer.writerows(line.cells() for line in found)
    finally:
        written.detach()
    return Outcome(data={}, silent=True)
