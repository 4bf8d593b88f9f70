"""What a verb hands back: the lines people read, the JSON object programs read, and the exit code."""

import json
import sys
import unicodedata
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from deskferry.schemas.errors import InputError, RefusedError


class Exit(IntEnum):
    """Exit codes; part of the contract, see docs/cli.md. Unknown ones mean failure."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    SOME_REJECTED = 3
    REFUSED = 4
    DIFFERENT = 5
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished verb. `data` lacks the type, which is the verb's name. `next`: what to type now.

    bare: stdout holds data for another program, so the next line goes to stderr.
    silent: the verb has already said what there is to say.
    """

    data: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    next: str | None = None
    exit: Exit = Exit.DONE
    bare: bool = False
    silent: bool = False


def show(verb: str, outcome: Outcome, *, as_json: bool) -> None:
    """Print an outcome: one JSON object, or the lines and what comes next."""
    if outcome.silent:
        return
    if as_json:
        _print_json({"type": verb, **outcome.data})
        return
    for line in outcome.lines:
        sys.stdout.write(f"{line if outcome.bare else _harmless(line)}\n")
    if outcome.next:
        (sys.stderr if outcome.bare else sys.stdout).write(f"next: {outcome.next}\n")


def show_error(verb: str, error: InputError, *, as_json: bool) -> Exit:
    """Print an error as one line on stderr; with --json also as the object on stdout."""
    refused = isinstance(error, RefusedError)
    code = Exit.REFUSED if refused else Exit.FAILED
    word = "refused" if refused else "error"
    if as_json:
        _print_json({"type": verb, word: str(error), "exit": int(code)})
    sys.stderr.write(f"{word}: {_harmless(str(error))}\n")
    return code


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def _harmless(text: str) -> str:
    """Text of an export without the control characters that could steer a terminal."""
    return "".join(
        character
        if character in "\n\t" or unicodedata.category(character) != "Cc"
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )
