"""`deskferry load`: carry out a plan."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from deskferry.load.dry_run import look
from deskferry.load.guards import Guards
from deskferry.load.replay import LoadResult, load
from deskferry.load.target import open_target

from . import load_look, options
from .load_bounds import bounds_of, bounds_options
from .main import root
from .outcome import Exit, Outcome
from .progress import Display
from .verb import verb
from .words import command, number, plural

LISTED = 20


@verb(root, "load")
@options.plan
@options.target
@options.ledger
@options.workspace_name
@click.option(
    "--settle",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Wait this long before a search is trusted; default: 300, on loopback 10.",
)
@click.option("--only", type=click.Choice(["failed"]), help="Send what was refused before, nothing else.")
@click.option("--new-ledger", is_flag=True, help="Start over although the workspace holds an earlier load.")
@click.option("--dry-run", is_flag=True, help="Look at everything a load looks at; nothing is sent.")
@click.option("--no-canary", is_flag=True, help="Send no canary before the first item.")
@click.option(
    "--tripwire-after",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Read some items back this long after; default: 300, on loopback at once.",
)
@click.option("--ignore-foreign", is_flag=True, help="Go on although others work on what is loaded.")
@bounds_options
@click.option("--no-sample", is_flag=True, help="Load all into a real workspace without a verified sample.")
def run(
    display: Display,
    /,
    plan: Path,
    target: str,
    ledger: Path | None,
    workspace_name: str | None,
    settle: float | None,
    only: str | None,
    new_ledger: bool,  # noqa: FBT001 -- click hands every option over by name
    dry_run: bool,  # noqa: FBT001 -- see above
    no_canary: bool,  # noqa: FBT001 -- see above
    tripwire_after: float | None,
    ignore_foreign: bool,  # noqa: FBT001 -- see above
    no_sample: bool,  # noqa: FBT001 -- see above
    **bounds: Any,
) -> Outcome:
    """Carry out PLAN. It may be killed at any time; run it again and it goes on where it was.

    Ctrl-C finishes the calls under way, a second one does not wait for them.
    """
    allowed = bounds_of(**bounds)
    with open_target(target, beside=plan.parent, workspace_name=workspace_name, environ=os.environ) as opened:
        guards = Guards(canary=not no_canary, after=tripwire_after, ignore_foreign=ignore_foreign)
        if dry_run:
            found = look(
                plan,
                target=opened,
                ledger=ledger,
                guards=guards,
                new_ledger=new_ledger,
                no_sample=no_sample,
                least_free=allowed.least_free,
            )
            return load_look.outcome(found, target=target, workspace_name=workspace_name)
        result = load(
            plan,
            target=opened,
            ledger=ledger,
            settle=settle,
            only_failed=only == "failed",
            new_ledger=new_ledger,
            no_sample=no_sample,
            guards=guards,
            ask_name=typed_name,
            progress=display,
            bounds=allowed,
        )
        # A run with nothing to do wakes no sandbox to ask how quiet it was.
        state = opened.sandbox_state() if result.calls else None
    data = result.as_dict() | ({"notifications": state["notifications"]} if state else {})
    rest = [*options.target_words(target, workspace_name), *(["--ledger", str(ledger)] if ledger else [])]
    return Outcome(
        data=data,
        lines=screen(result, notifications=state["notifications"] if state else None),
        next=command("load" if result.stopped else "verify", plan, *rest),
        exit=_exit(result),
    )


def _exit(result: LoadResult) -> Exit:
    if result.asked:
        return Exit.INTERRUPTED
    if result.stopped:
        return Exit.FAILED
    incomplete = result.failed or result.in_doubt or result.changed_count
    return Exit.SOME_REJECTED if incomplete else Exit.DONE


def typed_name(workspace: Mapping[str, Any]) -> str | None:
    """The name of a real workspace, as somebody at a terminal types it; None where nobody can be asked."""
    if not sys.stdin.isatty():
        return None
    place = f'workspace "{workspace["name"]}" of Intercom ({workspace["region"]})'
    return str(click.prompt(f"This loads into {place}.\nType its name to go on", err=True))


def screen(result: LoadResult, *, notifications: int | None) -> list[str]:
    """Failures first, the count last."""
    lines = [
        f"failed {failure.kind} {failure.key} ({failure.step}): {failure.error}"
        for failure in result.failures[:LISTED]
    ]
    lines += _changed(result)
    if result.stopped:
        lines.append(f"stopped: {result.stopped}; {plural(result.left, 'ticket')} left")
    words = [f"{number(result.done)} done"]
    if result.skipped:
        words.append(f"{number(result.skipped)} of them before")
    words += [f"{number(result.failed)} failed"]
    if result.in_doubt:
        words.append(f"{number(result.in_doubt)} in doubt")
    words.append(plural(result.calls, "call") + _unplanned(result))
    if notifications is not None:
        words.append(plural(notifications, "notification"))
    return [*lines, f"ledger {result.ledger}", " · ".join(words)]


def _unplanned(result: LoadResult) -> str:
    """The calls that no plan counts."""
    parts = ((result.preflight, "preflight's"), (result.read_back, "tripwire's"))
    words = [f"{number(count)} of them the {whose}" for count, whose in parts if count]
    return "".join(f", {text}" for text in words)


def _changed(result: LoadResult) -> list[str]:
    """What stands there can't be edited; the way on is said once."""
    if not result.changed_count:
        return []
    lines = [
        f"changed since it was sent, not sent again: {change.kind} {change.key} ({change.step})"
        for change in result.changed[:LISTED]
    ]
    if result.changed_count > LISTED:
        lines.append(f"... {number(result.changed_count)} in all (--json lists more)")
    return [
        *lines,
        "What stands in Intercom is never changed by a later plan. To see a new mapping from scratch, plan",
        "and load into another sandbox: --to sandbox:FILE",
    ]
