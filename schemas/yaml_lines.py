"""A YAML file that people edit: plain values, with the line of everything in it.

In: text. Out: data and, for each pointer into it, its line (from 1). Wrong: InputError with file and line.
"""

import difflib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from .errors import InputError

Pointer = tuple[str | int, ...]
Lines = Mapping[Pointer, int]

_DEEPEST = 20
_ELSEWHERE = timedelta(days=1)  # whoever signs may be ahead of UTC


class _Constructor(RoundTripConstructor):
    """Dates are texts: YAML's own reading of 2026-02-30 ends in a ValueError without a line."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def read_yaml(path: Path, *, what: str, todo: str) -> str:
    """The text of a file. what: its name in messages; todo: how to get one where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"no such {what}", where=path, todo=todo) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=path) from error


def parse_yaml(text: str, *, path: Path, what: str) -> tuple[Any, dict[Pointer, int]]:
    """Data and lines. what: its name in messages."""
    try:
        _refuse_indirection(text, path, what)
        reader = YAML(typ="rt")
        reader.Constructor = _Constructor
        loaded = reader.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"not YAML: {error.problem}", where=f"{path}:{line}") from error
    except YAMLError as error:
        raise InputError(f"not YAML: {str(error).splitlines()[0]}", where=path) from error
    return _plain(loaded), dict(_lines(loaded, ()))


def line_of(lines: Lines, pointer: Pointer) -> int:
    """The line of a place in the file, or of the nearest enclosing one."""
    while pointer and pointer not in lines:
        pointer = pointer[:-1]
    return lines.get(pointer, 1)


def require_known_keys(
    path: Path,
    data: Any,
    lines: Lines,
    *,
    shape: dict[str, Any],
    resolved: Callable[[dict[str, Any]], dict[str, Any]] = lambda shape: shape,
) -> None:
    """Raise InputError for the first key that the schema does not have, naming the nearest known one.

    resolved: a part of the schema with what it refers to.
    """
    unknown = sorted(_unknown_keys(data, shape, (), resolved), key=lambda found: line_of(lines, found[0]))
    for pointer, known in unknown:
        near = difflib.get_close_matches(str(pointer[-1]), known, n=1, cutoff=0.5)
        hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(sorted(known))}"
        raise InputError(f"unknown key '{pointer[-1]}'; {hint}", where=f"{path}:{line_of(lines, pointer)}")


def require_day(path: Path, written: str, pointer: Pointer, lines: Lines, *, today: date) -> None:
    """Raise InputError unless `written` is a day of the calendar that has come."""
    try:
        wrong = "is still to come" if date.fromisoformat(written) > today + _ELSEWHERE else None
    except ValueError:
        wrong = "is not in the calendar"
    if wrong:
        name = ".".join(map(str, pointer))
        raise InputError(f"{name}: {written} {wrong}", where=f"{path}:{line_of(lines, pointer)}")


def _refuse_indirection(text: str, path: Path, what: str) -> None:
    """A file says what it means where it stands: no aliases, tags or depths, which can also be bombs."""
    depth = 0
    for event in YAML(typ="rt").parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        wrong = None
        if isinstance(event, AliasEvent):
            wrong = f"*{event.anchor} stands for something else; write it out"
        elif tag := getattr(event, "tag", None):
            wrong = f"type {tag} is not used in a {what}"
        elif depth > _DEEPEST:
            wrong = "nested too deep"
        if wrong:
            raise InputError(wrong, where=f"{path}:{event.start_mark.line + 1}")


def _unknown_keys(
    data: Any,
    shape: dict[str, Any],
    pointer: Pointer,
    resolved: Callable[[dict[str, Any]], dict[str, Any]],
) -> Iterator[tuple[Pointer, list[str]]]:
    """Keys that closed objects of the schema do not have, with those they do."""
    shape = resolved(shape)
    if isinstance(data, dict):
        known = shape.get("properties", {})
        rest = shape.get("additionalProperties", True)
        for key, value in data.items():
            if key in known:
                yield from _unknown_keys(value, known[key], (*pointer, key), resolved)
            elif isinstance(rest, dict):
                yield from _unknown_keys(value, rest, (*pointer, key), resolved)
            elif rest is False:
                yield (*pointer, key), list(known)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _unknown_keys(value, shape.get("items", {}), (*pointer, index), resolved)


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
