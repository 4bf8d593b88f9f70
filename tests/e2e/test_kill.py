"""A load that is killed ends, run again, as if it had never been killed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run, Sandbox, environment

Demo = tuple[dict[str, Any], Path]
COUNTS = ("contacts", "conversations", "parts", "notifications")


def load_and_kill(plan: Path, running: Sandbox, after: int, folder: Path) -> bool:
    """Start a load and kill -9 it once the sandbox has seen `after` requests more. False if it finished."""
    start = running.state()["requests"]
    process = subprocess.Popen(
        [sys.executable, "-m", "deskferry.cli", "load", str(plan), "--to", running.url, "--settle", "0"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None:
        if running.state()["requests"] - start >= after:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.002)
    return False


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_again_and_again_it_ends_as_if_it_had_run_once(
    deskferry: Run, demo: Demo, sandbox: Callable[..., Sandbox], tmp_path: Path, seed: int
) -> None:
    result, folder = demo
    running = sandbox()
    plan = tmp_path / "a.plan"
    dataset, mapping = folder / "haldenbikes.dataset", folder / "haldenbikes.mapping.yaml"
    made = deskferry("plan", dataset, "--mapping", mapping, "--to", running.url, "-o", plan, "--json")
    assert made.code == 0, made.err
    chance = random.Random(seed)
    kills = sum(load_and_kill(plan, running, chance.randint(3, 60), tmp_path) for _ in range(4))
    assert kills >= 3
    last = deskferry("load", plan, "--to", running.url, "--settle", "0", "--json")
    assert last.code == 0, last.out + last.err
    state = running.state()
    assert {key: state[key] for key in COUNTS} == {key: result["sandbox"][key] for key in COUNTS}
    assert deskferry("verify", plan, "--to", running.url, "--settle", "0").code == 0
    assert deskferry("load", plan, "--to", running.url, "--json").json["calls"] == 0
