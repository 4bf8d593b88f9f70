"""What a mapping names and the workspace does not have, or has otherwise.

In: live values, a mapping, a workspace snapshot. Out: a Gap for each. What the plan creates by itself (tags,
attributes that are absent) is no gap.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from deskferry.schemas.attribute_value import same_type
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.own_attributes import CONTACT_ATTRIBUTES, Attribute, of_conversations

from .live import Live
from .map_answer import Gap, answer_for, gap, wanted_attributes

Workspace = dict[str, Any]


def missing(live: Sequence[Live], mapping: Mapping, workspace: Workspace) -> Iterator[Gap]:
    """What loaded tickets need, and what the mapping writes with, but the workspace has otherwise."""
    yield from _assignees(live, mapping, workspace)
    yield from _attributes(live, mapping, workspace)
    for key in ("migration_admin", "placeholder"):
        email = mapping.choice("staff", key)
        if email is not None and (why := _admin_trouble(email, workspace)):
            yield Gap("staff", email, 0, mapping.where("staff", key), why)


def _assignees(live: Sequence[Live], mapping: Mapping, workspace: Workspace) -> Iterator[Gap]:
    if mapping.data["assign"] == "none":
        return
    for value in live:
        answer = answer_for(mapping, value) or {}
        if "admin" in answer and (why := _admin_trouble(answer["admin"], workspace)):
            yield gap(value, mapping, why)
        if "team" in answer and (why := _team_trouble(answer["team"], workspace)):
            yield gap(value, mapping, why)


def _admin_trouble(email: str, workspace: Workspace) -> str | None:
    found = [admin for admin in workspace["admins"] if admin["email"].casefold() == email.casefold()]
    if not found:
        return f"no admin {email} in the workspace"
    return None if any(admin["seat"] for admin in found) else f"admin {email} has no seat"


def _team_trouble(name: str, workspace: Workspace) -> str | None:
    names = [team["name"] for team in workspace["teams"]]
    count = names.count(name) or [other.casefold() for other in names].count(name.casefold())
    if count == 1:
        return None
    return f'{count} teams are called "{name}"' if count else f'no team "{name}" in the workspace'


def _attributes(live: Sequence[Live], mapping: Mapping, workspace: Workspace) -> Iterator[Gap]:
    existing = workspace["conversation_attributes"]
    for value, name, kind in wanted_attributes(live, mapping):
        if why := _attribute_trouble(name, kind, existing):
            yield gap(value, mapping, why)
    for own, theirs in (
        (of_conversations(mapping), existing),
        (CONTACT_ATTRIBUTES, workspace["contact_attributes"]),
    ):
        yield from _own(own, theirs)


def _own(attributes: Iterable[Attribute], existing: Sequence[dict[str, Any]]) -> Iterator[Gap]:
    for attribute in attributes:
        if why := _attribute_trouble(attribute.name, attribute.data_type, existing):
            yield Gap("workspace", attribute.name, 0, "workspace", f"{why}; rename it in Intercom")


def _attribute_trouble(name: str, wanted: str, existing: Sequence[dict[str, Any]]) -> str | None:
    """An attribute that is there with another type takes no value; one that is absent is made by the plan."""
    same = [attribute for attribute in existing if attribute["name"] == name]
    if len(same) > 1:
        return f'{len(same)} attributes are called "{name}" in the workspace; Intercom refuses to write such'
    if same and not same_type(same[0]["data_type"], wanted):
        return f'attribute "{name}" is {same[0]["data_type"]} in the workspace, not {wanted}'
    near = [other["name"] for other in existing if other["name"].casefold() == name.casefold()]
    if near and not same:
        return f'the workspace spells attribute "{name}" "{near[0]}"'
    return None
