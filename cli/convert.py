"""`deskferry convert`: export in, dataset out."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from deskferry.convert.run import convert
from deskferry.schemas.dataset import MISSING_ATTACHMENTS, REJECTS, Dataset

from .cluster import parts_on
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .verb import verb
from .words import balance, command, findings, number, size

# Findings that mean a file with data was left out; the run is then not a clean one.
LEFT_OUT = {"unknown_file", "form_not_read"}


def pairs(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """`OLD=NEW` options as a dict; what has no = is wrong usage."""
    for pair in given:
        if "=" not in pair:
            raise click.BadParameter(f"{pair!r} is not OLD=NEW")
    return dict(pair.split("=", 1) for pair in given)


@verb(root, "convert")
@click.argument("exports", nargs=-1, required=True, metavar="EXPORT...", type=click.Path(path_type=Path))
@click.option(
    "--into", type=click.Path(path_type=Path), help="The dataset to make; default: ACCOUNT.dataset."
)
@click.option(
    "--account", metavar="NAME", help="The Zendesk account to keep, where files of several are mixed."
)
@click.option(
    "--same-account",
    multiple=True,
    metavar="OLD=NEW",
    callback=pairs,
    help="OLD and NEW are one account that was renamed; repeatable.",
)
@click.option(
    "--timezone", metavar="ZONE", help="Zone of times without one, such as Europe/Oslo (CSV exports)."
)
@click.option(
    "--erased",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="People who must not come back: a user id or e-mail a line, a CSV, or JSON.",
)
@click.option("--keep-erased", is_flag=True, help="Keep older copies of what was deleted or erased since.")
@click.option("--workers", type=click.IntRange(1), help="Processes; default: one a core.")
@click.option(
    "--cluster", metavar="ADDRESS", help="A Dask scheduler that runs the parts, such as tcp://10.0.0.5:8786."
)
@click.option("--replace", is_flag=True, help="Replace an existing dataset.")
def run(
    display: Display,
    exports: tuple[Path, ...],
    into: Path | None = None,
    account: str | None = None,
    same_account: dict[str, str] | None = None,
    timezone: str | None = None,
    erased: Path | None = None,
    keep_erased: bool = False,  # noqa: FBT001, FBT002 -- click hands every option over by name
    workers: int | None = None,
    cluster: str | None = None,
    replace: bool = False,  # noqa: FBT001, FBT002 -- click hands every option over by name
) -> Outcome:
    """Turn EXPORT (files, zips, folders) into a dataset: one checked NDJSON file per entity.

    Nothing is lost: every record found is accepted, repeated, superseded or rejected, and counted.
    Exit 3 when some were rejected; they stand in rejects.ndjson with their reason.
    """
    if erased is not None and keep_erased:
        raise click.UsageError("--erased and --keep-erased contradict each other")
    with parts_on(cluster) if cluster else nullcontext() as run_parts:
        dataset = convert(
            exports,
            into,
            account=account,
            same_account=same_account or {},
            timezone=timezone,
            erased=erased,
            keep_erased=keep_erased,
            workers=workers,
            run_parts=run_parts,
            replace=replace,
            progress=display,
        )
    manifest = dataset.manifest
    rejected = sum(counts["rejected"] for counts in manifest["entities"].values())
    left_out = any(finding["id"] in LEFT_OUT for finding in manifest["findings"])
    clean = not rejected and not left_out
    begin = command("map", "init", dataset.path, "-o", f"{dataset.account}.mapping.yaml")
    return Outcome(
        data={
            "dataset": str(dataset.path),
            "account": manifest["account"],
            "digest": dataset.digest,
            "entities": manifest["entities"],
            "sources": manifest["sources"],
            "rejected": rejected,
            "findings": manifest["findings"],
        },
        lines=summary(dataset),
        next=begin if clean else command("check", dataset.path),
        exit=Exit.DONE if clean else Exit.SOME_REJECTED,
    )


def summary(dataset: Dataset) -> list[str]:
    """The screen after a conversion: what went in, what came out, what to know."""
    manifest = dataset.manifest
    sources = manifest["sources"]
    lines = [f"{number(len(sources))} files, {size(sum(source['bytes'] for source in sources))}"]
    held = {
        name: entry["records"] for file, entry in manifest["files"].items() if (name := file.split(".")[0])
    }
    shown = [
        f"{name.replace('_', ' ')} {number(count)}"
        for name, count in held.items()
        if count and name in ("tickets", "comments", "attachments", "users", "organizations", "groups")
    ]
    lines.append(" · ".join(shown) or "no records")
    stored = manifest.get("stored", {"files": 0})
    if stored["files"]:
        lines.append(f"{number(stored['files'])} files of attachments stored, {size(stored['bytes'])}")
    lines += [_balance(name, counts, dataset) for name, counts in _notable(manifest["entities"])]
    lines += _unread(sources)
    lines += [f" ! {said}" for said in findings(manifest["findings"], sources)]
    if any(finding["id"] == "attachments_missing" for finding in manifest["findings"]):
        lines.append(f"   {dataset.path / MISSING_ATTACHMENTS}")
    return lines


def _unread(sources: Sequence[Mapping[str, Any]]) -> list[str]:
    """The files that hold pieces, or end in one, that were no records."""
    names = [one["name"] for one in sources if one["entities"].get("unknown", {}).get("rejected")]
    more = f" and {number(len(names) - 3)} more" if len(names) > 3 else ""
    return [f"  could not be read whole: {', '.join(names[:3])}{more}"] if names else []


def _notable(entities: dict[str, dict[str, int]]) -> list[tuple[str, dict[str, int]]]:
    """Tickets always; whatever else had a reject, so that none goes unseen."""
    return [
        (name, counts)
        for name, counts in entities.items()
        if counts["found"] and (name == "tickets" or counts["rejected"])
    ]


def _balance(name: str, counts: dict[str, Any], dataset: Dataset) -> str:
    line = balance(name, counts)
    return f"{line} ({dataset.path / REJECTS})" if counts["rejected"] else line
