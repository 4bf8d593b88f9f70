"""`deskferry silence`: what Intercom's API cannot show, as a file that people fill in."""

from pathlib import Path

import click

from deskferry.schemas.errors import RefusedError
from deskferry.schemas.silence import SWITCHES, blank_silence
from deskferry.schemas.workspace import read_workspace

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .verb import verb
from .words import number
from .write_whole import write_whole


@root.group("silence")
def silence_group() -> None:
    """Write down what Intercom's API cannot show: workflows, campaigns, Fin, ratings, webhooks."""


@verb(silence_group, "silence", "init")
@click.option(
    "-o",
    "--output",
    type=options.FILE,
    default=Path("silence.yaml"),
    show_default=True,
    help="The file to write.",
)
@options.workspace_file
@click.option("--replace", is_flag=True, help="Replace an existing file.")
def init(
    display: Display,
    output: Path,
    workspace_file: Path | None,
    replace: bool,  # noqa: FBT001 -- click hands every option over by name
) -> Outcome:
    """Write one line for each switch that a load could set off, with what to do about it.

    Somebody looks at each in Intercom and notes how it stands, his name and the day; `plan --silence` holds
    the plan to it.
    """
    del display
    if output.exists() and not replace:
        raise RefusedError("is there already", where=output, todo="Name another file, or add --replace")
    name = str(read_workspace(workspace_file)["name"]) if workspace_file else ""
    write_whole(output, blank_silence(name))
    return Outcome(
        data={"silence": str(output), "switches": list(SWITCHES)},
        lines=[f"{output}: {number(len(SWITCHES))} switches to look at, each with what to do"],
        next=f"look at each switch in Intercom, note it in {output}, then: "
        f"deskferry plan ... --silence {output}",
    )
