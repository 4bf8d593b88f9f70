"""A plan and a ledger of any size, written directly: to resume them is what is measured, not to make them."""

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path

from deskferry.load.ledger import open_ledger
from deskferry.load.ledger_file import default_ledger
from deskferry.load.plan_file import open_plan
from deskferry.load.plan_summary import plan_digest
from deskferry.schemas.workspace import workspace_digest

_STEPS = ("create", "note", "update", "close")
_EACH = 50_000  # threads written at once


def enlarge(small: Path, into: Path, *, threads: int) -> Path:
    """A copy of the plan `small` with so many conversations before its own, all of them done in its ledger.

    Returns the ledger. What is left to load are the tickets of `small`.
    """
    shutil.copy(small, into)
    with open_plan(small) as plan:
        owner = {"workspace_id": str(plan.workspace["id"]), "account": plan.account}
        inputs = [plan.meta[name] for name in ("dataset_digest", "mapping_digest", "templates_digest")]
        inputs.append(workspace_digest(plan.workspace))
    ledger = default_ledger(into, owner["account"], owner["workspace_id"])
    with contextlib.closing(sqlite3.connect(into)) as plan_file:
        plan_file.execute("pragma synchronous = off")
        plan_file.execute("update actions set seq = seq + ? where phase > 0", (10 * threads,))
        with open_ledger(ledger, workspace_id=owner["workspace_id"], account=owner["account"]) as book:
            for start in range(0, threads, _EACH):
                _write(plan_file, book.connection, range(start, min(start + _EACH, threads)))
        digest = plan_digest(plan_file, inputs)
        plan_file.execute("update meta set value = ? where name = 'digest'", (json.dumps(digest),))
        plan_file.commit()
    return ledger


def _write(plan: sqlite3.Connection, ledger: sqlite3.Connection, numbers: range) -> None:
    actions, needs, rows = [], [], []
    for number in numbers:
        key, contact = f"9{number:08}", f"8{number // 4:08}"
        calls = [("conversation", key, step, int(step == "note")) for step in _STEPS]
        if number % 4 == 0:
            calls.insert(0, ("contact", contact, "create", 0))
        needs.append(("conversation", key, "contact", contact))
        for place, call in enumerate(calls):
            sha = f"{number:032x}{place:032x}"
            actions.append((1, 10 * number + place, *call, "POST", "/x", "{}", 100, sha, 0, 1, 1))
            made = f"{number}" if call[2] == "create" else None
            rows.append((*call, sha, "{}", "p", made, "created" if made else None, "done", 1.0, 2.0))
    plan.executemany(f"insert into actions values ({', '.join('?' * 14)})", actions)  # noqa: S608 -- no values
    plan.executemany("insert into needs values (?, ?, ?, ?)", needs)
    plan.commit()
    ledger.executemany(
        "insert into rows (kind, key, step, part, payload_hash, witness, plan_digest, target_id, origin,"
        " state, sent_at, done_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    ledger.commit()
