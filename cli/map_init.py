"""`deskferry map init`: a working mapping from what is in the data."""

from importlib.resources import files
from pathlib import Path

import click

from deskferry.archive.map_check import coverage
from deskferry.archive.map_init import PURPOSES, SCHEMA_FILE, default_mapping
from deskferry.schemas.errors import RefusedError
from deskferry.schemas.mapping import parse_mapping
from deskferry.schemas.workspace import read_workspace

from . import options
from .map_group import map_group
from .outcome import Outcome
from .progress import Display
from .stages import with_archive
from .verb import verb
from .words import command, number
from .write_whole import write_whole


@verb(map_group, "map", "init")
@options.dataset
@click.option("-o", "--output", type=options.FILE, help="Default: ACCOUNT.mapping.yaml.")
@click.option(
    "--purpose",
    type=click.Choice(PURPOSES),
    default="context",
    show_default=True,
    help="Why the history is needed: nothing is loaded, for numbers, to be read.",
)
@click.option(
    "--internal-tickets",
    metavar="TYPE",
    help="Make tickets that no customer ever saw back-office tickets of this type. Default: archive only.",
)
@options.workspace_file
@click.option("--replace", is_flag=True, help="Replace an existing mapping.")
def init(
    display: Display,
    dataset: Path,
    output: Path | None,
    purpose: str,
    internal_tickets: str | None,
    workspace_file: Path | None,
    replace: bool,  # noqa: FBT001 -- click hands every option over by name
) -> Outcome:
    """Write a working mapping for DATASET: every live value with its count and a target.

    Beside it stands mapping.schema.json, by which editors complete and check it while you type.
    """
    opened = with_archive(dataset, display)
    path = output or Path(f"{opened.account}.mapping.yaml")
    if path.exists() and not replace:
        raise RefusedError("there is a mapping already", where=path, todo="Add --replace to lose it")
    snapshot = read_workspace(workspace_file) if workspace_file else None
    text = default_mapping(opened.archive, workspace=snapshot, purpose=purpose, internal=internal_tickets)
    mapping = parse_mapping(text, path=path)
    found = coverage(opened.archive, mapping, workspace=snapshot)
    write_whole(path, text)
    write_whole(path.with_name(SCHEMA_FILE), _schema())
    return Outcome(
        data={
            "mapping": str(path),
            "schema": str(path.with_name(SCHEMA_FILE)),
            "live": found.live,
            "mapped": found.mapped,
            "unmapped": len(found.unmapped),
            "suggested": found.suggested,
        },
        lines=[
            f"{path}: {number(found.live)} live values: {number(found.mapped)} mapped "
            f"({number(found.suggested)} suggested, marked), {number(len(found.unmapped))} open"
        ],
        next=command("map", "check", dataset, path, *options.snapshot_words(workspace_file)),
    )


def _schema() -> str:
    return files("deskferry.schemas").joinpath("mapping.json").read_text(encoding="utf-8")
