"""`deskferry check`: count and check a dataset again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deskferry.convert.completeness import completeness, covered
from deskferry.convert.finding import Finding
from deskferry.convert.recount import recount
from deskferry.schemas.dataset import MANIFEST, Dataset, open_dataset
from deskferry.schemas.errors import InputError

from . import options
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .verb import verb
from .words import balance, command, number, plural
from .words import findings as words

_ALWAYS = ("tickets", "comments", "users")


@verb(root, "check")
@options.dataset
def run(display: Display, dataset: Path) -> Outcome:
    """Re-count DATASET and hold it against its manifest and the schemas; say what it cannot hold.

    Exit 5 on a difference. What the export lacks is no difference: it is listed with its likely reason.
    """
    try:
        opened = open_dataset(dataset)
    except InputError as error:
        if not (dataset / MANIFEST).is_file():
            raise
        return _damaged(dataset, error)
    findings = recount(opened, progress=display)
    differences = [finding for finding in findings if finding.difference]
    asked = completeness(opened, progress=display)
    known = [one for one in findings if not one.difference and one.id not in covered()]
    return Outcome(
        data={
            "dataset": str(dataset),
            "digest": opened.digest,
            "differences": len(differences),
            "completeness": [one.as_json() for one in asked],
            "findings": [asdict(finding) for finding in findings],
        },
        lines=_screen(opened, differences, asked, known),
        next="convert the export again" if differences else command("audit", dataset, "--html", "audit.html"),
        exit=Exit.DIFFERENT if differences else Exit.DONE,
    )


def _damaged(dataset: Path, error: InputError) -> Outcome:
    """The manifest itself cannot be read: a difference that leaves nothing to compare."""
    finding = Finding("manifest", f"{MANIFEST}: {error.what}", 1, difference=True)
    return Outcome(
        data={
            "dataset": str(dataset),
            "digest": None,
            "differences": 1,
            "completeness": [],
            "findings": [asdict(finding)],
        },
        lines=[f"DIFFERENT: {finding.text}", f"1 difference in {dataset}"],
        next="convert the export again",
        exit=Exit.DIFFERENT,
    )


def _screen(
    dataset: Dataset, differences: Sequence[Finding], asked: Sequence[Finding], known: Sequence[Finding]
) -> list[str]:
    sources = dataset.manifest["sources"]
    lines = [*_balances(dataset), "not complete:"]
    lines += _counted([one for one in asked if one.count], sources)
    lines += ["complete; none of these:"]
    lines += [f"{'0':>9}  {one.text}" for one in asked if not one.count]
    if known:
        lines += ["to know:", *_counted(known, sources)]
    if differences:
        lines += ["DIFFERENT from the manifest, or from the schemas:", *_counted(differences, sources)]
    lines.append(f"{plural(len(differences), 'difference')} in {dataset.path}")
    return lines


def _balances(dataset: Dataset) -> list[str]:
    """What was found and what became of it: tickets, comments, people, and whatever had a reject, in full."""
    counted = {name: of for name, of in dataset.manifest["entities"].items() if of["found"]}
    in_full = {name for name, of in counted.items() if name in _ALWAYS or of["rejected"]}
    lines = [f"{plural(len(dataset.manifest['sources']), 'file')} of the export"]
    lines += [balance(name, of) for name, of in counted.items() if name in in_full]
    others = [
        f"{name} {number(of['accepted'])}"
        + ("" if of["found"] == of["accepted"] else f" of {number(of['found'])}")
        for name, of in counted.items()
        if name not in in_full
    ]
    return [*lines, f"also kept: {' · '.join(others)}"] if others else lines


def _counted(findings: Sequence[Finding], sources: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = words(map(asdict, findings), sources, counted=False)
    return [f"{number(one.count):>9}  {line}" for one, line in zip(findings, lines, strict=True)]
