"""Zendesk's XML: the account export, the user export, the old archive. One record after the other.

In: a range of a file that ends between records. Out: records under the API's names. A record that is no XML
is one reject and costs no other; so is what stands between records and is none.
"""

import hashlib
import mmap
import re
from itertools import pairwise
from xml.etree.ElementTree import Element

from deskferry.schemas.errors import RecordError

from .accept import accept
from .collect import Collector
from .envelope import UNKNOWN
from .normalize_xml import account_named, records_of
from .parse_xml import Mended, local, parse_xml, value_of
from .parts import Piece
from .reject import RAW_LIMIT, Unit
from .sniff_xml import prolog_of
from .source_bytes import mapped
from .split_xml import LISTS, Chunk, chunks, starts_in

_HEAD = 1 << 18
_LONGEST = 256 << 20  # bytes of one record, which is held in memory
_LONGEST_GAP = 1 << 16
_BLOCK = 1 << 20
_REFUSED = "a document type or entities are declared, which is refused"
_CUT_OFF = "the text is cut off in it"
_BETWEEN = re.compile(
    rb"<\?.*?\?>|<!--.*?-->|<([\w:.-]+)(?:\s[^<>]*)?>[^<>]*</\1\s*>|<[\w:.-]+(?:\s[^<>]*)?/>|\xef\xbb\xbf",
    re.DOTALL,
)


def read_xml(piece: Piece, out: Collector) -> None:
    """Hand every record of an XML export to `out`."""
    source = piece.source
    with mapped(source) as text:
        prolog = prolog_of(text[:_HEAD])
        if prolog.declares:
            _reject(Chunk(0, source.size), text, piece, out, why=_REFUSED)
            return
        reader = _Reader(text, piece, out, root=prolog.root)
        for chunk in chunks(text, start=piece.start, end=piece.end):
            reader.read(chunk)


class _Reader:
    """Reads the chunks of one piece."""

    def __init__(self, text: mmap.mmap, piece: Piece, out: Collector, *, root: str) -> None:
        self._text, self._piece, self._out = text, piece, out
        self._mended = Mended()
        lists = "|".join(map(re.escape, sorted({*LISTS, "account", root} - {""}))).encode()
        self._structure = re.compile(rb"</?(?:[\w.-]+:)?(?:%b)(?:\s[^<>]*)?>" % lists, re.IGNORECASE)

    def read(self, chunk: Chunk) -> None:
        """A record, or what stands between two."""
        if not chunk.name:
            self._read_between(chunk)
        elif chunk.end - chunk.start > _LONGEST:
            self._reject(chunk, f"a record of more than {_LONGEST:,} bytes")
        else:
            self._read_record(chunk)

    def _read_record(self, chunk: Chunk) -> None:
        raw = self._text[chunk.start : chunk.end]
        try:
            self._take(chunk, raw)
        except RecordError as error:
            # One that is never closed costs itself, not the next, which was taken for a part of it.
            begins = [chunk.start, *(chunk.start + at for at in starts_in(raw, chunk.name))]
            for start, end in pairwise([*begins, chunk.end]):
                part = Chunk(start, end, chunk.name, open=chunk.open)
                try:
                    if len(begins) == 1:
                        raise error
                    self._take(part, self._text[start:end])
                except RecordError as wrong:
                    self._reject(part, _CUT_OFF if chunk.open and end == chunk.end else wrong.reason)

    def _take(self, chunk: Chunk, raw: bytes) -> None:
        """Read one chunk; RecordError when it is not XML."""
        holds_lists = chunk.open and chunk.name.lower().rpartition(b":")[2] == b"account"
        elements = parse_xml(raw + b"</%b>" % chunk.name if holds_lists else raw, self._mended)
        source = self._piece.source
        self._out.unit = Unit(source.index, source.name, source.sha256, chunk.start, raw)
        self._note_mended()
        for index, element in enumerate(elements):
            self._accept(element, f"/{index}" if index else "")

    def _accept(self, element: Element, pointer: str) -> None:
        out = self._out
        before = self._mended.duplicates
        try:
            value = value_of(element, self._mended)
        except RecordError as error:
            out.reject(UNKNOWN, pointer, error)
            return
        if self._mended.duplicates > before:
            count = self._mended.duplicates - before
            out.notes.add("duplicate_keys", self._example(), count=count)
        name = account_named(local(element.tag).lower(), value)
        if name:
            name = out.same_account.get(name, name)
            out.accounts[out.unit.file, name] += 1
            if out.account not in (None, name):
                out.reject(UNKNOWN, pointer, RecordError(f"belongs to account {name}"))
                return
        for found in records_of(local(element.tag).lower(), value, pointer):
            accept(found, out, ticket_id=None)

    def _note_mended(self) -> None:
        mended, notes = self._mended, self._out.notes
        if mended.replaced:
            notes.add("replaced_characters", self._example(), count=mended.replaced)
        if mended.references:
            notes.add("mended_references", self._example(), count=mended.references)
        mended.replaced = mended.references = 0

    def _read_between(self, chunk: Chunk) -> None:
        raw = self._text[chunk.start : min(chunk.end, chunk.start + _LONGEST_GAP)]
        whole = len(raw) == chunk.end - chunk.start
        if whole and not self._structure.sub(b"", _BETWEEN.sub(b"", raw)).strip():
            return
        blank = len(raw) - len(raw.lstrip())
        self._reject(Chunk(chunk.start + blank, chunk.end), "not a Zendesk record that is known")

    def _reject(self, chunk: Chunk, why: str) -> None:
        _reject(chunk, self._text, self._piece, self._out, why=why)

    def _example(self) -> str:
        return f"{self._out.unit.sha256[:16]}:{self._out.unit.position}"


def _reject(chunk: Chunk, text: mmap.mmap, piece: Piece, out: Collector, *, why: str) -> None:
    source, size = piece.source, chunk.end - chunk.start
    digest = hashlib.sha256()
    for at in range(chunk.start, chunk.end, _BLOCK):
        digest.update(text[at : min(at + _BLOCK, chunk.end)])
    raw = text[chunk.start : chunk.end] if size <= RAW_LIMIT else None
    out.unit = Unit(source.index, source.name, source.sha256, chunk.start, raw, size, digest.hexdigest())
    out.reject(UNKNOWN, "", RecordError(why))
