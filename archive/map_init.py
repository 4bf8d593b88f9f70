"""A working mapping from what is in the data: every block, every live value with its count, and a target.

In: archive.duckdb, optionally a workspace snapshot. Out: the text of mapping.yaml, valid against
mapping.json, at 0 unmapped as it stands. Nothing is guessed silently: likenesses are marked.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.mapping import shape_at

from .decide import MEMORY, THREADS, as_case, loaded_rules
from .live import BLOCKS, Live, account, live_totals, live_values, mark_loaded, mirrors
from .map_settings import settings
from .map_text import comment_text, quoted, remark, scalar, tickets
from .map_tickets import ticket_types_block
from .map_values import value_blocks

SCHEMA_FILE = "mapping.schema.json"  # written beside a mapping, for editors
PURPOSES = tuple(shape_at("purpose")["enum"])

# Who should not be loaded, the surest first; the first that holds decides. The reasons stand in the
# plan and in the reports.
NEVER_PUBLIC = "public_comments = 0"
_HELD_BACK: tuple[tuple[str, str], ...] = (
    ("scrubbed", "Zendesk has overwritten the text"),
    ("deleted", "Deleted in Zendesk"),
    ("requester_suspended", "The requester is suspended"),
    ("merged_into is not null", "Merged into another ticket"),
    (NEVER_PUBLIC, "No public comment"),
    ("requester_erased", "The requester was deleted for good and must not come back"),
    ("requester_placeholder", "Nobody to give it to: the export does not say who asked, or only an id"),
)


def default_mapping(
    archive: Path,
    *,
    workspace: dict[str, Any] | None = None,
    purpose: str = "context",
    internal: str | None = None,
) -> str:
    """The text of a mapping.

    workspace: a snapshot to find admins, teams and attributes in. purpose: one of PURPOSES; it steers what
    becomes of a customer's conversation. internal: the ticket type of what no customer ever saw; without
    it they stay in the archive.
    """
    rules = default_rules(purpose, internal=internal)
    with open_archive(archive, memory_limit=MEMORY, threads=THREADS) as connection:
        taken = _tickets_by_rule(connection, rules)
        mark_loaded(connection, as_case(rules), loaded_rules(rules))
        live: dict[str, list[Live]] = {name: [] for name in BLOCKS}
        for value in live_values(connection):
            live[value.block].append(value)
        blocks = {
            **settings(live_totals(connection), _held_back(connection), _agent_emails(connection)),
            **value_blocks(live, mirrors(connection), workspace),
            "rules": _rules(rules, taken),
            "ticket_types": ticket_types_block(rules, taken),
        }
        head = _head(account(connection), purpose)
    sections = [head, *(blocks[name] for name in shape_at()["properties"] if name in blocks)]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def default_rules(purpose: str, *, internal: str | None = None) -> list[dict[str, Any]]:
    """The first rules: what should not be loaded, then everything else in the form the purpose asks for."""
    made_tickets = internal is not None and purpose != "compliance"
    rules: list[dict[str, Any]] = [
        {"where": where, "archive_only": True, "reason": reason}
        for where, reason in _HELD_BACK
        if not (made_tickets and where == NEVER_PUBLIC)
    ]
    if purpose == "compliance":
        return [*rules, {"where": "true", "archive_only": True, "reason": "The archive is the result"}]
    if internal is not None:
        rules.append(
            {"where": NEVER_PUBLIC, "ticket": internal, "reason": "For teammates: no public comment"}
        )
    form = "bare" if purpose == "reporting" else "note"
    if form == "note":
        linked = "Problem or incident: its links stand in the transcript"
        rules.append(
            {"where": "problem_id is not null or has_incidents", "conversation": form, "reason": linked}
        )
    return [*rules, {"where": "true", "conversation": form, "reason": "A customer's conversation"}]


def _tickets_by_rule(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[Mapping[str, Any]]
) -> dict[int, int]:
    sql = f"select {as_case(rules)}, count(*) from ticket_overview group by 1"  # noqa: S608 our own rules
    return dict(connection.execute(sql).fetchall())


def _held_back(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Tickets that were merged; that were deleted or scrubbed."""
    sql = "select count(merged_into), count(*) filter (deleted or scrubbed) from ticket_overview"
    merged, deleted = connection.execute(sql).fetchall()[0]
    return merged, deleted


def _agent_emails(connection: duckdb.DuckDBPyConnection) -> list[str]:
    sql = "select email from staff where email is not null and list_contains(reasons, 'role') order by email"
    return [email for (email,) in connection.execute(sql).fetchall()]


def _head(name: str | None, purpose: str) -> list[str]:
    return [
        f"# yaml-language-server: $schema={SCHEMA_FILE}",
        f"# What becomes what when {comment_text(name or 'this account')} moves from Zendesk to Intercom.",
        "# Every value that a loaded ticket carries stands below with its number of tickets. Change what you",
        "# like, sign each block (decided_by, date), then: deskferry map check DATASET FILE",
        "# suggested: true marks what was found by likeness. Remove the mark once somebody has looked.",
        "mapping: 1",
        f"account: {quoted(name) if name is not None else 'null'}",
        "",
        *remark(
            shape_at("purpose")["description"], "decided_by and date here sign purpose, rules and assign."
        ),
        f"purpose: {purpose}",
        "decided_by: null",
        "date: null",
    ]


def _rules(rules: Sequence[Mapping[str, Any]], taken: Mapping[int, int]) -> list[str]:
    lines = [
        f"# {tickets(sum(taken.values()))} in all. The first rule whose condition holds decides:",
        "# conversation: bare, note or messages, ticket: TYPE, archive_only: true, or drop: true.",
        "# Conditions are SQL over the view ticket_overview; its columns are shown by:",
        '# deskferry sql DATASET "describe ticket_overview"',
        "rules:",
    ]
    for number, rule in enumerate(rules, start=1):
        lines.append(f"  - where: {quoted(rule['where'])}  # {tickets(taken.get(number, 0))}")
        lines += [f"    {key}: {scalar(value)}" for key, value in rule.items() if key != "where"]
    return lines
