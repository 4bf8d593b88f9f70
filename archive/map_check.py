"""The gate: every live value has an answer that can be carried out, in this version and this workspace.

In: archive.duckdb, a mapping, optionally a workspace snapshot. Out: a Coverage with a Gap for each value
that is without an answer. Wrong: InputError for a bad rule or a mapping of another account.
"""

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping

from .decide import (
    MEMORY,
    THREADS,
    checked_rules,
    failed_rule,
    last_condition,
    loaded_rules,
    rule_counts,
)
from .live import Live, account, live_totals, live_values, mark_loaded
from .map_answer import Answered, Gap, answer_for, answered, gap, is_default, is_rest
from .map_not_yet import not_yet
from .map_people import people_clashes, people_misfits
from .map_sound import cautions, misfits, stale, unsound
from .map_tickets import lists_of_none, ticket_gaps, unnamed_types
from .map_words import in_words
from .map_workspace import missing

_IN_PORTAL = "select id from ticket_fields where visible_in_portal"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a mapping answers for an archive.

    live, mapped: numbers of values. suggested: answers nobody has looked at. wildcards: values that a "*"
    takes. defaults: values of blocks that the file does not have. unmapped: without a sound answer. missing:
    named, but not so in the workspace. unsupported: this version cannot. warnings: done all the same.
    """

    live: int
    mapped: int
    suggested: int
    wildcards: int
    defaults: int = 0
    unmapped: list[Gap] = field(default_factory=list)
    missing: list[Gap] = field(default_factory=list)
    unsupported: list[Gap] = field(default_factory=list)
    warnings: list[Gap] = field(default_factory=list)
    suggestions: list[Gap] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)

    @property
    def gaps(self) -> list[Gap]:
        """All that keeps a plan from being made."""
        return [*self.unmapped, *self.missing, *self.unsupported]


def coverage(archive: Path, mapping: Mapping, *, workspace: dict[str, Any] | None = None) -> Coverage:
    """Hold a mapping against an archive. Only tickets that a rule loads count; every ticket needs a rule."""
    with open_archive(archive, memory_limit=MEMORY, threads=THREADS) as connection:
        _require_same_account(account(connection), mapping)
        rule_of = checked_rules(connection, mapping)
        taken = rule_counts(connection, mapping, rule_of)
        try:
            mark_loaded(connection, rule_of, loaded_rules(mapping.data["rules"]))
        except duckdb.Error as error:
            raise failed_rule(connection, mapping, error) from error
        live, totals = live_values(connection), live_totals(connection)
        misfitting, partly = misfits(connection, live, mapping)
        of_people, partly_of_people = people_misfits(connection, live, mapping)
        portal = {str(id_) for (id_,) in connection.execute(_IN_PORTAL).fetchall()}
    unmapped = [
        *_without_rule(taken, mapping),
        *_without_answer(live, mapping),
        *unsound(live, mapping),
        *people_clashes(live, mapping),
        *lists_of_none(live, mapping),
        *misfitting,
        *of_people,
    ]
    suggestions = list(_suggestions(live, mapping))
    broken = {(found.block, found.value) for found in unmapped}
    return Coverage(
        live=len(live),
        mapped=sum((value.block, value.name) not in broken for value in live),
        suggested=len(suggestions),
        wildcards=sum(is_rest(mapping, value) and not is_default(mapping, value) for value in live),
        defaults=sum(is_default(mapping, value) for value in live),
        unmapped=unmapped,
        missing=[
            *(missing(live, mapping, workspace) if workspace is not None else ()),
            *ticket_gaps(mapping, workspace, taken=taken, portal=portal),
        ],
        unsupported=list(not_yet(mapping, totals)),
        warnings=[
            *partly,
            *partly_of_people,
            *cautions(live, mapping, totals),
            *stale(live, mapping),
            *unnamed_types(mapping),
        ],
        suggestions=suggestions,
        answered=[answered(value, mapping) for value in live],
    )


def _require_same_account(found: str | None, mapping: Mapping) -> None:
    named = mapping.data["account"]
    if named is not None and found is not None and named != found:
        raise InputError(
            f"this mapping is about {named}, the dataset about {found}",
            where=mapping.where("account"),
            todo="Use the dataset's own mapping, or write one with: deskferry map init",
        )


def _without_rule(taken: AnyMapping[int | None, int], mapping: Mapping) -> Iterator[Gap]:
    if left := taken.get(None, 0):
        why = f'no rule takes them, of {sum(taken.values()):,}; add a last rule with where: "true"'
        yield Gap("rules", "tickets without a rule", left, last_condition(mapping), why)


def _without_answer(live: list[Live], mapping: Mapping) -> Iterator[Gap]:
    for value in live:
        if answer_for(mapping, value) is None:
            why = "no entry; no definition in the export either" if value.kind == "undefined" else "no entry"
            yield gap(value, mapping, why)


def _suggestions(live: list[Live], mapping: Mapping) -> Iterator[Gap]:
    for value in live:
        answer = answer_for(mapping, value) or {}
        if answer.get("suggested") and not (value.field is not None and is_default(mapping, value)):
            yield gap(value, mapping, f"suggested: {in_words(answer)}")
