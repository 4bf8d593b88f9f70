"""How numbers, sizes and names are written on the screen."""

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def number(value: int) -> str:
    """38412 -> 38,412."""
    return f"{value:,}"


def plural(value: int, noun: str) -> str:
    """(1, "ticket") -> 1 ticket; (2, "ticket") -> 2 tickets."""
    return f"{number(value)} {noun}" if value == 1 else f"{number(value)} {noun}s"


def size(value: int) -> str:
    """Bytes as people read them, in powers of 1000: 9400000000 -> 9.4 GB."""
    amount = float(value)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def duration(seconds: float) -> str:
    """Seconds as people read them: 45 s, 13 min, 2 h 06."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"


def balance(name: str, counts: Mapping[str, int]) -> str:
    """What became of the records that were found: 65 tickets found = 59 kept + 6 older or equal copies."""
    older = counts["repeated"] + counts["superseded"]
    kept = f"{number(counts['found'])} {name} found = {number(counts['accepted'])} kept"
    return f"{kept} + {number(older)} older or equal copies + {number(counts['rejected'])} rejected"


def command(*words: str | Path) -> str:
    """A command line that can be pasted into a shell."""
    return shlex.join(["deskferry", *map(str, words)])


def findings(
    found: Iterable[Mapping[str, Any]], sources: Iterable[Mapping[str, Any]], *, counted: bool = True
) -> list[str]:
    """Findings as lines with examples, and count if wanted; files, known by digest there, by name."""
    names = {source["sha256"][:16]: source["name"] for source in sources}
    lines = []
    for finding in found:
        shown = ", ".join(_named(str(example), names) for example in finding["examples"][:3])
        such = f" (such as {shown})" if shown else ""
        count = f": {number(finding['count'])}" if counted else ""
        lines.append(f"{finding['text']}{count}{such}")
    return lines


def _named(example: str, names: Mapping[str, str]) -> str:
    """A file, or a place in one, by the name of the file."""
    digest, colon, place = example.partition(":")
    return f"{names.get(digest, digest)}{colon}{place}"
