"""What a mapping says of one live value, and where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deskferry.schemas.mapping import Mapping as TicketMapping

from .live import Live
from .map_words import in_words, steps

REST = "*"
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that keeps the mapping from being complete. where: `file:line`. count: tickets."""

    block: str
    value: str
    count: int
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One live value with what becomes of it, in words.

    label: what people call the value. done, target: what is done with it, and what it is afterwards. line: in
    the file; None where a default answers.
    """

    block: str
    value: str
    label: str | None
    count: int
    answer: str
    done: str
    target: str
    line: int | None


def gap(value: Live, mapping: TicketMapping, why: str) -> Gap:
    """A gap at the answer of a value, or where it should stand."""
    named = named_key(answers_of(mapping, value) or {}, value.value)
    where = mapping.where(*value.values_at, value.value if named is None else named)
    return Gap(block=value.block, value=value.name, count=value.tickets, where=where, why=why)


def answer_for(mapping: TicketMapping, value: Live) -> Answer | None:
    """What the mapping says of a value: its own entry, one in other letters, the "*" of its block.

    An option of a field without `options` has the answer of the field when that is left out of Intercom,
    and is kept as it is otherwise.
    """
    answers = answers_of(mapping, value)
    if answers is None:
        field = _field(mapping, value)
        return field if "attribute" not in field else {"keep": True}
    named = named_key(answers, value.value)
    return answers[named] if named is not None else answers.get(REST)


def answered(value: Live, mapping: TicketMapping) -> Answered:
    """What becomes of a value, in words."""
    answer = answer_for(mapping, value)
    where = None if is_default(mapping, value) else gap(value, mapping, "").where
    done, target = steps(answer, block=value.block, name=value.label or value.value)
    line = int(where.rpartition(":")[2]) if where else None
    return Answered(value.block, value.name, value.label, value.tickets, in_words(answer), done, target, line)


def answers_of(mapping: TicketMapping, value: Live) -> dict[str, Answer] | None:
    """The answers of the value's block; None where it is an option of a field that names none."""
    if value.field is not None:
        options: dict[str, Answer] | None = _field(mapping, value).get("options")
        return options
    found: dict[str, Answer] = mapping.block(value.block)["values"]
    return found


def named_key(answers: Mapping[str, Any], value: str) -> str | None:
    """The key under which a value stands: as it is, or in other letters."""
    if value in answers:
        return value
    folded = value.casefold()
    return next((name for name in answers if name.casefold() == folded), None)


def is_rest(mapping: TicketMapping, value: Live) -> bool:
    """Whether the "*" of its block takes a value."""
    answers = answers_of(mapping, value) or {}
    return REST in answers and named_key(answers, value.value) is None


def is_default(mapping: TicketMapping, value: Live) -> bool:
    """Whether the file says nothing about it: it does not have the block, or the options of the field."""
    return answers_of(mapping, value) is None if value.field is not None else value.block not in mapping.data


def wanted_attributes(live: Sequence[Live], mapping: TicketMapping) -> Iterator[tuple[Live, str, str]]:
    """Each value that fills a conversation attribute, with the attribute's name and type."""
    for value in live:
        answer = answer_for(mapping, value) or {}
        if value.block == "custom_fields" and "attribute" in answer:
            yield value, answer["attribute"], answer.get("type", "string")
        if value.block == "tags" and "attribute" in answer:
            yield value, answer["attribute"], "string" if "value" in answer else "boolean"


def _field(mapping: TicketMapping, value: Live) -> Answer:
    fields: dict[str, Answer] = mapping.data["custom_fields"]["values"]
    return fields.get(value.field or "") or fields.get(REST) or {}
