"""Every schema is one, says what it is about, and is closed against what it does not know."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import deskferry.schemas.entities as module
from deskferry.schemas.entities import ENTITIES, schema

FOLDER = Path(module.__file__).parent
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.json"))
NULLABLE = {"integer", "string", "number", "boolean", "array", "object"}


def load(file: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("file", FILES)
def test_it_is_a_schema_of_the_draft_it_names(file: str) -> None:
    loaded = load(file)
    assert loaded["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(loaded)


@pytest.mark.parametrize("file", [file for file in FILES if "/" not in file])
def test_it_has_its_own_name_and_says_what_it_is_about(file: str) -> None:
    loaded = load(file)
    assert loaded["title"] == Path(file).stem
    assert len(loaded["description"]) > 10


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=lambda entity: entity.name)
def test_an_entity_is_closed_and_has_its_key_its_source_and_its_extra(entity: module.Entity) -> None:
    loaded = schema(entity.name)
    assert loaded["additionalProperties"] is False
    assert {"source", "extra"} <= set(loaded["properties"])
    assert {*entity.key, "source"} <= set(loaded["required"]) | {"user_id"}
    for name, shape in loaded["properties"].items():
        kinds = shape.get("type", [])
        assert set([kinds] if isinstance(kinds, str) else kinds) <= NULLABLE | {"null"}, name


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_property_of_an_entity_says_what_it_is(entity: str) -> None:
    texts = {name: shape.get("description", "") for name, shape in schema(entity)["properties"].items()}
    assert {name: text for name, text in texts.items() if not 3 < len(text) < 260 or text[-1] != "."} == {}


def test_every_entity_has_a_schema_and_a_file_of_its_own() -> None:
    assert {f"{name}.json" for name in ENTITIES} <= set(FILES)
    assert len({entity.file_name for entity in ENTITIES.values()}) == len(ENTITIES)
    assert [entity.name for entity in ENTITIES.values()] == list(ENTITIES)
