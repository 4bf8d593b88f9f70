"""What a ledger says, without plan or target: counts, failures, doubts."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from .action import Kind, Step
from .ledger_file import Failure, belongs_to, loader_pid, read_ledger

LISTED = 1_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many calls of a kind and step are in a state. origin: created or adopted, null before done."""

    kind: str
    step: str
    state: str
    origin: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Status:
    """A ledger in numbers. failed, in_doubt: the first thousand of each. running: pid of a loader at work.

    finished: the last load left nothing of its plan to do and nothing in doubt; what failed is not left.
    """

    workspace: str
    account: str
    counts: tuple[Count, ...]
    failed: tuple[Failure, ...]
    in_doubt: tuple[Failure, ...]
    running: int | None
    finished: bool

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **asdict(self),
            "counts": [asdict(count) for count in self.counts],
            "failed": [asdict(failure) for failure in self.failed],
            "in_doubt": [asdict(failure) for failure in self.in_doubt],
        }


def status(ledger: Path) -> Status:
    """Read a ledger, also while a loader works on it. Raises InputError when it is none."""
    with read_ledger(ledger) as connection:
        workspace, account = belongs_to(connection)

        def listed(state: str) -> tuple[Failure, ...]:
            rows = connection.execute(
                "select kind, key, step, part, coalesce(error, 'sent, outcome unknown') from rows"
                " where state != 'done' and state = ? order by kind, key, step, part limit ?",
                (state, LISTED),
            )
            return tuple(
                Failure(Kind(kind), key, Step(step), part, error) for kind, key, step, part, error in rows
            )

        return Status(
            workspace=workspace,
            account=account,
            counts=tuple(_counts(connection)),
            failed=listed("failed"),
            in_doubt=listed("sending"),
            running=loader_pid(ledger),
            finished=connection.execute("select value from meta where name = 'left'").fetchone() == ("0",),
        )


def _counts(connection: sqlite3.Connection) -> Iterator[Count]:
    """Threads of one shape are counted together, see shapes.sql."""
    sql = files("deskferry.load").joinpath("shapes.sql").read_text("utf-8")
    counts: Counter[tuple[str, ...]] = Counter()
    for kind, calls, threads in connection.execute(sql):
        for call in calls.split(","):
            counts[kind, *call.split(" ")] += threads
    for (kind, step, state, origin), count in sorted(counts.items()):
        yield Count(kind, step, state, origin or None, count)
