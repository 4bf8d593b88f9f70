"""The certificate: what a verification, the ledger and the plan together say about a move, as facts.

In: a plan, its ledger, what verify found. Out: one JSON object, whose words are made by certificate_lines. It
claims what was read back and nothing else: what was not read is named as not read.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.canonical import digest
from deskferry.schemas.signature import signatures
from deskferry.schemas.workspace import is_real, workspace_digest

from .backlog import Backlog
from .ledger_file import default_ledger, read_ledger
from .mapped import zone_of
from .plan_file import Plan, open_plan
from .read_people import query
from .verify_result import VerifyResult

FORMAT = 1
LISTED = 1_000  # differences and additions named one by one
_LISTED = 20  # reasons and items
_FILES = "attachments"  # the block of a mapping whose signature decides about files


def certify(
    plan: Path,
    result: VerifyResult,
    *,
    now: float,
    ledger: Path | None = None,
    notifications: int | None = None,
) -> dict[str, Any]:
    """The facts of a certificate, with its own `sha256` over all others.

    result: of a verification of this plan just now. now: unix seconds. notifications: what a sandbox of our
    own counted, None elsewhere. Raises what open_plan and read_ledger raise.
    """
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(open_plan(plan, ledger=ledger))
        path = ledger or default_ledger(plan, opened.account, opened.workspace["id"])
        connection = stack.enter_context(read_ledger(path))
        backlog = Backlog(connection, plan)
        archive = stack.enter_context(contextlib.closing(open_archive(opened.dataset.archive)))
        known = _ledger(connection)
        facts: dict[str, Any] = {
            "type": "certificate",
            "format": FORMAT,
            "account": opened.account,
            "workspace": {name: opened.workspace[name] for name in ("id", "name", "region")},
            "real": is_real(opened.workspace),
            "zone": opened.mapping.data["transcript"]["timezone"],
            "loaded": [_moment(opened, known["first_sent"]), _moment(opened, known["last_done"])],
            "verified_at": _moment(opened, now),
            "digests": _digests(opened),
            "sample": None
            if result.sample is None
            else {"share": result.sample, "checked": result.checked, "of": result.planned},
            "read": _read(result),
            "tickets": _tickets(opened, connection, archive, result),
            "files": _files(opened, result),
            "contacted": {
                "unsilenced": result.unsilenced,
                "automatic": result.automatic,
                "notifications": notifications,
                "silence_reason": opened.meta.get("no_silence"),
            },
            "customers": {"internal": result.internal, "shown": result.internal_shown},
            "reports": {
                "closes": known["closes"],
                "between": [_moment(opened, known["first_close"]), _moment(opened, known["last_close"])],
            },
            "undo": {
                "created": known["created"],
                "people_created": known["people_created"],
                "adopted": known["adopted"],
                "answered": result.answered,
            },
            "by_hand": list(_by_hand(opened, backlog, archive, known, result)),
            "signatures": [
                {"block": one.block, "by": one.by, "date": one.date} for one in signatures(opened.mapping)
            ],
            "differences": [str(line) for line in result.differences[:LISTED]],
            "additions": [str(line) for line in result.additions[:LISTED]],
        }
    facts["not_yet"] = list(_not_yet(facts, known))
    facts["cancel"] = not facts["not_yet"]
    return {**facts, "sha256": digest(facts)}


def _ledger(connection: sqlite3.Connection) -> dict[str, Any]:
    cursor = connection.execute(_sql("certificate_ledger.sql"))
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def _digests(plan: Plan) -> dict[str, str]:
    return {
        "dataset": plan.dataset.digest,
        "mapping": plan.mapping.digest,
        "templates": plan.templates.digest,
        "workspace": workspace_digest(plan.workspace),
        "plan": plan.digest,
    }


def _read(result: VerifyResult) -> dict[str, Any]:
    return {
        "things": result.checked,
        "contacts": result.contacts,
        "companies": result.companies,
        "parts": result.parts,
        "hidden_parts": result.hidden,
        "calls": result.calls,
        "symbols": result.symbols,
    }


def _tickets(
    plan: Plan, connection: sqlite3.Connection, archive: duckdb.DuckDBPyConnection, result: VerifyResult
) -> dict[str, Any]:
    """Lines of the export, and every ticket of it in one class. The classes are counted, not subtracted."""
    connection.execute("create temp table export (id integer primary key)")
    cursor = archive.execute("select id from tickets")
    while rows := cursor.fetchmany(10_000):
        connection.executemany("insert into temp.export values (?)", rows)
    connection.commit()
    classes: dict[str, int] = {}
    reasons: dict[str, dict[str, int]] = {}
    for kind, reason, count in connection.execute(_sql("certificate_tickets.sql")):
        classes[kind] = classes.get(kind, 0) + count
        if reason:
            reasons.setdefault(kind, {})[reason] = count
    counts = plan.dataset.manifest["entities"].get("tickets") or {}
    (in_export,) = connection.execute("select count(*) from temp.export").fetchone()
    return {
        "in_export": in_export,
        "lines": {
            "found": counts.get("found", 0),
            "kept": counts.get("accepted", 0),
            "older": counts.get("repeated", 0) + counts.get("superseded", 0),
            "damaged": counts.get("rejected", 0),
            "made": counts.get("made", 0),
        },
        "here": classes.get("here", 0),
        "read_back": result.conversations + result.tickets,
        "different": result.tickets_different,
        "missing": result.tickets_missing,
        "unread": result.tickets_unread,
        "twice": result.twice,
        "archive_only": classes.get("archive_only", 0) + classes.get("drop", 0),
        "reasons": dict(_most({**reasons.get("archive_only", {}), **reasons.get("drop", {})})),
        "elsewhere": classes.get("elsewhere", 0),
        "left": classes.get("left", 0),
        "in_doubt": classes.get("in_doubt", 0),
        "failed": classes.get("failed", 0),
        "refused": classes.get("refused", 0),
        "refused_reasons": dict(_most({**reasons.get("refused", {}), **reasons.get("failed", {})})),
        "unaccounted": classes.get("unaccounted", 0),
    }


def _most(reasons: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """The most frequent; the others as one."""
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    yield from ordered[:_LISTED]
    if rest := sum(count for _, count in ordered[_LISTED:]):
        yield "other reasons", rest


def _files(plan: Plan, result: VerifyResult) -> dict[str, Any]:
    signed = {one.block: one for one in signatures(plan.mapping)}.get(_FILES)
    lost = sum(result.files_lost.values())
    return {
        "of_tickets": result.files_delivered + lost,
        "delivered": result.files_delivered,
        "lost": lost,
        "reasons": dict(_most(result.files_lost)),
        "decided_by": signed.by if signed is not None and signed.signed else None,
    }


def _by_hand(
    plan: Plan,
    backlog: Backlog,
    archive: duckdb.DuckDBPyConnection,
    known: Mapping[str, Any],
    result: VerifyResult,
) -> Iterator[dict[str, Any]]:
    """What plan, ledger and export know to be left for people, each with how many."""
    changed, _ = backlog.changed()
    for count, text in (
        (known["unclear"], "calls that may stand there more than once: look at `deskferry status`"),
        (
            known["failed"] - known["unclear"],
            "calls that Intercom refused: load --only failed sends them again",
        ),
        (changed, "calls that were made before as another mapping wanted them, and stay as they are"),
        (result.automatic, "parts that automation wrote into what was loaded: look which one, and at whom"),
    ):
        if count:
            yield {"count": count, "text": text}
    remarks = plan.connection.execute(
        "select text, count(*) from remarks group by text order by count(*) desc, text"
    ).fetchall()
    for text, count in remarks[:_LISTED]:
        yield {"count": count, "text": f"not sent whole or as asked: {text}"}
    if rest := sum(count for _, count in remarks[_LISTED:]):
        yield {
            "count": rest,
            "text": "not sent whole or as asked, for other reasons: table remarks of the plan",
        }
    for row in query(archive, "by_hand", []):
        if row["count"]:
            name = str(row["name"]).replace("_", " ")
            yield {
                "count": row["count"],
                "text": f"{name} stay in the archive; make them anew if they are needed",
            }


def _not_yet(facts: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """Each reason why Zendesk can't be cancelled yet."""
    tickets, lost = facts["tickets"], facts["files"]
    read = facts["read"]["symbols"]
    if not facts["real"]:
        yield "this was a rehearsal in a sandbox"
    if facts["sample"]:
        yield "this was a sample: {checked:,} of {of:,} things were read".format(**facts["sample"])
    if not facts["read"]["things"]:
        yield "nothing was read back"
    for count, text in (
        (tickets["unaccounted"], "tickets are in no plan"),
        (tickets["left"], "tickets are planned and not loaded"),
        (tickets["elsewhere"], "tickets were loaded by other plans: verify those, too"),
        (tickets["refused"], "tickets were refused by the plan"),
        (tickets["failed"], "tickets failed"),
        (tickets["in_doubt"], "tickets are in doubt: run load again"),
        (read["-"], "things or parts of them are missing"),
        (read["*"], "differences"),
        (read["!"], "calls failed, are in doubt, or could not be read"),
        (facts["customers"]["shown"], "internal texts can be seen by customers"),
        (facts["contacted"]["unsilenced"], "requests were sent without silence"),
        (facts["contacted"]["automatic"], "parts were written by automation"),
        (facts["contacted"]["notifications"] or 0, "notifications in the sandbox's outbox"),
        (known["in_doubt"], "calls of the ledger are in doubt"),
        (
            0 if lost["decided_by"] else lost["lost"],
            "lost files need a decision: sign `attachments` in the mapping",
        ),
    ):
        if count:
            yield f"{count:,} {text}"


def _moment(plan: Plan, at: float | None) -> str | None:
    """RFC 3339 in the zone of the mapping, to the second."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, zone_of(plan.mapping)).isoformat(timespec="seconds")


def _sql(name: str) -> str:
    return files("deskferry.load").joinpath(name).read_text("utf-8")
