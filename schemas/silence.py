"""silence.yaml: what Intercom's API cannot show about a workspace, as somebody found it, with name and date.

In: a YAML file that people edit. Out: a Silence. Wrong: InputError naming file and line.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from .canonical import digest
from .entities import schema
from .errors import InputError
from .validate import complaints
from .yaml_lines import Pointer, line_of, parse_yaml, read_yaml, require_day, require_known_keys

HOLDS = timedelta(days=14)  # somebody may have switched it since
_COMMENT: dict[str, Any] = {"initial_indent": "# ", "subsequent_indent": "# "}
_ABOUT = ("type", "format", "workspace")
# What protects customers while it is on; everything else must be off.
_WANTED_ON = frozenset({"identity_verification", "prevent_replies"})


@dataclass(frozen=True, slots=True)
class Switch:
    """One line of the file. line: its number, from 1."""

    name: str
    state: str
    checked_by: str
    date: str
    line: int

    @property
    def wanted(self) -> str:
        """The state in which a load sets nothing off; `not used` is as good."""
        return wanted_state(self.name)

    @property
    def trouble(self) -> str | None:
        """Why a load could set something off, None when it can't."""
        if not self.checked_by.strip() or not self.date:
            return "nobody has looked"
        return None if self.state in (self.wanted, "not used") else f"{self.state}, not {self.wanted}"


@dataclass(frozen=True, slots=True)
class Silence:
    """A valid file: `data` as silence.json describes it, and the line (from 1) of each pointer in it."""

    path: Path
    data: dict[str, Any]
    lines: dict[Pointer, int]

    @property
    def digest(self) -> str:
        """SHA-256 of what it says; comments and layout do not count."""
        return digest(self.data)

    @property
    def workspace(self) -> str:
        """Name of the workspace it is about, "" where it does not say."""
        return str(self.data.get("workspace") or "")

    def switches(self) -> Iterator[Switch]:
        """Every switch, in the order of the schema."""
        for name in SWITCHES:
            found = self.data[name]
            line = line_of(self.lines, (name,))
            yield Switch(name, found["state"], found["checked_by"], found["date"], line)

    def open(self) -> list[Switch]:
        """The switches a load could set off."""
        return [switch for switch in self.switches() if switch.trouble]

    def expired(self, today: date) -> list[Switch]:
        """The switches that were looked at too long ago."""
        return [
            switch
            for switch in self.switches()
            if switch.date and today - date.fromisoformat(switch.date) > HOLDS
        ]


def switch_names() -> tuple[str, ...]:
    """Every switch, in the order of the schema."""
    return tuple(name for name in schema("silence")["properties"] if name not in _ABOUT)


SWITCHES = switch_names()


def wanted_state(name: str) -> str:
    """The state in which a switch lets a load set nothing off."""
    return "on" if name in _WANTED_ON else "off"


def read_silence(path: Path, *, today: date | None = None) -> Silence:
    """Read and check the file. Raises InputError with file and line of the first thing that is wrong.

    today: by default the clock's, in UTC. Nobody has looked on a later day.
    """
    text = read_yaml(path, what="silence", todo=f"Write one with: deskferry silence init -o {path}")
    return parse_silence(text, path=path, today=today)


def parse_silence(text: str, *, path: Path, today: date | None = None) -> Silence:
    """The same from text; `path` is the name that messages show."""
    data, lines = parse_yaml(text, path=path, what="silence")
    require_known_keys(path, data, lines, shape=schema("silence"), resolved=_resolved)
    for text_pointer, reason in complaints("silence", data):
        pointer: Pointer = tuple(text_pointer.split("/")[1:])
        if pointer[-1:] == ("date",) and "does not match" in reason:
            reason = f"{data[pointer[0]]['date']!r} is no day; write one such as 2024-11-30"
        name = ".".join(map(str, pointer)) or "the file"
        raise InputError(f"{name}: {reason}", where=f"{path}:{line_of(lines, pointer)}")
    for name in SWITCHES:
        if written := data[name]["date"]:
            require_day(path, written, (name, "date"), lines, today=today or datetime.now(UTC).date())
    return Silence(path, data, lines)


def blank_silence(workspace: str = "") -> str:
    """The text of a file in which nobody has looked yet: one line for each switch, with what to do above."""
    lines = [
        "# What Intercom's API cannot show. Look at each switch of the workspace, then write here how you",
        "# found it: state off, on or not used; who looked (checked_by); the day (date). A check holds for",
        f"# {HOLDS.days} days. The plan takes this file's digest: a change after it needs a new plan.",
        "type: silence",
        "format: 1",
        f"workspace: {_quoted(workspace)}",
    ]
    width = max(map(len, SWITCHES)) + 1
    for name in SWITCHES:
        text = schema("silence")["properties"][name]["description"]
        state = "off" if wanted_state(name) == "on" else "on"
        lines += ["", *textwrap.wrap(f"Wanted: {wanted_state(name)}. {text}", 100, **_COMMENT)]
        lines.append(f'{name + ":":<{width}} {{state: {state}, checked_by: "", date: ""}}')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(character if character.isprintable() else " " for character in escaped) + '"'


def _resolved(shape: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema with what it refers to."""
    return {**schema("silence")["$defs"]["switch"], **shape} if "$ref" in shape else shape
