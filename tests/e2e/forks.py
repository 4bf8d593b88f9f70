"""Commands that start at once: one process has imported everything and forks for each.

A fork is a process of its own like any other: it can be killed at any moment, and takes nothing along.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .conftest import environment

_PARENT = """
import json, os, sys
import deskferry.cli.load, deskferry.load.replay, deskferry.load.verify
from deskferry.cli import main

for line in sys.stdin:
    words, out = json.loads(line)
    child = os.fork()
    if child == 0:
        file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(file, number)
        os.close(0)
        sys.argv = ["deskferry", *words]
        try:
            main()
        except SystemExit as end:
            sys.stdout.flush(), sys.stderr.flush()
            os._exit(end.code or 0)
        except BaseException:
            import traceback
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(70)
        os._exit(0)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


@dataclass
class Started:
    """A running command."""

    pid: int
    _parent: "subprocess.Popen[str]"

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit code, or minus the signal that ended it."""
        assert self._parent.stdout is not None
        return int(self._parent.stdout.readline())


@dataclass
class Forks:
    """Starts commands, one at a time. out: where all they print is added to."""

    out: Path
    _parent: "subprocess.Popen[str]"

    def start(self, *words: str | Path) -> Started:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps([list(map(str, words)), str(self.out)]) + "\n")
        self._parent.stdin.flush()
        return Started(int(self._parent.stdout.readline()), self._parent)

    def run(self, *words: str | Path) -> int:
        """Start it and wait; its exit code."""
        return self.start(*words).wait()


@contextmanager
def forks(out: Path, **environ: str) -> Iterator[Forks]:
    """Start the process that forks."""
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        env=environment(**environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as parent:
        try:
            yield Forks(out, parent)
        finally:
            parent.kill()
