"""Answers that are there and cannot be carried out: each a Gap with its line.

In: an archive with `loaded`, live values, a mapping. Out: gaps (nothing of it would arrive as asked) and
cautions (some of it would not).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import orjson

from deskferry.schemas.attribute_value import converted
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.own_attributes import CONVERSATION_ATTRIBUTES, METRIC_ATTRIBUTES

from .live import Live, Totals
from .map_answer import REST, Gap, answer_for, answers_of, gap, is_rest, named_key, wanted_attributes
from .statement import statement

_OURS = {attribute.name.casefold() for attribute in (*CONVERSATION_ATTRIBUTES, *METRIC_ATTRIBUTES)}
_BATCH = 10_000


def unsound(live: Sequence[Live], mapping: Mapping) -> Iterator[Gap]:
    """Answers that say too little, contradict each other, or name what nobody knows."""
    yield from _loose_wildcards(live, mapping)
    yield from _clashes(live, mapping)
    yield from _without_placeholder(live, mapping)
    yield from _options_of_none(live, mapping)
    yield from _settings(mapping)


def _loose_wildcards(live: Sequence[Live], mapping: Mapping) -> Iterator[Gap]:
    """A "*" decides about values nobody has named, so it says why, and gives one answer that fits all."""
    taken = Counter((value.block, value.field) for value in live if is_rest(mapping, value))
    for block, field in taken:
        same = [v for v in live if (v.block, v.field) == (block, field) and is_rest(mapping, v)]
        value = Live(block, field, REST, sum(v.tickets for v in same), None, None)
        answer = (answers_of(mapping, value) or {})[REST]
        if "reason" not in answer:
            yield gap(value, mapping, 'a "*" needs a reason')
        if "attribute" in answer and block == "custom_fields":
            yield gap(value, mapping, 'a "*" cannot name one attribute for several fields')


def _clashes(live: Sequence[Live], mapping: Mapping) -> Iterator[Gap]:
    """Fields may share an attribute, the first with a value fills it; but it has one name and one type."""
    first: dict[str, tuple[Live, str, str]] = {}
    for value, name, kind in wanted_attributes(live, mapping):
        if name.casefold() in _OURS:
            yield gap(value, mapping, f"attribute {name} holds something else in every conversation")
            continue
        other, spelled, wanted = first.setdefault(name.casefold(), (value, name, kind))
        if is_rest(mapping, value):
            continue
        there = f"{'field' if other.block == 'custom_fields' else 'tag'} {other.value}"
        if kind != wanted:
            yield gap(value, mapping, f'attribute "{name}" is {kind} here and {wanted} for {there}')
        elif name != spelled:
            yield gap(value, mapping, f'attribute "{name}" is spelled "{spelled}" for {there}')


def _without_placeholder(live: Sequence[Live], mapping: Mapping) -> Iterator[Gap]:
    if mapping.choice("staff", "placeholder") is not None:
        return
    for value in live:
        if value.block == "agents" and "placeholder" in (answer_for(mapping, value) or {}):
            yield gap(value, mapping, "staff.placeholder names no admin")


def _options_of_none(live: Sequence[Live], mapping: Mapping) -> Iterator[Gap]:
    with_options = {value.field for value in live if value.block == "options"}
    for value in live:
        if value.block != "custom_fields" or value.value in with_options:
            continue
        if "options" in (answer_for(mapping, value) or {}):
            yield gap(value, mapping, f"a field of type {value.kind or 'unknown'} has no options")


def _settings(mapping: Mapping) -> Iterator[Gap]:
    zone = mapping.data["transcript"]["timezone"]
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # unknown; not a relative path; a folder such as `Europe`
        why = "unknown zone; use a name such as Europe/Berlin or UTC"
        yield Gap("transcript", zone, 0, mapping.where("transcript", "timezone"), why)
    for key in ("migration_admin", "placeholder"):
        email = mapping.choice("staff", key)
        if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
            yield Gap("staff", email, 0, mapping.where("staff", key), "admins are named by e-mail")
    for index, item in enumerate(mapping.choice("redact", "patterns")):
        try:
            re.compile(item["pattern"])
        except (re.error, OverflowError, RecursionError) as error:
            where = mapping.where("redact", "patterns", index, "pattern")
            yield Gap("redact", item["name"], 0, where, f"no regular expression: {error}")


def misfits(
    connection: duckdb.DuckDBPyConnection, live: Sequence[Live], mapping: Mapping
) -> tuple[list[Gap], list[Gap]]:
    """Fields of which no value fits the type of the attribute; fields of which some do not.

    Needs `mark_loaded`. The rule is that of the load: such values stand in the transcript only.
    """
    kinds = {
        value.value: (value, name, kind)
        for value, name, kind in wanted_attributes(live, mapping)
        if value.block == "custom_fields" and kind not in ("string", "list")
    }
    wrong: Counter[str] = Counter()
    total: Counter[str] = Counter()
    example: dict[str, str] = {}
    cursor = connection.execute(statement("field_values"), {"fields": list(kinds)})
    while rows := cursor.fetchmany(_BATCH):
        for field, stored, tickets in rows:
            raw = _called(orjson.loads(stored), field, mapping)
            total[field] += tickets
            if converted(raw, kinds[field][2]) is None:
                wrong[field] += tickets
                example.setdefault(field, str(raw))
    none, some = [], []
    for field, count in wrong.items():
        value, name, kind = kinds[field]
        such = f'such as "{example[field][:40]}"'
        if count == total[field]:
            none.append(gap(value, mapping, f'no value is of type {kind} for "{name}", {such}'))
        else:
            why = (
                f"{count:,} of {total[field]:,} values are not of type {kind}, {such}: in the transcript only"
            )
            some.append(gap(value, mapping, why))
    return none, some


def _called(raw: Any, field: str, mapping: Mapping) -> Any:
    """A stored option as the mapping calls it."""
    options = mapping.data["custom_fields"]["values"].get(field, {}).get("options")
    if not options or not isinstance(raw, str):
        return raw
    named = named_key(options, raw)
    return options.get(named if named is not None else REST, {}).get("rename", raw)


def cautions(live: Sequence[Live], mapping: Mapping, totals: Totals) -> Iterator[Gap]:
    """What a person may not have meant: it is done as asked all the same."""
    rules = mapping.where("rules")
    for count, what in (
        (totals.deleted, "deleted or scrubbed in Zendesk"),
        (totals.merged, "merged into another one"),
        (totals.never_public, "never visible to a customer"),
    ):
        if count:
            yield Gap("rules", what, count, rules, "a rule loads them")
    form = {rule.get("conversation") for rule in mapping.data["rules"]}
    if mapping.data["purpose"] == "reporting" and form & {"note", "messages"}:
        why = "conversation: bare is enough and takes fewer calls"
        yield Gap("purpose", "reporting", totals.tickets, mapping.where("purpose"), why)
    for value in live:
        kept = value.kind == "undefined" and answers_of(mapping, value) is None
        if kept and "keep" in (answer_for(mapping, value) or {}):
            yield gap(value, mapping, "no definition in the export; the stored value is sent")


def stale(live: Sequence[Live], mapping: Mapping) -> Iterator[Gap]:
    """Entries for values that no loaded ticket carries any more."""
    seen: dict[tuple[str | int, ...], set[str]] = {}
    for value in live:
        seen.setdefault(value.values_at, set()).add(value.value.casefold())
    for block in mapping.data:
        if block == "ticket_types":  # names of ours, not values of the data
            continue
        answers = mapping.data[block].get("values") if isinstance(mapping.data[block], dict) else None
        for name, answer in (answers or {}).items():
            at: tuple[str | int, ...] = (block, "values")
            if name != REST and name.casefold() not in seen.get(at, ()):
                yield Gap(block, name, 0, mapping.where(*at, name), "no loaded ticket carries it")
                continue
            at = (*at, name, "options")
            for option in answer.get("options", {}):
                if option != REST and option.casefold() not in seen.get(at, ()):
                    yield Gap(
                        "options",
                        f"{name}: {option}",
                        0,
                        mapping.where(*at, option),
                        "no loaded ticket carries it",
                    )
