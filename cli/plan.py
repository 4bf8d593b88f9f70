"""`deskferry plan`: every call that will be made, before one is."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from deskferry.archive.decide import decide
from deskferry.load.action import HISTORY
from deskferry.load.plan import build_plan, require_purpose
from deskferry.load.plan_summary import PlanSummary
from deskferry.load.silenced import require_silence, silence_warnings
from deskferry.load.target import open_target
from deskferry.load.workspace import take_snapshot
from deskferry.schemas.mapping import read_mapping
from deskferry.schemas.silence import read_silence
from deskferry.schemas.workspace import read_workspace
from deskferry.templates.render import Templates

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .stages import require_coverage, with_archive
from .verb import verb
from .words import command, duration, number, plural, size

LISTED = 20  # lines of one kind on a screen


def ticket_ids(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[int, ...] | None:
    """Parse `--tickets 12,15,18`."""
    del context, parameter
    if value is None:
        return None
    try:
        return tuple(int(part) for part in value.replace(",", " ").split())
    except ValueError:
        raise click.BadParameter("ticket numbers, separated by commas") from None


@verb(root, "plan")
@options.dataset
@options.mapping
@options.target
@click.option("-o", "--output", type=options.FILE, help="The plan to write; default: ACCOUNT.plan.")
@click.option(
    "--where", metavar="SQL", help="Only tickets for which this holds, over the view ticket_overview."
)
@click.option("--tickets", metavar="IDS", callback=ticket_ids, help="Only these tickets, such as 12,15,18.")
@click.option("--limit", type=click.IntRange(1), help="At most this many conversations and tickets.")
@click.option("--newest-first", is_flag=True, help="Load the newest tickets first; default: the oldest.")
@options.workspace_file
@options.workspace_name
@options.templates
@click.option("--silence", type=options.FILE, help="What the API cannot show, from `deskferry silence init`.")
@click.option("--no-silence", metavar="REASON", help="Plan for a real workspace although it is not silent.")
@click.option("--replace", is_flag=True, help="Replace an existing plan.")
def run(
    display: Display,
    dataset: Path,
    mapping: Path,
    target: str,
    output: Path | None,
    where: str | None,
    tickets: tuple[int, ...] | None,
    limit: int | None,
    newest_first: bool,  # noqa: FBT001 -- click hands every option over by name
    workspace_file: Path | None,
    workspace_name: str | None,
    templates: Path | None,
    silence: Path | None,
    no_silence: str | None,
    replace: bool,  # noqa: FBT001 -- see above
) -> Outcome:
    """Plan the load of DATASET by a mapping. Nothing is sent.

    TARGET is only read, and only where no snapshot is given.
    """
    decided = read_mapping(mapping)  # a typo is said before an archive is built or a target is read
    silenced = read_silence(silence) if silence else None
    opened = with_archive(dataset, display)
    require_purpose(opened, decided)  # before a target is read, and whatever the mapping lacks
    path = output or Path(f"{opened.account}.plan")
    if workspace_file:
        workspace = read_workspace(workspace_file)
    else:
        display.start("reading the workspace")
        with open_target(
            target, beside=path.parent, workspace_name=workspace_name, environ=os.environ
        ) as place:
            workspace = take_snapshot(place.client(), now=datetime.now(UTC))
    require_silence(workspace, silenced, reason=no_silence)
    require_coverage(opened, decided, workspace)
    summary = build_plan(
        opened,
        mapping=decided,
        decisions=decide(opened.archive, decided, where=where, tickets=tickets, newest_first=newest_first),
        templates=Templates(templates),
        templates_dir=templates,
        workspace=workspace,
        into=path,
        limit=limit,
        silence=silenced,
        no_silence=no_silence,
        replace=replace,
        progress=display,
    )
    today = datetime.now(UTC).date()
    warnings = list(silence_warnings(silenced, workspace=workspace, reason=no_silence, today=today))
    return Outcome(
        data={"plan": str(path), **summary.as_dict(), "warnings": warnings},
        lines=[*screen(summary), *(f" ! {warning}" for warning in warnings)],
        next=command("load", path, *options.target_words(target, workspace_name))
        if summary.tickets
        else f"nothing to load; look at the rules in {mapping}",
    )


def remarks(summary: PlanSummary) -> list[str]:
    """What is not sent whole or as asked: each kind once, with how often, the most frequent first."""
    if not summary.remark_count:
        return []
    shown = list(summary.remarks_by_text.items())[:LISTED]
    lines = [f" ! {plural(summary.remark_count, 'value')} not sent whole or as asked:"]
    lines += [f"   {number(count):>7}  {text}" for text, count in shown]
    if (left := summary.remark_count - sum(count for _, count in shown)) > 0:
        lines.append(f"   {number(left):>7}  others, in table remarks of the plan")
    return lines


def people(summary: PlanSummary) -> list[str]:
    """People who stand more than once, in Zendesk or in Intercom."""
    if not (count := sum(summary.doubles.values())):
        return []
    lines = [f" ! {plural(count, 'line')} about people who are there more than once or not at all:"]
    lines += [f"   {line}" for line in summary.double_lines[:LISTED]]
    if (left := count - LISTED) > 0:
        lines.append(f"   ... and {number(left)} more, in table doubles of the plan")
    return lines


def _calls(summary: PlanSummary) -> str:
    """How many; from to, where something may be there already."""
    if summary.calls_most == summary.calls:
        return plural(summary.calls, "call")
    return f"{number(summary.calls)}-{number(summary.calls_most)} calls"


def _loaded(summary: PlanSummary) -> str:
    """`3 conversations, 2 tickets`."""
    counts = {kind: summary.by_step.get(f"{kind} create", 0) for kind in HISTORY}
    made = [plural(count, kind) for kind, count in counts.items() if count]
    return ", ".join(made) or plural(0, "conversation")


_SEEN = {
    "conversation create": "the opening of each conversation",
    "conversation message": "public replies in conversations",
    "ticket create": "title and description of tickets",
    "ticket message": "public replies in tickets",
}


def _seen(summary: PlanSummary) -> str:
    if not summary.customer_visible:
        return "nothing"
    seen = [(count, _SEEN.get(step, step)) for step, count in summary.visible_by_step.items()]
    if len(seen) == 1:
        return f"{plural(summary.customer_visible, 'message')}: {seen[0][1]}"
    parts = ", ".join(f"{what} ({number(count)})" for count, what in seen)
    return f"{plural(summary.customer_visible, 'message')}: {parts}"


def screen(summary: PlanSummary) -> list[str]:
    """What a person should know before he loads."""
    targets = " · ".join(
        f"{name.replace('_', ' ')} {number(count)}" for name, count in summary.by_target.items() if count
    )
    lines = [
        targets or "no tickets",
        f"{_calls(summary)} = {number(summary.setup)} of setup (attributes, tags) + "
        f"{number(summary.calls - summary.setup)} for {_loaded(summary)} and "
        f"{plural(summary.contacts, 'contact')}, {size(summary.bytes)}, "
        f"{duration(summary.seconds)} at {number(summary.limit_per_10s)} calls per 10 s",
        f"customers see {_seen(summary)}",
    ]
    lines += [f" ! {note}" for note in summary.notes]
    lines += people(summary)
    lines += remarks(summary)
    lines += [f"refused ticket {refused.ticket_id}: {refused.reason}" for refused in summary.refused[:LISTED]]
    if len(summary.refused) > LISTED:
        lines.append(f"... and {number(len(summary.refused) - LISTED)} more, in table refused of the plan")
    lines.append(f"plan {summary.path} sha256 {summary.digest[:16]}...")
    return lines
