"""`deskferry archive`: the dataset as a DuckDB database."""

from pathlib import Path

from deskferry.archive.build import build
from deskferry.schemas.dataset import open_unchanged
from deskferry.schemas.entities import ENTITIES

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .verb import verb
from .words import command, size


@verb(root, "archive")
@options.dataset
def run(display: Display, dataset: Path) -> Outcome:
    """Build archive.duckdb inside DATASET: a typed table per entity, views, comments on everything."""
    opened = open_unchanged(dataset)
    path = build(opened, progress=display)
    files = opened.manifest["files"]
    records = {
        name: files[entity.file_name]["records"]
        for name, entity in ENTITIES.items()
        if entity.file_name in files
    }
    return Outcome(
        data={
            "archive": str(path),
            "digest": opened.digest,
            "bytes": path.stat().st_size,
            "records": records,
        },
        lines=[f"{path}: {sum(records.values()):,} records, {size(path.stat().st_size)}"],
        next=command("sql", dataset, "select status, count(*) from ticket_overview group by all"),
    )
