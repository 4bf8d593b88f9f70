"""mapping.yaml, read and held against mapping.json, with the line of everything in it.

In: a YAML file that people edit. Out: a Mapping. Wrong: InputError naming file and line;
an unknown key names the nearest known one.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from .canonical import digest
from .entities import schema
from .errors import InputError
from .validate import complaints

Pointer = tuple[str | int, ...]

_DEEPEST = 20
_ELSEWHERE = timedelta(days=1)  # whoever signs may be ahead of UTC


class _Constructor(RoundTripConstructor):
    """Dates are texts: YAML's own reading of 2026-02-30 ends in a ValueError without a line."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A valid mapping: `data` as mapping.json describes it, and the line (from 1) of each pointer in it."""

    path: Path
    data: dict[str, Any]
    lines: dict[Pointer, int]

    @property
    def digest(self) -> str:
        """SHA-256 of what it says; comments and layout do not count."""
        return digest(self.data)

    def block(self, name: str) -> dict[str, Any]:
        """A block as written; one that the file does not have is what mapping.json says by default."""
        found: dict[str, Any] = self.data.get(name, shape_at(name).get("default", {}))
        return found

    def choice(self, block: str, key: str) -> Any:
        """One setting of a block, as written or by default."""
        return self.block(block).get(key, shape_at(block, key).get("default"))

    def where(self, *pointer: str | int) -> str:
        """`file:line` of a place in the file, or of the nearest enclosing one."""
        return f"{self.path}:{self.line(*pointer)}"

    def line(self, *pointer: str | int) -> int:
        """The line (from 1) of a place in the file, or of the nearest enclosing one."""
        return _line(self.lines, pointer)


def read_mapping(path: Path, *, today: date | None = None) -> Mapping:
    """Read and check a mapping. Raises InputError with file and line of the first thing that is wrong.

    today: by default the clock's, in UTC. Nobody has signed on a later day.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(
            "no such mapping", where=path, todo=f"Write one with: deskferry map init DATASET -o {path}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=path) from error
    return parse_mapping(text, path=path, today=today)


def parse_mapping(text: str, *, path: Path, today: date | None = None) -> Mapping:
    """The same from text; `path` is the name that messages show."""
    try:
        _refuse_indirection(text, path)
        reader = YAML(typ="rt")
        reader.Constructor = _Constructor
        loaded = reader.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"not YAML: {error.problem}", where=f"{path}:{line}") from error
    except YAMLError as error:
        raise InputError(f"not YAML: {str(error).splitlines()[0]}", where=path) from error
    data, lines = _plain(loaded), dict(_lines(loaded, ()))
    _check(path, data, lines)
    _check_days(path, data, lines, last=(today or datetime.now(UTC).date()) + _ELSEWHERE)
    return Mapping(path=path, data=data, lines=lines)


def shape_at(*pointer: str) -> dict[str, Any]:
    """The part of mapping.json that describes a place, such as ("csat", "score")."""
    shape = schema("mapping")
    for key in pointer:
        shape = resolved(resolved(shape)["properties"][key])
    return shape


def resolved(shape: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema with what it refers to; what stands beside the reference goes first."""
    if "$ref" not in shape:
        return shape
    return {**schema("mapping")["$defs"][shape["$ref"].rpartition("/")[2]], **shape}


def _refuse_indirection(text: str, path: Path) -> None:
    """A mapping says what it means where it stands: no aliases, tags or depths, which can also be bombs."""
    depth = 0
    for event in YAML(typ="rt").parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        what = None
        if isinstance(event, AliasEvent):
            what = f"*{event.anchor} stands for something else; write it out"
        elif tag := getattr(event, "tag", None):
            what = f"type {tag} is not used in a mapping"
        elif depth > _DEEPEST:
            what = "nested too deep"
        if what:
            raise InputError(what, where=f"{path}:{event.start_mark.line + 1}")


