"""mapping.yaml, read and held against mapping.json, with the line of everything in it.

In: a YAML file that people edit. Out: a Mapping. Wrong: InputError naming file and line;
an unknown key names the nearest known one.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from .canonical import digest
from .entities import schema
from .errors import InputError
from .product_ids import read_product_ids
from .validate import complaints
from .yaml_lines import Pointer, line_of, parse_yaml, read_yaml, require_day, require_known_keys


@dataclass(frozen=True, slots=True)
class Mapping:
    """A valid mapping: `data` as mapping.json describes it, and the line (from 1) of each pointer in it."""

    path: Path
    data: dict[str, Any]
    lines: dict[Pointer, int]
    product_ids: dict[str, str] = field(default_factory=dict)  # of the file of people.ids

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, and the file of people.ids; comments and layout do not count."""
        return digest([self.data, self.product_ids] if self.product_ids else self.data)

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
        return line_of(self.lines, pointer)


def read_mapping(path: Path, *, today: date | None = None) -> Mapping:
    """Read and check a mapping. Raises InputError with file and line of the first thing that is wrong.

    today: by default the clock's, in UTC. Nobody has signed on a later day.
    """
    todo = f"Write one with: deskferry map init DATASET -o {path}"
    text = read_yaml(path, what="mapping", todo=todo)
    return parse_mapping(text, path=path, today=today)


def parse_mapping(text: str, *, path: Path, today: date | None = None) -> Mapping:
    """The same from text; `path` is the name that messages show."""
    data, lines = parse_yaml(text, path=path, what="mapping")
    _check(path, data, lines)
    _check_days(path, data, lines, today=today or datetime.now(UTC).date())
    mapping = Mapping(path=path, data=data, lines=lines)
    ids = mapping.choice("people", "ids")
    if ids is None:
        return mapping
    found = read_product_ids(path.parent / ids, where=mapping.where("people", "ids"))
    return replace(mapping, product_ids=found)


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


def _check(path: Path, data: Any, lines: dict[Pointer, int]) -> None:
    require_known_keys(path, data, lines, shape=schema("mapping"), resolved=resolved)
    for text_pointer, reason in complaints("mapping", data):
        pointer, shape, node = _followed(text_pointer, data)
        name = ".".join(map(str, pointer)) or "the file"
        # jsonschema quotes the whole value here and hides what is missing.
        choices = [choice for option in shape.get("oneOf", ()) for choice in option["required"]]
        if "pattern" in shape and isinstance(node, str):
            reason = f"{node!r} is no day; write one such as 2024-11-30"
        if choices and isinstance(node, dict) and sum(choice in node for choice in choices) != 1:
            reason = f"exactly one of {', '.join(choices)} is needed"
        raise InputError(f"{name}: {reason}", where=f"{path}:{line_of(lines, pointer)}")


def _check_days(path: Path, data: dict[str, Any], lines: dict[Pointer, int], *, today: date) -> None:
    """The days of the signatures: in the calendar, and none that is still to come."""
    blocks = [((name,), block) for name, block in data.items() if isinstance(block, dict)]
    for block, found in ((), data), *blocks:
        if written := found.get("date"):
            require_day(path, written, (*block, "date"), lines, today=today)


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
