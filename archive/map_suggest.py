"""What `map init` proposes for each live value. Pure: values and the workspace in, answers out.

An exact match is an answer; a likeness is marked `suggested: true` until somebody has looked.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deskferry.schemas.attribute_value import same_type

from .live import Live, Mirror
from .map_answer import REST

Answer = dict[str, Any]

_ATTRIBUTE_TYPES = {
    "text": "string",
    "textarea": "string",
    "regexp": "string",
    "tagger": "string",
    "multiselect": "string",
    "lookup": "string",
    "partialcreditcard": "string",
    "integer": "integer",
    "decimal": "decimal",
    "checkbox": "boolean",
    "date": "datetime",
}
_LONGEST_NAME = 190
_LIKE = 0.85  # difflib ratio of two names from which they are proposed for each other
MANY = 500
RARE = 10


def agent(value: Live, workspace: Mapping[str, Any] | None) -> Answer:
    """The admin with the same e-mail and a seat, or with the same name (suggested); else nobody."""
    seated = [admin for admin in workspace["admins"] if admin["seat"]] if workspace else []
    for admin in seated:
        if admin["email"].casefold() == value.value.casefold():
            return {"admin": admin["email"]}
    name = _essence(value.label or "")
    namesakes = [admin for admin in seated if name and _essence(admin["name"]) == name]
    if len(namesakes) == 1 and value.kind is None:
        return {"admin": namesakes[0]["email"], "suggested": True}
    return {"unassigned": True}


def group(value: Live, workspace: Mapping[str, Any] | None) -> Answer:
    """The team of the same name, or of nearly the same (suggested); else an attribute."""
    names = [team["name"] for team in workspace["teams"]] if workspace else []
    if names.count(value.value) == 1:
        return {"team": value.value}
    near = _nearest(value.value, [name for name in names if names.count(name) == 1])
    return {"team": near, "suggested": True} if near else {"attribute": True}


def state(value: Live) -> Answer:
    """Solved and closed are closed; everything else waits for somebody and is open."""
    return {"state": "closed" if (value.kind or value.value) in ("solved", "closed", "deleted") else "open"}


def fields(values: Sequence[Live], workspace: Mapping[str, Any] | None) -> dict[str, Answer]:
    """An attribute for each field, named by its title, each name once, of the type the field has.

    One of the workspace that is called the same but for case and blanks is proposed in its spelling.
    """
    there = {a["name"]: a["data_type"] for a in workspace["conversation_attributes"]} if workspace else {}
    titles = [_title(value) for value in values]
    folded = [title.casefold() for title in titles]
    taken: set[str] = set()
    answers = {}
    for value, title in zip(values, titles, strict=True):
        kind = _ATTRIBUTE_TYPES.get(value.kind or "")
        spelled = title if title in there else _spelled(title, kind or "string", there)
        answer: Answer = {"attribute": spelled or title, "type": kind or "string"}
        clash = title in there and not same_type(there[title], answer["type"])
        if folded.count(title.casefold()) > 1 or clash or (value.label and _is_ours(title)):
            answer["attribute"] = _with_id(title, value.value)
        while answer["attribute"].casefold() in taken:
            answer["attribute"] = _with_id(answer["attribute"], value.value)
        taken.add(answer["attribute"].casefold())
        if kind is None or clash or spelled not in (None, title):
            answer["suggested"] = True
        answers[value.value] = answer
    return answers


def tags(
    values: Sequence[Live], mirrored: Mapping[str, Sequence[Mirror]], titles: Mapping[str, str]
) -> tuple[list[tuple[Live, Answer]], Answer | None]:
    """An answer for each tag that is listed, and the "*" for the rest, None where all are listed.

    A tag that never stands without the field that sets it says nothing new and is dropped.
    """
    named, left = listed(values)
    rest = {"drop": True, "reason": f"{left:,} tags on fewer than {RARE} tickets each"} if left else None
    return [(value, _tag(value, mirrored.get(value.value, ()), titles)) for value in named], rest


def domains(emails: Iterable[str]) -> list[tuple[str, int]]:
    """E-mail domains with the number of addresses in each, most first."""
    counts: dict[str, int] = {}
    for email in emails:
        domain = email.rpartition("@")[2].casefold()
        counts[domain] = counts.get(domain, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _tag(value: Live, mirrored: Sequence[Mirror], titles: Mapping[str, str]) -> Answer:
    for mirror in mirrored:
        if mirror.tickets == value.tickets and mirror.field in titles:
            return {"drop": True, "reason": f'mirrors field "{titles[mirror.field]}"'}
    return {"keep": True}


def option(value: Live) -> Answer:
    """Called as in Zendesk; where the field does not define it, that is a guess."""
    return {"keep": True, "suggested": True} if value.kind == "undefined" else {"keep": True}


def listed(values: Sequence[Live]) -> tuple[list[Live], int]:
    """The values that are worth a line, and how many are left to a "*".

    Among more than MANY, those are left that fewer than RARE tickets carry.
    """
    if len(values) <= MANY:
        return list(values), 0
    # A value that is called "*" would stand there twice.
    found = [value for value in values if value.tickets >= RARE and value.value != REST]
    return found, len(values) - len(found)


def _spelled(title: str, kind: str, there: Mapping[str, str]) -> str | None:
    """The only attribute of this type whose name is the title but for case, blanks and punctuation."""
    wanted = _essence(title)
    found = [name for name, theirs in there.items() if wanted and _essence(name) == wanted]
    return found[0] if len(found) == 1 and same_type(there[found[0]], kind) else None


def _title(value: Live) -> str:
    title = " ".join("".join(c if c.isprintable() else " " for c in value.label or "").split())
    return title[:_LONGEST_NAME].rstrip() or f"zendesk_field_{value.value}"


def _is_ours(title: str) -> bool:
    """Whether the name may be one of the attributes that every conversation gets."""
    return title.casefold() == "imported_from" or title.casefold().startswith("zendesk_")


def _with_id(title: str, field_id: str) -> str:
    suffix = f" ({field_id})"
    return title[: _LONGEST_NAME - len(suffix)] + suffix


def _nearest(name: str, names: Sequence[str]) -> str | None:
    wanted = _essence(name)
    best = max(names, key=lambda other: _likeness(wanted, _essence(other)), default=None)
    return best if best is not None and _likeness(wanted, _essence(best)) >= _LIKE else None


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio() if one and other else 0.0


def _essence(name: str) -> str:
    """A name without case, blanks and punctuation, in any script."""
    return re.sub(r"[\W_]+", "", name.casefold())
