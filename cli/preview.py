"""`deskferry preview`: what customers, teammates and reports would see of one ticket."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from deskferry.archive.decide import LOADED, decide
from deskferry.archive.map_init import default_mapping
from deskferry.archive.query import run_query
from deskferry.load.action import Action, Kind, Ref, Step
from deskferry.load.compose_conversation import BARE, MESSAGES, NOTE
from deskferry.load.plan_file import Becomes
from deskferry.load.preview import Preview, preview
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.decision import Decision, Target
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping, parse_mapping, read_mapping
from deskferry.schemas.ticket_types import OF_ALL, TITLE
from deskferry.schemas.workspace import read_workspace
from deskferry.templates.render import Templates

from . import options
from .main import root
from .outcome import Outcome
from .progress import Display
from .stages import with_archive
from .verb import verb
from .words import command, plural

NOTHING = "nothing, unless another rule of the mapping shall take it"
NUMBERS = "select id, subject from tickets"


@verb(root, "preview")
@options.dataset
@click.option("--ticket", type=int, required=True, metavar="ID", help="The Zendesk ticket number.")
@click.option("--mapping", type=options.FILE, help="Default: what `map init` would write.")
@options.templates
@options.workspace_file
def run(
    display: Display,
    dataset: Path,
    ticket: int,
    mapping: Path | None,
    templates: Path | None,
    workspace_file: Path | None,
) -> Outcome:
    """Show exactly what would be sent for one ticket, and to whom it is visible. Nothing is sent."""
    snapshot = read_workspace(workspace_file) if workspace_file else None
    texts = Templates(templates)
    given = read_mapping(mapping) if mapping else None
    opened = with_archive(dataset, display)
    effective = given or _default(opened, snapshot)
    decision = _decision(opened, effective, ticket)
    following = command(
        "plan", dataset, "--mapping", mapping or "MAPPING", "--to", "sandbox", "--tickets", str(ticket)
    )
    if decision.target not in LOADED:
        return Outcome(data=_kept(decision), lines=_kept_lines(decision), next=NOTHING)
    shown = preview(
        opened,
        ticket_id=ticket,
        becomes=Becomes(Kind(decision.target), decision.form or NOTE),
        mapping=effective,
        templates=texts,
        workspace=snapshot,
        now=datetime.now(UTC),
    )
    return Outcome(data=_data(shown, decision), lines=screen(shown, decision), next=following)


def _decision(dataset: Dataset, mapping: Mapping, ticket: int) -> Decision:
    if not run_query(dataset.archive, f"select 1 from tickets where id = {ticket:d}").rows:  # noqa: S608 - a number
        raise InputError(
            f"ticket {ticket} is not in the dataset",
            where=dataset.path,
            todo=f"Look with: {command('sql', dataset.path, NUMBERS)}",
        )
    return next(iter(decide(dataset.archive, mapping, tickets=[ticket])))


def _default(dataset: Dataset, snapshot: dict[str, Any] | None) -> Mapping:
    path = Path("(default mapping)")
    return parse_mapping(default_mapping(dataset.archive, workspace=snapshot), path=path)


def _kept(decision: Decision) -> dict[str, Any]:
    return {
        "ticket": decision.ticket_id,
        "decision": asdict(decision),
        "customer_sees": [],
        "teammate_sees": {},
        "reports_count": {"conversations": 0, "closes_on_load_day": 0},
        "calls": [],
    }


def _kept_lines(decision: Decision) -> list[str]:
    return [
        f"ticket {decision.ticket_id}: {decision.target.replace('_', ' ')}, "
        f"rule {decision.rule}: {decision.reason}",
        "CUSTOMER SEES   nothing",
        "TEAMMATE SEES   nothing; it stands in the archive",
        "REPORTS COUNT   nothing",
    ]


def _data(shown: Preview, decision: Decision) -> dict[str, Any]:
    return {
        "ticket": decision.ticket_id,
        "decision": asdict(decision),
        "refused": shown.contact if isinstance(shown.contact, str) else None,
        "customer_sees": _texts(shown) if shown.customers_see else [],
        "teammate_sees": {"notes": shown.notes, **_around(shown)} if shown.actions else {},
        "reports_count": {
            "conversations": int(bool(shown.actions) and decision.target is Target.CONVERSATION),
            "tickets": int(bool(shown.actions) and decision.target is Target.TICKET),
            "closes_on_load_day": int(shown.closed),
        },
        "remarks": shown.remarks,
        "calls": shown.calls,
    }


def _texts(shown: Preview) -> list[dict[str, Any]]:
    """The texts a customer sees, and whether they are their own."""
    opening = {"body": shown.opening, "own_words": shown.own_words}
    return [opening, *({"body": text, "own_words": not admin} for admin, text in shown.visible)]


def _around(shown: Preview) -> dict[str, Any]:
    """Title, attributes, tags, assignment: what stands around the conversation."""
    found: dict[str, Any] = {"tags": [], "assigned": []}
    for action in shown.actions:
        match action.step:
            case Step.CREATE if action.kind is Kind.TICKET:
                found |= _of_ticket(action)
            case Step.UPDATE if action.kind is Kind.TICKET:
                kind = shown.actions[0].payload["ticket_type_id"].key
                found["ticket_state"] = action.witness["ticket_state"].removeprefix(f"{kind}/")
            case Step.UPDATE:
                found |= dict(action.payload)
            case Step.TAG:
                found["tags"].append(action.witness["tag"])
            case Step.ASSIGN_TEAM | Step.ASSIGN_ADMIN:
                found["assigned"].append(f"{action.payload['type']} {action.payload['assignee_id']}")
    return found


def _of_ticket(action: Action) -> dict[str, Any]:
    """What the first call of a ticket carries."""
    values, kind = action.payload["ticket_attributes"], action.payload["ticket_type_id"].key
    named = {
        name: value.key.removeprefix(f"{kind}/{name}/") if isinstance(value, Ref) else value
        for name, value in values.items()
        if name not in OF_ALL
    }
    assigned = action.payload.get("assignment", {})
    return {
        "title": values[TITLE],
        "custom_attributes": named,
        "assigned": [f"{to.partition('_')[0]} {id_}" for to, id_ in assigned.items()],
    }


def screen(shown: Preview, decision: Decision) -> list[str]:
    """The three views, each with the very text that would be sent."""
    what = f'ticket of type "{decision.form}"' if decision.target is Target.TICKET else "conversation"
    head = f"ticket {decision.ticket_id}: {what}, rule {decision.rule}: {decision.reason}"
    if isinstance(shown.contact, str):
        return [head, f"refused: {shown.contact}"]
    began = f"{shown.history.created_at:%-d %b %Y %H:%M %Z}"
    whose = "their own words" if shown.own_words else "a neutral line"
    around, left = _around(shown), shown.state
    return [
        head,
        f"CUSTOMER SEES   {_seen(shown, decision, f'{whose}, {began}')}",
        *_contact(shown.contact),
        *_indented(shown.opening),
        *(
            line
            for admin, text in shown.visible
            for line in (f"  ---- {f'admin {admin}' if admin else 'their own'} ----", *_indented(text))
        ),
        f"TEAMMATE SEES   {_contents(shown, decision)}",
        f"  title       {around['title']}",
        *(
            f"  {name:<28} {_readable(name, value, shown)}"
            for name, value in around["custom_attributes"].items()
        ),
        f"  tags        {', '.join(around['tags']) or 'none'}",
        f"  assigned    {', '.join(around['assigned']) or 'to nobody'}",
        f"  state       {', '.join(filter(None, [around.get('ticket_state'), left]))}",
        *(line for text in shown.note_texts for line in ("  ---- note ----", *_indented(text))),
        *(f" ! {remark}" for remark in shown.remarks),
        _reports(shown),
    ]


def _seen(shown: Preview, decision: Decision, words: str) -> str:
    if not shown.customers_see:
        return f"nothing: only teammates see such tickets. They read as its description: {words}"
    what = "1 ticket, its description" if decision.target is Target.TICKET else "1 message,"
    if shown.visible:
        what = f"{1 + len(shown.visible):,} messages, the first"
    return f"{what} {words}. No mail is sent and no badge is expected"


def _contact(calls: list[Action]) -> list[str]:
    """Who the customer is in Intercom."""
    first, payload = calls[0], calls[0].intended
    known = " or ".join(f"{key} {value}" for key, value in first.witness.items())
    if first.method == "GET":
        id_ = first.path.rpartition("/")[2]
        return [f"  contact     {id_}, whom Intercom knows by {known}", *_beside(calls)]
    if first.path == "/contacts/search":
        return [f"  contact     whoever Intercom knows by {known}", *_beside(calls)]
    known = ", ".join(
        str(payload[key]) for key in ("name", "email", "external_id", "phone") if key in payload
    )
    quiet = "unsubscribed from e-mails" if payload["unsubscribed_from_emails"] else "subscribed to e-mails"
    return [f"  contact     {known}; made where Intercom does not know them, {quiet}", *_beside(calls)]


def _beside(calls: list[Action]) -> list[str]:
    """What else the contact gets: companies, tags, notes."""
    members = {call.witness["company"] for call in calls if call.kind is Kind.MEMBERSHIP}
    lines = [
        f"  company     {call.payload['name']}{'' if call.key in members else ', of the ticket only'}"
        for call in calls
        if call.kind is Kind.COMPANY and call.step is Step.CREATE
    ]
    of_contact = [call for call in calls if call.kind is Kind.CONTACT]
    if tags := [call.witness["tag"] for call in of_contact if call.step is Step.TAG]:
        lines.append(f"  their tags  {', '.join(tags)}")
    if notes := sum(call.step is Step.NOTE for call in of_contact):
        lines.append(f"  their notes {plural(notes, 'note')} on the contact, what staff wrote about them")
    return lines


def _readable(name: str, value: Any, shown: Preview) -> str:
    """A value as people read it, beside the number that is sent."""
    if shown.types.get(name) == "datetime" and isinstance(value, int):
        return f"{value} ({datetime.fromtimestamp(value, UTC):%-d %b %Y %H:%M} UTC)"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _contents(shown: Preview, decision: Decision) -> str:
    messages = shown.history.messages
    internal = sum(not message.public for message in messages)
    files = [file for message in messages for file in message.files]
    absent = sum(file.absence is not None for file in files)
    comments = plural(len(messages), "comment")
    if decision.form == MESSAGES:
        noted = plural(len(shown.notes), "note")
        told = f"{comments}, {plural(len(files), 'file')}"
        return f"the same and {noted}, {internal} marked INTERNAL; {told}"
    if decision.form == BARE:
        but = ", but for the words above" if shown.own_words else ""
        return f"no note: {comments} and {plural(len(files), 'file')} are not sent ({BARE}){but}"
    return (
        f"+ {plural(len(shown.notes), 'note')}, {comments}, {internal} marked INTERNAL, "
        f"{plural(len(files), 'file')} named ({absent} without their bytes)"
    )


def _reports(shown: Preview) -> str:
    closes = "1 close on the day of the load" if shown.closed else "no close"
    month = f"{shown.history.created_at:%b %Y}"
    what = shown.actions[0].kind
    return f"REPORTS COUNT   1 {what} in {month}; {closes}. Filter: imported_from is not zendesk"


def _indented(text: str) -> list[str]:
    return [f"  | {line}" for line in text.splitlines()]
