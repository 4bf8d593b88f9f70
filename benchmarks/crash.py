"""Kill loads a thousand times: `python benchmarks/crash.py [--kills 1000] [--seed 1]`.

Each round is the pair of tests/e2e/test_kill.py with another seed: a migration of every form is killed -9
again and again after random numbers of requests, then another meets lost, late, broken and refused answers
and a kill. Each must end as if nothing had happened. Prints a line for each round and the tally; ends at the
first round that fails, with the seed that brings it back.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PER_ROUND = 25


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    options = parser.parse_args()
    rounds, started = -(-options.kills // PER_ROUND), time.monotonic()
    for number in range(rounds):
        seed, began = options.seed + number, time.monotonic()
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/e2e/test_kill.py"],
            cwd=ROOT,
            env=os.environ | {"DESKFERRY_KILLS": str(PER_ROUND), "DESKFERRY_SEED": str(seed)},
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            _say(ran.stdout + ran.stderr)
            _say(f"seed {seed} failed after {number * PER_ROUND:,} kills")
            return 1
        seconds = time.monotonic() - began
        _say(f"seed {seed}: {PER_ROUND} kills and a run of lies, as if nothing had happened  {seconds:.0f} s")
    minutes = (time.monotonic() - started) / 60
    kills = rounds * PER_ROUND
    _say(f"{kills:,} kills, {rounds} runs of lies: nothing lost, nothing twice  {minutes:.0f} min")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
