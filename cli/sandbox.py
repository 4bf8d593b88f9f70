"""`deskferry sandbox`: a local Intercom, until Ctrl-C."""

import json
import sys
from pathlib import Path

import click

from deskferry.load.sandbox.faults import Faults, parse_faults
from deskferry.load.sandbox.serve import serve
from deskferry.schemas.errors import InputError

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .verb import verb
from .words import command


@verb(root, "sandbox")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4711, show_default=True, help="0: any free port."
)
@click.option(
    "--state",
    type=options.FILE,
    default=Path("sandbox.sqlite"),
    show_default=True,
    help="Where it remembers.",
)
@click.option("--token", help="The only token it accepts; default: any.")
@options.workspace_file
@click.option(
    "--rate", type=click.IntRange(1), default=1667, show_default=True, help="Calls let through in 10 seconds."
)
@click.option(
    "--search-lag",
    type=click.FloatRange(0),
    default=5.0,
    show_default=True,
    help="Seconds until search finds what was made.",
)
@click.option("--latency", default="0ms", show_default=True, help="What each answer takes, such as 50ms.")
@click.option(
    "--faults",
    metavar="NAME=SHARE,...",
    help="drop (done, answer lost), error (5xx), reset, slow (done after the caller gave up), 429.",
)
@click.option("--live-series", is_flag=True, help="A campaign is on that mails every new contact it may.")
@click.option(
    "--live-workflow",
    is_flag=True,
    help="A workflow is on that answers new conversations and asks for a rating at their close.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Equal seeds give equal faults.")
def run(
    display: Display,
    port: int,
    state: Path,
    token: str | None,
    workspace_file: Path | None,
    rate: int,
    search_lag: float,
    latency: str,
    faults: str | None,
    live_series: bool,  # noqa: FBT001 -- click hands every option over by name
    live_workflow: bool,  # noqa: FBT001 -- see above
    seed: int,
) -> Outcome:
    """Run a local Intercom on 127.0.0.1: same API, real state, nobody mailed. Ctrl-C ends it.

    GET /_sandbox/state counts what it holds; GET /_sandbox/outbox lists what would have reached a
    customer or rung a teammate.
    """
    del display
    wait, shares = seconds(latency), parse_faults(faults) if faults else None
    as_json = bool(click.get_current_context().params.get("as_json"))

    def ready(listening: int) -> None:
        url = f"http://127.0.0.1:{listening}"
        # It is printed when it listens and not at the end: whoever started it waits for this line.
        if as_json:
            line = json.dumps({"type": "sandbox", "url": url, "port": listening, "state": str(state)})
        else:
            line = f"{url} (state {state})\nnext: {command('load', 'PLAN', '--to', url)}"
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    serve(
        port=port,
        state=state,
        token=token,
        workspace_file=workspace_file,
        ready=ready,
        rate=rate,
        search_lag=search_lag,
        latency=wait,
        faults=Faults(shares, seed=seed) if shares else None,
        live_series=live_series,
        live_workflow=live_workflow,
    )
    return Outcome(data={}, silent=True)


def seconds(text: str) -> float:
    """`50ms` or `0.05s` in seconds. Raises InputError."""
    number, factor = (text[:-2], 0.001) if text.endswith("ms") else (text.removesuffix("s"), 1.0)
    try:
        value = float(number) * factor
    except ValueError:
        value = -1.0
    if not 0 <= value < 3600:
        raise InputError(f"'{text}' is no latency", todo="Use a number with ms or s, such as 50ms")
    return value
