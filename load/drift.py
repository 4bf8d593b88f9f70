"""What has changed in a workspace since a plan was made for it, as far as the plan stands on it."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from deskferry.schemas.attribute_value import same_type
from deskferry.schemas.errors import RefusedError

from .action import Kind
from .drift_tickets import ticket_drift
from .setup import ATTRIBUTES


def require_no_drift(
    plan: Mapping[str, Any], live: Mapping[str, Any], *, made: Set[tuple[Kind, str]]
) -> None:
    """Raise RefusedError naming everything that is not as the plan took it to be.

    plan: its meta, with `workspace` (the snapshot) and `needs` (see needs_of). live: a snapshot taken now.
    made: setup the ledger has done already.
    """
    found = list(drift(plan, live, made=made))
    if found:
        raise RefusedError(
            f"the workspace is not as it was when the plan was made: {'; '.join(found)}",
            todo="Make the plan again with: deskferry plan",
        )


def drift(plan: Mapping[str, Any], live: Mapping[str, Any], *, made: Set[tuple[Kind, str]]) -> Iterator[str]:
    """Each difference that matters, as a clause. Attributes and tags the plan itself makes are none."""
    then, needs = plan["workspace"], plan["needs"]
    if then["id"] != live["id"]:
        yield f'it is workspace {live["id"]} "{live["name"]}", not {then["id"]} "{then["name"]}"'
        return
    if then["region"] != live["region"]:
        yield f"it is in region {live['region']}, not {then['region']}"
    yield from _people(then, live, needs)
    for kind in ATTRIBUTES:
        yield from _attributes(needs, live, kind, made=made)
    yield from ticket_drift(needs, live, made=made)
    tags = {tag["name"].casefold() for tag in live["tags"]}
    makes = {key.casefold() for kind, key in _makes(needs) if kind is Kind.TAG}
    for tag in needs["tags"]:
        if tag.casefold() not in tags and (tag.casefold() not in makes or (Kind.TAG, tag) in made):
            yield f"tag '{tag}' is gone"


def _people(then: Mapping[str, Any], live: Mapping[str, Any], needs: Mapping[str, Any]) -> Iterator[str]:
    names = {admin["id"]: admin["email"] for admin in then["admins"]}
    admins = {admin["id"]: admin for admin in live["admins"]}
    for id_ in needs["admins"]:
        if id_ not in admins:
            yield f"admin {names.get(id_, id_)} is gone"
        elif not admins[id_]["seat"]:
            yield f"admin {names.get(id_, id_)} has no seat any more"
    teams = {team["id"]: team["name"] for team in then["teams"]}
    there = {team["id"]: team for team in live["teams"]}
    for id_ in needs["teams"]:
        if id_ not in there:
            yield f"team {teams.get(id_, id_)} is gone"
        elif there[id_].get("distributes"):
            yield f"team {teams.get(id_, id_)} hands its conversations out by itself now"


def _attributes(
    needs: Mapping[str, Any], live: Mapping[str, Any], kind: Kind, *, made: Set[tuple[Kind, str]]
) -> Iterator[str]:
    types = {item["name"]: item["data_type"] for item in live.get(f"{kind}s", ())}
    for name, data_type in needs.get(f"{kind}s", {}).items():
        if name in types:
            if not same_type(types[name], data_type):
                yield f"{kind} {name} is {types[name]}, not {data_type}"
        elif (kind, name) not in _makes(needs) or (kind, name) in made:
            yield f"{kind} {name} is gone"


def _makes(needs: Mapping[str, Any]) -> set[tuple[Kind, str]]:
    return {(Kind(kind), key) for kind, key in needs["makes"]}
