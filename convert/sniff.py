"""What a file is, by its content. The name only tells whether an unknown file looks like data."""

import csv
import io
import json
import mmap
import re
from dataclasses import replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from .csv_columns import is_ticket_header
from .envelope_keys import keys_known
from .foreign import PRACTICE, RENAMED, is_practice, is_renamed
from .parse_json import parse
from .sniff_lines import form_of_lines, is_message
from .sniff_xml import is_zendesk
from .source_bytes import mapped
from .sources import Source
from .stream_names import stream_of_name


class Form(StrEnum):
    """How a file is read."""

    LINES = "json_lines"  # a JSON value on each line
    MESSAGES = "pipeline_messages"  # the same, of a data pipeline; its log may stand between them
    DOCUMENT = "json_document"  # values that span lines
    TICKET_CSV = "ticket_csv"
    XML = "xml"
    TABLE = "table"  # rows of something else
    NOT_READ = "form_not_read"  # Zendesk's, but not read yet
    ATTACHMENT = "attachment"  # somebody's file; never read
    UNKNOWN = "unknown"  # looks like data, is nothing we know
    OTHER = "other"  # a picture, a text, ...
    EMPTY = "empty"
    DAMAGED = "damaged"
    OTHER_ACCOUNT = "other_account"  # another one was chosen


LONG = 8 << 20  # values longer than this are streamed
_HEAD = 1 << 18
_SAMPLE_LINES = 60
_LOGS = frozenset(("_log.csv",))  # which objects a script wrote, beside them
_DATA_NAMES = frozenset((".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xml", ".singer", ".log"))
_HINT = re.compile(
    rb'zendesk\.com/api/|"(?:raw_subject|html_body|requester(?:_id)?|submitter(?:_id)?|ticket_id|domain_names'
    rb'|ticket_field(?:s)?|tickets?|comments|users?|organizations?)"\s*:'
)
_SHORT = 100
_NO_RECORDS = re.compile(rb"(?:\[\s*\]|\{\s*\})\s*")
_TABLES = re.compile(rb'"_dlt_id"')


def sniffed(source: Source) -> Source:
    """`source` with its form and where its text starts. OSError passes."""
    if source.form:
        return source
    if PurePosixPath(source.name).name.lower() in _LOGS:
        return replace(source, form=Form.OTHER)
    if source.size == 0:
        return replace(source, form=Form.DAMAGED if source.damage else Form.EMPTY)
    with mapped(source) as text:
        form, start, note = _form(text, source)
    return replace(source, form=form, start=start, note=note)


