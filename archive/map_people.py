"""Answers about fields of people and organizations that cannot be carried out: each a Gap with its line.

Their attributes stand in one list of Intercom's, where no name is given twice and few characters are taken.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import orjson

from deskferry.schemas.attribute_value import converted
from deskferry.schemas.mapping import Mapping as TicketMapping
from deskferry.schemas.own_attributes import (
    COMPANY_ATTRIBUTES,
    COMPANY_FIELDS,
    CONTACT_ATTRIBUTES,
    CONTACT_FIELDS,
)

from .live import Live
from .map_answer import Gap, answer_for, gap, is_rest
from .statement import statement

_THEIRS = {"user_fields": CONTACT_FIELDS, "organization_fields": COMPANY_FIELDS}
_OF = {"user_fields": "contacts", "organization_fields": "companies"}
_OURS = {one.name.casefold() for one in (*CONTACT_ATTRIBUTES, *COMPANY_ATTRIBUTES)}
_NAME = re.compile(r"[\w $€£¥-]+")
_BATCH = 10_000


def people_clashes(live: Sequence[Live], mapping: TicketMapping) -> Iterator[Gap]:
    """Names that are taken or not to be had, and fields that share one and disagree."""
    first: dict[str, tuple[Live, Mapping[str, Any]]] = {}
    for value, answer in _wanted(live, mapping):
        name, kind = answer["attribute"], answer.get("type", "string")
        if is_rest(mapping, value):
            yield gap(value, mapping, 'a "*" cannot name one attribute for several fields')
        elif name.casefold() in _OURS | _THEIRS[value.block]:
            yield gap(value, mapping, f"attribute {name} holds something else")
        elif not _NAME.fullmatch(name):
            yield gap(
                value, mapping, f'"{name}": Intercom takes letters, digits, blanks, _, - and currencies'
            )
        else:
            other, known = first.setdefault(name.casefold(), (value, answer))
            if other.block != value.block:
                taken = f'attribute "{name}" is one of {_OF[other.block]}; a name is given once for both'
                yield gap(value, mapping, taken)
            elif (known["attribute"], known.get("type", "string")) != (name, kind):
                yield gap(value, mapping, f'attribute "{name}" is another for field {other.value}')


def people_misfits(
    connection: duckdb.DuckDBPyConnection, live: Sequence[Live], mapping: TicketMapping
) -> tuple[list[Gap], list[Gap]]:
    """Fields of which no value fits the type of the attribute; fields of which some do not.

    Needs `mark_loaded`. Such values stay in the archive.
    """
    typed = {
        (value.block, value.value): (value, answer)
        for value, answer in _wanted(live, mapping)
        if answer.get("type", "string") != "string"
    }
    total: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    cursor = connection.execute(statement("people_field_values"))
    while rows := cursor.fetchmany(_BATCH):
        for block, field, stored, people in rows:
            if (block, field) not in typed:
                continue
            raw = orjson.loads(stored)
            total[block, field] += people
            if converted(raw, typed[block, field][1]["type"]) is None:
                wrong[block, field] += people
                example.setdefault((block, field), str(raw)[:40])
    none, some = [], []
    for key, count in wrong.items():
        value, answer = typed[key]
        such = f'of type {answer["type"]}, such as "{example[key]}"'
        if count == total[key]:
            none.append(gap(value, mapping, f"no value is {such}"))
        else:
            why = f"{count:,} of {total[key]:,} values are not {such}: they stay in the archive"
            some.append(gap(value, mapping, why))
    return none, some


def _wanted(live: Sequence[Live], mapping: TicketMapping) -> Iterator[tuple[Live, Mapping[str, Any]]]:
    """Each field that fills an attribute of contacts, or of companies where such are made."""
    companies = mapping.choice("companies", "policy") == "create"
    for value in live:
        answer = answer_for(mapping, value) or {}
        block = value.block == "user_fields" or (value.block == "organization_fields" and companies)
        if block and "attribute" in answer:
            yield value, answer
