"""What a run that was killed leaves behind, and what becomes of it."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.staging import staging

# A conversion under way: it has written something and takes its time.
HOLD = """
import signal, sys
from pathlib import Path
from deskferry.convert.staging import staging
with staging(Path(sys.argv[1])) as stage:
    (stage.work / "source-1").write_text("what a customer wrote")
    print("ready", flush=True)
    signal.pause()
"""


def started(parent: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(parent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def killed(process: "subprocess.Popen[str]", number: int) -> None:
    process.send_signal(number)
    process.communicate(timeout=30)


def test_the_next_run_removes_what_a_killed_one_left_and_nothing_of_one_under_way(tmp_path: Path) -> None:
    dead, living = started(tmp_path), started(tmp_path)
    left = sorted(tmp_path.iterdir())
    killed(dead, signal.SIGKILL)
    assert sorted(tmp_path.iterdir()) == left
    with staging(tmp_path):
        assert len(set(tmp_path.iterdir()) & set(left)) == 1
    killed(living, signal.SIGKILL)
    with staging(tmp_path) as stage:
        assert list(tmp_path.iterdir()) == [stage.work.parent]
    assert list(tmp_path.iterdir()) == []


def test_a_terminated_run_leaves_nothing(tmp_path: Path) -> None:
    killed(started(tmp_path), signal.SIGTERM)
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_what_only_looks_like_leavings_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "photo.jpg").write_bytes(b"x")
    link, file = tmp_path / ".deskferry-link.tmp", tmp_path / ".deskferry-file.tmp"
    link.symlink_to(other)
    file.write_bytes(b"x")
    with staging(tmp_path):
        assert sorted(path.name for path in other.iterdir()) == ["photo.jpg"]
    assert link.is_symlink()
    assert file.is_file()


def test_who_handles_sigterm_keeps_doing_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "getsignal", lambda _: signal.default_int_handler)
    changed: list[Any] = []
    monkeypatch.setattr(signal, "signal", lambda *args: changed.append(args))
    with staging(tmp_path):
        pass
    assert changed == []
