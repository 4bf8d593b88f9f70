"""JSON text as values, tolerant: what can be read is read, what was repaired is counted.

In: the bytes of a line or a document. Out: values with their offsets. The fast way is orjson, where it can
be shown that it lost nothing; then jiter, which sees duplicate keys and keeps long integers. Whatever these
refuse is read again, slowly, by Python's own parser, which lets us keep duplicate keys apart, replace lone
surrogates and invalid UTF-8, and read several values in a row.
"""

import json
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import jiter
import orjson

from deskferry.schemas.errors import RecordError

MAX_DEPTH = 150


@dataclass(slots=True)
class Parsed:
    """Values in a text, each with its byte offset; `broken`: where and why reading stopped, if it did."""

    values: list[tuple[int, Any]] = field(default_factory=list)
    broken: tuple[int, str] | None = None
    replaced: int = 0  # characters that became U+FFFD
    duplicates: int = 0  # keys that stood twice in one object
    no_numbers: int = 0  # numbers that are none (NaN, 1e999), kept as text


def parse(text: bytes) -> Parsed:
    """Every JSON value in `text`. Never raises for what the text holds."""
    value = exact(text)
    return with_care(text) if value is INEXACT else Parsed(values=[(0, value)])


INEXACT = object()


def exact(text: bytes) -> Any:
    """The one JSON value that `text` is; INEXACT where it must be read with care."""
    try:
        value = orjson.loads(text)
        if b"\\u0000" in text:
            return INEXACT
        if not _is_exact(value, text):
            value = jiter.from_json(text, allow_inf_nan=False, catch_duplicate_keys=True)
    except ValueError:
        return INEXACT
    return value


_AS_ZEROS = bytes.maketrans(b"0123456789", b"0000000000")
_TOO_LONG = b"0" * 19  # digits of the shortest integer that 64 bits cannot hold


def _is_exact(value: Any, text: bytes) -> bool:
    """True where orjson surely lost nothing: neither one of two equal keys nor digits of a long integer.

    Written again it is the same text, byte for byte. Or, where the text has blanks and escapes: each key has
    a colon, so that one key less is one colon less, and no number can be too long.
    """
    try:
        written = orjson.dumps(value)
    except TypeError:  # nested too deep
        return False
    if written == text:
        return True
    return (
        written.count(b":") == text.count(b":")
        and b"\\u003" not in text  # an escaped colon would be counted once more in what was written
        and _TOO_LONG not in text.translate(_AS_ZEROS)
    )


def with_care(text: bytes) -> Parsed:
    """`parse`, the slow way."""
    decoded = text.decode("utf-8", "replace")
    replaced = 0 if _is_utf8(text) else decoded.count("\ufffd") - text.count("\ufffd".encode())
    parsed = _read(decoded)
    if parsed.broken:
        without = _TRAILING_COMMA.sub(_dropped, decoded)
        again = _read(without) if without != decoded else parsed
        if not again.broken:
            parsed = again
    parsed.replaced += replaced
    return parsed


def _read(decoded: str) -> Parsed:
    parsed = Parsed()
    decoder = json.JSONDecoder(
        object_pairs_hook=_pairs(parsed),
        parse_float=lambda text: finite(text, parsed),
        parse_constant=lambda name: finite(name, parsed),
        strict=False,
    )
    at, end, offset = 0, len(decoded), 0
    while True:
        start = _skip(decoded, at)
        offset += len(decoded[at:start].encode())
        at = start
        if at >= end:
            return parsed
        try:
            value, stop = decoder.raw_decode(decoded, at)
            parsed.values.append((offset, tidy(value, parsed)))
        except RecordError as error:
            parsed.broken = (offset, error.reason)
        except RecursionError:
            parsed.broken = (offset, "nested too deep")
        except ValueError as error:
            parsed.broken = (offset, f"not JSON: {_words(error)}")
        if parsed.broken:
            return parsed
        offset += len(decoded[at:stop].encode())
        at = stop


_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])', re.DOTALL)


def _dropped(match: re.Match[str]) -> str:
    return "" if match[0] == "," else match[0]


def tidy(value: Any, parsed: Parsed, depth: int = 0) -> Any:
    """`value` with NUL and lone surrogates replaced, no Decimals. RecordError when nested too deep."""
    if depth > MAX_DEPTH:
        raise RecordError("nested too deep")
    if isinstance(value, str):
        return _text(value, parsed)
    if isinstance(value, dict):
        return {_text(key, parsed): tidy(item, parsed, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [tidy(item, parsed, depth + 1) for item in value]
    return finite(str(value), parsed) if isinstance(value, Decimal) else value


def finite(text: str, parsed: Parsed) -> float | str:
    """The number a text says; the text itself where no float is that number (1e999, NaN)."""
    number = float(text)
    if math.isfinite(number):
        return number
    parsed.no_numbers += 1
    return text


def _text(text: str, parsed: Parsed) -> str:
    if text.isascii() and "\0" not in text:
        return text
    try:
        text.encode()
        clean = text
    except UnicodeEncodeError:
        clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        parsed.replaced += clean.count("\ufffd") - text.count("\ufffd")
    if "\0" in clean:
        parsed.replaced += clean.count("\0")
        clean = clean.replace("\0", "\ufffd")
    return clean


def _pairs(parsed: Parsed) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)  # the last one wins
        parsed.duplicates += len(pairs) - len(built)
        return built

    return build


def _skip(text: str, at: int) -> int:
    # Commas too: lines cut out of an array end in one. U+2028 is no blank here.
    while at < len(text) and text[at] in " \t\r\n,\ufeff":
        at += 1
    return at


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _words(error: ValueError) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error).split(";")[0]
