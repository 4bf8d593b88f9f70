"""The gate: every live value has an answer, and what the answers name is in the workspace.

In: archive.duckdb, a mapping, optionally a workspace snapshot. Out: a Coverage with a Gap for each value
that is without an answer. Wrong: InputError for a bad rule or a mapping of another account.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping

from .decide import MEMORY, THREADS, checked_rules, failed_rule, loaded_rules
from .live import Live, account, live_values, mark_loaded

REST = "*"


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that keeps the mapping from being complete. where: `file:line`. count: tickets."""

    block: str
    value: str
    count: int
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a mapping answers for an archive.

    live, mapped: numbers of values. suggested: answers nobody has looked at. wildcards: values that a "*"
    takes. unmapped: without a sound answer. missing: named, but not so in the workspace.
    """

    live: int
    mapped: int
    suggested: int
    wildcards: int
    unmapped: list[Gap] = field(default_factory=list)
    missing: list[Gap] = field(default_factory=list)


def coverage(archive: Path, mapping: Mapping, *, workspace: dict[str, Any] | None = None) -> Coverage:
    """Hold a mapping against an archive. Only tickets that a rule makes a conversation count."""
    with open_archive(archive, memory_limit=MEMORY, threads=THREADS) as connection:
        _require_same_account(account(connection), mapping)
        rule_of = checked_rules(connection, mapping)
        try:
            mark_loaded(connection, rule_of, loaded_rules(mapping))
        except duckdb.Error as error:
            raise failed_rule(connection, mapping, error) from error
        live = live_values(connection)
    unmapped = [*_without_answer(live, mapping), *_loose_wildcards(live, mapping), *_torn(live, mapping)]
    answers = [answer for value in live if (answer := answer_for(mapping, value))]
    broken = {(gap.block, gap.value) for gap in unmapped}
    return Coverage(
        live=len(live),
        mapped=sum((value.block, value.value) not in broken for value in live),
        suggested=sum(answer.get("suggested", False) for answer in answers),
        wildcards=sum(_taken_by_rest(mapping, value) for value in live),
        unmapped=unmapped,
        missing=list(_missing(live, mapping, workspace)) if workspace is not None else [],
    )


def answer_for(mapping: Mapping, value: Live) -> dict[str, Any] | None:
    """What the mapping says of a value: its own entry, one in other letters, the "*" of its block."""
    values: dict[str, dict[str, Any]] = mapping.data[value.block]["values"]
    named = _named(values, value.value)
    return values[named] if named is not None else values.get(REST)


def _named(values: dict[str, dict[str, Any]], value: str) -> str | None:
    if value in values:
        return value
    folded = value.casefold()
    return next((name for name in values if name.casefold() == folded), None)


def _require_same_account(found: str | None, mapping: Mapping) -> None:
    named = mapping.data["account"]
    if named is not None and found is not None and named != found:
        raise InputError(
            f"this mapping is about {named}, the dataset about {found}",
            where=mapping.where("account"),
            todo="Use the dataset's own mapping, or write one with: deskferry map init",
        )


def _without_answer(live: list[Live], mapping: Mapping) -> Iterator[Gap]:
    for value in live:
        if answer_for(mapping, value) is None:
            yield _gap(value, mapping, "no entry")


def _loose_wildcards(live: list[Live], mapping: Mapping) -> Iterator[Gap]:
    """A "*" decides about values nobody has named, so it says why, and gives one answer that fits all."""
    taken = Counter(value.block for value in live if _taken_by_rest(mapping, value))
    for block in taken:
        answer = mapping.data[block]["values"][REST]
        tickets = sum(v.tickets for v in live if v.block == block and _taken_by_rest(mapping, v))
        value = Live(block=block, value=REST, tickets=tickets, label=None, kind=None)
        if "reason" not in answer:
            yield _gap(value, mapping, 'a "*" needs a reason')
        if "attribute" in answer and block == "custom_fields":
            yield _gap(value, mapping, 'a "*" cannot name one attribute for several fields')


def _torn(live: list[Live], mapping: Mapping) -> Iterator[Gap]:
    """Fields may share an attribute, the first that has a value fills it; but it has one type."""
    first: dict[str, tuple[str, str]] = {}
    for value in live:
        answer = answer_for(mapping, value) or {}
        if value.block != "custom_fields" or "attribute" not in answer:
            continue
        name, kind = answer["attribute"], answer.get("type", "string")
        field, wanted = first.setdefault(name, (value.value, kind))
        if kind != wanted:
            yield _gap(value, mapping, f'attribute "{name}" is {kind} here and {wanted} for field {field}')


def _missing(live: list[Live], mapping: Mapping, workspace: dict[str, Any]) -> Iterator[Gap]:
    """What loaded tickets need, and what the mapping writes with, but the workspace has otherwise."""
    assigns = mapping.data["assign"] != "none"
    for value in live:
        answer = answer_for(mapping, value) or {}
        if assigns and "admin" in answer and (why := _admin_trouble(answer["admin"], workspace)):
            yield _gap(value, mapping, why)
        if assigns and "team" in answer and (why := _team_trouble(answer["team"], workspace)):
            yield _gap(value, mapping, why)
        if value.block == "custom_fields" and (why := _attribute_trouble(answer, workspace)):
            yield _gap(value, mapping, why)
    writer = mapping.data["staff"]["migration_admin"]
    if writer is not None and (why := _admin_trouble(writer, workspace)):
        yield Gap("staff", writer, 0, mapping.where("staff", "migration_admin"), why)


def _admin_trouble(email: str, workspace: dict[str, Any]) -> str | None:
    found = [admin for admin in workspace["admins"] if admin["email"].casefold() == email.casefold()]
    if not found:
        return f"no admin {email} in the workspace"
    return None if any(admin["seat"] for admin in found) else f"admin {email} has no seat"


def _team_trouble(name: str, workspace: dict[str, Any]) -> str | None:
    names = [team["name"] for team in workspace["teams"]]
    count = names.count(name) or [other.casefold() for other in names].count(name.casefold())
    if count == 1:
        return None
    return f'{count} teams are called "{name}"' if count else f'no team "{name}" in the workspace'


def _attribute_trouble(answer: dict[str, Any], workspace: dict[str, Any]) -> str | None:
    """An attribute that is there with another type takes no value; one that is absent is made by the plan."""
    name, wanted = answer.get("attribute"), answer.get("type", "string")
    for attribute in workspace["conversation_attributes"]:
        if attribute["name"] == name and not same_type(attribute["data_type"], wanted):
            return f'attribute "{name}" is {attribute["data_type"]} in the workspace, not {wanted}'
    return None


def same_type(theirs: str, ours: str) -> bool:
    """Whether a workspace's attribute type is the one the mapping names. decimal is also called float."""
    return theirs == ours or (theirs, ours) == ("float", "decimal")


def _taken_by_rest(mapping: Mapping, value: Live) -> bool:
    values = mapping.data[value.block]["values"]
    return REST in values and _named(values, value.value) is None


def _gap(value: Live, mapping: Mapping, why: str) -> Gap:
    named = _named(mapping.data[value.block]["values"], value.value)
    where = mapping.where(value.block, "values", value.value if named is None else named)
    return Gap(block=value.block, value=value.value, count=value.tickets, where=where, why=why)
