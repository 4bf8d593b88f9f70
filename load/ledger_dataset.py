"""Finding the dataset a ledger's plans were made from: by a plan that lies beside the ledger."""

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from deskferry.schemas.dataset import Dataset, open_dataset
from deskferry.schemas.errors import InputError

from .ledger_file import read_ledger

_SQLITE = b"SQLite format 3\x00"


def dataset_beside(ledger: Path) -> Dataset | None:
    """The dataset of a plan that made calls of this ledger and lies in its folder; None when none is found.

    Raises InputError when the ledger can't be read.
    """
    with read_ledger(ledger) as connection:
        digests = {digest for (digest,) in connection.execute("select distinct plan_digest from rows")}
    for path in sorted(ledger.resolve().parent.iterdir()):
        facts = _plan_facts(path)
        if facts.get("type") != "plan" or facts.get("digest") not in digests:
            continue
        for place in (path.parent / facts["dataset"]["relative"], Path(facts["dataset"]["absolute"])):
            with contextlib.suppress(InputError):
                dataset = open_dataset(place)
                if dataset.digest == facts["dataset_digest"]:
                    return dataset
    return None


def _plan_facts(path: Path) -> dict[str, Any]:
    """The meta of a plan; {} for any other file."""
    try:
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                return {}
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        ) as connection:
            rows = connection.execute(
                "select name, value from meta where name in ('type', 'digest', 'dataset', 'dataset_digest')"
            )
            return {name: json.loads(value) for name, value in rows}
    except (OSError, sqlite3.DatabaseError, ValueError, TypeError):
        return {}
