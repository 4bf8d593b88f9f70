"""Options that say what a load may take: hours, share, workers, failures, disk."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from deskferry.load.disk_space import LEAST
from deskferry.load.hours import parse_hours
from deskferry.load.manner import Bounds
from deskferry.load.run import MOST_WORKERS

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--share", metavar="P%", help="Use at most so much of Intercom's limit, such as 50%; default: all."
    ),
    click.option(
        "--between",
        nargs=2,
        metavar="START-END ZONE",
        help="Work only then, such as 20:00-06:00 Europe/Berlin; pause outside.",
    ),
    click.option(
        "--max-failures",
        metavar="N|P%",
        help="Stop when more fail; default: 1% (at least 25), or 25 of one kind in a row.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, MOST_WORKERS),
        help="Calls under way at once; default: what the limit needs.",
    ),
    click.option(
        "--least-free",
        type=click.IntRange(0),
        metavar="MB",
        help=f"Stop when the ledger's disk has less room; default: {LEAST >> 20}.",
    ),
)


def bounds_options(function: F) -> F:
    """Add the options; their values are what bounds_of takes."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def bounds_of(
    *,
    share: str | None = None,
    between: tuple[str, str] | None = None,
    max_failures: str | None = None,
    workers: int | None = None,
    least_free: int | None = None,
) -> Bounds:
    """What the user asked for. Raises click.BadParameter, InputError for hours that are none."""
    return Bounds(
        max_failures=None if max_failures is None else _failures(max_failures),
        workers=workers,
        share=1.0 if share is None else _percent(share, "--share", least=1.0),
        hours=None if between is None else parse_hours(*between),
        least_free=LEAST if least_free is None else least_free << 20,
    )


def _failures(text: str) -> int | float:
    if text.strip().isdecimal():
        return int(text)
    return _percent(text, "--max-failures", least=0.0)


def _percent(text: str, option: str, *, least: float) -> float:
    """A share, 0 to 1. A bare number is refused: nobody knows whether 1 is all of it or a hundredth."""
    number, sign, rest = text.strip().partition("%")
    try:
        value = float(number) if sign and not rest else -1.0
    except ValueError:
        value = -1.0
    if not least <= value <= 100:
        raise click.BadParameter(f"'{text}' is no percentage, such as 50%", param_hint=option)
    return value / 100
