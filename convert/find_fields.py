"""The ticket fields in an export, found before its CSVs are read: columns carry titles, not ids."""

from collections.abc import Iterator, Sequence
from typing import Any

from .csv_fields import Fields, fields_by_title
from .envelope import records_in
from .parse_json import parse
from .parts import READ
from .sniff import LONG, Form
from .source_bytes import opened
from .sources import Source

_HINTS = (b"custom_field_options", b"ticket_fields", b"title_in_portal")


def find_fields(sources: Sequence[Source]) -> Fields:
    """Fields by title, from every small JSON file that holds any."""
    return fields_by_title(_records(sources))


def _records(sources: Sequence[Source]) -> Iterator[dict[str, Any]]:
    for source in sources:
        if source.form not in READ or source.form == Form.TICKET_CSV or source.size > LONG:
            continue
        with opened(source) as file:
            text = file.read()[source.start :]
        if not any(hint in text for hint in _HINTS):
            continue
        for _, value in parse(text).values:
            for found in records_in(value):
                if found.entity == "ticket_fields" and isinstance(found.value, dict):
                    yield found.value
