"""The mapping's answer for every ticket: target, rule, reason.

In: archive.duckdb and a mapping. Out: decisions in the order in which tickets are loaded, (created_at, id).
Wrong: InputError for a condition that is none, with file and line, and for tickets no rule takes.
All rules are asked in one pass over ticket_overview; the first that holds decides.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.decision import Decision, Target
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping

from .condition import check_conditions
from .query import first_line

# Two million tickets and ten million comments pass through this; what does not fit spills to disk.
MEMORY, THREADS = "160MB", 2
# What keeps a ticket in the archive although its rule would load it, where the mapping's setting says
# archive_only: block, key, condition, reason.
_KEPT_BACK = (
    ("merged_and_deleted", "deleted", "deleted or scrubbed", "Deleted in Zendesk"),
    ("merged_and_deleted", "merged", "merged_into is not null", "Merged into another ticket"),
    # Whom Intercom could know by nothing but a made-up id.
    (
        "people",
        "without_email",
        "not is_email(requester_email) and coalesce(requester_external_id, '') = ''",
        "The requester has neither e-mail nor product id",
    ),
)
# Targets that are loaded; everything else stays where it is.
LOADED = (Target.CONVERSATION, Target.TICKET)
_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Share:
    """How many tickets one rule takes. rule: 1-based position in the mapping."""

    target: Target
    form: str | None
    rule: int
    reason: str
    tickets: int


def decide(
    archive: Path,
    mapping: Mapping,
    *,
    where: str | None = None,
    tickets: Sequence[int] | None = None,
    option: str = "--tickets",
    newest_first: bool = False,
) -> Iterator[Decision]:
    """Each ticket's decision, ordered by (created_at, id), or the other way round.

    where: a further condition over ticket_overview. tickets: only these ids. They narrow what is
    answered, never the answer. option: what named the tickets, for errors. Raises InputError at once for a
    bad condition, for a ticket that is not in the archive and while any ticket at all is without an answer.
    """
    connection = open_archive(archive, memory_limit=MEMORY, threads=THREADS)
    try:
        rule_of = checked_rules(connection, mapping)
        require_answers(connection, mapping, rule_of)
        narrowed, values = _narrowed(connection, where=where, tickets=tickets, option=option)
        order = "created_at desc nulls last, id desc" if newest_first else "created_at, id"
        sql = f"select id, {rule_of} from ticket_overview where {narrowed} order by {order}"  # noqa: S608
        try:
            cursor = connection.execute(sql, values)
        except duckdb.Error as error:
            raise _misfit(error, where=where) from error
    except BaseException:
        connection.close()
        raise
    return _decisions(connection, cursor, mapping, where=where)


def summary(archive: Path, mapping: Mapping) -> list[Share]:
    """What each rule takes, in the order of the rules; also those that take nothing.

    Tickets that a setting keeps back from a rule have a share of their own after the rule's.
    """
    with open_archive(archive, memory_limit=MEMORY, threads=THREADS) as connection:
        rule_of = checked_rules(connection, mapping)
        counts = require_answers(connection, mapping, rule_of)
    rules = len(mapping.data["rules"])
    numbers = sorted({*range(1, rules + 1), *counts}, key=lambda number: ((number - 1) % rules, number))
    return [_share(mapping, number, tickets=counts.get(number, 0)) for number in numbers]


def checked_rules(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> str:
    """The rules as one SQL expression over ticket_overview: the number of the first that holds, or NULL.

    A ticket that a setting keeps back has a higher number, see `as_case`. Raises InputError with the line of
    the first rule that is no condition.
    """
    rules = mapping.data["rules"]
    check_conditions(
        connection,
        ((rule["where"], mapping.where("rules", index, "where")) for index, rule in enumerate(rules)),
    )
    return as_case(rules, kept_back=[item[2] for item in _kept_back(mapping)])


def as_case(rules: Sequence[AnyMapping[str, Any]], *, kept_back: Sequence[str] = ()) -> str:
    """Rules as one SQL expression, unchecked: the number of the first that holds, or NULL.

    kept_back: conditions under which a ticket stays in the archive although its rule would load it. By the
    first of them its number is higher by the number of rules, by the second by twice that, and so on. Every
    condition stands on lines of its own, because it may end in a comment.
    """
    cases = []
    for number, rule in enumerate(rules, start=1):
        held = " ".join(
            f"when {condition} then {number + place * len(rules)}"
            for place, condition in enumerate(kept_back, start=1)
        )
        answer = f"case {held} else {number} end" if held and _loads(rule) else number
        cases.append(f"when (\n{rule['where']}\n) then {answer}")
    return f"case {' '.join(cases)} end"


def loaded_rules(rules: Sequence[AnyMapping[str, Any]]) -> list[int]:
    """Numbers of the rules that load something."""
    return [number for number, rule in enumerate(rules, start=1) if _loads(rule)]


def _loads(rule: AnyMapping[str, Any]) -> bool:
    return any(target in rule for target in LOADED)


def _kept_back(mapping: Mapping) -> list[tuple[str, str, str, str]]:
    return [item for item in _KEPT_BACK if mapping.choice(item[0], item[1]) == Target.ARCHIVE_ONLY]


def failed_rule(connection: duckdb.DuckDBPyConnection, mapping: Mapping, error: duckdb.Error) -> InputError:
    """The rule that met a value it cannot compute with, such as a text cast to a number."""
    for index, rule in enumerate(mapping.data["rules"]):
        try:
            connection.execute(f"select count(*) from ticket_overview where (\n{rule['where']}\n)").fetchall()  # noqa: S608
        except duckdb.Error as found:
            return InputError(first_line(found), where=mapping.where("rules", index, "where"))
    return InputError(first_line(error), where=mapping.where("rules"))


def require_answers(connection: duckdb.DuckDBPyConnection, mapping: Mapping, rule_of: str) -> dict[int, int]:
    """Tickets by number of their rule. Raises InputError while a ticket is without an answer."""
    counts = rule_counts(connection, mapping, rule_of)
    if left := counts.get(None, 0):
        raise InputError(
            f"no rule takes {left:,} of {sum(counts.values()):,} tickets",
            where=last_condition(mapping),
            todo='Add a last rule with where: "true"',
        )
    return {rule: tickets for rule, tickets in counts.items() if rule is not None}


def rule_counts(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, rule_of: str
) -> dict[int | None, int]:
    """Tickets by number of their rule, None for those that no rule takes. Raises InputError."""
    sql = f"select {rule_of} as rule, count(*) from ticket_overview group by 1"  # noqa: S608 checked rules
    try:
        return dict(connection.execute(sql).fetchall())
    except duckdb.Error as error:
        raise failed_rule(connection, mapping, error) from error


def last_condition(mapping: Mapping) -> str:
    """`file:line` of the condition that should take what no other does."""
    return mapping.where("rules", len(mapping.data["rules"]) - 1, "where")


def _narrowed(
    connection: duckdb.DuckDBPyConnection, *, where: str | None, tickets: Sequence[int] | None, option: str
) -> tuple[str, list[Any]]:
    """The condition of this run, with its parameters."""
    parts, values = ["true"], []
    if where is not None:
        check_conditions(connection, [(where, "--where")])
        parts.append(f"(\n{where}\n)")
    if tickets is not None:
        _require_tickets(connection, tickets, option=option)
        parts.append("id in (select unnest(?::bigint[]))")
        values.append(list(tickets))
    return " and ".join(parts), values


def _require_tickets(connection: duckdb.DuckDBPyConnection, tickets: Sequence[int], *, option: str) -> None:
    sql = "select unnest(?::bigint[]) as id except select id from tickets order by id"
    try:
        unknown = [str(number) for (number,) in connection.execute(sql, [list(tickets)]).fetchall()]
    except duckdb.Error as error:
        raise InputError(f"not ticket ids: {first_line(error)}", where=option) from error
    if unknown:
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        raise InputError(f"no such ticket: {', '.join(unknown[:5])}{more}", where=option)


def _decisions(
    connection: duckdb.DuckDBPyConnection,
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    *,
    where: str | None,
) -> Iterator[Decision]:
    count, possible = len(mapping.data["rules"]), answers(mapping)
    with connection:
        try:
            while rows := cursor.fetchmany(_BATCH):
                for ticket_id, number in rows:
                    target, form, reason = possible[number - 1]
                    yield Decision(ticket_id, target, form, (number - 1) % count + 1, reason)
        except duckdb.Error as error:
            raise _misfit(error, where=where) from error


def answers(mapping: Mapping) -> list[tuple[Target, str | None, str]]:
    """Target, form and reason by the number that the rules give a ticket, from 1."""
    numbers = len(mapping.data["rules"]) * (1 + len(_kept_back(mapping)))
    return [_answer(mapping, number) for number in range(1, numbers + 1)]


def _misfit(error: duckdb.Error, *, where: str | None) -> InputError:
    # The rules went through every ticket already, so it is the further condition.
    return InputError(first_line(error), where="--where" if where is not None else None)


def _share(mapping: Mapping, number: int, *, tickets: int) -> Share:
    target, form, reason = _answer(mapping, number)
    rule = (number - 1) % len(mapping.data["rules"]) + 1
    return Share(target=target, form=form, rule=rule, reason=reason, tickets=tickets)


def _answer(mapping: Mapping, number: int) -> tuple[Target, str | None, str]:
    """What the number that the rules gave a ticket stands for."""
    place, index = divmod(number - 1, len(mapping.data["rules"]))
    if place:
        block, key, _, reason = _kept_back(mapping)[place - 1]
        return Target.ARCHIVE_ONLY, None, f"{reason} ({block}.{key}: archive_only)"
    rule = mapping.data["rules"][index]
    for target in LOADED:
        if target in rule:
            return target, rule[target], rule["reason"]
    return (Target.DROP if "drop" in rule else Target.ARCHIVE_ONLY), None, rule["reason"]
