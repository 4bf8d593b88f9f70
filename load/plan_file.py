"""A plan as a file: written whole or not at all, read only while its inputs still say the same."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from deskferry.schemas.canonical import canonical
from deskferry.schemas.dataset import Dataset, open_unchanged
from deskferry.schemas.decision import Decision
from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.mapping import Mapping, read_mapping
from deskferry.schemas.workspace import workspace_digest
from deskferry.templates.render import Templates

from .action import Action, Kind, Ref, Step, needs_of
from .ledger_file import default_ledger
from .plan_stamp import is_known, stamp_of
from .plan_summary import plan_digest

FORMAT = 3
FIRST, MAIN, OPEN = 0, 1, 2  # phases, see plan_schema.sql
_AGAIN = "Make the plan again with: deskferry plan"
COLUMNS = "phase, seq, kind, key, step, part, witness, payload_hash"


@dataclass(frozen=True, slots=True)
class Becomes:
    """What a ticket is loaded as. form: of a conversation its form, of a ticket the name of its type."""

    kind: Kind
    form: str


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One call as the plan knows it: without its payload."""

    phase: int
    seq: int
    kind: Kind
    key: str
    step: Step
    part: int
    witness: dict[str, Any]
    payload_hash: str


@dataclass(frozen=True, slots=True)
class Plan:
    """An opened plan whose inputs are as they were. connection: to read only. stamp: see plan_stamp.py."""

    path: Path
    connection: sqlite3.Connection
    meta: dict[str, Any]
    dataset: Dataset
    mapping: Mapping
    templates: Templates
    stamp: str | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over inputs, selection and every call; no paths, no clocks."""
        return str(self.meta["digest"])

    @property
    def workspace(self) -> dict[str, Any]:
        """The snapshot it was made with, as workspace.json describes it."""
        snapshot: dict[str, Any] = self.meta["workspace"]
        return snapshot

    @property
    def account(self) -> str:
        """The Zendesk account."""
        return str(self.meta["account"])


class PlanWriter:
    """A plan being written, under a temporary name beside its own. Use write_plan."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._seq = 0

    def decide(self, decisions: Iterable[Decision]) -> int:
        """Note what becomes of each ticket; how many become conversations and tickets."""
        self.connection.executemany(
            "insert into decisions (ticket, target, form, rule, reason) values (?, ?, ?, ?, ?)",
            ((item.ticket_id, item.target, item.form, item.rule, item.reason) for item in decisions),
        )
        (count,) = self.connection.execute(
            "select count(*) from decisions where target in ('conversation', 'ticket')"
        ).fetchone()
        return int(count)

    def chosen(self, *, batch: int) -> Iterator[dict[int, Becomes]]:
        """What the tickets that are loaded become, in order, at most `batch` at a time."""
        last = 0
        while rows := self.connection.execute(
            "select seq, ticket, target, form from decisions where target in ('conversation', 'ticket')"
            " and seq > ? order by seq limit ?",
            (last, batch),
        ).fetchall():
            last = rows[-1][0]
            yield {ticket: Becomes(Kind(target), form) for _, ticket, target, form in rows}

    def forget_after(self, ticket_id: int) -> None:
        """Take back the decisions that come after this ticket: the plan has its number."""
        self.connection.execute(
            "delete from decisions where seq > (select seq from decisions where ticket = ?)", (ticket_id,)
        )

    def refuse(self, ticket_id: int, reason: str) -> None:
        """Note a ticket that should be loaded and can't."""
        self.connection.execute("insert into refused values (?, ?)", (ticket_id, reason))

    def add(self, actions: Sequence[Action], *, phase: int) -> None:
        """Append calls to a phase; all of a thread at once."""
        rows: list[tuple[Any, ...]] = []
        remarks: list[tuple[str, str]] = []
        for action in actions:
            self._seq += 1
            call = (action.kind, action.key, action.step, action.part, action.method, action.path)
            size = (action.bytes, action.payload_hash, action.customer_visible, *action.calls)
            remarks.extend((action.key, text) for text in action.remarks)
            rows.append((phase, self._seq, *call, canonical(action.witness).decode(), *size))
        marks = ", ".join("?" * 14)
        self.connection.executemany(f"insert into actions values ({marks})", rows)  # noqa: S608 - marks only
        self.connection.executemany("insert into remarks values (?, ?)", remarks)
        self.connection.executemany(
            "insert into needs values (?, ?, ?, ?)",
            [(actions[0].kind, actions[0].key, need.kind, need.key) for need in needs_of(actions)],
        )

    def remark(self, key: str, text: str) -> None:
        """Note something that is not sent whole or as asked."""
        self.connection.execute("insert into remarks values (?, ?)", (key, text))

    def note_doubles(self, lines: Iterable[tuple[str, str]]) -> None:
        """Note what is known about people who stand more than once: what it is about, and a line."""
        self.connection.executemany("insert into doubles values (?, ?)", lines)

    def has(self, ref: Ref) -> bool:
        """The thread is planned already."""
        found = self.connection.execute(
            "select 1 from actions where kind = ? and key = ? limit 1", (ref.kind, ref.key)
        )
        return found.fetchone() is not None

    def note(self, **facts: Any) -> None:
        """Write facts into meta."""
        rows = [(name, canonical(value).decode()) for name, value in facts.items()]
        self.connection.executemany("insert into meta values (?, ?)", rows)


