"""`deskferry check`: count and check a dataset again."""

from dataclasses import asdict
from pathlib import Path

from deskferry.convert.recount import recount
from deskferry.schemas.dataset import open_dataset

from . import options
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .verb import verb
from .words import command, plural
from .words import findings as words


@verb(root, "check")
@options.dataset
def run(display: Display, dataset: Path) -> Outcome:
    """Re-count DATASET and hold it against its manifest and the schemas. Exit 5 on a difference."""
    opened = open_dataset(dataset)
    findings = recount(opened, progress=display)
    differences = [finding for finding in findings if finding.difference]
    told = sorted(map(asdict, findings), key=lambda finding: not finding["difference"])
    marks = ["DIFFERENT" if finding["difference"] else "KNOW     " for finding in told]
    lines = [
        f"{mark} {said}" for mark, said in zip(marks, words(told, opened.manifest["sources"]), strict=True)
    ]
    lines.append(f"{plural(len(differences), 'difference')} in {dataset}")
    return Outcome(
        data={
            "dataset": str(dataset),
            "digest": opened.digest,
            "differences": len(differences),
            "findings": [asdict(finding) for finding in findings],
        },
        lines=lines,
        next="convert the export again" if differences else command("archive", dataset),
        exit=Exit.DIFFERENT if differences else Exit.DONE,
    )
