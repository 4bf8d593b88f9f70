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
        ranges = [range(start, min(start + _EACH, threads)) for start in range(0, threads, _EACH)]
        for numbers in ranges:
            _write_plan(plan_file, numbers)
        digest = plan_digest(plan_file, inputs)
        plan_file.execute("update meta set value = ? where name = 'digest'", (json.dumps(digest),))
        plan_file.commit()
    with open_ledger(ledger, workspace_id=owner["workspace_id"], account=owner["account"]) as book:
        for numbers in ranges:
            _write_ledger(book.connection, numbers, digest=digest)
    return ledger


def _calls(number: int) -> list[tuple[str, str, str, int]]:
    """The calls of a conversation; every fourth brings its contact along."""
    calls = [("conversation", _key(number), step, int(step == "note")) for step in _STEPS]
    return [("contact", _contact(number), "create", 0), *calls] if number % 4 == 0 else calls


def _key(number: int) -> str:
    return f"9{number:08}"


def _contact(number: int) -> str:
    return f"8{number // 4:08}"


def _hash(number: int, place: int) -> str:
    return f"{number:032x}{place:032x}"


def _write_plan(plan: sqlite3.Connection, numbers: range) -> None:
    actions = [
        (1, 10 * number + place, *call, "POST", "/x", "{}", 100, _hash(number, place), 0, 1, 1)
        for number in numbers
        for place, call in enumerate(_calls(number))
    ]
    needs = [("conversation", _key(number), "contact", _contact(number)) for number in numbers]
    plan.executemany(f"insert into actions values ({', '.join('?' * 14)})", actions)  # noqa: S608 -- no values
    plan.executemany("insert into needs values (?, ?, ?, ?)", needs)
    plan.commit()


def _write_ledger(ledger: sqlite3.Connection, numbers: range, *, digest: str) -> None:
    rows = []
    for number in numbers:
        for place, call in enumerate(_calls(number)):
            made = (f"{call[0][:2]}{number}", "created") if call[2] == "create" else (None, None)
            rows.append((*call, _hash(number, place), "{}", digest, *made, "done", 1.0, 2.0))
    ledger.executemany(
        "insert into rows (kind, key, step, part, payload_hash, witness, plan_digest, target_id, origin,"
        " state, sent_at, done_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    ledger.commit()
