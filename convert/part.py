"""One part into one run: a pure function of the part and the job, whoever runs it.

In: pieces of files. Out: a sorted file of record lines, a sorted file of rejects, and counts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import IO
from uuid import uuid4
from zoneinfo import ZoneInfo

from .bundles import Written, bundle_lines
from .child_rows import ChildRows
from .collect import Collector
from .normalize_time import Zone
from .notes import Notes
from .parts import Part
from .prepare_tables import Tables
from .read_document import read_document
from .read_lines import read_lines
from .read_table import TableReader
from .read_xml import read_xml
from .run_lines import GROUP_HEAD
from .sniff import Form
from .stretches import stretch_lines

_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """What every part needs to know. tables: what reading tables needs.

    same_account: old name of the account -> its name now.
    """

    runs: Path
    account: str | None = None
    timezone: str | None = None
    same_account: Mapping[str, str] = field(default_factory=dict)
    tables: Tables = field(default_factory=Tables)


@dataclass(frozen=True, slots=True)
class PartResult:
    """What a part gave. Counts are by (file number, entity)."""

    runs: list[Path]
    rejects: Path | None
    found: Counter[tuple[int, str]]
    rejected: Counter[tuple[int, str]]
    accounts: Counter[tuple[int, str]]
    notes: Notes
    size: int


def process_part(number: int, part: Part, job: Job) -> PartResult:
    """Read a part and write runs under its number. OSError passes; the export's content raises nothing."""
    zone: tzinfo | None = ZoneInfo(job.timezone) if job.timezone else None
    runs: list[Path] = []

    def spill(lines: Sequence[bytes], bundles: list[Written]) -> None:
        run = f"{number}-{len(runs)}"
        if bundles:
            bodies = f"bodies-{run}"
            owners = {line[:GROUP_HEAD] for line in lines}
            with _whole(job.runs / bodies) as file:
                told = bundle_lines(bundles, bodies, file)
                lines = sorted((*lines, *stretch_lines(told, bodies, file, apart=owners)))
        written = _write(job.runs / f"run-{run}", lines)
        runs.extend([written] if written else [])

    out = Collector(Zone(zone), account=job.account, same_account=job.same_account, spill=spill)
    children = ChildRows(job.tables.children) if job.tables.children else None
    tables = TableReader(out, fields=job.tables.fields, children=children)
    for piece in part:
        match piece.source.form:
            case Form.LINES | Form.MESSAGES:
                read_lines(piece, out)
            case Form.DOCUMENT:
                read_document(piece, out)
            case Form.XML:
                read_xml(piece, out)
            case _:
                tables.read(piece)
    if children:
        children.write_asked(job.runs / f"asked-{number}")
        children.close()
    if any(piece.source.form == Form.TICKET_CSV for piece in part):
        (job.runs / f"named-{number}").touch()
    for kind in ("zoneless", "ambiguous", "nonexistent"):
        count = getattr(out.zone, kind)
        if count:
            out.notes.add(f"{kind}_times", job.timezone or "", count=count)
    spill(out.finished(), out.bundles)
    return PartResult(
        runs=runs,
        rejects=_write(job.runs / f"rejects-{number}", sorted(out.rejects)),
        found=out.found,
        rejected=out.rejected,
        accounts=out.accounts,
        notes=out.notes,
        size=sum(piece.end - piece.start for piece in part),
    )


def _write(path: Path, lines: Sequence[bytes]) -> Path | None:
    if not lines:
        return None
    with _whole(path) as file:
        file.writelines(lines)
    return path


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is complete."""
    # A worker that was given up for lost may still be writing the part that another took over.
    own = path.with_name(f"{path.name}.{uuid4().hex}")
    with own.open("wb", buffering=_BUFFER) as file:
        yield file
    own.replace(path)
