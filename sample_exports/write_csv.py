"""The account CSV: tickets only, names instead of ids, times of the account's zone without saying so."""

import csv
from collections.abc import Callable, Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .company import GROUPS, ORGANIZATIONS, ZONE, Record
from .fields import CUSTOM_FIELDS
from .people import PEOPLE
from .tell import Told, tell_all

FILE_NAME = "export_2026_11_21_61d0aa7f92_1.csv"

HEADERS = (
    "Summation column", "Id", "Requester", "Requester id", "Requester external id", "Requester email",
    "Requester domain", "Submitter", "Assignee", "Group", "Subject", "Tags", "Status", "Priority", "Via",
    "Ticket type", "Created at", "Updated at", "Assigned at", "Organization", "Due date",
    "Initially assigned at", "Solved at", "Resolution time", "Satisfaction Score", "Group stations",
    "Assignee stations", "Reopens", "Replies", "First reply time in minutes",
    "First reply time in minutes within business hours", "First resolution time in minutes",
    "First resolution time in minutes within business hours", "Full resolution time in minutes",
    "Full resolution time in minutes within business hours", "Agent wait time in minutes",
    "Agent wait time in minutes within business hours", "Requester wait time in minutes",
    "Requester wait time in minutes within business hours", "On hold time in minutes",
    "On hold time in minutes within business hours",
)  # fmt: skip

# The types this export knows; long texts, several choices and dates are left out by Zendesk.
SUFFIXES = {
    "text": "txt",
    "checkbox": "flag",
    "integer": "int",
    "decimal": "dec",
    "regexp": "reg",
    "tagger": "list",
}

_EMPTY = "-"
_STATUSES = {"hold": "On-hold"}
_VIAS = {
    "web": "Web form",
    "email": "Mail",
    "api": "Web service (API)",
    "voice": "Phone call (incoming)",
    "chat": "Chat",
    "native_messaging": "Messaging",
}
_SCORES = {"unoffered": "Not Offered", "offered": "Offered", "good": "Good", "bad": "Bad"}


def write_csv(folder: Path) -> None:
    """Write the one file of the CSV export into the folder."""
    columns = {
        name: f"{field['title']} [{SUFFIXES[field['type']]}]"
        for name, field in CUSTOM_FIELDS.items()
        if field["active"] and field["type"] in SUFFIXES
    }
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*HEADERS, *columns.values()])
    for told in tell_all():
        if told.ticket["status"] != "deleted":
            writer.writerow(_row(told, fields=tuple(columns)))
    (folder / FILE_NAME).write_bytes(text.getvalue().encode())


def _row(told: Told, *, fields: tuple[str, ...]) -> list[str]:
    cells = [*_ticket_cells(told.ticket), *_time_cells(told), *_metric_cells(told)]
    values = {entry["id"]: entry["value"] for entry in told.ticket["custom_fields"]}
    return cells + [_field_cell(CUSTOM_FIELDS[name], values) for name in fields]


def _ticket_cells(ticket: Record) -> list[str]:
    """From `Summation column` to `Ticket type`."""
    people = {person["id"]: person for person in PEOPLE.values()}
    requester = people[ticket["requester_id"]]
    email = requester["email"]
    return [
        "1",
        str(ticket["id"]),
        requester["name"],
        str(requester["id"]),
        _text(requester["external_id"]),
        _text(email),
        _text(email and email.partition("@")[2]),
        people[ticket["submitter_id"]]["name"],
        _name(people, ticket["assignee_id"]),
        _name({group["id"]: group for group in GROUPS.values()}, ticket["group_id"]),
        _text(ticket["subject"]),
        _text(" ".join(ticket["tags"])),
        _STATUSES.get(ticket["status"], ticket["status"].title()),
        _text(ticket["priority"], str.title),
        _VIAS[ticket["via"]["channel"]],
        _text(ticket["type"], str.title),
    ]


def _time_cells(told: Told) -> list[str]:
    """From `Created at` to `Resolution time`."""
    ticket, metrics = told.ticket, told.metrics
    resolution = metrics["full_resolution_time_in_minutes"]["calendar"]
    return [
        _time(ticket["created_at"]),
        _time(ticket["updated_at"]),
        _time(metrics["assigned_at"]),
        _name({one["id"]: one for one in ORGANIZATIONS.values()}, ticket["organization_id"]),
        _time(ticket["due_at"]),
        _time(metrics["initially_assigned_at"]),
        _time(metrics["solved_at"]),
        _EMPTY if resolution is None else str(round(resolution / 60)),  # hours, the others are minutes
    ]


def _metric_cells(told: Told) -> list[str]:
    """From `Satisfaction Score` to the last official column."""
    metrics = told.metrics
    rating = told.ticket["satisfaction_rating"] or {"score": "unoffered"}
    cells = [_SCORES[rating["score"]]]
    cells += [str(metrics[key]) for key in ("group_stations", "assignee_stations", "reopens", "replies")]
    for name in ("reply", "first_resolution", "full_resolution", "agent_wait", "requester_wait", "on_hold"):
        minutes = metrics[f"{name}_time_in_minutes"]
        cells += [_text(minutes["calendar"]), _text(minutes["business"])]
    return cells


def _field_cell(field: Record, values: Mapping[int, Any]) -> str:
    value = values.get(field["id"])
    if field["type"] == "checkbox":
        return "Yes" if value else "No"
    if field["type"] == "tagger":
        names = {option["value"]: option["name"] for option in field["custom_field_options"]}
        return _text(names.get(value, value))
    return _text(value)


def _name(records: Mapping[int, Record], number: int | None) -> str:
    return _EMPTY if number is None else str(records[number]["name"])


def _text(value: Any, change: Callable[[str], str] = str) -> str:
    return _EMPTY if value is None or value == "" else change(str(value))


def _time(moment: datetime | None) -> str:
    return _EMPTY if moment is None else moment.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M")
