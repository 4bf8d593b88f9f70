"""The attributes of contacts and companies: which there are, and what the fields of one of them come to.

They stand in one list in Intercom, where no name is given twice, and where numbers with a fraction are called
float.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from itertools import chain
from typing import Any

from deskferry.schemas.attribute_value import Value
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping as TicketMapping
from deskferry.schemas.own_attributes import (
    COMPANY_ATTRIBUTES,
    COMPANY_FIELDS,
    CONTACT_ATTRIBUTES,
    CONTACT_FIELDS,
    Attribute,
)

from .compose_attributes import shorten, typed_value
from .field_values import FieldDefinition, field_values
from .mapped import FieldTarget, field_targets

_CREATE = "create"
_IN_INTERCOM = {"decimal": "float"}


def makes_companies(mapping: TicketMapping) -> bool:
    """Organizations become companies."""
    return bool(mapping.choice("companies", "policy") == _CREATE)


def contact_attributes(mapping: TicketMapping) -> list[Attribute]:
    """Ours, then those the mapping makes of fields of people. Raises InputError for a name that is taken."""
    made = _made(mapping, "user_fields", CONTACT_FIELDS, what="A field of people in Zendesk.")
    return [*CONTACT_ATTRIBUTES, *made]


def company_attributes(mapping: TicketMapping) -> list[Attribute]:
    """Ours, then those the mapping makes of fields of organizations; none where it makes no companies.

    Raises InputError for a name that is taken.
    """
    if not makes_companies(mapping):
        return []
    what = "A field of organizations in Zendesk."
    made = _made(mapping, "organization_fields", COMPANY_FIELDS, what=what)
    taken = {attribute.name.casefold() for attribute in contact_attributes(mapping)}
    for attribute in made:
        if attribute.name.casefold() in taken:
            raise InputError(
                f"attribute {attribute.name} is one of contacts; Intercom gives a name once for both",
                where=attribute.where,
            )
    return [*COMPANY_ATTRIBUTES, *made]


def data_type_name(data_type: str) -> str:
    """What Intercom calls a type of ours in attributes of contacts and companies."""
    return _IN_INTERCOM.get(data_type, data_type)


def field_attributes(
    stored: str | None,
    definitions: Mapping[str, FieldDefinition],
    *,
    targets: Sequence[FieldTarget],
    remarks: list[str],
) -> dict[str, Value]:
    """The attributes that the fields of one person or organization come to.

    stored: the JSON of the archive's column. Where several fields share an attribute, the first that has a
    value keeps it. What is not sent whole becomes one of `remarks`.
    """
    if not targets:
        return {}
    filled = {field.id: field for field in field_values(stored, definitions)}
    values: dict[str, Value] = {}
    for target in targets:
        field = filled.get(target.field_id)
        if field is None:
            continue
        value = typed_value(field, data_type=target.data_type)
        if value is None:
            remarks.append(f"field {field.id}: not of type {target.data_type}, stays in the archive")
        elif target.attribute not in values:
            values[target.attribute] = _short(target.attribute, value, remarks)
        elif values[target.attribute] != value:
            remarks.append(f"field {field.id}: another field already gives {target.attribute}")
    return values


def blackened(values: Mapping[str, Any], clean: Any) -> dict[str, Any]:
    """`values` with every text as `clean` leaves it."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def _short(name: str, value: Value, remarks: list[str]) -> Value:
    if isinstance(value, str) and (short := shorten(value)) != value:
        remarks.append(f"{name}: shortened from {len(value):,} characters, stands whole in the archive")
        return short
    return value


def _made(mapping: TicketMapping, block: str, fields: Set[str], *, what: str) -> Collection[Attribute]:
    """fields: names that things of this kind have without us."""
    ours = {one.name.casefold() for one in chain(CONTACT_ATTRIBUTES, COMPANY_ATTRIBUTES)} | fields
    made: dict[str, Attribute] = {}
    for target in field_targets(mapping, block=block):
        if target.attribute.casefold() in ours:
            raise InputError(f"attribute {target.attribute} holds something else", where=target.where)
        made.setdefault(target.attribute, Attribute(target.attribute, target.data_type, what, target.where))
    return made.values()
