"""How much of a target's limit `deskferry load` uses, what it costs, and how fast a large load is resumed.

Run it from anywhere: python benchmarks/load.py --rate 1667
The target is a sandbox of its own on this machine, which needs a processor too: on two shared cores it may be
the sandbox that does not keep up with 1,667 calls in ten seconds.
"""

import argparse
import contextlib
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from make_export import write_export
from make_plan import enlarge
from measure import measured

from deskferry.load.budget import WINDOW

_COMMAND = [sys.executable, "-m", "deskferry.cli"]
_TICKET_BYTES = 18_000  # of an export, for each ticket
_TICKET_CALLS = 5.5


def main() -> None:
    """Make the export, load it, resume a large load, print."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as held:
        folder = Path(held)
        tickets = int(options.rate * options.windows / _TICKET_CALLS) + 1
        dataset, mapping = _mapped(folder, size=tickets * _TICKET_BYTES)
        with _sandbox(folder / "load.sqlite", rate=options.rate, latency=options.latency) as url:
            report = _load(folder, dataset, mapping, url=url, rate=options.rate)
            if options.threads:
                report |= _resume(folder, dataset, mapping, url=url, threads=options.threads)
    machine = f"{len(os.sched_getaffinity(0))} cores, {platform.system()}, Python {platform.python_version()}"
    head = {"date": datetime.now(UTC).strftime("%Y-%m-%d"), "machine": machine, "load": os.getloadavg()[1]}
    sys.stdout.write(json.dumps(head | report, indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=167, help="calls per 10 seconds; default 167")
    parser.add_argument("--latency", default="50ms", help="of each answer; default 50ms")
    parser.add_argument("--windows", type=int, default=9, help="windows to fill; default 9")
    parser.add_argument("--threads", type=int, default=1_000_000, help="in the resumed ledger; 0: none")
    parser.add_argument("--folder", type=Path, help="where to work; default: the system's temporary folder")
    return parser.parse_args()


def _mapped(folder: Path, *, size: int) -> tuple[Path, Path]:
    dataset, mapping = folder / "x.dataset", folder / "x.mapping.yaml"
    write_export(folder / "export", size=size)
    measured([*_COMMAND, "convert", str(folder / "export"), "--into", str(dataset)])
    measured([*_COMMAND, "archive", str(dataset)])
    measured([*_COMMAND, "map", "init", str(dataset), "-o", str(mapping), "--purpose", "context"])
    return dataset, mapping


@contextlib.contextmanager
def _sandbox(state: Path, *, rate: int, latency: str) -> Iterator[str]:
    words = [
        "sandbox",
        "--port",
        "0",
        "--state",
        str(state),
        "--rate",
        str(rate),
        "--latency",
        latency,
        "--json",
    ]
    with subprocess.Popen([*_COMMAND, *words], stdout=subprocess.PIPE) as process:
        line = process.stdout.readline() if process.stdout else b"{}"
        try:
            yield json.loads(line)["url"]
        finally:
            process.terminate()


def _plan(folder: Path, dataset: Path, mapping: Path, *, url: str, limit: int | None) -> tuple[Path, int]:
    """A plan in a folder of its own, where its ledger will lie, and its number of calls."""
    folder.mkdir()
    path = folder / "x.plan"
    words = [str(dataset), "--mapping", str(mapping), "--to", url, "-o", str(path), "--json"]
    words += [] if limit is None else ["--limit", str(limit)]
    ran = subprocess.run([*_COMMAND, "plan", *words], capture_output=True, check=True)
    return path, int(json.loads(ran.stdout)["calls"])


def _load(folder: Path, dataset: Path, mapping: Path, *, url: str, rate: int) -> dict[str, Any]:
    plan, planned = _plan(folder / "all", dataset, mapping, url=url, limit=None)
    before = _state(url)["requests"]
    took = measured([*_COMMAND, "load", str(plan), "--to", url, "--json"])
    state = _state(url)
    made = state["requests"] - before
    first = _first_call(plan)
    windows = [count for start, count, _ in state["windows"] if start + WINDOW > first]
    full = windows[1:-2]
    return {
        "rate": rate,
        "windows": windows,
        "least_use_of_a_full_window": round(min(full) / rate, 3) if full else None,
        "refused": state["rate_limited"],
        "calls": made,
        "planned": planned,
        "cpu_seconds": round(took.cpu, 1),
        "cpu_milliseconds_per_call": round(took.cpu / made * 1000, 2),
        "cores_at_167_calls_per_second": round(took.cpu / made * 167, 2),
        "seconds": round(took.seconds, 1),
        "peak_memory_megabytes": round(took.memory / 1e6),
    }


def _resume(folder: Path, dataset: Path, mapping: Path, *, url: str, threads: int) -> dict[str, Any]:
    """From the start of the command to its first call: most of a large load stands, two tickets are left.

    The first time the plan is hashed, as no load has opened it yet; after that its file is known.
    """
    small, _ = _plan(folder / "small", dataset, mapping, url=url, limit=2)
    large = folder / "large" / "x.plan"
    large.parent.mkdir()
    enlarge(small, large, threads=threads)
    first, again = _until_first_call(large, url=url), _until_first_call(large, url=url)
    return {"resumed_threads": threads, "first_seconds": first, "resume_seconds": again}


def _until_first_call(plan: Path, *, url: str) -> float:
    """Seconds; the load is ended then."""
    time.sleep(1.0)  # the last call of the one before is answered
    before = _state(url)["requests"]
    began = time.perf_counter()
    with subprocess.Popen([*_COMMAND, "load", str(plan), "--to", url], stdout=subprocess.DEVNULL) as process:
        while _state(url)["requests"] == before and process.poll() is None:
            time.sleep(0.05)
        seconds = time.perf_counter() - began
        process.terminate()
    return round(seconds, 1)


def _first_call(plan: Path) -> float:
    """When the first item left, in unix seconds: preflight, setup and canary come before."""
    (ledger,) = plan.parent.glob("*.ledger")
    with contextlib.closing(sqlite3.connect(ledger)) as connection:
        (first,) = connection.execute(
            "select min(sent_at) from rows where kind in ('contact', 'company', 'conversation', 'ticket')"
        ).fetchone()
    return float(first)


def _state(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/_sandbox/state", timeout=30) as answer:  # noqa: S310 -- our own sandbox
        state: dict[str, Any] = json.load(answer)
    return state


if __name__ == "__main__":
    main()
