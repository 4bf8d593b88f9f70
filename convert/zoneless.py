"""Files whose times name no zone: refused before anything is read, unless the zone is given.

In JSON most of them must name none: one that was damaged costs its record alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deskferry.schemas.errors import RefusedError

from .csv_columns import TIME_COLUMNS, folded
from .sniff import Form
from .sniff_table import sampled, sampled_lines
from .source_bytes import mapped
from .sources import Source
from .table import Kind, Table
from .table_columns import keys_of
from .table_values import is_time

_SHOWN = 5
_THREAD_TIMES = frozenset(("date", "ticket_date"))
_ZONED = re.compile(r".*\d(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?Z?)\s*|\s*\d{9,16}(?:\.0+)?\s*", re.DOTALL)
_HEAD = 8 << 20
_XML_TIME = re.compile(
    rb"<(?:[a-z]+[-_])*(?:created|updated|assigned|solved|due|last)[-_](?:at|date|login)(?:\s[^<>]*)?>"
    rb"\s*\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*</"
)
_JSON = frozenset((Form.LINES, Form.MESSAGES, Form.DOCUMENT))
_JSON_HEAD = 1 << 18
_JSON_TIME = re.compile(
    rb'"(?:created|updated)_at"\s*:\s*"\d{4}-\d{1,2}-\d{1,2}'
    rb'(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?([^"]{0,9})"'
)
_TIME = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*", re.DOTALL)


def refuse_zoneless(sources: Sequence[Source], timezone: str | None) -> None:
    """Raise RefusedError naming the files whose times have no zone, where none is given."""
    if timezone is not None:
        return
    found = [source for source in sources if _is_zoneless(source)]
    if not found:
        return
    names = sorted(source.name for source in found)
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    kinds = {source.table.kind for source in found if source.table}
    if kinds == {Kind.FIVETRAN}:
        todo = "Add --timezone UTC: Fivetran writes all times in UTC"
    elif kinds == {Kind.TICKETS}:
        todo = "Add --timezone with the account's zone, such as Europe/Berlin"
    else:
        todo = "Add --timezone with the zone they were written in, such as UTC or Europe/Berlin"
    if Kind.FIVETRAN in kinds and len(kinds) > 1:
        todo += "; Fivetran's are UTC: convert tables of another zone apart"
    raise RefusedError(f"times without a zone in {shown}", todo=todo)


def _is_zoneless(source: Source) -> bool:
    if source.form == Form.XML:
        with mapped(source) as text:
            return _XML_TIME.search(text, 0, _HEAD) is not None
    if source.table is not None:
        return _in_table(source, source.table)
    return source.form in _JSON and source.size > 0 and _in_json(source)


def _in_json(source: Source) -> bool:
    with mapped(source) as text:
        zones = _JSON_TIME.findall(text, 0, _JSON_HEAD)
    return 2 * zones.count(b"") > len(zones)


def _in_table(source: Source, table: Table) -> bool:
    return any(_TIME.fullmatch(time) and not _ZONED.fullmatch(time) for time in _times(source, table))


def _times(source: Source, table: Table) -> Iterator[str]:
    """Every text that should be a time, in the first rows."""
    rows: Sequence[Mapping[str, Any]] = (
        sampled(source, table.layout) if table.layout is not None else sampled_lines(source)
    )
    entity = table.entity.partition(":")[0]
    for row in rows:
        for key, value in zip(keys_of(list(row), entity), row.values(), strict=True):
            if isinstance(value, str) and _holds_time(table, entity, key):
                yield value


def _holds_time(table: Table, entity: str, key: str) -> bool:
    if table.kind == Kind.TICKETS:
        return folded(key.replace("_", " ")) in TIME_COLUMNS
    if table.kind == Kind.THREADS:
        return key in _THREAD_TIMES
    return is_time(entity, key)
