"""Random damage: to the bytes of a text, and to the values in it."""

import random
from typing import Any

Edit = tuple[int, int, bytes]  # bytes from, bytes to, what stands there now

TOKENS = [
    *(b"\0", b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\n", b"\r\n", b"'", b"<", b">", b"&", b"]]>"),
    *(b"\xff", b"\xc3", b"\xed\xa0\xbd", b"\xef\xbb\xbf", b"\xf0\x9f\x98", b"\xe2\x80\xa8", b"\x1b", b"\x01"),
    *(b"\\ud83d", b"\\u0000", b"\\ude00\\ud83d", b"&#0;", b"&#xD800;", b"&nope;", b"<!--", b"<![CDATA["),
    *(b"NaN", b"-Infinity", b"1e999", b"9" * 30, b"9" * 400 + b".0", b"1.5", b"1.03006E+13", b"-1", b"null"),
    *(
        b"true",
        b"{}",
        b"[]",
        b'""',
        b'"x"',
        b"0",
        b'"id":1,"id":2,',
        b"[" * 200,
        b'{"a":' * 200,
        b"<a>" * 200,
    ),
    *(
        b"\n// a remark\n",
        b"\n\n",
        b"}{",
        b"}\n{",
        b",,",
        b'"\n"',
        b" " * 50,
        b"\n{\n",
        b"</ticket>",
        b"<x/>",
    ),
]


def edits(text: bytes, rng: random.Random) -> list[Edit]:
    """One to three changes at places that do not overlap, first to last."""
    wanted = rng.choice((1, 1, 1, 2, 3))
    found: list[Edit] = []
    for start, end, new in sorted(_edit(text, rng) for _ in range(wanted)):
        if not found or start > found[-1][1]:
            found.append((start, end, new))
    return found


def _edit(text: bytes, rng: random.Random) -> Edit:
    at = rng.randrange(len(text) + 1)
    end = min(len(text), at + rng.choice((0, 1, 1, 2, 4, 8, 30, 200)))
    piece = text[at:end]
    line = text.rfind(b"\n", 0, at) + 1
    match rng.randrange(12):
        case 0:
            return (at, len(text), b"")  # cut off
        case 1:
            return (at, end, b"")
        case 2:
            return (at, end, piece * 2)
        case 3:
            other = min(len(text), end + len(piece))
            return (at, other, text[end:other] + piece)
        case 4:
            return (at, end, bytes(byte ^ (1 << rng.randrange(8)) for byte in piece))
        case 5:
            return (at, end, bytes(rng.randrange(256) for _ in piece))
        case 6:
            added = (b"// by hand\n", text.split(b"\n", 1)[0] + b"\n", b"\n", b"{\n", b"x\n")
            return (line, line, rng.choice(added))
        case 7:
            return (at, at, b"\n" + piece)  # half a line, twice
        case 8 if (newline := text.find(b"\n", at)) >= 0:
            return (newline, newline + 1, rng.choice((b"", b"\r\n", b"\r", b",\n", b"\n\n")))
        case 9:
            return (at, end, rng.choice(TOKENS))
        case _:
            return (at, at, rng.choice(TOKENS))


def applied(text: bytes, changes: list[Edit]) -> bytes:
    """The text with its changes."""
    for start, end, new in reversed(changes):
        text = text[:start] + new + text[end:]
    return text


ODD: list[Any] = [
    *(None, True, 0, -1, 1.5, 1e300, "", "x", "7", [], {}, [[1]], [None], {"id": {}}, 2**70, "1.03006E+13"),
    *(
        float("nan"),
        float("inf"),
        "\ud83d",
        "\0",
        [{}],
        {"": ""},
        "null",
        "{'a': 1}",
        "a\x01b\x02c\nd",
        10**400,
    ),
]


def altered(value: Any, rng: random.Random) -> Any:
    """`value` with something odd at one random place in it."""
    if rng.random() < 0.12 or not isinstance(value, (dict, list)) or not value:
        return rng.choice(ODD)
    if isinstance(value, dict):
        key = rng.choice(sorted(value))
        if rng.random() < 0.1:
            return {name: held for name, held in value.items() if name != key}
        if rng.random() < 0.05:
            return {**value, rng.choice(("\x01", "a/b~c", "", "\ud83d", "id")): value[key]}
        return {**value, key: altered(value[key], rng)}
    at = rng.randrange(len(value))
    return [*value[:at], altered(value[at], rng), *value[at + 1 :]]
