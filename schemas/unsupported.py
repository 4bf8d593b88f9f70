"""Choices that mapping.json knows and this version of the loader cannot carry out.

They are refused by name and line, before a plan; none is quietly done otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .errors import RefusedError
from .mapping import Mapping

NOT_YET = "this version cannot"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """One choice that is not there yet. where: `file:line`. why: a sentence. instead: what is there."""

    block: str
    value: str
    where: str
    why: str
    instead: str


def unsupported(mapping: Mapping) -> list[Unsupported]:
    """Every choice of a mapping that this version's loader cannot carry out, in the order of the schema."""
    return list(_participants(mapping))


def require_supported(mapping: Mapping) -> None:
    """Raise RefusedError with the first choice that this version cannot carry out."""
    for found in unsupported(mapping):
        raise RefusedError(found.why, where=found.where, todo=found.instead)


def _participants(mapping: Mapping) -> Iterator[Unsupported]:
    """Whoever takes part must be a contact, and one who is none would keep back the whole conversation."""
    if mapping.choice("ccs", "policy") == "participants" and mapping.data["people"]["policy"] != "create":
        where = mapping.where("ccs", "policy")
        why = f"{NOT_YET} make people in copy participants where people are only looked for"
        todo = "Choose ccs: text, or people: policy: create"
        yield Unsupported("ccs", "policy: participants", where, why, todo)
