"""Running the stages whose results a verb needs and does not find. It says so on stderr."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from deskferry.archive.build import build, is_current
from deskferry.archive.live import UNITS
from deskferry.archive.map_answer import Gap
from deskferry.archive.map_check import Coverage, coverage
from deskferry.schemas.dataset import Dataset, open_unchanged
from deskferry.schemas.errors import RefusedError
from deskferry.schemas.mapping import Mapping

from .progress import Display
from .words import number

# Settings that stand for all tickets alike; nothing is counted there.
_FOR_ALL = ("transcript", "staff", "redact", "workspace")


def with_archive(path: Path, display: Display) -> Dataset:
    """Open a dataset and see to it that its archive.duckdb is there and of its digest."""
    dataset = open_unchanged(path)
    if not is_current(dataset):
        display.say(f"building {dataset.archive} from the dataset")
        build(dataset, progress=display)
    return dataset


def require_coverage(dataset: Dataset, mapping: Mapping, workspace: dict[str, Any] | None) -> None:
    """The gate before a plan: RefusedError listing what has no answer in the mapping."""
    found = coverage(dataset.archive, mapping, workspace=workspace)
    if found.gaps:
        edit = f"Edit {mapping.path} and try again"
        raise RefusedError("\n".join([gap_count(found), *gap_lines(found.gaps), edit]))


def gap_count(found: Coverage) -> str:
    """2 unmapped, 1 missing in the workspace, 1 not in this version."""
    words = [f"{number(len(found.unmapped))} unmapped"]
    words += [f"{len(found.missing)} missing in the workspace"] if found.missing else []
    words += [f"{len(found.unsupported)} not in this version"] if found.unsupported else []
    return ", ".join(words)


def gap_lines(gaps: Iterable[Gap]) -> list[str]:
    """One line a gap: block, value, how many, where to write the answer, why."""
    return [
        f"  {gap.block:<14} {gap.value!r:<32} {_amount(gap)}  {gap.where}  {gap.why}".rstrip() for gap in gaps
    ]


def _amount(gap: Gap) -> str:
    if gap.block in _FOR_ALL:
        return " " * len(f"{0:>8} tickets")
    return f"{number(gap.count):>8} {UNITS.get(gap.block, 'tickets')}"
