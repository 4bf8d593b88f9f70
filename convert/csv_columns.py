"""The columns of Zendesk's ticket CSV (account export and view export), compared without case and blanks."""

import re
from collections.abc import Iterable

# Official header (folded) -> what it becomes: a key of tickets, `users.<key>`, `metrics.<key>`, `extra`.
COLUMNS: dict[str, str] = {
    "summation column": "",
    "id": "id",
    "requester": "users.name",
    "requester id": "requester_id",
    "requester external id": "users.external_id",
    "requester email": "users.email",
    "requester domain": "extra",
    "submitter": "extra",
    "assignee": "extra",
    "group": "extra",
    "subject": "subject",
    "tags": "tags",
    "status": "status",
    "priority": "priority",
    "via": "via",
    "ticket type": "type",
    "created at": "created_at",
    "updated at": "updated_at",
    "assigned at": "metrics.assigned_at",
    "organization": "extra",
    "due date": "due_at",
    "initially assigned at": "metrics.initially_assigned_at",
    "solved at": "metrics.solved_at",
    "resolution time": "extra",
    "satisfaction score": "satisfaction_rating",
    "group stations": "metrics.group_stations",
    "assignee stations": "metrics.assignee_stations",
    "reopens": "metrics.reopens",
    "replies": "metrics.replies",
}
_MINUTES = {
    "first reply time": "reply_time_in_minutes",
    "first resolution time": "first_resolution_time_in_minutes",
    "full resolution time": "full_resolution_time_in_minutes",
    "agent wait time": "agent_wait_time_in_minutes",
    "requester wait time": "requester_wait_time_in_minutes",
    "on hold time": "on_hold_time_in_minutes",
}
for _title, _key in _MINUTES.items():
    COLUMNS[f"{_title} in minutes"] = f"metrics.{_key}.calendar"
    COLUMNS[f"{_title} in minutes within business hours"] = f"metrics.{_key}.business"

TIME_COLUMNS = frozenset(
    ("created at", "updated at", "assigned at", "due date", "initially assigned at", "solved at")
)
CUSTOM = re.compile(r"(.*) \[(\w+)\]\s*", re.DOTALL)
_ENOUGH, _FEW = 6, 3
_TELLING = frozenset(("subject", "requester", "requester id", "requester email", "ticket type"))


def folded(header: str) -> str:
    """A header as it is compared: lower case, single blanks."""
    return " ".join(header.split()).casefold()


def is_ticket_header(header: Iterable[str]) -> bool:
    """True for at least six of the official names, the ticket's number among them.

    A view may have fewer columns: then three are enough if they are half of all and one is a ticket's alone.
    """
    columns = list(header)
    names = {folded(name) for name in columns}
    known = names & COLUMNS.keys()
    if "id" not in known or len(known) >= _ENOUGH:
        return "id" in known
    suffixed = sum(CUSTOM.fullmatch(name.strip()) is not None for name in columns)
    return (
        len(known) >= _FEW and not known.isdisjoint(_TELLING) and 2 * (len(known) + suffixed) >= len(columns)
    )
