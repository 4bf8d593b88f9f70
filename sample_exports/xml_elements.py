"""Records as Rails writes them in XML: dashed names, types in attributes, `nil` for nothing."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from xml.sax.saxutils import escape

from .company import Record

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_OSLO = timezone(timedelta(hours=1))


def document(name: str, one: str, records: Iterable[Record], *, offset: bool = False) -> bytes:
    """A list as a file of its own. offset: times with one, as old archives have them."""
    inner = "".join(element(one, record, offset=offset, depth=1) for record in records)
    return f'{_HEAD}<{name} type="array">\n{inner}</{name}>\n'.encode()


def single(name: str, record: Record) -> bytes:
    """One record as a file of its own."""
    return (_HEAD + element(name, record)).encode()


def element(name: str, value: object, *, offset: bool = False, depth: int = 0) -> str:
    """A value under its name. A sequence of pairs (name, record) is an array, a dict a record."""
    indent = "  " * depth
    if value is None:
        return f'{indent}<{name} nil="true"></{name}>\n'
    if isinstance(value, dict):
        inner = "".join(element(key, held, offset=offset, depth=depth + 1) for key, held in value.items())
        return f"{indent}<{name}>\n{inner}{indent}</{name}>\n"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _array(name, value, offset=offset, depth=depth)
    kind, text = _typed(value, offset=offset)
    return f"{indent}<{name}{kind}>{escape(text)}</{name}>\n"


def _array(name: str, pairs: Sequence[tuple[str, Record]], *, offset: bool, depth: int) -> str:
    indent = "  " * depth
    if not pairs:
        return f'{indent}<{name} type="array"/>\n'
    inner = "".join(element(one, record, offset=offset, depth=depth + 1) for one, record in pairs)
    return f'{indent}<{name} type="array">\n{inner}{indent}</{name}>\n'


def _typed(value: object, *, offset: bool) -> tuple[str, str]:
    if isinstance(value, bool):
        return ' type="boolean"', str(value).lower()
    if isinstance(value, int):
        return ' type="integer"', str(value)
    if isinstance(value, datetime):
        moment = value.astimezone(_OSLO if offset else UTC)
        return ' type="datetime"', moment.isoformat().replace("+00:00", "Z")
    return "", str(value)
