"""`deskferry workspace`: what the target is, as a file."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from deskferry.load.target import open_target
from deskferry.load.workspace import take_snapshot, write_snapshot
from deskferry.load.workspace_people import take_people
from deskferry.schemas.workspace import workspace_digest

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .verb import verb
from .words import command, plural


@verb(root, "workspace")
@options.target
@click.option("-o", "--output", type=options.FILE, required=True, help="Where the snapshot is written.")
@options.workspace_name
@click.option(
    "--people", is_flag=True, help="Its contacts too: who of them a person of Zendesk is, known beforehand."
)
def run(
    display: Display,
    target: str,
    output: Path,
    workspace_name: str | None,
    people: bool,  # noqa: FBT001 -- click hands every option over by name
) -> Outcome:
    """Take a snapshot of TARGET: admins, teams, attributes, tags. Until `load`, all then works offline."""
    display.start("reading the workspace")
    with open_target(
        target, beside=output.parent, workspace_name=workspace_name, environ=os.environ
    ) as opened:
        snapshot = take_snapshot(opened.client(), now=datetime.now(UTC))
        if people:
            snapshot["people"] = take_people(opened.client(), patience=opened.patience, progress=display)
        calls = opened.calls
    write_snapshot(snapshot, output)
    counts = [
        plural(len(snapshot["admins"]), "admin"),
        plural(len(snapshot["teams"]), "team"),
        plural(len(snapshot["contact_attributes"]), "contact attribute"),
        plural(len(snapshot["conversation_attributes"]), "conversation attribute"),
        plural(len(snapshot["tags"]), "tag"),
        *([plural(len(snapshot["people"]), "contact")] if people else ()),
    ]
    return Outcome(
        data={
            "workspace": str(output),
            "id": snapshot["id"],
            "name": snapshot["name"],
            "region": snapshot["region"],
            "digest": workspace_digest(snapshot),
            "calls": calls,
        },
        lines=[f'"{snapshot["name"]}" ({snapshot["region"]}, {snapshot["id"]}): {" · ".join(counts)}'],
        next=command("map", "init", "DATASET", "--workspace-file", output),
    )
