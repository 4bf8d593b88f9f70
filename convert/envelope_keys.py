"""Which entities a value holds or has room for: to recognise a file by, before it is read."""

from collections.abc import Mapping
from typing import Any

from .envelope import bare_entity, holds_records, is_keyed
from .envelope_stream import message_of
from .identify import CONFIGURATION, ENTITY_OF_KEY, kind_of_key
from .stream_names import entity_of_stream, fits, named_by_stream

_SAMPLE = 20  # elements of a list
_PAGE = frozenset(("count", "next_page", "meta", "links", "has_more"))


def keys_known(value: Any, *, stream: str = "") -> set[str]:
    """Entities that `value` holds or has room for (an empty page has room). stream: of its file's name."""
    if isinstance(value, list):
        return {entity for item in value[:_SAMPLE] for entity in keys_known(item, stream=stream)}
    if not isinstance(value, dict):
        return set()
    if bare := bare_entity(value, stream):
        return {bare.partition(":")[0]}
    if (message := message_of(value)) is not None:
        return _told(message.stream or stream, message.record, value)
    if is_keyed(value):
        return {
            entity for held in list(value.values())[:_SAMPLE] for entity in keys_known(held, stream=stream)
        }
    return _enveloped(value)


def _told(stream: str, record: Any, value: Mapping[str, Any]) -> set[str]:
    if isinstance(record, dict):
        named = named_by_stream(record, stream) or bare_entity(record)
        return {named.partition(":")[0]} if named else set()
    schema = value.get("schema")
    columns = schema.get("properties") if isinstance(schema, dict) else None
    announced = entity_of_stream(stream) if stream and isinstance(columns, dict) else None
    return {announced.partition(":")[0]} if announced and fits(announced, columns or {}) else set()


def _enveloped(value: Mapping[str, Any]) -> set[str]:
    known = {
        ENTITY_OF_KEY[key]
        for key, held in value.items()
        if key in ENTITY_OF_KEY and isinstance(held, (list, dict))
    }
    known |= {UNNAMED for held in value.values() if holds_records(held)}
    if isinstance(value.get("results"), list) and (
        "facets" in value or "next_page" in value or _is_search(value)
    ):
        known.add("tickets")
    if not known and (_PAGE & value.keys() or len(value) == 1):
        known = {
            CONFIGURATION
            for key, held in value.items()
            if kind_of_key(key) and isinstance(held, (list, dict))
        }
    return known


UNNAMED = "records"  # of some entity, a level deeper


def _is_search(value: Mapping[str, Any]) -> bool:
    results = value["results"]
    return bool(results) and isinstance(results[0], dict) and "result_type" in results[0]