@contextlib.contextmanager
def write_plan(into: Path, *, replace: bool) -> Iterator[PlanWriter]:
    """Write a plan that stands at `into` once the block ends well.

    Raises RefusedError when something stands there already, InputError when nothing can be written.
    """
    if into.exists() and not replace:
        raise RefusedError("is there already", where=into, todo="Name another file, or add --replace")
    if not into.parent.is_dir():
        raise InputError("no such folder", where=into.parent)
    temporary = into.with_name(f".{into.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.touch(mode=0o600)
    try:
        with contextlib.closing(sqlite3.connect(temporary)) as connection:
            connection.executescript(files("deskferry.load").joinpath("plan_schema.sql").read_text("utf-8"))
            connection.execute(f"pragma user_version = {FORMAT}")
            yield PlanWriter(connection)
            connection.commit()
        temporary.replace(into)
    except sqlite3.OperationalError as error:
        raise InputError(f"cannot be written ({error})", where=into) from error
    finally:
        temporary.unlink(missing_ok=True)


def relative_paths(plan: Path, path: Path | None) -> dict[str, str] | None:
    """Where an input lies: from the plan's folder, and absolutely. Either may move with the plan."""
    if path is None:
        return None
    absolute = path.resolve()
    return {"relative": os.path.relpath(absolute, plan.parent.resolve()), "absolute": str(absolute)}


@contextlib.contextmanager
def open_plan(path: Path, *, ledger: Path | None = None) -> Iterator[Plan]:
    """Open a plan and hold its inputs, and itself, against their digests.

    ledger: beside the plan unless named; it may know the plan's file, see plan_stamp.py. Raises InputError
    when it is no plan, RefusedError naming the input that is gone or has changed.
    """
    if not path.is_file():
        raise InputError("no plan here", where=path, todo="Make one with: deskferry plan")
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        meta = _read_meta(path, connection)
        dataset = open_unchanged(find_input(path, meta, "dataset"))
        require_same("the dataset", dataset.digest, meta["dataset_digest"], dataset.path)
        mapping = read_mapping(find_input(path, meta, "mapping"))
        require_same("the mapping", mapping.digest, meta["mapping_digest"], mapping.path)
        folder = None if meta["templates"] is None else find_input(path, meta, "templates")
        templates = Templates(folder)
        require_same("the templates", templates.digest, meta["templates_digest"], folder or "deskferry's own")
        opened = Plan(
            path, connection, meta, dataset, mapping, templates, stamp_of(path, str(meta.get("digest")))
        )
        _require_unedited(opened, ledger)
        yield opened


def _require_unedited(plan: Plan, ledger: Path | None) -> None:
    own = default_ledger(plan.path, plan.account, str(plan.workspace["id"]))
    if not is_known(ledger or own, plan.stamp):
        found = _own_digest(plan.path, plan.connection, plan.meta)
        require_same("the plan itself", found, plan.digest, plan.path)


def _own_digest(path: Path, connection: sqlite3.Connection, meta: dict[str, Any]) -> str:
    inputs = ("dataset_digest", "mapping_digest", "templates_digest")
    try:
        digests = [*(meta[name] for name in inputs), workspace_digest(meta["workspace"])]
        digests += [meta["silence_digest"]] if meta.get("silence_digest") else []
        return plan_digest(connection, digests)
    except (KeyError, sqlite3.DatabaseError) as error:
        raise InputError(f"not a whole plan ({error})", where=path, todo=_AGAIN) from error


def planned(values: tuple[Any, ...]) -> PlannedAction:
    """An action as selected in the order of COLUMNS."""
    phase, seq, kind, key, step, part, witness, payload_hash = values
    return PlannedAction(phase, seq, Kind(kind), key, Step(step), part, json.loads(witness), payload_hash)


def _read_meta(path: Path, connection: sqlite3.Connection) -> dict[str, Any]:
    try:
        version = connection.execute("pragma user_version").fetchone()[0]
        meta = {name: json.loads(text) for name, text in connection.execute("select name, value from meta")}
    except (sqlite3.DatabaseError, ValueError) as error:
        raise InputError(f"not a plan ({error})", where=path) from error
    if meta.get("type") != "plan":
        raise InputError("not a plan", where=path)
    if version != FORMAT:
        raise InputError(
            f"a plan of format {version}; this version knows format {FORMAT}", where=path, todo=_AGAIN
        )
    return meta


def find_input(plan: Path, meta: dict[str, Any], name: str) -> Path:
    """The input `name`, beside the plan as it was, else where it was. Raises RefusedError when it is gone."""
    places = meta[name]
    found = [path for path in (plan.parent / places["relative"], Path(places["absolute"])) if path.exists()]
    if not found:
        raise RefusedError(
            f"the {name} this plan was made from is gone ({places['absolute']})", where=plan, todo=_AGAIN
        )
    return found[0]


def require_same(what: str, found: str, expected: str, where: Path | str) -> None:
    """Raise RefusedError unless an input still has the digest the plan was made from."""
    if found != expected:
        raise RefusedError(
            f"{what} changed since the plan was made (sha256 {found[:12]}, was {expected[:12]})",
            where=where,
            todo=_AGAIN,
        )
