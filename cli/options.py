"""Arguments and options that several verbs share."""

from pathlib import Path

import click

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)

dataset = click.argument("dataset", type=click.Path(path_type=Path))
plan = click.argument("plan", type=FILE)
mapping = click.option("--mapping", type=FILE, required=True, help="What becomes what (mapping.yaml).")
templates = click.option(
    "--templates", type=FOLDER, help="Folder whose files replace the templates of the same name."
)
workspace_file = click.option(
    "--workspace-file", type=FILE, help="Snapshot of the target, from `deskferry workspace`."
)


def snapshot_words(path: Path | None) -> list[str | Path]:
    """The snapshot as it is typed in a next command."""
    return ["--workspace-file", path] if path else []


target = click.option(
    "--to",
    "target",
    required=True,
    metavar="TARGET",
    help="sandbox[:FILE], http://127.0.0.1:PORT, or us, eu, au: Intercom itself.",
)
workspace_name = click.option(
    "--workspace", "workspace_name", metavar="NAME", help="Name of the Intercom workspace, outside a sandbox."
)


def target_words(target: str, workspace_name: str | None) -> list[str]:
    """The target as it is typed in a next command."""
    return ["--to", target, *(["--workspace", workspace_name] if workspace_name else [])]


ledger = click.option(
    "--ledger", type=FILE, help="Memory of what was sent; default: beside the plan, named by account."
)
settle = click.option(
    "--settle",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Wait this long before a search is trusted; default: 300, on loopback 10.",
)


def share(text: str) -> float:
    """A share as people type it, 5% or 0.05, as a number: more than nothing, at most all."""
    bare = text.strip()
    try:
        found = float(bare.removesuffix("%")) / (100 if bare.endswith("%") else 1)
    except ValueError:
        found = 0.0
    if not 0 < found <= 1:  # also what is no number
        raise click.BadParameter(f"'{text}' is no share; write it as 5% or 0.05")
    return found
