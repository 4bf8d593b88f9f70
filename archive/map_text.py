"""Writing YAML by hand, so that a mapping reads from top to bottom with a count at the end of each line.

ruamel.yaml could write it, but lays comments out by column and folds long lines. Every text that came
from the data is quoted: `no`, `1e5`, `*`, `# x` and `a: b` stay the texts they are.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

_PLAIN = re.compile(r"[a-z][a-z_]*|UTC")  # only our own words; they are checked against _WORDS
_WORDS = frozenset({"yes", "no", "y", "n", "true", "false", "null", "on", "off"})
_LONGEST_SIMPLE_KEY = 1000  # YAML itself ends at 1024
_LONGEST_COMMENT = 120
_WIDTH = 110


def scalar(value: Any) -> str:
    """A value in YAML: our own words plain, other texts in double quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return text if _PLAIN.fullmatch(text) and text not in _WORDS else quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes, with everything escaped that YAML would fold, drop or refuse."""
    inner = json.dumps(text, ensure_ascii=False)[1:-1]
    escaped = "".join(character if character.isprintable() else _escaped(character) for character in inner)
    return f'"{escaped}"'


def flow(value: Mapping[str, Any]) -> str:
    """A small object on one line."""
    return "{" + ", ".join(f"{key}: {scalar(item)}" for key, item in value.items()) + "}"


def entry(key: str, value: Mapping[str, Any], *, comment: str, indent: int) -> list[str]:
    """`key: {...}  # comment`, the key always quoted."""
    blanks, name = " " * indent, quoted(key)
    if len(name) > _LONGEST_SIMPLE_KEY:
        return [f"{blanks}? {name}", f"{blanks}: {flow(value)}{trailing(comment)}"]
    return [f"{blanks}{name}: {flow(value)}{trailing(comment)}"]


def nested(key: str, value: Mapping[str, Any], *, comment: str, indent: int) -> list[str]:
    """The head of an entry whose answer goes on below: `key:  # comment`, then one line for each setting."""
    blanks, name = " " * indent, quoted(key)
    head = f"{blanks}? {name}\n{blanks}:" if len(name) > _LONGEST_SIMPLE_KEY else f"{blanks}{name}:"
    lines = [f"{blanks}  {key}: {scalar(item)}" for key, item in value.items()]
    return [*f"{head}{trailing(comment)}".split("\n"), *lines]


def remark(*sentences: str) -> list[str]:
    """Sentences as comment lines, each on lines of its own."""
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(
            comment_line(sentence),
            _WIDTH,
            initial_indent="# ",
            subsequent_indent="# ",
            break_on_hyphens=False,
        )
    ]


def block(values: Iterable[str]) -> list[str]:
    """The lines under `values:`; an empty block says so."""
    lines = list(values)
    return ["  decided_by: null", "  date: null", *(["  values:", *lines] if lines else ["  values: {}"])]


def trailing(comment: str) -> str:
    """A comment at the end of a line."""
    return f"  # {comment_text(comment)}" if comment else ""


def comment_text(text: str) -> str:
    """A text that can stand in a comment: on one line, not too long."""
    line = comment_line(text)
    return line if len(line) <= _LONGEST_COMMENT else f"{line[: _LONGEST_COMMENT - 1]}…"


def comment_line(text: str) -> str:
    """A text on one line, whole."""
    return "".join(character if character.isprintable() else " " for character in text)


def tickets(count: int) -> str:
    """`1 ticket`, `1,310 tickets`."""
    return counted(count, "ticket")


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 ticket`, `1,310 tickets`; plural: where it is not the noun with an s."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
