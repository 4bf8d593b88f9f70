"""A view saved as CSV and again by a spreadsheet: its own columns, `;`, day first, Windows line ends."""

import csv
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from .company import GROUPS, ZONE
from .fields import CUSTOM_FIELDS
from .people import PEOPLE
from .tell import Told, tell_all

FILE_NAME = "all-open-tickets.csv"
_HEADER = (
    *("Subject", "ID", "Requester", "Requester id", "Group", "Assignee", "Status", "Priority"),
    *("Created at", "Updated at", "Topic [list]", "Warranty [flag]"),
)
_STATUSES = {"hold": "On-hold"}


def write_csv_view(folder: Path) -> None:
    """Write the view into the folder."""
    text = StringIO()
    text.write("sep=;\r\n")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADER)
    for told in tell_all():
        if told.ticket["status"] in ("new", "open", "pending", "hold"):
            writer.writerow(_row(told))
    (folder / FILE_NAME).write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())


def _row(told: Told) -> list[str]:
    ticket = told.ticket
    people = {person["id"]: person["name"] for person in PEOPLE.values()}
    groups = {group["id"]: group["name"] for group in GROUPS.values()}
    values = {entry["id"]: entry["value"] for entry in ticket["custom_fields"]}
    topics = {one["value"]: one["name"] for one in CUSTOM_FIELDS["topic"]["custom_field_options"]}
    topic = values.get(CUSTOM_FIELDS["topic"]["id"])
    return [
        ticket["subject"] or "-",
        str(ticket["id"]),
        people[ticket["requester_id"]],
        str(ticket["requester_id"]),
        groups.get(ticket["group_id"], "-"),
        people.get(ticket["assignee_id"], "-"),
        _STATUSES.get(ticket["status"], ticket["status"].title()),
        (ticket["priority"] or "-").title(),
        _time(ticket["created_at"]),
        _time(ticket["updated_at"]),
        topics.get(topic, topic) or "-",
        "Yes" if values.get(CUSTOM_FIELDS["warranty"]["id"]) else "No",
    ]


def _time(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(ZONE)).strftime("%d-%m-%Y %H:%M")