def _form(text: mmap.mmap, source: Source) -> tuple[Form, int, str | None]:
    head = text[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        header = _header(head.decode("utf-16", "replace"))
        return (
            (Form.TICKET_CSV, 0, None) if is_ticket_header(header) else (_unknown(source), 0, "UTF-16 text")
        )
    start = 3 if head[:3] == b"\xef\xbb\xbf" else 0
    start = _past_blanks(text, start)
    first = text[start : start + 1]
    if first in (b"{", b"["):
        if len(text) - start < _SHORT and _NO_RECORDS.fullmatch(text, start):
            return Form.EMPTY, start, None  # a list that somebody asked for, and there was nothing
        form, note = _json_form(text, start, source)
        return form, start, note
    lines = _first_lines(text, start)
    if of_lines := form_of_lines(first, lines, head, stream=stream_of_name(source.name)):
        return Form(of_lines), start, None
    if first == b"<":
        if is_zendesk(head):
            return Form.XML, 0, None
        return _unknown(source), 0, "a web page or unknown XML"
    if is_ticket_header(_header(head[start:].decode("utf-8", "replace"))):
        return Form.TICKET_CSV, start, None
    if head[:6] in (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"):
        return Form.NOT_READ, 0, "a kind of archive that is not unpacked"
    return _unknown_form(text, start, source), start, None


def _unknown_form(text: mmap.mmap, start: int, source: Source) -> Form:
    """A file that begins in the middle of a line, as pieces of a cut file do, is lines all the same."""
    lines = _first_lines(text, start)[1:]
    values = [value for line in lines if line[:2] == b'{"' for _, value in parse(line).values]
    stream = stream_of_name(source.name)
    known = any(keys_known(value, stream=stream) for value in values)
    return Form.LINES if known else _unknown(source)


def _json_form(text: mmap.mmap, start: int, source: Source) -> tuple[Form, str | None]:
    form, values = _lines_or_document(text, start)
    return _recognised(form, values, text, start, source)


def _lines_or_document(text: mmap.mmap, start: int) -> tuple[Form, list[Any]]:
    """Whether each line is a value of its own, and the values in the first lines, or in a small document."""
    lines = _first_lines(text, start)
    if len(lines[0]) >= LONG:
        return Form.LINES, []
    read = [(line, parse(line)) for line in lines if line[:1] in (b"{", b"[")]
    whole = [one for one in read if one[1].values and not one[1].broken]
    values = [value for _, parsed in whole for _, value in parsed.values if isinstance(value, (dict, list))]
    # In a pretty-printed document some lines parse by chance; in damaged lines most of them still begin anew.
    anew = 2 * sum(line[:2] == b'{"' for line in lines) >= len(lines)
    most = anew or 3 * sum(len(line) for line, _ in whole) >= sum(map(len, lines))
    if whole and (read[0] is whole[0] or (most and not _go_on(lines))):
        return Form.LINES, values
    if len(text) - start <= LONG:
        document = [value for _, value in parse(text[start:]).values]
        if document:
            return Form.DOCUMENT, document
    starts_anew = len(lines) > 1 and all(line[:2] == b'{"' for line in lines)
    return (Form.LINES if starts_anew else Form.DOCUMENT), []


def _go_on(lines: list[bytes]) -> bool:
    """True where lines are one value so far, or its beginning; False where one of them is damaged."""
    text = b"\n".join(lines).decode("utf-8", "replace")
    try:
        json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        return error.pos >= len(text) - 1
    except (ValueError, RecursionError):
        return False
    return True


def _first_lines(text: mmap.mmap, start: int) -> list[bytes]:
    lines: list[bytes] = []
    at, size = start, len(text)
    while at < size and len(lines) < _SAMPLE_LINES and at - start < LONG:
        end = text.find(b"\n", at)
        end = size if end < 0 else end
        line = text[at : min(end, at + LONG)].strip()
        at = end + 1
        if line and not line.startswith(b"//"):
            lines.append(line)
    return lines or [b""]


def _recognised(
    form: Form, values: list[object], text: mmap.mmap, start: int, source: Source
) -> tuple[Form, str | None]:
    head = text[start : start + _HEAD]
    if _TABLES.search(head[:4096]):
        return Form.NOT_READ, "tables of a data pipeline"
    stream = stream_of_name(source.name)
    if any(keys_known(value, stream=stream) for value in values):
        return (Form.MESSAGES if any(map(is_message, values)) else form), None
    if any(map(is_practice, values)):
        return _unknown(source), PRACTICE
    if any(map(is_renamed, values)):
        return Form.NOT_READ, RENAMED
    if any(isinstance(value, dict) and {"error", "errors"} & value.keys() for value in values):
        return form, "an error page of the API"
    damaged = not values
    if damaged and _HINT.search(head):
        return form, None
    return _unknown(source), None


def _unknown(source: Source) -> Form:
    return Form.UNKNOWN if PurePosixPath(source.name).suffix.lower() in _DATA_NAMES else Form.OTHER


def _header(text: str) -> list[str]:
    line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=line.count)
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        return []


def _past_blanks(text: mmap.mmap, at: int) -> int:
    """Past blanks and `//` lines, which somebody's editor left at the top."""
    while at < len(text):
        if text[at : at + 1] in (b" ", b"\t", b"\r", b"\n"):
            at += 1
        elif text[at : at + 2] == b"//":
            end = text.find(b"\n", at)
            if end < 0:
                return at
            at = end + 1
        else:
            break
    return at
