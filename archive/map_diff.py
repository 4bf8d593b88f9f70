"""Two mappings of one archive held against each other: which tickets change their target, what that costs.

In: archive.duckdb, an old and a new mapping. Out: Moves per from and to, answers that changed, calls before
and after. Wrong: InputError for a bad rule in either, with its file and line.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.cost import Form
from deskferry.schemas.mapping import Mapping, shape_at
from deskferry.schemas.ticket_types import REPLIES

from .decide import THREADS, answers, checked_rules, failed_rule, loaded_rules, require_answers
from .live import Live, live_values, mark_loaded
from .map_answer import answer_for
from .map_cost import MEMORY, calls_of, prepare_costs
from .map_words import in_words

_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Move:
    """Tickets whose target changes. before, after: such as `conversation: note`. examples: the lowest ids.

    calls_before, calls_after: for their conversations; contacts are counted over all tickets.
    """

    before: str
    after: str
    tickets: int
    examples: list[int]
    calls_before: int
    calls_after: int


@dataclass(frozen=True, slots=True)
class Change:
    """An answer or setting that is not what it was.

    count: tickets, people or organizations; 0 for a setting.
    """

    block: str
    value: str
    count: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MappingDifference:
    """Everything that differs.

    tickets: in the archive; moved: with another target. calls: of the whole load.
    """

    tickets: int
    moved: int
    moves: list[Move]
    changes: list[Change]
    calls_before: int
    calls_after: int


def difference(archive: Path, old: Mapping, new: Mapping) -> MappingDifference:
    """Hold two mappings against each other. Both must answer every ticket."""
    with _decided(archive, old, new) as connection:
        pairs = connection.execute(
            "select before, after, count(*), min(id, ?) from decided"
            " group by all order by count(*) desc, 1, 2",
            [_EXAMPLES],
        ).fetchall()
        live_before, spent_before = _side(connection, old, "before", pairs)
        live_after, spent_after = _side(connection, new, "after", pairs)
    moves = [
        Move(before, after, tickets, examples, spent_before.get(pair, 0), spent_after.get(pair, 0))
        for before, after, tickets, examples in pairs
        if before != after and (pair := (before, after))
    ]
    live = {(value.block, value.field, value.value): value for value in [*live_before, *live_after]}
    return MappingDifference(
        tickets=sum(row[2] for row in pairs),
        moved=sum(move.tickets for move in moves),
        moves=moves,
        changes=[*_settings(old, new), *_answers(list(live.values()), old, new)],
        calls_before=spent_before[None],
        calls_after=spent_after[None],
    )


@contextlib.contextmanager
def _decided(archive: Path, old: Mapping, new: Mapping) -> Iterator[duckdb.DuckDBPyConnection]:
    """The archive with a temporary table decided(id, before, after)."""
    with open_archive(archive, memory_limit=MEMORY, threads=THREADS) as connection:
        expressions = []
        for mapping in (old, new):
            rule_of = checked_rules(connection, mapping)
            require_answers(connection, mapping, rule_of)
            expressions.append(rule_of)
        labels = [[_label(*answer[:2]) for answer in answers(mapping)] for mapping in (old, new)]
        before, after = expressions
        try:
            connection.execute(
                "create temp table decided as select id,"  # noqa: S608 checked rules
                f" ($before::varchar[])[{before}] as before, ($after::varchar[])[{after}] as after"
                " from ticket_overview",
                {"before": labels[0], "after": labels[1]},
            )
        except duckdb.Error as error:
            raise failed_rule(connection, new, error) from error
        yield connection


def _side(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, column: str, pairs: Sequence[Sequence[Any]]
) -> tuple[list[Live], dict[tuple[str, str] | None, int]]:
    """Live values of one mapping, and its calls by pair of targets; of the whole load under None."""
    mark_loaded(connection, checked_rules(connection, mapping), loaded_rules(mapping.data["rules"]))
    live = live_values(connection)
    prepare_costs(connection, mapping, live)
    spent: dict[tuple[str, str] | None, int] = {}
    total = 0
    for before, after, *_ in pairs:
        form = _form(before if column == "before" else after, mapping)
        if form is not None:
            chosen = f"before = {_quoted(before)} and after = {_quoted(after)}"
            spent[before, after], _ = calls_of(connection, form, chosen)
            total += spent[before, after]
    targets = [row[column == "after"] for row in pairs]
    loaded = ", ".join(_quoted(target) for target in targets if _form(target, mapping))
    _, contacts = calls_of(connection, Form.BARE, f"{column} in ({loaded})" if loaded else "false")
    spent[None] = total + contacts
    return live, spent


def _label(target: str, form: str | None) -> str:
    return f"{target.replace('_', ' ')}: {form}" if form else target.replace("_", " ")


def _form(label: str, mapping: Mapping) -> Form | None:
    target, _, form = label.partition(": ")
    if target == "ticket":
        said = mapping.block("ticket_types")["values"].get(form, {})
        return Form.REPLIES if said.get("form") == REPLIES else Form.TICKET
    return Form(form) if target == "conversation" else None


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _settings(old: Mapping, new: Mapping) -> Iterator[Change]:
    """Settings that are not values: purpose, assign, and every choice of a block."""
    for name, shape in shape_at()["properties"].items():
        if name in ("mapping", "decided_by", "date", "rules"):
            continue
        if "properties" not in shape:
            before, after = old.data.get(name), new.data.get(name)
            if before != after:
                yield Change(name, "", 0, str(before), str(after))
            continue
        for key in shape["properties"]:
            if key not in ("decided_by", "date", "values") and old.choice(name, key) != new.choice(name, key):
                yield Change(name, key, 0, str(old.choice(name, key)), str(new.choice(name, key)))


def _answers(live: Sequence[Live], old: Mapping, new: Mapping) -> Iterator[Change]:
    for value in live:
        before, after = (in_words(answer_for(mapping, value)) for mapping in (old, new))
        if before != after:
            yield Change(value.block, value.name, value.tickets, before, after)
