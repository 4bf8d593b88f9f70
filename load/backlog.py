"""A plan beside a ledger: what is left of it, what stands, what failed, what changed since."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from .action import Kind, Ref, Step
from .ledger_file import Failure
from .open_calls import find_open_calls, see_outcomes
from .plan_file import COLUMNS, PlannedAction, planned
from .waiting import Why

LISTED = 1_000  # failures and changes named one by one; beyond that they are only counted


@dataclass(frozen=True, slots=True)
class Change:
    """A call that was done before with another payload. It is not sent again."""

    kind: Kind
    key: str
    step: Step
    part: int


@dataclass(frozen=True, slots=True)
class Left:
    """A thread with something left to do. form: of a conversation its form, of a ticket its type.

    place: its number among what is left.
    """

    phase: int
    kind: Kind
    key: str
    form: str | None
    place: int = 0


class Backlog:
    """The plan at `path`, attached to the connection of an open ledger for as long as that is open."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db, self._due = connection, _sql("due.sql")
        self._db.execute("attach ? as plan", (f"{path.resolve().as_uri()}?mode=ro",))
        self._db.executescript(_sql("remaining.sql"))
        self._is_looked_through = False
        self._total: int | None = None

    def forgive(self, *, asked: bool) -> None:
        """Forget the failed calls that are sent again; see forgive.sql."""
        self.forgivable(asked=asked)
        self._db.execute(
            "delete from main.rows"
            " where (kind, key, step, part) in (select kind, key, step, part from forgiven)"
        )
        self._db.commit()

    def forgivable(self, *, asked: bool) -> int:
        """How many failed calls forgive would forget; none is forgotten."""
        self._db.execute(_sql("forgive.sql"), {"asked": asked})
        (count,) = self._db.execute("select count(*) from temp.forgiven").fetchone()
        return int(count)

    def freeze(self, *, only_forgiven: bool = False) -> tuple[int, int]:
        """Write down what is left now, for `left`; the number of threads and of calls in it, at most.

        only_forgiven: of what failed before, and of what waited for it. The whole plan is looked through only
        the first time: nobody else writes to the ledger meanwhile, and what has an outcome keeps it.
        """
        self._db.commit()  # a transaction would show the ledger as it was when it began
        if self._is_looked_through:
            see_outcomes(self._db)
        self._look_through()
        self._db.execute("drop table if exists temp.work")
        self._db.execute("drop table if exists temp.aside")
        self._db.execute(
            "create temp table aside (place integer primary key, kind, key, until real, why text)"
        )
        self._db.execute("create index temp.aside_key on aside (kind, key)")
        self._db.execute("create index temp.aside_until on aside (until)")
        self._db.execute("create index temp.aside_why on aside (why)")
        self._db.execute(
            "create temp table work as select phase, kind, key from remaining as r where not ?"
            " or (kind, key) in (select kind, key from forgiven)"
            " or exists (select 1 from plan.needs as n join forgiven as f on f.kind = n.on_kind"
            " and f.key = n.on_key where n.kind = r.kind and n.key = r.key) order by phase, seq",
            (only_forgiven,),
        )
        self._db.commit()
        threads, calls = self._db.execute(
            "select (select count(*) from temp.work), count(*) from temp.work as w"
            " join plan.actions as a on a.kind = w.kind and a.key = w.key and a.phase = w.phase"
            " left join main.rows as r"
            " on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part"
            " where r.state is not 'done'"
        ).fetchone()
        return threads, calls

    def freeze_all(self) -> int:
        """Write down everything of the plan but its setup, for `left`; how many there are."""
        self._db.execute(
            "create temp table work as select phase, kind, key from plan.actions"
            " where phase > 0 and step = 'create' order by phase, seq"
        )
        (count,) = self._db.execute("select count(*) from temp.work").fetchone()
        return int(count)

    def left(self, *, batch: int) -> Iterator[list[Left]]:
        """What freeze wrote down, in the order of the plan, in lists of one phase and at most `batch`."""
        last, query = 0, _sql("left.sql")
        while True:
            rows = self._db.execute(query, {"last": last, "batch": batch}).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield [_left(row) for row in rows]

    def set_aside(self, left: Left, until: float, why: Why) -> None:
        """Keep a thread for later without a place in memory. until: unix seconds."""
        self._db.execute(
            "insert or replace into temp.aside values (?, ?, ?, ?, ?)",
            (left.place, left.kind, left.key, until, why),
        )

    def aside_until(self, ref: Ref) -> float | None:
        """When a thread that was set aside goes on, None when it was not."""
        row = self._db.execute(
            "select until from temp.aside where kind = ? and key = ?", (ref.kind, ref.key)
        ).fetchone()
        return None if row is None else float(row[0])

    def due(self, now: float, *, most: int) -> list[Left]:
        """Take back what was set aside until now, in the order of the plan."""
        rows = self._db.execute(self._due, {"now": now, "most": most}).fetchall()
        self._db.executemany("delete from temp.aside where place = ?", [(row[0],) for row in rows])
        return [_left(row) for row in rows]

    def waiting(self) -> Counter[Why]:
        """How many threads are set aside, by reason."""
        rows = self._db.execute("select why, count(*) from temp.aside group by why")
        return Counter({Why(why): count for why, count in rows})

    def next_due(self) -> float | None:
        """Until when the first thread that is set aside waits."""
        (until,) = self._db.execute("select min(until) from temp.aside").fetchone()
        return None if until is None else float(until)

    def needs(self, left: Left) -> tuple[Ref, ...]:
        """What a thread needs before it may begin."""
        rows = self._db.execute(
            "select on_kind, on_key from plan.needs where kind = ? and key = ?", (left.kind, left.key)
        )
        return tuple(Ref(Kind(kind), key) for kind, key in rows)

    def actions(self, kind: Kind, key: str) -> list[PlannedAction]:
        """The calls of a thread as planned, in order."""
        rows = self._db.execute(
            f"select {COLUMNS} from plan.actions where kind = ? and key = ? order by phase, seq",  # noqa: S608 - our own column list
            (kind, key),
        )
        return [planned(row) for row in rows]

    def contact_keys(self, most: int) -> list[str]:
        """Zendesk ids of the first people of the plan."""
        rows = self._db.execute(
            "select key from plan.actions where kind = 'contact' order by phase, seq limit ?", (most,)
        )
        return [key for (key,) in rows]

    def is_new(self) -> bool:
        """The ledger knows of no contact."""
        return self._db.execute("select 1 from main.rows where kind = 'contact' limit 1").fetchone() is None

    def setup_done(self) -> set[tuple[Kind, str]]:
        """The setup of the plan that the ledger has done."""
        rows = self._db.execute(
            "select a.kind, a.key from plan.actions as a join main.rows as r"
            " on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part"
            " where a.phase = 0 and r.state = 'done'"
        )
        return {(Kind(kind), key) for kind, key in rows}

    def tally(self) -> dict[str, int]:
        """Conversations and tickets of the plan by what stands of them since freeze.

        done, failed, in_doubt, left.
        """
        if self._total is None:
            (self._total,) = self._db.execute(
                "select count(*) from plan.actions indexed by actions_key"
                " where kind in ('conversation', 'ticket') and step = 'create'"
            ).fetchone()
        failed, in_doubt, left = self._db.execute(_sql("tally.sql")).fetchone()
        done = self._total - failed - in_doubt - left
        return {"done": done, "failed": failed, "in_doubt": in_doubt, "left": left}

    def contacts(self) -> int:
        """Contacts of the plan that stand."""
        (count,) = self._db.execute(
            "select count(*) from plan.actions as a indexed by actions_key join main.rows as r"
            " on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part"
            " where a.kind = 'contact' and a.step = 'create' and r.state = 'done'"
        ).fetchone()
        return int(count)

    def changed(self) -> tuple[int, list[Change]]:
        """How many calls were done before with another payload or in another form, and the first of them.

        As freeze found them, else as they are now.
        """
        self._look_through()
        self._db.execute("drop table if exists temp.changed")
        self._db.execute(f"create temp table changed as {_sql('changed.sql')}")
        (count,) = self._db.execute("select count(*) from temp.changed").fetchone()
        rows = self._db.execute(
            "select kind, key, step, part from temp.changed order by phase, seq limit ?", (LISTED,)
        )
        return count, [Change(Kind(kind), key, Step(step), part) for kind, key, step, part in rows]

    def _look_through(self) -> None:
        if not self._is_looked_through:
            find_open_calls(self._db)
            self._is_looked_through = True

    def failures(self) -> list[Failure]:
        """The calls of the plan that failed, the first of them."""
        rows = self._db.execute(
            "select a.kind, a.key, a.step, a.part, r.error"
            " from main.rows as r indexed by rows_unfinished cross join plan.actions as a"
            " on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part"
            " where r.state != 'done' and r.state = 'failed' order by a.phase, a.seq limit ?",
            (LISTED,),
        )
        return [Failure(Kind(kind), key, Step(step), part, error) for kind, key, step, part, error in rows]


def _left(row: tuple[Any, ...]) -> Left:
    place, phase, kind, key, form = row
    return Left(phase, Kind(kind), key, form, place)


def _sql(name: str) -> str:
    return files("deskferry.load").joinpath(name).read_text("utf-8")
