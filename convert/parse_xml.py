"""The text of one record as values: Rails' typed elements, and what can be mended in ill-formed text.

In: the bytes of an element, in UTF-8. Out: dicts, lists, texts, integers, booleans and None, by the names
the API would use (`created-at` -> `created_at`). No document type can stand inside an element, so no entity
can be declared: only those XML itself knows are resolved, and the names HTML gives to characters.
"""

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from deskferry.schemas.errors import RecordError

from .normalize_record import whole_number
from .parse_json import MAX_DEPTH

_TRUE, _FALSE = frozenset(("true", "1", "t", "yes")), frozenset(("false", "0", "f", "no"))
_PREFIX = re.compile(rb"<(?:/?|[^<>]*\s)([A-Za-z_][\w.-]*):[\w.-]+(?=[\s/>=])")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#([0-9]{1,9});|#[xX]([0-9a-fA-F]{1,8});|([A-Za-z][A-Za-z0-9]*);)?")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_GIVEN = frozenset((b"xml", b"xmlns"))
_KNOWN = frozenset(("amp", "lt", "gt", "quot", "apos"))


@dataclass(slots=True)
class Mended:
    """What had to be mended: characters that became U+FFFD, references that were none, names twice.

    prefixes: of names, without the root that declared them.
    """

    replaced: int = 0
    references: int = 0
    duplicates: int = 0
    prefixes: set[bytes] = field(default_factory=set)


def parse_xml(text: bytes, mended: Mended) -> list[Element]:
    """The elements side by side in `text`. RecordError where it is not XML, however it is mended."""
    try:
        return list(_parsed(text, mended.prefixes))
    except (ParseError, ValueError):  # ValueError: bytes that are not UTF-8
        pass
    better, more = _mended(text)
    prefixes = mended.prefixes | set(_PREFIX.findall(text)) - _GIVEN
    try:
        elements = list(_parsed(better, prefixes))
    except DefusedXmlException as error:
        raise RecordError("a document type or an entity is declared, which is refused") from error
    except (ParseError, ValueError) as error:
        raise RecordError(f"not XML: {error}") from error
    mended.prefixes = prefixes
    mended.replaced += more.replaced
    mended.references += more.references
    return elements


def _parsed(text: bytes, prefixes: set[bytes]) -> Element:
    declared = b"".join(b' xmlns:%b="%b"' % (prefix, prefix) for prefix in sorted(prefixes))
    root: Element = fromstring(b"<x%b>%b</x>" % (declared, text), forbid_dtd=True)
    return root


def _mended(text: bytes) -> tuple[bytes, Mended]:
    more = Mended()
    decoded = text.decode("utf-8", "replace")
    more.replaced = decoded.count("\ufffd") - text.count("\ufffd".encode())
    decoded, count = _NO_CHARACTER.subn("\ufffd", decoded)
    more.replaced += count
    last = decoded.rfind("]]>") + 3  # what is never closed is no CDATA
    parts = [*_CDATA.split(decoded[:last]), "", decoded[last:]]
    parts[::2] = [_REFERENCE.sub(lambda match: _reference(match, more), part) for part in parts[::2]]
    return "".join(parts).encode(), more


def _reference(match: re.Match[str], mended: Mended) -> str:
    decimal, hexadecimal, name = match.groups()
    if name in _KNOWN:
        return match[0]
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xDFFF < code < 0xFFFE or 0xFFFF < code < 0x110000:
            return match[0]
        mended.replaced += 1
        return "\ufffd"
    mended.references += 1
    meant = html.unescape(match[0]) if name else ""
    return meant if meant and not meant.startswith("&") else "&amp;" + match[0][1:]


@lru_cache(4096)
def local(name: str) -> str:
    """A tag without its namespace, as the API would write it."""
    return name.rpartition("}")[2].replace("-", "_")


def value_of(element: Element, mended: Mended, depth: int = 0) -> Any:
    """What an element says. RecordError when it is nested too deep."""
    if depth > MAX_DEPTH:
        raise RecordError("nested too deep")
    attributes = {local(key): value for key, value in element.attrib.items()} if element.attrib else {}
    if attributes.get("nil") in _TRUE or attributes.get("null") in _TRUE:
        return None
    kind = attributes.get("type")
    if not len(element):
        return [] if kind == "array" and not (element.text or "").strip() else _typed(element.text, kind)
    if _is_mixed(element):
        return (element.text or "") + "".join(tostring(child, encoding="unicode") for child in element)
    if kind == "array" or _is_list(element):
        return [value_of(child, mended, depth + 1) for child in element]
    return _by_name(element, mended, depth)


def _by_name(element: Element, mended: Mended, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in element:
        name = local(child.tag)
        mended.duplicates += name in found
        found[name] = value_of(child, mended, depth + 1)  # the last one wins, as in JSON
    return found


def _is_mixed(element: Element) -> bool:
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _is_list(element: Element) -> bool:
    first = element[0].tag
    if any(child.tag != first for child in element):
        return False
    name, one = local(element.tag), local(first)
    return name in (one + "s", one + "es", one[:-1] + "ies")


def _typed(text: str | None, kind: str | None) -> Any:
    if not text:
        return None
    bare = text.strip()
    match kind:
        case "integer":
            whole = whole_number(bare)
            return bare if whole is None else whole
        case "boolean":
            folded = bare.lower()
            return True if folded in _TRUE else False if folded in _FALSE else bare
        case "datetime" | "date" | "decimal" | "float":
            return bare or None
        case _:
            return text
