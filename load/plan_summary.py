"""What a plan comes to: its digest, its counts, its time, and what people will notice afterwards."""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from deskferry.schemas.canonical import digest as digest_of

from .action import HISTORY

LIMIT = 167  # calls per 10 seconds of a small or old app: what to reckon with where the target said nothing
_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A ticket that should become a conversation and can't."""

    ticket_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something of a ticket that is not sent whole or as asked."""

    ticket_id: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan in numbers.

    calls: requests where nothing that is to be made is there already; calls_most: where all of it is.
    setup: of the calls, those that make attributes and tags. seconds: at limit_per_10s, the workspace's.
    visible_by_step: of the calls, those whose text customers see.
    notes: what reports will show.
    """

    path: Path
    digest: str
    tickets: int
    contacts: int
    calls: int
    calls_most: int
    setup: int
    bytes: int
    seconds: float
    limit_per_10s: int
    customer_visible: int
    by_step: dict[str, int]
    visible_by_step: dict[str, int]
    by_target: dict[str, int]
    refused: tuple[Refused, ...]
    remarks: tuple[Remark, ...]  # the first thousand
    remark_count: int
    remarks_by_text: dict[str, int]  # the most frequent
    doubles: dict[str, int]  # people who stand more than once, by what it is about
    double_lines: tuple[str, ...]  # the first thousand
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON, without the path."""
        names = (name for name in self.__slots__ if name not in ("path", "refused", "remarks"))
        return {
            **{name: getattr(self, name) for name in names},
            "notes": list(self.notes),
            "double_lines": list(self.double_lines),
            "refused": [{"ticket": item.ticket_id, "reason": item.reason} for item in self.refused],
            "remarks": [{"ticket": item.ticket_id, "text": item.text} for item in self.remarks],
        }


def plan_digest(connection: sqlite3.Connection, inputs: Sequence[str]) -> str:
    """SHA-256 over the inputs' digests, the decisions, the refusals and every call. No paths, no clocks."""
    hasher = hashlib.sha256(digest_of(list(inputs)).encode())
    for query in (
        "select ticket, target, form, rule, reason from decisions order by seq",
        "select ticket, reason from refused order by ticket",
        "select phase, kind, key, step, part, witness, payload_hash, customer_visible"
        " from actions order by phase, seq",
        "select kind, key, on_kind, on_key from needs order by kind, key, on_kind, on_key",
    ):
        for row in connection.execute(query):
            hasher.update(orjson.dumps(row))
    return hasher.hexdigest()


def summarize(connection: sqlite3.Connection, *, digest: str, limit: int | None, path: Path) -> PlanSummary:
    """Count a plan. limit: calls per 10 seconds, None where the target did not say."""
    calls, calls_most, setup, size, visible = connection.execute(
        "select coalesce(sum(calls_least), 0), coalesce(sum(calls_most), 0),"
        " count(*) filter (where phase = 0), coalesce(sum(bytes), 0), coalesce(sum(customer_visible), 0)"
        " from actions"
    ).fetchone()
    steps = connection.execute(
        "select kind || ' ' || step, count(*), sum(customer_visible) from actions"
        " group by kind, step order by min(phase), min(seq)"
    ).fetchall()
    by_step = {step: count for step, count, _ in steps}
    by_target = dict(
        connection.execute("select target, count(*) from decisions group by target order by target")
    )
    refused = connection.execute("select ticket, reason from refused order by ticket")
    remarks = connection.execute(
        f"select ticket, text from remarks order by ticket, text limit {_LISTED}"  # noqa: S608 - a number of ours
    )
    limit = limit or LIMIT
    return PlanSummary(
        path=path,
        digest=digest,
        tickets=sum(by_step.get(f"{kind} create", 0) for kind in HISTORY),
        contacts=by_step.get("contact create", 0),
        calls=calls,
        calls_most=calls_most,
        setup=setup,
        bytes=size,
        seconds=round(calls / limit * 10, 1),
        limit_per_10s=limit,
        customer_visible=visible,
        by_step=by_step,
        visible_by_step={step: seen for step, _, seen in steps if seen},
        by_target=by_target,
        refused=tuple(Refused(*row) for row in refused),
        remarks=tuple(Remark(*row) for row in remarks),
        remark_count=connection.execute("select count(*) from remarks").fetchone()[0],
        remarks_by_text=dict(
            connection.execute(
                "select text, count(*) from remarks group by text order by count(*) desc, text limit 100"
            )
        ),
        doubles=dict(connection.execute("select what, count(*) from doubles group by what order by what")),
        double_lines=tuple(
            line
            for (line,) in connection.execute(
                f"select line from doubles order by what, rowid limit {_LISTED}"  # noqa: S608 - a number of ours
            )
        ),
        notes=_notes(connection, by_step),
    )


def _notes(connection: sqlite3.Connection, by_step: dict[str, int]) -> tuple[str, ...]:
    """One sentence for each thing that reports will show and the history does not say."""
    first, last = connection.execute(
        "select min(json_extract(witness, '$.created_at')), max(json_extract(witness, '$.created_at'))"
        " from actions where kind in ('conversation', 'ticket') and step = 'create'"
    ).fetchone()
    if first is None:
        return ()
    notes = [
        f"{count:,} {kind}s count in {_months(first, last)}, when they began"
        for kind in HISTORY
        if (count := by_step.get(f"{kind} create", 0))
    ]
    (closes,) = connection.execute(
        "select count(*) from actions where step = 'close' or json_extract(witness, '$.open') = 0"
    ).fetchone()
    if states := by_step.get("ticket update", 0):
        notes.append(f"{states:,} changes of ticket states count on the day of the load")
    if closes:
        notes.append(f"{closes:,} closes count on the day of the load: Intercom cannot date a close")
    assigned = sum(by_step.get(f"conversation assign_{to}", 0) for to in ("team", "admin"))
    if assigned:
        notes.append(f"{assigned:,} assignments count on the day of the load")
    return (*notes, "Leave them out of reports with the filter: imported_from is not zendesk")


def _months(first: int, last: int) -> str:
    begin, end = (datetime.fromtimestamp(second, UTC).strftime("%b %Y") for second in (first, last))
    return begin if begin == end else f"{begin} to {end}"
