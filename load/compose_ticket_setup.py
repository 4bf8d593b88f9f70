"""The calls that make ticket types, and attributes of ticket types, that a workspace lacks."""

from collections.abc import Iterable, Iterator

from deskferry.schemas.errors import RefusedError
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.ticket_type_troubles import troubles
from deskferry.schemas.ticket_types import TicketAttribute, TicketType, named_types, wanted_attributes

from .action import Action, Kind, Ref, Step
from .compose_lists import new_items, ticket_lists, without_commas
from .compose_ticket import known_type
from .field_facts import FieldFacts
from .mapped import Workspace
from .ticket_ids import attribute_key


def compose_ticket_setup(
    mapping: Mapping, workspace: Workspace, *, names: Iterable[str], facts: FieldFacts
) -> Iterator[Action]:
    """Each type that is missing, then what attributes it lacks.

    names: of the types of the tickets to be loaded, each held by require_sound. Raises RefusedError for a
    list without items.
    """
    for name in sorted(names):
        kind = known_type(mapping, workspace, name)
        if kind.there is None:
            yield _type(kind)
        yield from _attributes(kind, mapping, facts=facts)


def require_sound(mapping: Mapping, workspace: Workspace, name: str, *, facts: FieldFacts) -> None:
    """Raise RefusedError with the first thing of a ticket type that a person must put right."""
    where = named_types(mapping).get(name, mapping.where("rules"))
    for trouble in troubles(mapping, workspace, name, portal=facts.portal, where=where):
        raise RefusedError(trouble.why, where=trouble.where, todo=trouble.todo)


def _attributes(kind: TicketType, mapping: Mapping, *, facts: FieldFacts) -> Iterator[Action]:
    lists = ticket_lists(mapping, kind, facts=facts)
    told = {item["name"] for item in (kind.there or {}).get("attributes", ())}
    for attribute in wanted_attributes(mapping, kind):
        if attribute.name in told:
            continue
        told.add(attribute.name)
        items = new_items(attribute, lists) if attribute.data_type == "list" else None
        if items == []:
            raise RefusedError(
                f"attribute {attribute.name} is a list, and field {attribute.field} has no options",
                where=attribute.where,
                todo="Choose type: string",
            )
        visible = any(one.visible for one in wanted_attributes(mapping, kind) if one.name == attribute.name)
        replaced = [label for label in lists.get(attribute.name, ()) if "," in label]
        yield _attribute(kind, attribute, items=items, visible=visible, replaced=replaced)


def _type(kind: TicketType) -> Action:
    return Action(
        kind=Kind.TICKET_TYPE,
        key=kind.name,
        step=Step.CREATE,
        part=0,
        method="POST",
        path="/ticket_types",
        payload={
            "name": kind.name,
            "description": kind.description,
            "category": kind.category,
            "icon": kind.icon,
        },
        witness={"name": kind.name},
    )


def _attribute(
    kind: TicketType,
    attribute: TicketAttribute,
    *,
    items: list[str] | None,
    visible: bool,
    replaced: list[str],
) -> Action:
    """It asks nothing of whoever makes tickets by hand, and shows customers nothing unless asked to."""
    thing = Ref(Kind.TICKET_TYPE, kind.name)
    payload: dict[str, object] = {
        "name": attribute.name,
        "description": attribute.description,
        "data_type": attribute.data_type,
        "required_to_create": False,
        "required_to_create_for_contacts": False,
        "visible_on_create": False,
        "visible_to_contacts": visible,
    }
    if items is not None:
        payload["list_items"] = ",".join(items)
    return Action(
        kind=Kind.TICKET_ATTRIBUTE,
        key=attribute_key(kind.name, attribute.name),
        step=Step.CREATE,
        part=0,
        method="POST",
        path="/ticket_types/{id}/attributes",
        payload=payload,
        target=thing,
        witness={"name": attribute.name, "ticket_type": kind.name},
        needs=(thing,) if kind.there is None else (),
        remarks=tuple(
            f'list {attribute.name}: "{label}" is written "{without_commas(label)}", as commas part its items'
            for label in replaced
        ),
    )
