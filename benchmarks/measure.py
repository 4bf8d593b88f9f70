"""Running one command and measuring it: time, CPU and the memory of its whole process tree."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_INTERVAL = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Measured:
    """seconds: wall clock. cpu: seconds of the tree. memory: peak of its summed PSS, in bytes."""

    seconds: float
    cpu: float
    memory: int

    def then(self, other: "Measured") -> "Measured":
        """Both, one after the other."""
        seconds, cpu = self.seconds + other.seconds, self.cpu + other.cpu
        return Measured(seconds, cpu, max(self.memory, other.memory))


def measured(command: Sequence[str]) -> Measured:
    """Run a command to its end. RuntimeError with what it said when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak = _Peak(process.pid)
    peak.start()
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    peak.done.set()
    peak.join()
    if process.returncode not in (0, 3):  # 3: done, with rejects
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, peak.memory)


class _Peak(threading.Thread):
    """Looks at a process and all its descendants until it is told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.memory = 0
        self.done = threading.Event()

    def run(self) -> None:
        """Keep the highest sum seen."""
        while not self.done.wait(_INTERVAL):
            self.memory = max(self.memory, sum(map(_pss, _tree(self._pid))))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:  # grows while it is walked
        with suppress(OSError):  # it has ended
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
    return found


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # it has ended
        return 0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) * 1024
