"""A row per comment with its ticket beside it, as a script wrote them that asked for both.

Authors are names only, and nothing says which comments customers saw: each is private unless a column tells.
"""

from collections.abc import Mapping
from typing import Any

from .accept import accept
from .channels import channel_of
from .collect import Collector
from .envelope import Found
from .table_values import cast

_TICKET = {
    "ticket_date": "created_at",
    "subject": "subject",
    "description": "description",
    "status": "status",
    "tags": "tags",
}
_COMMENT = {"date": "created_at", "comment": "body", "public": "public", "from": "from"}
_STATUS = {"on-hold": "hold", "on hold": "hold"}


def read_thread(row: Mapping[str, Any], out: Collector, *, month_first: bool | None) -> None:
    """Hand the comment and the ticket of a row to `out`."""
    ticket: dict[str, Any] = {"id": row.get("ticket_id")}
    comment: dict[str, Any] = {"ticket_id": row.get("ticket_id"), "type": "Comment"}
    for key, value in row.items():
        if key in _TICKET:
            ticket[_TICKET[key]] = value
        elif key in _COMMENT:
            comment[_COMMENT[key]] = value
        elif key and key not in ("ticket_id", "channel") and value != "":
            comment[key] = value
    if row.get("channel"):
        ticket["via"] = {"channel": channel_of(str(row["channel"]))}
    status = str(ticket.get("status") or "").strip().casefold()
    if status:
        ticket["status"] = _STATUS.get(status, status)
    ticket = cast("tickets", ticket, out, month_first=month_first)
    accept(Found("tickets", ticket, "/ticket", stub=True), out, ticket_id=None)
    comment = cast("comments", comment, out, month_first=month_first)
    accept(Found("comments", comment, ""), out, ticket_id=None)
