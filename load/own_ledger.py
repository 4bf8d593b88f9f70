"""A new ledger on a workspace that already holds what the plan would make: somebody's ledger is missing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deskferry.schemas.errors import RefusedError

from .backlog import Backlog
from .client import Client
from .perform import Patience
from .search import FILTERS, one_of, search

_MARK = "zendesk_user_id"
_SEARCHES = 20  # of a large plan; its people are looked at evenly
_ALL = 1 << 40


def require_own_ledger(
    client: Client, backlog: Backlog, live: dict[str, Any], *, ledger: Path, patience: Patience
) -> None:
    """Raise RefusedError when contacts of the plan carry our mark although the ledger knows of none.

    live: a snapshot. Without the ledger of that load everything would be sent a second time. Asks only where
    the workspace has the mark at all. A search does not know yet what was made minutes ago: such a contact is
    told by the answer to the first call that would make him again (Executor).
    """
    marked = any(attribute["name"] == _MARK for attribute in live["contact_attributes"])
    if not marked or not backlog.is_new():
        return
    keys = _evenly(backlog.contact_keys(_ALL), FILTERS * _SEARCHES)
    for start in range(0, len(keys), FILTERS):
        query = one_of(f"custom_attributes.{_MARK}", keys[start : start + FILTERS])
        found = sum(1 for _ in search(client, "/contacts/search", query, patience=patience))
        if found:
            looked = min(start + FILTERS, len(keys))
            raise other_ledger(f"{found} of {looked} contacts of the plan", ledger=ledger)


def other_ledger(what: str, *, ledger: Path) -> RefusedError:
    """What to raise where something was imported that this ledger would have to know. what: names it."""
    return RefusedError(
        f"{what}: imported before, but this ledger is new and knows of none",
        where=ledger,
        todo="Name the ledger of that load with --ledger; make a lost one anew with:"
        " deskferry ledger rebuild; or start over with --new-ledger",
    )


def _evenly(keys: Sequence[str], most: int) -> list[str]:
    """At most so many of them, from the first to the last."""
    step = max(1, -(-len(keys) // most))
    return list(keys[::step])
