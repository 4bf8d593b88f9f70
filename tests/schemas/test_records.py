"""The TypedDicts of records.py say what the schemas say, no more and no less."""

import functools
import operator
import types
import typing
from typing import Any

import pytest

from deskferry.schemas import records
from deskferry.schemas.entities import ENTITIES, schema

PYTHON = {"integer": int, "string": str, "number": float, "boolean": bool, "null": None}
# A class is named after one record of its entity.
CLASSES = {
    "identities": "Identity",
    "ticket_fields": "TicketField",
    "custom_statuses": "CustomStatus",
    "configuration": "Configuration",
}


def class_of(entity: str) -> Any:
    singular = "".join(part.capitalize() for part in entity.removesuffix("s").split("_"))
    return getattr(records, CLASSES.get(entity, singular))


def python_type(shape: dict[str, Any]) -> Any:
    if "type" not in shape:
        return str if "enum" in shape else Any
    kinds = [shape["type"]] if isinstance(shape["type"], str) else shape["type"]
    return functools.reduce(operator.or_, (_of_kind(kind, shape) for kind in kinds))


def _of_kind(kind: str, shape: dict[str, Any]) -> Any:
    if kind == "object":
        return dict[str, Any]
    if kind == "array":
        return types.GenericAlias(list, (python_type(shape["items"]),))
    return PYTHON[kind]


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_a_typed_dict_has_the_keys_and_types_of_its_schema(entity: str) -> None:
    shape, typed = schema(entity), class_of(entity)
    hints = typing.get_type_hints(typed)
    assert list(hints) == list(shape["properties"])
    assert {name: hints[name] for name in hints} == {
        name: python_type(property_) for name, property_ in shape["properties"].items()
    }
    assert typed.__required_keys__ == set(shape["required"])


def test_no_typed_dict_is_without_a_schema() -> None:
    typed = {name for name, value in vars(records).items() if typing.is_typeddict(value)}
    assert typed == {class_of(entity).__name__ for entity in ENTITIES}
