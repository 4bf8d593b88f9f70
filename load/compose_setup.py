"""The calls that make a workspace ready: attributes and tags that the mapping names and it lacks."""

from collections.abc import Iterable, Sequence
from typing import Any

from deskferry.schemas.attribute_value import same_type
from deskferry.schemas.errors import RefusedError
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.own_attributes import Attribute

from .action import Action, Kind, Step
from .compose_attributes import NO_LISTS, Lists, conversation_attributes
from .mapped import Workspace, tags_of
from .people_attributes import company_attributes, contact_attributes, data_type_name


def compose_setup(
    mapping: Mapping,
    workspace: Workspace,
    *,
    tags: Iterable[str],
    people_tags: Iterable[str] = (),
    lists: Lists | None = NO_LISTS,
) -> list[Action]:
    """Attributes of contacts, companies and conversations and tags that are missing, in this order.

    tags: the Zendesk tags of the tickets to be loaded. people_tags: of people, as Intercom shall call them.
    lists: the labels of list attributes, by name; None where no ticket becomes a conversation. Raises
    RefusedError for an attribute that exists with another type and for a list without items, InputError for
    what the mapping does not answer.
    """
    contact = _missing(contact_attributes(mapping), workspace["contact_attributes"], "contact", workspace)
    company = _missing(
        company_attributes(mapping), workspace.get("company_attributes", ()), "company", workspace
    )
    _require_free(contact, workspace.get("company_attributes", ()), "company")
    _require_free(company, workspace["contact_attributes"], "contact")
    conversation = _missing(
        conversation_attributes(mapping) if lists is not None else (),
        workspace["conversation_attributes"],
        "conversation",
        workspace,
    )
    known = {tag["name"].casefold() for tag in workspace["tags"]}
    wanted = {name.casefold(): name for name in sorted({*tags_of(mapping, tags), *people_tags})}
    return [
        *(_data_attribute(attribute, Kind.CONTACT_ATTRIBUTE, "contact") for attribute in contact),
        *(_data_attribute(attribute, Kind.COMPANY_ATTRIBUTE, "company") for attribute in company),
        *(_conversation_attribute(attribute, lists=lists or {}) for attribute in conversation),
        *(_tag(name) for folded, name in sorted(wanted.items()) if folded not in known),
    ]


def _missing(
    wanted: Sequence[Attribute], existing: Sequence[dict[str, Any]], of: str, workspace: Workspace
) -> list[Attribute]:
    types: dict[str, list[str]] = {}
    for known in existing:
        types.setdefault(known["name"], []).append(known["data_type"])
    missing = []
    for attribute in wanted:
        found = types.get(attribute.name)
        if found is None:
            missing.append(attribute)
            continue
        place = attribute.where or f"workspace {workspace['name']}"
        if len(found) > 1:
            raise RefusedError(
                f"{len(found)} {of} attributes are named {attribute.name}; Intercom refuses to write such",
                where=place,
                todo="Archive or rename one of them in Intercom",
            )
        if not same_type(found[0], attribute.data_type):
            raise RefusedError(
                f"{of} attribute {attribute.name} exists and is {found[0]}, not {attribute.data_type}",
                where=place,
                todo="Choose another name or type in the mapping"
                if attribute.where
                else "Rename it in Intercom",
            )
    return missing


def _require_free(wanted: Iterable[Attribute], taken: Iterable[dict[str, Any]], by: str) -> None:
    """Raise RefusedError for a name that attributes of the other kind have: Intercom gives it once."""
    names = {known["name"].casefold() for known in taken}
    for attribute in wanted:
        if attribute.name.casefold() in names:
            raise RefusedError(
                f"{by} attribute {attribute.name} exists; Intercom gives a name once for both",
                where=attribute.where,
                todo="Choose another name in the mapping" if attribute.where else "Rename it in Intercom",
            )


def _data_attribute(attribute: Attribute, kind: Kind, model: str) -> Action:
    return Action(
        kind=kind,
        key=attribute.name,
        step=Step.CREATE,
        part=0,
        method="POST",
        path="/data_attributes",
        payload={
            "name": attribute.name,
            "model": model,
            "data_type": data_type_name(attribute.data_type),
            "description": attribute.description,
        },
        witness={"name": attribute.name},
    )


def _conversation_attribute(attribute: Attribute, *, lists: Lists) -> Action:
    options = {}
    if attribute.data_type == "list":
        if not lists.get(attribute.name):
            raise RefusedError(
                f"attribute {attribute.name} is a list, and its field has no options",
                where=attribute.where,
                todo="Choose type: string",
            )
        options["options"] = [{"label": label} for label in lists[attribute.name]]
    return Action(
        kind=Kind.CONVERSATION_ATTRIBUTE,
        key=attribute.name,
        step=Step.CREATE,
        part=0,
        method="POST",
        path="/conversations/attributes",
        payload={
            "name": attribute.name,
            "data_type": attribute.data_type,
            "description": attribute.description,
            **options,
        },
        witness={"name": attribute.name},
    )


def _tag(name: str) -> Action:
    return Action(
        kind=Kind.TAG,
        key=name,
        step=Step.CREATE,
        part=0,
        method="POST",
        path="/tags",
        payload={"name": name},
        witness={"name": name},
    )
