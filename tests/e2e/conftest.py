"""The command, driven as a user drives it: real processes, real files, a real server."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from .forks import Forks

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "sample_exports"


@dataclass(frozen=True)
class Ran:
    """One finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        value: dict[str, Any] = json.loads(self.out)
        return value


Run = Callable[..., Ran]


def environment(**more: str) -> dict[str, str]:
    """The environment of a user without a token."""
    kept = {key: value for key, value in os.environ.items() if key != "INTERCOM_ACCESS_TOKEN"}
    return kept | {"COLUMNS": "200"} | more


@pytest.fixture(scope="session")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Forks"]:
    """What all commands of `deskferry` are forks of: most of a short one's time would go into imports."""
    from .forks import forks  # it needs what is above

    with forks(tmp_path_factory.mktemp("forks") / "out") as made:
        yield made


@pytest.fixture
def deskferry(tmp_path: Path, parent: "Forks") -> Run:
    """Run the command in an empty folder, as `deskferry("sql", dataset, "select 1", env={...})`."""

    def run(*words: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> Ran:
        err = parent.out.with_name("err")
        for path in (parent.out, err):
            path.write_bytes(b"")
        started = parent.start(*words, err=err, folder=cwd or tmp_path, environ=environment(**(env or {})))
        code = started.wait()
        return Ran(code, parent.out.read_bytes().decode(), err.read_bytes().decode())

    return run


@dataclass
class Sandbox:
    """A running local Intercom."""

    url: str
    state_file: Path
    process: subprocess.Popen[bytes]

    def state(self) -> dict[str, Any]:
        """What it counts."""
        state: dict[str, Any] = self._get("state")
        return state

    def requests(self) -> list[dict[str, Any]]:
        """Every request it saw."""
        found = self._get("requests")
        return list(found["requests"]) if isinstance(found, dict) else list(found)

    def _get(self, what: str) -> Any:
        return requests.get(f"{self.url}/_sandbox/{what}", timeout=10).json()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """Start local Intercoms with `sandbox("--token", "T")`; they end with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*words: str, state: Path | None = None) -> Sandbox:
        file = state or tmp_path / f"intercom-{len(running)}.sqlite"
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "deskferry.cli",
                "sandbox",
                "--port",
                "0",
                "--state",
                str(file),
                "--json",
                *words,
            ],
            env=environment(),
            stdout=subprocess.PIPE,
        )
        running.append(process)
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        return Sandbox(line["url"], file, process)

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """One run of the demo for all tests that look at its result: its JSON and its folder."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    finished = subprocess.run(
        [sys.executable, "-m", "deskferry.cli", "demo", "--into", str(folder), "--json"],
        env=environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr.decode()
    result: dict[str, Any] = json.loads(finished.stdout)
    return result, folder
