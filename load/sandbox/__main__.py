"""The sandbox as a child process: `python -m deskferry.load.sandbox --state FILE --stop-with-stdin`.

Prints `{"port": N}` on stdout once it listens; `{"error": "..."}` and exit 1 when it can't. People start it
with `deskferry sandbox`.
"""

import argparse
import json
import signal
import sys
from pathlib import Path

from deskferry.schemas.errors import InputError

from .serve import serve


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deskferry.load.sandbox", description=__doc__)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--stop-with-stdin", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN if options.stop_with_stdin else signal.default_int_handler)
    try:
        serve(
            port=options.port,
            state=options.state,
            token=None,
            ready=lambda port: _say({"port": port}),
            stop_with_stdin=options.stop_with_stdin,
        )
    except InputError as error:
        _say({"error": str(error)})
        return 1
    return 0


def _say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
