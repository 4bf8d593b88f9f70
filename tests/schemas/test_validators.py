"""The fast validator and the reference give the same verdict, on good values and on damaged ones."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskferry.schemas.entities import ENTITIES, schema
from deskferry.schemas.errors import RecordError
from deskferry.schemas.validate import complaints, is_plain, is_valid, require

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.sampled_from(["2024-05-01T10:00:00.000Z\n", "٢٠٢٤-05-01T10:00:00.000Z", "0123456789abcdef:1\n"])
    | st.sampled_from([2**63, -(2**63) - 1, 1.0, 1e300]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
TIME = st.datetimes().map(lambda time: time.strftime("%Y-%m-%dT%H:%M:%S.").rjust(20, "0") + "000Z")
SOURCE = st.sampled_from(["0123456789abcdef:0", "0123456789abcdef:17#/comments/0"])
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-(2**63), 2**63 - 1),
    "string": TEXT,
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    "boolean": st.booleans(),
    "null": st.none(),
    "object": st.dictionaries(TEXT, ANYTHING, max_size=2),
}


def good_value(shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in shape:
        return st.sampled_from(shape["enum"])
    if "type" not in shape:
        return ANYTHING
    kinds = [shape["type"]] if isinstance(shape["type"], str) else shape["type"]
    return st.one_of(*(_of_kind(kind, shape) for kind in kinds))


def _of_kind(kind: str, shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "array":
        return st.lists(good_value(shape.get("items", {})), max_size=2)
    if kind == "string" and shape.get("format") == "date-time":
        return TIME
    if kind == "string" and "pattern" in shape:
        return SOURCE
    if kind == "object" and "propertyNames" in shape:  # by field id
        return st.dictionaries(st.integers(0, 2**63 - 1).map(str), ANYTHING, max_size=2)
    return KINDS[kind]


@st.composite
def good(draw: Callable[..., Any], name: str) -> dict[str, Any]:
    properties, required = schema(name)["properties"], schema(name)["required"]
    optional = draw(st.lists(st.sampled_from(sorted(properties)), max_size=5, unique=True))
    return {key: draw(good_value(properties[key])) for key in [*required, *optional]}


@st.composite
def damaged(draw: Callable[..., Any], name: str) -> Any:
    record = draw(good(name))
    key = draw(st.sampled_from(sorted(schema(name)["properties"])) | TEXT)
    if draw(st.booleans()):
        return record | {key: draw(ANYTHING)}
    if isinstance(record.get(key), str):
        return record | {key: record[key] + draw(st.sampled_from(["\n", " ", "Z", "\u0661"]))}
    record.pop(key, None)
    return draw(st.just(record) | ANYTHING)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(ENTITIES)).flatmap(lambda name: st.tuples(st.just(name), good(name))))
def test_a_good_record_is_good_to_both(case: tuple[str, dict[str, Any]]) -> None:
    name, record = case
    assert complaints(name, record) == []
    assert is_valid(name)(record)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(ENTITIES)).flatmap(lambda name: st.tuples(st.just(name), damaged(name))))
def test_a_damaged_record_has_one_verdict(case: tuple[str, Any]) -> None:
    name, value = case
    assert is_valid(name)(value) == (complaints(name, value) == [])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(ENTITIES)).flatmap(lambda name: st.tuples(st.just(name), good(name))))
def test_a_good_record_is_plain_unless_it_writes_an_integer_as_a_float(
    case: tuple[str, dict[str, Any]],
) -> None:
    name, record = case
    assert is_plain(name)(record)
    del record["source"]
    assert not is_plain(name)(record)
    assert is_plain(name, without=frozenset(("source",)))(record)
    for key, kind in schema(name)["properties"].items():
        if "integer" in kind.get("type", ()):
            assert not is_plain(name, without=frozenset(("source",)))({**record, key: 1.0})


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(ENTITIES)).flatmap(lambda name: st.tuples(st.just(name), damaged(name))))
def test_whatever_is_plain_is_valid(case: tuple[str, Any]) -> None:
    name, value = case
    assert is_valid(name)(value) or not is_plain(name)(value)


def test_the_plain_check_knows_every_keyword_of_the_entities() -> None:
    known = {
        "type",
        "description",
        "minimum",
        "maximum",
        "pattern",
        "format",
        "items",
        "enum",
        "propertyNames",
    }
    kinds = [kind for name in ENTITIES for kind in schema(name)["properties"].values()]
    kinds += [kind["items"] for kind in kinds if "items" in kind]
    assert set().union(*kinds) <= known
    above = {"$schema", "title", "description", "type", "properties", "required", "additionalProperties"}
    assert set().union(*(schema(name) for name in ENTITIES)) <= above


@pytest.mark.parametrize(
    "change",
    [
        {"created_at": "2024-05-01T10:00:00.000Z\n"},
        {"created_at": "٢٠٢٤-05-01T10:00:00.000Z"},
        {"created_at": "2024-05-01T10:00:00Z"},
        {"created_at": "2024-05-01 10:00:00.000"},
        {"source": "0123456789abcdef:0\n"},
        {"id": 2**63},
        {"id": True},
        {"id": "1"},
        {"id": None},
        {"tags": ["a", 1]},
        {"tags": "a b"},
        {"custom_fields": []},
        {"surprise": 1},
    ],
)
def test_what_is_wrong_is_wrong_to_both_and_has_a_reason(change: dict[str, Any]) -> None:
    record = {"id": 1, "source": "0123456789abcdef:0"} | change
    assert not is_valid("tickets")(record)
    [(pointer, reason), *_] = complaints("tickets", record)
    assert reason
    assert pointer.split("/")[1:2] in ([], [next(iter(change))])
    with pytest.raises(RecordError) as caught:
        require("tickets", record)
    assert (caught.value.pointer, caught.value.reason) == (pointer, reason)


def test_what_is_good_is_required_in_silence() -> None:
    require("tickets", {"id": 1, "source": "0123456789abcdef:0"})


def test_pointers_are_escaped_and_reasons_are_short() -> None:
    found = complaints("manifest", {"files": {"a/b~c": {"records": "x" * 500}}})
    reasons = dict(found)
    assert "/files/a~1b~0c/records" in reasons
    assert all(len(reason) <= 200 for reason in reasons.values())


def test_the_reference_is_the_draft_that_the_schemas_name() -> None:
    assert schema("tickets")["$schema"] == jsonschema.Draft202012Validator.META_SCHEMA["$schema"]
