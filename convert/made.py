"""What the source does not hold and the dataset needs: a first message where no comment exists."""

from collections.abc import Callable, Mapping
from typing import Any

from .record_facts import made_id

# Channels through which a customer can only write publicly, and nobody else in his name.
_WRITTEN = frozenset(
    ("email", "mail", "web", "web_form", "web_widget", "mobile", "mobile_sdk", "help_center", "helpcenter")
)


def rebuilt(ticket: Mapping[str, Any], *, is_end_user: Callable[[int], bool]) -> dict[str, Any] | None:
    """The first message of a ticket, from its description; None where it has none.

    It is public only where the ticket says so: it has public comments, and the requester, an end-user,
    opened it by writing. An end-user has no private comments; the first one of an agent may have been private
    even if a later one was not, and so may that of somebody whose role or name nobody tells. Where a customer
    called or chatted, the first comment is a transcript, which is private.
    """
    text = ticket.get("description")
    if not text:
        return None
    requester, submitter = ticket.get("requester_id"), ticket.get("submitter_id")
    says = ticket.get("is_public")
    opened = says is True and submitter == requester and _is_written(ticket.get("via"))
    public = opened and requester is not None and is_end_user(requester)
    comment: dict[str, Any] = {
        "id": made_id("description", ticket["id"]),
        "id_made": True,
        "ticket_id": ticket["id"],
        "type": "Comment",
        "author_id": requester if submitter is None else submitter,
        "body": text,
        "public": public,
        "reconstructed": True,
    }
    if says is None or (says is True and not public):
        comment["visibility_unknown"] = True
    for key in ("created_at", "via"):
        if key in ticket:
            comment[key] = ticket[key]
    return comment


def _is_written(via: Any) -> bool:
    channel = via.get("channel") if isinstance(via, dict) else None
    return isinstance(channel, (str, int)) and channel in _WRITTEN


def fingerprint(comment: Mapping[str, Any]) -> tuple[Any, ...]:
    """What two copies of one comment share, whether or not they have an id."""
    text = comment.get("plain_body") or comment.get("body") or comment.get("html_body")
    return ((comment.get("created_at") or "")[:19], comment.get("author_id"), squeezed(text))


def squeezed(text: Any) -> str:
    """Text with its blanks evened out."""
    return " ".join(str(text or "").replace("&nbsp;", " ").split())
