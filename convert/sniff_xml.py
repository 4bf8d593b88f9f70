"""Whether XML is an export of Zendesk's, by its root and what stands in it; and how a text is encoded."""

import codecs
import re
from dataclasses import dataclass

from .split_xml import LISTS

_ROOTS = frozenset((*LISTS, *LISTS.values()))
_SURE = frozenset(("tickets", "ticket", "forums", "forum", "ticket-fields", "ticket_fields"))
_NAME = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_LIST = re.compile(rb"<(?:[\w.-]+:)?(?:%b)[\s/>]" % "|".join(map(re.escape, LISTS)).encode())
# Rails writes its types, and dashes into names; other makers of <users> or <groups> do not.
_RAILS = re.compile(rb'type="array"|<subdomain>|<[a-z]+(?:[-_][a-z]+)*[-_](?:id|at)\b|<nice-id\b')
_OF_RECORDS = re.compile(rb"<(?:nice|status|requester|via|organization|is|display-type|forum|entry)[-_]")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][\w.:-]*)["']""")
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Prolog:
    """What stands before the records. root: name of the first element. declares: a document type is there."""

    root: str
    declares: bool


def prolog_of(head: bytes) -> Prolog:
    """What the first bytes of an XML text say."""
    at, declares = 3 if head[:3] == codecs.BOM_UTF8 else 0, False
    while True:
        at += len(head[at:]) - len(head[at:].lstrip())
        if head.startswith(b"<?", at):
            at = _behind(head, at, b"?>")
        elif head.startswith(b"<!--", at):
            at = _behind(head, at, b"-->")
        elif head.startswith(b"<!", at):
            declares = True
            inner = re.compile(rb"[^\[>]*\[").match(head, at)
            at = _behind(head, inner.end(), b"]") if inner else at
            at = _behind(head, at, b">")
        else:
            break
    found = _NAME.match(head, at)
    return Prolog(found[1].decode().lower() if found else "", declares)


def is_zendesk(head: bytes) -> bool:
    """True for an export, or a list or record of Zendesk's old API."""
    prolog = prolog_of(head)
    if prolog.root == "html" or not prolog.root:
        return False
    if prolog.root in ("records", "record"):
        return _OF_RECORDS.search(head) is not None
    if prolog.root in _ROOTS:
        return prolog.root in _SURE or _RAILS.search(head) is not None
    return _LIST.search(head) is not None and _OF_RECORDS.search(head) is not None


def encoding_of_xml(head: bytes) -> str | None:
    """The codec that turns an XML text into characters; None where it is UTF-8, or is none we know.

    What says ISO-8859-1 is Windows-1252 in practice: the same, but for characters where the other has none.
    """
    if wide := _WIDE.get(head[:2]):
        return wide
    declared = _ENCODING.match(head.lstrip(codecs.BOM_UTF8).lstrip())
    if declared is None or head[:3] == codecs.BOM_UTF8:
        return None
    try:
        name = codecs.lookup(declared[1].decode()).name
    except LookupError:
        return None
    if name == "iso8859-1":
        return "cp1252"
    # A text whose first line could be read as ASCII is in no wide encoding, whatever it says.
    return None if name in ("utf-8", "ascii") or name.startswith(("utf-16", "utf-32", "utf_16")) else name


def _behind(head: bytes, at: int, closing: bytes) -> int:
    found = head.find(closing, at)
    return len(head) if found < 0 else found + len(closing)
