"""The ticket fields in an export's JSON, found before its tables are read: columns carry titles, not ids."""

from collections.abc import Iterator, Sequence
from typing import Any

import ijson

from .envelope import records_in
from .parse_json import parse
from .sniff import LONG, Form
from .source_bytes import mapped, opened
from .sources import Source
from .stream_names import stream_of_name

_HINTS = (b"custom_field_options", b"ticket_fields", b"title_in_portal")


def field_records(sources: Sequence[Source]) -> Iterator[dict[str, Any]]:
    """Raw ticket fields from every JSON file that holds any."""
    for source in sources:
        if source.form not in (Form.LINES, Form.DOCUMENT) or source.size == 0:
            continue
        if source.form == Form.LINES:
            values = _of_lines(source)
        elif source.size <= LONG:
            values = _of_document(source)
        else:
            yield from _of_long_document(source)
            continue
        for value in values:
            for found in records_in(value, stream=stream_of_name(source.name)):
                if found.entity == "ticket_fields" and isinstance(found.value, dict):
                    yield found.value


def _of_lines(source: Source) -> Iterator[Any]:
    with mapped(source) as text:
        at = source.start
        while at < source.size:
            end = text.find(b"\n", at)
            end = source.size if end < 0 else end
            line = text[at:end]
            at = end + 1
            if any(hint in line for hint in _HINTS):
                yield from (value for _, value in parse(line).values)


def _of_document(source: Source) -> Iterator[Any]:
    with opened(source) as file:
        text = file.read()[source.start :]
    if any(hint in text for hint in _HINTS):
        yield from (value for _, value in parse(text).values)


def _of_long_document(source: Source) -> Iterator[dict[str, Any]]:
    """Of a page with everything in it, only the list of fields."""
    with mapped(source) as text:
        if text.find(b'"ticket_fields"') < 0:
            return
    with opened(source) as file:
        file.seek(source.start)
        try:
            for item in ijson.items(file, "ticket_fields.item", use_float=True):
                if isinstance(item, dict):
                    yield item
        except (ijson.JSONError, ValueError):
            return  # what stands after the damage is rejected when it is read
