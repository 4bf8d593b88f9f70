"""How numbers, sizes and names are written on the screen."""

import shlex
from pathlib import Path


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


def command(*words: str | Path) -> str:
    """A command line that can be pasted into a shell."""
    return shlex.join(["deskferry", *map(str, words)])
