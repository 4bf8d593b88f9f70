"""The ladder: a sandbox, then at most a hundred items into a real workspace, verified, then all.

Whoever moves thousands of conversations at once finds out thousands of times what a hundred would have
shown. Each rung is one of the ledger: what stands in the workspace, and what was read back from it.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.workspace import is_real

from .action import HISTORY, Step
from .ledger import Ledger
from .ledger_file import belongs_to, read_ledger
from .plan_file import Plan

SAMPLE = 100  # conversations and tickets that may stand in a real workspace before a verified run
_FACT = "verified"
_ITEMS = ", ".join(f"'{kind}'" for kind in HISTORY)


@dataclass(frozen=True, slots=True)
class Verified:
    """What the last whole verification on a ledger came to, and of what. at: unix seconds."""

    mapping: str
    templates: str
    plan: str
    region: str
    checked: int
    differences: int
    at: float

    def stands_for(self, plan: Plan) -> bool:
        """It found no difference in what the same mapping and templates made."""
        same = (self.mapping, self.templates) == _inputs(plan)
        return same and self.checked > 0 and self.differences == 0


def require_rung(plan: Plan, ledger: Ledger, *, no_sample: bool) -> list[str]:
    """What to warn of. Raises RefusedError where the plan takes more than the next rung of the ladder."""
    if not is_real(plan.workspace):
        return []
    verified = last_verified(ledger.connection)
    if verified is not None and verified.stands_for(plan):
        return []
    if not no_sample and (count := items(plan, ledger.connection)) > SAMPLE:
        raise RefusedError(
            f'{count:,} conversations and tickets for workspace "{plan.workspace["name"]}" of Intercom;'
            f" at most {SAMPLE} until a run with this mapping and these templates is verified there",
            where=plan.path,
            todo=f"Plan with --limit {SAMPLE}, load and verify that first; or add --no-sample",
        )
    if no_sample or _is_rehearsed(plan, ledger.path):
        return []
    return ["not rehearsed: no verified load of this mapping into a sandbox is known beside the ledger"]


def items(plan: Plan, ledger: sqlite3.Connection) -> int:
    """Conversations and tickets that stand in the workspace once the plan is done."""
    create = f"kind in ({_ITEMS}) and step = '{Step.CREATE}'"
    (planned,) = plan.connection.execute(f"select count(*) from actions where {create}").fetchone()  # noqa: S608 - our own names
    there = ledger.execute(f"select kind, key from rows where {create} and state <> 'failed'")  # noqa: S608 - our own names
    mine = f"select 1 from actions where {create} and kind = ? and key = ?"  # noqa: S608 - our own names
    others = sum(1 for row in there if plan.connection.execute(mine, row).fetchone() is None)
    return int(planned) + others


def note_verified(ledger: Path, plan: Plan, *, checked: int, differences: int, now: float) -> None:
    """Write down what a whole verification came to: a sample of it climbs no ladder.

    Raises InputError where the ledger can't be written.
    """
    mapping, templates = _inputs(plan)
    region = str(plan.workspace["region"])
    found = Verified(mapping, templates, plan.digest, region, checked, differences, now)
    try:
        with contextlib.closing(sqlite3.connect(ledger, timeout=10.0)) as connection, connection:
            connection.execute(
                "insert or replace into meta values (?, ?)", (_FACT, json.dumps(asdict(found)))
            )
    except sqlite3.OperationalError as error:
        raise InputError(f"cannot be written ({error})", where=ledger) from error


def last_verified(ledger: sqlite3.Connection) -> Verified | None:
    """The last whole verification, None before the first."""
    row = ledger.execute("select value from meta where name = ?", (_FACT,)).fetchone()
    return None if row is None else Verified(**json.loads(row[0]))


def _is_rehearsed(plan: Plan, beside: Path) -> bool:
    known = _others(beside, account=plan.account)
    return any(found.region == "sandbox" and found.stands_for(plan) for found in known)


def _others(ledger: Path, *, account: str) -> Iterator[Verified]:
    """The last verifications on the account's other ledgers of the same folder."""
    for path in sorted(ledger.parent.glob("*.ledger")):
        with contextlib.suppress(InputError), read_ledger(path) as connection:
            found = last_verified(connection) if belongs_to(connection)[1] == account else None
            if found is not None:
                yield found


def _inputs(plan: Plan) -> tuple[str, str]:
    return str(plan.meta["mapping_digest"]), str(plan.meta["templates_digest"])
