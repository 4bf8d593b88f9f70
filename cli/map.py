"""`deskferry map init` and `deskferry map check`: what becomes what."""

from dataclasses import asdict
from pathlib import Path

import click

from deskferry.archive.map_check import coverage
from deskferry.archive.map_init import default_mapping
from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.mapping import parse_mapping, read_mapping
from deskferry.schemas.workspace import read_workspace

from . import options
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .stages import gap_count, gap_lines, with_archive
from .verb import verb
from .words import command, number


@root.group("map")
def map_group() -> None:
    """Say what becomes what, and check that nothing was left out."""


@verb(map_group, "map", "init")
@options.dataset
@click.option("-o", "--output", type=options.FILE, help="Default: ACCOUNT.mapping.yaml.")
@options.workspace_file
@click.option("--replace", is_flag=True, help="Replace an existing mapping.")
def init(
    display: Display,
    dataset: Path,
    output: Path | None,
    workspace_file: Path | None,
    replace: bool,  # noqa: FBT001 -- click hands every option over by name
) -> Outcome:
    """Write a working mapping for DATASET: every live value with its count and a target."""
    opened = with_archive(dataset, display)
    path = output or Path(f"{opened.account}.mapping.yaml")
    if path.exists() and not replace:
        raise RefusedError("there is a mapping already", where=path, todo="Add --replace to lose it")
    snapshot = read_workspace(workspace_file) if workspace_file else None
    text = default_mapping(opened.archive, workspace=snapshot)
    mapping = parse_mapping(text, path=path)
    found = coverage(opened.archive, mapping, workspace=snapshot)
    _write_whole(path, text)
    return Outcome(
        data={
            "mapping": str(path),
            "live": found.live,
            "mapped": found.mapped,
            "unmapped": len(found.unmapped),
            "suggested": found.suggested,
        },
        lines=[
            f"{path}: {number(found.live)} live values: {number(found.mapped)} mapped "
            f"({number(found.suggested)} suggested, marked), {number(len(found.unmapped))} open"
        ],
        next=command("map", "check", dataset, path, *_snapshot(workspace_file)),
    )


@verb(map_group, "map", "check")
@options.dataset
@click.argument("mapping", type=options.FILE)
@options.workspace_file
def check(display: Display, dataset: Path, mapping: Path, workspace_file: Path | None) -> Outcome:
    """Hold MAPPING against DATASET: every live value must have an answer. Exit 4 otherwise."""
    read = read_mapping(mapping)
    opened = with_archive(dataset, display)
    snapshot = read_workspace(workspace_file) if workspace_file else None
    found = coverage(opened.archive, read, workspace=snapshot)
    gaps = [*found.unmapped, *found.missing]
    head = f"{gap_count(found)} of {number(found.live)}"
    notes = f"{number(found.suggested)} suggestions to look at, {number(found.wildcards)} wildcards"
    data = {
        "mapping": str(mapping),
        "digest": read.digest,
        "live": found.live,
        "mapped": found.mapped,
        "unmapped": [asdict(gap) for gap in found.unmapped],
        "missing": [asdict(gap) for gap in found.missing],
        "suggested": found.suggested,
        "wildcards": found.wildcards,
    }
    if gaps:
        again = command("map", "check", dataset, mapping, *_snapshot(workspace_file))
        return Outcome(
            data=data,
            lines=[f"refused: {head}", *gap_lines(found)],
            next=f"edit {mapping}, then {again}",
            exit=Exit.REFUSED,
        )
    return Outcome(
        data=data,
        lines=[f"{head}. {notes}"],
        next=command("plan", dataset, "--mapping", mapping, "--to", "sandbox", *_snapshot(workspace_file)),
    )


def _snapshot(path: Path | None) -> list[str | Path]:
    return ["--workspace-file", path] if path else []


def _write_whole(path: Path, text: str) -> None:
    """Write through a sibling, so that an edited mapping is never half replaced."""
    sibling = path.with_name(f".{path.name}.new")
    try:
        sibling.write_text(text, encoding="utf-8")
        sibling.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=path) from error
