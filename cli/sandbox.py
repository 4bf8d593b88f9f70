"""`deskferry sandbox`: a local Intercom, until Ctrl-C."""

import json
import sys
from pathlib import Path

import click

from deskferry.load.sandbox.serve import serve

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
def run(display: Display, port: int, state: Path, token: str | None, workspace_file: Path | None) -> Outcome:
    """Run a local Intercom on 127.0.0.1: same API, real state, nobody mailed. Ctrl-C ends it.

    GET /_sandbox/state counts what it holds; GET /_sandbox/outbox lists what would have reached a customer.
    """
    del display
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
        port=port, state=state, token=token, workspace_file=workspace_file, ready=ready, stop_with_stdin=False
    )
    return Outcome(data={}, silent=True)