def _check(path: Path, data: Any, lines: dict[Pointer, int]) -> None:
    unknown = sorted(_unknown_keys(data, schema("mapping"), ()), key=lambda found: _line(lines, found[0]))
    for pointer, known in unknown:
        near = difflib.get_close_matches(str(pointer[-1]), known, n=1, cutoff=0.5)
        hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(sorted(known))}"
        raise InputError(f"unknown key '{pointer[-1]}'; {hint}", where=f"{path}:{_line(lines, pointer)}")
    for text_pointer, reason in complaints("mapping", data):
        pointer, shape, node = _followed(text_pointer, data)
        name = ".".join(map(str, pointer)) or "the file"
        # jsonschema quotes the whole value here and hides what is missing.
        choices = [choice for option in shape.get("oneOf", ()) for choice in option["required"]]
        if "pattern" in shape and isinstance(node, str):
            reason = f"{node!r} is no day; write one such as 2024-11-30"
        if choices and isinstance(node, dict) and sum(choice in node for choice in choices) != 1:
            reason = f"exactly one of {', '.join(choices)} is needed"
        raise InputError(f"{name}: {reason}", where=f"{path}:{_line(lines, pointer)}")


def _check_days(path: Path, data: dict[str, Any], lines: dict[Pointer, int], *, last: date) -> None:
    """The days of the signatures: in the calendar, and none that is still to come."""
    blocks = [((name,), block) for name, block in data.items() if isinstance(block, dict)]
    for block, found in ((), data), *blocks:
        written = found.get("date")
        if not written:
            continue
        try:
            wrong = "is still to come" if date.fromisoformat(written) > last else None
        except ValueError:
            wrong = "is not in the calendar"
        if wrong:
            pointer = (*block, "date")
            name = ".".join(map(str, pointer))
            raise InputError(f"{name}: {written} {wrong}", where=f"{path}:{_line(lines, pointer)}")


def _unknown_keys(data: Any, shape: dict[str, Any], pointer: Pointer) -> Iterator[tuple[Pointer, list[str]]]:
    """Keys that closed objects of the schema do not have, with those they do."""
    shape = resolved(shape)
    if isinstance(data, dict):
        known = shape.get("properties", {})
        rest = shape.get("additionalProperties", True)
        for key, value in data.items():
            if key in known:
                yield from _unknown_keys(value, known[key], (*pointer, key))
            elif isinstance(rest, dict):
                yield from _unknown_keys(value, rest, (*pointer, key))
            elif rest is False:
                yield (*pointer, key), list(known)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _unknown_keys(value, shape.get("items", {}), (*pointer, index))


def _plain(node: Any) -> Any:
    """Commented containers and scalars as plain Python; keys are always text."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, float) and node.is_integer():
        return int(node)
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return str(node)


def _lines(node: Any, pointer: Pointer) -> Iterator[tuple[Pointer, int]]:
    if not pointer:
        yield (), 1
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            yield (*pointer, str(key)), node.lc.key(key)[0] + 1
            yield from _lines(value, (*pointer, str(key)))
    elif isinstance(node, CommentedSeq):
        for index, value in enumerate(node):
            yield (*pointer, index), node.lc.item(index)[0] + 1
            yield from _lines(value, (*pointer, index))


def _line(lines: dict[Pointer, int], pointer: Pointer) -> int:
    while pointer and pointer not in lines:
        pointer = pointer[:-1]
    return lines.get(pointer, 1)


def _followed(text: str, data: Any) -> tuple[Pointer, dict[str, Any], Any]:
    """A JSON pointer as keys and indices, the part of the schema and the value it leads to."""
    steps: list[str | int] = []
    shape, node = schema("mapping"), data
    for part in text.split("/")[1:]:
        if isinstance(node, list):
            steps.append(int(part))
            shape = shape.get("items", {})
        else:
            steps.append(part.replace("~1", "/").replace("~0", "~"))
            rest = shape.get("additionalProperties")
            shape = shape.get("properties", {}).get(steps[-1], rest if isinstance(rest, dict) else {})
        shape, node = resolved(shape), node[steps[-1]]
    return tuple(steps), shape, node
