"""JSON values too long to hold: arrays, pages and lines over 8 MB, read as a stream with ijson.

Two passes: the first builds the value without its long lists, the second hands over their elements one by
one. What stands before a damage is read; the rest is one reject.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import IO, Any

import ijson
from ijson.common import ObjectBuilder

from deskferry.schemas.errors import RecordError

from .accept import accept, of_account
from .collect import Collector
from .cut_values import cut_values
from .envelope import UNKNOWN, Found, Page, bare_entity, element, keyed, page_of, records_in
from .identify import ENTITY_OF_KEY
from .links import is_merged, links_of_comment
from .normalize_comment import read_comment
from .normalize_ticket import read_ticket
from .notes import note_repairs
from .parse_json import Parsed, tidy
from .reject import Unit
from .source_bytes import mapped, opened
from .sources import Source
from .stream_names import stream_of_name
from .unfinished import note_page

_BLOCK = 1 << 20
_KEYED = re.compile(rb'\s*+\{\s*+"\d+"\s*+:\s*+[\[{]')  # records by their id
_SKIPPED = frozenset((*ENTITY_OF_KEY, "results"))
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|.)", re.DOTALL)
_LOST = rb"\ufffd"


class CleanRange:
    """Bytes of a range of a file, as ijson can read them: valid UTF-8, no lone surrogates."""

    def __init__(self, file: IO[bytes], *, start: int, end: int) -> None:
        file.seek(start)
        self._file, self._left, self._held = file, end - start, b""
        self.replaced = 0

    def read(self, size: int = -1) -> bytes:
        """The next block; its size is ours to choose."""
        if size == 0:
            return b""
        block = self._file.read(min(_BLOCK, self._left))
        self._left -= len(block)
        text, self._held = self._held + block, b""
        if self._left and block:
            cut = max(text.rfind(b" "), text.rfind(b",")) + 1  # never inside an escape or a character
            if cut:
                text, self._held = text[:cut], text[cut:]
        return self._clean(text)

    def _clean(self, text: bytes) -> bytes:
        if not text.isascii():
            decoded = text.decode("utf-8", "replace")
            self.replaced += decoded.count("\ufffd") - text.count("\ufffd".encode())
            text = decoded.encode()
        return _ESCAPE.sub(self._paired, text) if b"\\ud" in text or b"\\uD" in text else text

    def _paired(self, match: re.Match[bytes]) -> bytes:
        first, second = match[1], match[2]
        if first is None:
            return match[0]
        high, low = first[:2].lower() in _HIGH, first[:2].lower() in _LOW
        if high and second is not None:
            return match[0]
        head = _LOST if high or low else b"\\u" + first
        self.replaced += (high or low) + (second is not None)
        return head + (_LOST if second is not None else b"")


_HIGH = frozenset((b"d8", b"d9", b"da", b"db"))
_LOW = frozenset((b"dc", b"dd", b"de", b"df"))


def read_stream(
    source: Source, out: Collector, *, start: int, end: int, ticket_id: int | None = None
) -> None:
    """Hand every record in a range of long values to `out`. ticket_id: of the ticket it stands under."""
    with mapped(source) as text:
        values = list(cut_values(text, start=start, end=end))
        by_id = [_KEYED.match(text, at) is not None for at, _ in values]
    under = source.ticket_id if ticket_id is None else ticket_id
    for (at, stop), keyed_by_id in zip(values, by_id, strict=True):
        _read_value(replace(source, ticket_id=under), out, start=at, end=stop, keyed_by_id=keyed_by_id)


def _read_value(source: Source, out: Collector, *, start: int, end: int, keyed_by_id: bool) -> None:
    position = 0 if start == source.start else start
    with opened(source) as file:
        out.unit = Unit(
            source.index, source.name, source.sha256, position, None, *_measured(file, start, end)
        )
        reader = _Reader(file, start=start, end=end, out=out)
        if keyed_by_id:
            for key, held in reader.pairs():
                _take(keyed(key, held, f"/{key}", stream=stream_of_name(source.name)), source, out)
            broken = None
        else:
            broken = _read_whole(file, reader, source, out, start=start, end=end)
    if broken or reader.broken:
        out.reject(UNKNOWN, reader.stopped, RecordError(f"not JSON: {broken or reader.broken}"))


def _read_whole(
    file: IO[bytes], reader: "_Reader", source: Source, out: Collector, *, start: int, end: int
) -> str | None:
    """Read a value by its skeleton; why reading that stopped, None if it did not."""
    clean = CleanRange(file, start=start, end=end)
    value, skipped, broken = _skeleton(clean)
    if clean.replaced:
        example = f"{source.sha256[:16]}:{out.unit.position}"
        out.notes.add("replaced_characters", example, count=clean.replaced)
    note_page(value, out)
    if skipped == [""]:
        for index, item in reader.items("item"):
            note_page(item, out)
            _take(records_in(item, f"/{index}", stream=stream_of_name(source.name)), source, out)
    elif isinstance(value, dict):
        ticket = _ticket_in(value)
        if ticket is not None:
            _read_long_ticket(ticket, skipped, reader, out)
        if ticket is None or ticket[1]:
            rest = {key: held for key, held in value.items() if ticket is None or key != "ticket"}
            _read_page(value, rest, skipped, reader, source, out)
    else:
        _take(records_in(value), source, out)
    return broken


class _Reader:
    """Elements of a list inside the range, again from its start for each list."""

    def __init__(self, file: IO[bytes], *, start: int, end: int, out: Collector) -> None:
        self._file, self._start, self._end, self._out = file, start, end, out
        self.broken: str | None = None
        self.stopped = ""

    def items(self, prefix: str) -> Iterator[tuple[int, Any]]:
        """(index, element) of the list at `prefix`; stops at damage."""
        index = 0
        clean = CleanRange(self._file, start=self._start, end=self._end)
        try:
            for index, value in enumerate(ijson.items(clean, prefix, multiple_values=True)):
                yield index, _tidied(value, self._out)
            index += 1
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            self.broken = _words(error)
            self.stopped = "/" + prefix.removesuffix("item").replace(".", "/") + str(index)

    def pairs(self) -> Iterator[tuple[str, Any]]:
        """(key, value) of the object that the range is; stops at damage."""
        key = ""
        clean = CleanRange(self._file, start=self._start, end=self._end)
        try:
            for key, value in ijson.kvitems(clean, "", multiple_values=True):
                yield key, _tidied(value, self._out)
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            self.broken, self.stopped = _words(error), f"/{key}" if key else ""


def _skeleton(clean: CleanRange) -> tuple[Any, list[str], str | None]:
    """(the value without its long lists, their prefixes, why reading stopped or None)."""
    builder, skipped, depth = ObjectBuilder(), [], 0
    broken = None
    value: Any = {}
    try:
        for prefix, event, item in ijson.parse(clean, multiple_values=True):
            if depth:
                depth += (event == "start_array") - (event == "end_array")
                continue
            if event == "start_array" and (prefix == "" or prefix.removeprefix("ticket.") in _SKIPPED):
                depth = 1
                if prefix not in skipped:
                    skipped.append(prefix)
                event, item = "null", None
            builder.event(event, item)
            if prefix == "" and event in ("end_map", "null"):
                value = (
                    {**value, **builder.value} if isinstance(builder.value, dict) else builder.value or value
                )
                builder = ObjectBuilder()
    except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
        broken = _words(error)
        partial = getattr(builder, "value", None)
        value = {**value, **partial} if isinstance(partial, dict) else value
    return value, skipped, broken


def _read_long_ticket(
    found: tuple[dict[str, Any], str], skipped: list[str], reader: _Reader, out: Collector
) -> None:
    ticket, pointer = found
    ticket = _tidied(ticket, out)
    if ticket is None:
        out.reject("tickets", pointer, RecordError("nested too deep"))
        return
    if isinstance(ticket.get("comments", []), list):  # the long list is not in it
        ticket.pop("comments", None)
    if not of_account("tickets", ticket, pointer, out):
        return
    ticket_id, version = read_ticket(ticket, pointer, out)
    merged = is_merged(ticket.get("tags"))
    prefix = f"{pointer[1:]}.comments" if pointer else "comments"
    if prefix not in skipped:
        return
    for index, comment in reader.items(f"{prefix}.item"):
        where = f"{pointer}/comments/{index}"
        kept = read_comment(comment, where, out, ticket_id=ticket_id, version=version, rank=index)
        if kept is not None:
            links_of_comment(kept, where, out, merged=merged)
        out.relieve()


def _read_page(
    value: dict[str, Any],
    rest: dict[str, Any],
    skipped: list[str],
    reader: _Reader,
    source: Source,
    out: Collector,
) -> None:
    """Read what a page lists. rest: what of it is not read yet; its long lists are not in it."""
    page: Page = page_of(value)
    skipped = [key for key in skipped if "." not in key]
    rest = {key: held for key, held in rest.items() if key not in skipped}
    for key in skipped:
        for index, item in reader.items(f"{key}.item"):
            where = f"/{key.replace('.', '/')}/{index}"
            if key in ENTITY_OF_KEY:
                deleted = key.startswith("deleted_")
                founds = element(ENTITY_OF_KEY[key], item, where, page=page, deleted=deleted, index=index)
            else:
                founds = records_in(item, where, stream=stream_of_name(source.name))
            _take(founds, source, out)
    if ("ticket" not in value and not skipped) or any(
        isinstance(held, (list, dict)) for key, held in rest.items() if key not in ("meta", "links")
    ):
        _take(
            (
                found
                for found in records_in(_tidied(rest, out), stream=stream_of_name(source.name))
                if not skipped or found.entity != UNKNOWN
            ),
            source,
            out,
        )


def _take(founds: Iterable[Found], source: Source, out: Collector) -> None:
    for found in founds:
        accept(found, out, ticket_id=source.ticket_id)
    out.relieve()


def _ticket_in(value: Any) -> tuple[dict[str, Any], str] | None:
    if not isinstance(value, dict):
        return None
    inner = value.get("ticket")
    if isinstance(inner, dict):
        return inner, "/ticket"
    return (value, "") if bare_entity(value) == "tickets" else None


def _tidied(value: Any, out: Collector) -> Any:
    parsed = Parsed()
    try:
        return tidy(value, parsed)
    except RecordError:
        return None  # nested too deep: rejected as no object
    finally:
        note_repairs(parsed, f"{out.unit.sha256[:16]}:{out.unit.position}", out.notes)


def _measured(file: IO[bytes], start: int, end: int) -> tuple[int, str]:
    file.seek(start)
    digest, left = hashlib.sha256(), end - start
    while left and (block := file.read(min(_BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return end - start, digest.hexdigest()


def _words(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:120] if str(error).strip() else "it ends early"
