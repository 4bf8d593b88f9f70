"""`deskferry map check`: whether every live value has an answer, and who stands for it."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from deskferry.archive.map_answer import Gap
from deskferry.archive.map_check import Coverage, coverage
from deskferry.schemas.mapping import Mapping, read_mapping
from deskferry.schemas.signature import Signature, signatures
from deskferry.schemas.workspace import read_workspace

from . import options
from .map_group import map_group
from .outcome import Exit, Outcome
from .progress import Display
from .stages import gap_count, gap_lines, with_archive
from .verb import verb
from .words import command, number, plural

LISTED = 20


@verb(map_group, "map", "check")
@options.dataset
@click.argument("mapping", type=options.FILE)
@options.workspace_file
@click.option("--signed", is_flag=True, help="Refuse unless every block is signed (decided_by and date).")
@click.option("--all", "everything", is_flag=True, help="Print every live value with its count and target.")
def check(
    display: Display,
    dataset: Path,
    mapping: Path,
    workspace_file: Path | None,
    signed: bool,  # noqa: FBT001 -- click hands every option over by name
    everything: bool,  # noqa: FBT001
) -> Outcome:
    """Hold MAPPING against DATASET: every live value must have an answer. Exit 4 otherwise."""
    read = read_mapping(mapping)
    opened = with_archive(dataset, display)
    snapshot = read_workspace(workspace_file) if workspace_file else None
    found = coverage(opened.archive, read, workspace=snapshot)
    unsigned = [block for block in signatures(read) if not block.signed]
    refused = bool(found.gaps or (signed and unsigned))
    lines = [
        f"{'refused: ' if refused else ''}{_head(found, read)}",
        *gap_lines(found.gaps),
        *_remarks(found),
        *(_unsigned(unsigned) if signed else ()),
        *(_everything(found) if everything else ()),
    ]
    return Outcome(
        data=_data(found, read, unsigned),
        lines=lines,
        next=_next(dataset, mapping, workspace_file, refused=refused, purpose=read.data["purpose"]),
        exit=Exit.REFUSED if refused else Exit.DONE,
    )


def _head(found: Coverage, mapping: Mapping) -> str:
    blocks = signatures(mapping)
    signed = f"Signed: {sum(block.signed for block in blocks)} of {len(blocks)} blocks"
    notes = f"{plural(found.suggested, 'suggestion')} to look at, {plural(found.wildcards, 'wildcard')}"
    if found.defaults:
        notes += f", {number(found.defaults)} by default (the file does not name them)"
    return f"{gap_count(found)} of {number(found.live)}. {signed}. {notes}"


def _remarks(found: Coverage) -> list[str]:
    return [*_some(found.suggestions), *_some(found.warnings)]


def _some(gaps: Sequence[Gap]) -> list[str]:
    lines = [f" !{line[1:]}" for line in gap_lines(gaps[:LISTED])]
    left = len(gaps) - LISTED
    return [*lines, f" ! and {number(left)} more like that; see --json"] if left > 0 else lines


def _unsigned(blocks: Sequence[Signature]) -> list[str]:
    return [f"  unsigned  {block.block:<20} {block.where}" for block in blocks]


def _everything(found: Coverage) -> list[str]:
    return [
        f"  {value.block:<20} {value.value!r:<40} {number(value.count):>8}  {value.answer}"
        for value in found.answered
    ]


def _data(found: Coverage, mapping: Mapping, unsigned: Sequence[Signature]) -> dict[str, Any]:
    return {
        "mapping": str(mapping.path),
        "digest": mapping.digest,
        "live": found.live,
        "mapped": found.mapped,
        "unmapped": [asdict(gap) for gap in found.unmapped],
        "missing": [asdict(gap) for gap in found.missing],
        "unsupported": [asdict(gap) for gap in found.unsupported],
        "warnings": [asdict(gap) for gap in found.warnings],
        "suggested": found.suggested,
        "suggestions": [asdict(gap) for gap in found.suggestions],
        "wildcards": found.wildcards,
        "defaults": found.defaults,
        "unsigned": [{"block": block.block, "where": block.where} for block in unsigned],
        "values": [asdict(value) for value in found.answered],
    }


def _next(dataset: Path, mapping: Path, workspace: Path | None, *, refused: bool, purpose: str) -> str:
    words = options.snapshot_words(workspace)
    if refused:
        return f"edit {mapping}, then {command('map', 'check', dataset, mapping, *words)}"
    if purpose == "compliance":
        return command("archive", dataset)
    return command("plan", dataset, "--mapping", mapping, "--to", "sandbox", *words)
