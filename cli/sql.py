"""`deskferry sql`: questions to the archive."""

import shutil
import sys
from pathlib import Path

import click

from deskferry.archive.query import layout, run_query

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .stages import with_archive
from .verb import verb
from .words import command


@verb(root, "sql")
@options.dataset
@click.argument("query")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "markdown"]),
    default="table",
    show_default=True,
    help="How the rows are printed.",
)
def run(display: Display, dataset: Path, query: str, form: str) -> Outcome:
    """Answer QUERY (SQL) from the archive of DATASET. It can read nothing else and write nothing."""
    opened = with_archive(dataset, display)
    table = run_query(opened.archive, query)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return Outcome(
        data={"columns": table.columns, "types": table.types, "rows": table.rows},
        lines=[layout(table, form, width)],
        next=command("sql", dataset, "from relations"),
        bare=form != "table",
    )
