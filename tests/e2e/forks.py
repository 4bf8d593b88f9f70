"""Commands that start at once: one process has imported everything and forks for each.

A fork is a process of its own like any other: it can be killed at any moment, and takes nothing along.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .conftest import environment

_PARENT = """
import importlib, json, os, sys
from deskferry.cli import main
from deskferry.cli.main import VERBS

for verb in VERBS:
    importlib.import_module(f"deskferry.cli.{verb}")
for line in sys.stdin:
    words, out, err, folder, environ = json.loads(line)
    child = os.fork()
    if child == 0:  # from here on as a new process: what ends it runs to the end of the interpreter
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        for number, path in ((1, out), (2, err)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
        os.chdir(folder)
        if environ is not None:
            os.environ.clear()
            os.environ.update(environ)
        sys.stdin = open(0, closefd=False)
        sys.argv = ["deskferry", *words]
        main()
        sys.exit(0)
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

    def wait(self, *, timeout: float = 120.0) -> int:
        """Its exit code, or minus the signal that ended it. Killed after `timeout` seconds."""
        assert self._parent.stdout is not None
        if not select.select([self._parent.stdout], [], [], timeout)[0]:
            self.kill()
        return int(self._parent.stdout.readline())


@dataclass
class Forks:
    """Starts commands, one at a time. out: where all they print is added to."""

    out: Path
    _parent: "subprocess.Popen[str]"

    def start(
        self,
        *words: str | Path,
        err: Path | None = None,
        folder: Path | None = None,
        environ: dict[str, str] | None = None,
    ) -> Started:
        """err: where errors go, with the rest unless named. environ: instead of the first process's."""
        request = [
            list(map(str, words)),
            str(self.out),
            str(err or self.out),
            str(folder or Path.cwd()),
            environ,
        ]
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps(request) + "\n")
        self._parent.stdin.flush()
        return Started(int(self._parent.stdout.readline()), self._parent)

    def run(self, *words: str | Path) -> int:
        """Start it and wait; its exit code."""
        return self.start(*words).wait()


@contextmanager
def forks(out: Path, *, first: str = "", **environ: str) -> Iterator[Forks]:
    """Start the process that forks. first: what it runs before, which holds for every fork."""
    with subprocess.Popen(
        [sys.executable, "-c", f"{first}\n{_PARENT}"],
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
