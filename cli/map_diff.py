"""`deskferry map diff`: what changes for which tickets between two mappings."""

from dataclasses import asdict
from pathlib import Path

import click

from deskferry.archive.map_diff import MappingDifference, difference
from deskferry.schemas.mapping import read_mapping

from . import options
from .map_group import map_group
from .outcome import Outcome
from .progress import Display
from .stages import with_archive
from .verb import verb
from .words import command, number, plural

LISTED = 30


@verb(map_group, "map", "diff")
@options.dataset
@click.argument("old", type=options.FILE)
@click.argument("new", type=options.FILE)
def diff(display: Display, dataset: Path, old: Path, new: Path) -> Outcome:
    """Say which tickets of DATASET change their target from mapping OLD to NEW, and what that costs."""
    before, after = read_mapping(old), read_mapping(new)
    opened = with_archive(dataset, display)
    found = difference(opened.archive, before, after)
    return Outcome(
        data={"old": str(old), "new": str(new), **asdict(found)},
        lines=screen(found),
        next=command("map", "check", dataset, new),
    )


def screen(found: MappingDifference) -> list[str]:
    """Moves with their calls, then what else is answered otherwise."""
    lines = [f"{number(found.moved)} of {plural(found.tickets, 'ticket')} change their target"]
    for move in found.moves:
        such = ", ".join(map(str, move.examples))
        lines.append(
            f"  {move.before:<22} -> {move.after:<22} {number(move.tickets):>9} tickets "
            f"{_signed(move.calls_after - move.calls_before):>11} calls  such as {such}"
        )
    if found.changes:
        lines.append(f"{plural(len(found.changes), 'answer')} changed")
    for change in found.changes[:LISTED]:
        count = f"{number(change.count):>9}" if change.count else f"{'':>9}"
        lines.append(f"  {change.block:<20} {change.value!r:<32} {count}  {change.before} -> {change.after}")
    if len(found.changes) > LISTED:
        lines.append(f"  ... and {number(len(found.changes) - LISTED)} more; see --json")
    lines.append(
        "calls of the whole load, without setup: "
        f"{number(found.calls_before)} -> {number(found.calls_after)} "
        f"({_signed(found.calls_after - found.calls_before)})"
    )
    return lines


def _signed(value: int) -> str:
    return f"{value:+,}"
