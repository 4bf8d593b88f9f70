"""A working mapping from what is in the data: every live value, its count, and a target.

In: archive.duckdb, optionally a workspace snapshot. Out: the text of mapping.yaml, valid against
mapping.json, at 0 unmapped as it stands. Nothing is guessed silently: likenesses are marked.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from deskferry.schemas.archive_file import open_archive

from . import map_suggest as suggest
from .decide import MEMORY, THREADS, as_case
from .live import BLOCKS, Live, Mirror, account, live_values, mark_loaded, mirrors
from .map_text import block, comment_text, entry, flow, quoted, scalar, tickets

_NOTE = "note"
# Who should not be loaded, the surest first; the first that holds decides. The reasons stand in the
# plan and in the reports.
RULES: tuple[dict[str, Any], ...] = (
    {"where": "scrubbed", "archive_only": True, "reason": "Zendesk has overwritten the text"},
    {"where": "deleted", "archive_only": True, "reason": "Deleted in Zendesk"},
    {
        "where": "requester_suspended",
        "archive_only": True,
        "reason": "The requester is suspended",
    },
    {"where": "merged_into is not null", "archive_only": True, "reason": "Merged into another ticket"},
    {
        "where": "public_comments = 0",
        "archive_only": True,
        "reason": "No public comment",
    },
    {
        "where": "requester_erased",
        "archive_only": True,
        "reason": "The requester was deleted for good and must not come back",
    },
    {
        "where": "requester_placeholder",
        "archive_only": True,
        "reason": "Nobody to give it to: the export does not say who asked, or only an id",
    },
    {
        "where": "problem_id is not null or has_incidents",
        "conversation": _NOTE,
        "reason": "Problem or incident: its links stand in the transcript",
    },
    {"where": "true", "conversation": _NOTE, "reason": "A customer's conversation"},
)


def default_mapping(archive: Path, *, workspace: dict[str, Any] | None = None) -> str:
    """The text of a mapping. workspace: a snapshot to find admins, teams and attributes in."""
    with open_archive(archive, memory_limit=MEMORY, threads=THREADS) as connection:
        taken = _tickets_by_rule(connection)
        loaded = [number for number, rule in enumerate(RULES, start=1) if "conversation" in rule]
        mark_loaded(connection, as_case(RULES), loaded)
        live: dict[str, list[Live]] = {name: [] for name in BLOCKS}
        for value in live_values(connection):
            live[value.block].append(value)
        sections = [
            _head(account(connection)),
            _rules(taken),
            _people(),
            _staff(_agent_emails(connection)),
            _agents(live["agents"], workspace),
            _groups(live["groups"], workspace),
            _states("statuses", "Zendesk's status categories.", live["statuses"]),
            _states("custom_statuses", "The account's own statuses.", live["custom_statuses"]),
            _fields(live["custom_fields"], workspace),
            _tags(live["tags"], mirrors(connection), live["custom_fields"]),
            _tail(),
        ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _tickets_by_rule(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    sql = f"select {as_case(RULES)}, count(*) from ticket_overview group by 1"  # noqa: S608 our own rules
    return dict(connection.execute(sql).fetchall())


def _agent_emails(connection: duckdb.DuckDBPyConnection) -> list[str]:
    sql = "select email from staff where email is not null and list_contains(reasons, 'role') order by email"
    return [email for (email,) in connection.execute(sql).fetchall()]


def _head(name: str | None) -> list[str]:
    return [
        f"# What becomes what when {comment_text(name or 'this account')} moves from Zendesk to Intercom.",
        "# Every value that a loaded ticket carries stands below with its number of tickets. Change what you",
        "# like, sign each block (decided_by, date), then: deskferry map check DATASET FILE",
        "# suggested: true marks what was found by likeness. Remove the mark once somebody has looked.",
        "mapping: 1",
        f"account: {quoted(name) if name is not None else 'null'}",
        "purpose: context  # compliance: nothing is loaded; reporting: for numbers; context: to be read",
        "decided_by: null",
        "date: null",
    ]


def _rules(taken: dict[int, int]) -> list[str]:
    lines = [
        f"# {tickets(sum(taken.values()))} in all. The first rule whose condition holds decides.",
        "# Conditions are SQL over the view ticket_overview; its columns are shown by:",
        '# deskferry sql DATASET "describe ticket_overview"',
        "rules:",
    ]
    for number, rule in enumerate(RULES, start=1):
        lines.append(f"  - where: {quoted(rule['where'])}  # {tickets(taken.get(number, 0))}")
        lines += [f"    {key}: {scalar(value)}" for key, value in rule.items() if key != "where"]
    return lines


def _people() -> list[str]:
    return [
        "# Requesters of loaded tickets become contacts; people in copy stay text.",
        "people:",
        "  decided_by: null",
        "  date: null",
        "  policy: create  # match: those Intercom does not know are not made, and their tickets fail",
        "  without_email: zendesk_id  # archive_only: their tickets stay in the archive",
        "  unsubscribed_from_emails: true  # so that no campaign reaches them",
    ]


def _staff(emails: Sequence[str]) -> list[str]:
    found = suggest.domains(emails)[:10]
    names = ", ".join(f"{domain} ({count:,})" for domain, count in found) or "none"
    return [
        "# Agents are staff by themselves; a domain here makes all its people staff, also as requesters.",
        f"# Domains of the agents: {comment_text(names)}",
        "staff:",
        "  decided_by: null",
        "  date: null",
        "  migration_admin: null  # e-mail of the admin who writes everything; null: the owner of the token",
        "  domains: []",
    ]


def _agents(values: Sequence[Live], workspace: dict[str, Any] | None) -> list[str]:
    lines = []
    for value in values:
        about = ", ".join(filter(None, [tickets(value.tickets), value.label, value.kind]))
        lines += entry(value.value, suggest.agent(value, workspace), comment=about, indent=4)
    return [
        "# Assignees: {admin: E-MAIL}, or {unassigned: true}; the name stands in attribute zendesk_assignee.",
        "agents:",
        *block(lines),
    ]


def _groups(values: Sequence[Live], workspace: dict[str, Any] | None) -> list[str]:
    lines = []
    for value in values:
        answer = suggest.group(value, workspace)
        lines += entry(value.value, answer, comment=tickets(value.tickets), indent=4)
    return [
        "# Groups: {team: NAME}, or {attribute: true}; the name stands in attribute zendesk_group.",
        "groups:",
        *block(lines),
        "",
        "# Which conversations are assigned to admins and teams: all, open, none.",
        "assign: open",
    ]


def _states(name: str, title: str, values: Sequence[Live]) -> list[str]:
    lines = []
    for value in values:
        about = ", ".join(filter(None, [tickets(value.tickets), value.kind]))
        lines += entry(value.value, suggest.state(value), comment=about, indent=4)
    return [f"# {title} {{state: open}} or {{state: closed}}.", f"{name}:", *block(lines)]


def _fields(values: Sequence[Live], workspace: dict[str, Any] | None) -> list[str]:
    answers = suggest.fields(values, workspace)
    lines = []
    for value in values:
        about = ", ".join([tickets(value.tickets), value.kind or "no definition in the export"])
        lines += entry(value.value, answers[value.value], comment=about, indent=4)
    return [
        "# Ticket fields that are filled, by id: {attribute: NAME, type: TYPE} of a conversation attribute",
        "# (string, integer, decimal, boolean, datetime), or {drop: true, reason: ...}.",
        "custom_fields:",
        *block(lines),
    ]


def _tags(values: Sequence[Live], mirrored: dict[str, list[Mirror]], fields: Sequence[Live]) -> list[str]:
    titles = {field.value: field.label or field.value for field in fields}
    listed, rest = suggest.tags(values, mirrored, titles)
    lines = []
    for value, answer in listed:
        lines += entry(value.value, answer, comment=tickets(value.tickets), indent=4)
    if rest is not None:
        lines += [f'    "*": {flow(rest)}']
    return [
        "# Tags: {keep: true}, {rename: NAME}, or {drop: true, reason: ...}. Zendesk repeats drop-downs,",
        '# multi-selects and checkboxes as tags; those are dropped. A "*" takes what is not named.',
        "tags:",
        *block(lines),
    ]


def _tail() -> list[str]:
    return [
        "transcript:",
        "  decided_by: null",
        "  date: null",
        "  timezone: UTC  # zone of the times that people read, such as Europe/Berlin",
        "",
        "limits:",
        "  note: 50000  # characters of one note; longer transcripts are split, never cut",
    ]
