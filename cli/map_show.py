"""`deskferry map show`: the table and the diagram of a mapping, to be signed."""

from pathlib import Path

import click

from deskferry.archive.map_sheet import as_html, as_markdown, sheet
from deskferry.schemas.mapping import read_mapping

from . import options
from .map_group import map_group
from .outcome import Outcome
from .progress import Display
from .stages import gap_count, with_archive
from .verb import verb
from .words import command, plural
from .write_whole import write_whole


@verb(map_group, "map", "show")
@options.dataset
@click.argument("mapping", type=options.FILE)
@click.option("--html", type=options.FILE, help="Write one self-contained page, with the diagram.")
@click.option(
    "--markdown",
    is_flag=False,
    flag_value="-",
    type=options.FILE,
    help="Write the tables as Markdown; without FILE, print them.",
)
def show_mapping(
    display: Display, dataset: Path, mapping: Path, html: Path | None, markdown: Path | None
) -> Outcome:
    """Show everything DATASET holds and what MAPPING makes of it, with counts, ready to be signed."""
    if html is None and markdown is None:
        raise click.UsageError("say --html FILE or --markdown [FILE]")
    read = read_mapping(mapping)
    opened = with_archive(dataset, display)
    found = sheet(opened.archive, read)
    printed = markdown is not None and str(markdown) == "-"
    written = []
    if html is not None:
        write_whole(html, as_html(found))
        written.append(str(html))
    if markdown is not None and not printed:
        write_whole(markdown, as_markdown(found))
        written.append(str(markdown))
    lines = (
        [as_markdown(found)] if printed else [f"{', '.join(written)}: {_head(found.tickets, found.digest)}"]
    )
    return Outcome(
        data={
            "mapping": str(mapping),
            "digest": found.digest,
            "files": written,
            "tickets": found.tickets,
            "open": len(found.coverage.gaps),
            "sections": {section.name: len(section.lines) for section in found.sections},
        },
        lines=[*lines, *([] if printed or not found.coverage.gaps else [f" ! {gap_count(found.coverage)}"])],
        next=command("map", "check", dataset, mapping, "--signed"),
        bare=printed,
    )


def _head(tickets: int, digest: str) -> str:
    return f"{plural(tickets, 'ticket')}, mapping sha256 {digest[:16]}..."
