"""`deskferry demo`: the whole line on an invented company, against a local Intercom."""

import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources import as_file
from pathlib import Path
from typing import Any

import click

from deskferry.load.target import open_target
from deskferry.sample_exports import official_export, sample
from deskferry.schemas.errors import RefusedError

from . import archive, convert, load, plan, verify
from . import map as mapping
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .verb import verb
from .words import command, number, plural

MARKER = ".deskferry-demo"
ACCOUNT = "haldenbikes"
LOOK = "select id, status, subject, requester_name, comments from ticket_overview"
# The official export knows fields, statuses and brands by number only; these pages of the API name them.
DICTIONARIES = ("ticket_fields", "ticket_forms", "custom_statuses", "brands", "satisfaction_ratings")


@dataclass(frozen=True, slots=True)
class Files:
    """Where everything of one demo lies."""

    folder: Path

    @property
    def dataset(self) -> Path:
        """The converted export."""
        return self.folder / f"{ACCOUNT}.dataset"

    @property
    def mapping(self) -> Path:
        """What becomes what."""
        return self.folder / f"{ACCOUNT}.mapping.yaml"

    @property
    def plan(self) -> Path:
        """Every call."""
        return self.folder / f"{ACCOUNT}.plan"

    @property
    def sandbox(self) -> Path:
        """What the local Intercom remembers."""
        return self.folder / "sandbox.sqlite"


@verb(root, "demo")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("deskferry-demo"),
    show_default=True,
    help="Folder for everything it makes.",
)
def run(display: Display, into: Path) -> Outcome:
    """Walk the whole line on an invented company, against a local Intercom.

    Convert, map, plan, load into a sandbox, load again, verify; then say what happened and where it lies.
    """
    files = Files(_fresh(into))
    converted = _convert(display, files)
    archive.run(display, dataset=files.dataset)
    mapping.init(
        display,
        dataset=files.dataset,
        output=files.mapping,
        purpose="context",
        internal_tickets=None,
        workspace_file=None,
        replace=False,
    )
    planned = _plan(display, files)
    loaded = _load(display, files)
    again = _load(display, files)
    verified = verify.run(
        display,
        plan=files.plan,
        target="sandbox",
        ledger=None,
        workspace_name=None,
        sample=1.0,
        settle=None,
        html=None,
        report=None,
    )
    with open_target("sandbox", beside=files.folder, workspace_name=None, environ=os.environ) as target:
        state = target.sandbox_state() or {}
    steps = {
        "convert": {"type": "convert", **converted.data},
        "plan": {"type": "plan", **planned.data},
        "load": {"type": "load", **loaded.data},
        "second_load": {"type": "load", **again.data},
        "verify": {"type": "verify", **verified.data},
        "sandbox": state,
    }
    paths = {
        "dataset": str(files.dataset),
        "archive": str(files.dataset / "archive.duckdb"),
        "mapping": str(files.mapping),
        "plan": str(files.plan),
        "ledger": str(loaded.data["ledger"]),
        "sandbox": str(files.sandbox),
        "certificate": verified.data["html"],
    }
    clean = not (loaded.exit or again.exit or verified.exit or state.get("notifications"))
    return Outcome(
        data={**steps, "files": paths},
        lines=screen(steps, paths),
        next=command("convert", "YOUR-EXPORT", "--into", "my.dataset"),
        exit=Exit.DONE if clean else Exit.DIFFERENT,
    )


def _fresh(folder: Path) -> Path:
    """An empty folder. One that an earlier demo made is made anew; anybody else's is left alone."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise RefusedError("this folder is not empty", where=folder, todo="Give another one: --into DIR")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
    return folder


def _convert(display: Display, files: Files) -> Outcome:
    with ExitStack() as stack:
        official = stack.enter_context(official_export())
        names = (stack.enter_context(as_file(sample(f"api/{name}.json"))) for name in DICTIONARIES)
        return convert.run(display, exports=(official, *names), into=files.dataset)


def _plan(display: Display, files: Files) -> Outcome:
    return plan.run(
        display,
        dataset=files.dataset,
        mapping=files.mapping,
        target="sandbox",
        output=files.plan,
        where=None,
        tickets=None,
        limit=None,
        newest_first=False,
        workspace_file=None,
        workspace_name=None,
        templates=None,
        silence=None,
        no_silence=None,
        replace=False,
    )


def _load(display: Display, files: Files) -> Outcome:
    return load.run(
        display,
        plan=files.plan,
        target="sandbox",
        ledger=None,
        workspace_name=None,
        settle=None,
        only=None,
        new_ledger=False,
        dry_run=False,
        no_canary=False,
        tripwire_after=None,
        ignore_foreign=False,
        no_sample=False,
    )


def screen(steps: dict[str, Any], paths: dict[str, str]) -> list[str]:
    """The summary a newcomer reads: what went in, what arrived, where it lies."""
    entities, planned, verified = steps["convert"]["entities"], steps["plan"], steps["verify"]
    held = {name: counts["accepted"] + counts["made"] for name, counts in entities.items()}
    older = entities["tickets"]["repeated"] + entities["tickets"]["superseded"]
    kept = planned["by_target"].get("archive_only", 0) + planned["by_target"].get("drop", 0)
    state = steps["sandbox"]
    lines = [
        "Halden Bikes, an invented company, moved from its Zendesk export to a local Intercom:",
        "",
        f"  went in          {number(entities['tickets']['found'])} ticket lines = "
        f"{number(held['tickets'])} tickets + {number(older)} older or equal copies, "
        f"{number(held['comments'])} comments, {number(held['users'])} people",
        f"  stands there     {number(planned['tickets'])} conversations, "
        f"{number(planned['contacts'])} contacts; "
        f"{number(verified['checked'])} read back, {plural(verified['differences'], 'difference')}",
        f"  archive only     {number(kept)} tickets, each with its reason",
        f"  loaded again     {plural(steps['second_load']['calls'], 'call')}: nothing arrives twice",
        f"  customers        {plural(state.get('notifications', 0), 'notification')}: nobody was contacted",
        "",
        "The files, each made from the one above it:",
    ]
    said = {
        "dataset": "the export as one checked NDJSON file per entity",
        "archive": "the same in DuckDB: deskferry sql",
        "mapping": "what becomes what; people edit it",
        "plan": "every call, before one was made",
        "ledger": "what was sent: deskferry status",
        "sandbox": "what the local Intercom remembers",
        "certificate": "what was read back, on a page to sign",
    }
    width = max(map(len, paths.values()))
    lines += [f"  {name:<11} {paths[name]:<{width}}  {text}" for name, text in said.items()]
    return [*lines, "", f"Look around:  {command('sql', paths['dataset'], LOOK)}"]
