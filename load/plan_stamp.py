"""A plan that was hashed once is known by its file: hashing takes longer than resuming a million threads.

The digest stays the plan's identity. A ledger remembers the last plan that was loaded with it, and size,
inode and times of its file: while these are the same, so is every byte. Whatever touches the file, even
without changing it, only means that it is hashed again.
"""

import contextlib
import json
import time
from pathlib import Path

from deskferry.schemas.errors import InputError

from .ledger import Ledger
from .ledger_file import read_ledger

_FACT = "plan_file"
_YOUNG = 2_000_000_000  # nanoseconds: some disks count time in steps of two seconds


def stamp_of(plan: Path, digest: str) -> str | None:
    """What is remembered of a plan with this digest; None of one that may change without its file showing it.

    Take it before the plan is hashed, so that a change meanwhile shows.
    """
    found = plan.stat()
    beside = [plan.with_name(plan.name + suffix) for suffix in ("-wal", "-journal")]
    changed = max(found.st_mtime_ns, found.st_ctime_ns)
    if any(path.exists() for path in beside) or not 0 < changed < time.time_ns() - _YOUNG:
        return None
    facts = {
        "digest": digest,
        "bytes": found.st_size,
        "inode": found.st_ino,
        "modified": found.st_mtime_ns,
        "touched": found.st_ctime_ns,
    }
    return json.dumps(facts)


def is_known(ledger: Path, stamp: str | None) -> bool:
    """The ledger at this path, if it is one, remembers the plan with this stamp."""
    if stamp is None:
        return False
    with contextlib.suppress(InputError), read_ledger(ledger) as connection:
        row = connection.execute("select value from meta where name = ?", (_FACT,)).fetchone()
        return row is not None and row[0] == stamp
    return False


def remember(ledger: Ledger, stamp: str | None) -> None:
    """The plan with this stamp was opened, so that its content has the digest it says."""
    if stamp is not None and ledger.fact(_FACT) != stamp:
        ledger.note(_FACT, stamp)
