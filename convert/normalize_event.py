"""One event of a ticket's history: a comment, a change of a field, or a word about an earlier comment.

Whoever tells it (an audit, an incremental ticket event) has given it the update's time, author and via.
That a comment was made private later is a mark, which the merge applies to the comment wherever that stands.
"""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import RecordError

from .channels import channel_of
from .collect import Collector
from .links import links_of_comment
from .normalize_comment import read_comment
from .normalize_record import normalized, whole_number
from .run_lines import MARK

COMMENTS = frozenset(("Comment", "VoiceComment", "TpeVoiceComment", "FacebookComment", "Tweet"))


def is_comment(event: Mapping[str, Any]) -> bool:
    """True for an event that brings the text of a comment, not only word that there was one."""
    kind = event.get("type")
    return (
        isinstance(kind, str)
        and kind in COMMENTS
        and any(key in event for key in ("body", "html_body", "plain_body"))
    )


def read_event(
    event: dict[str, Any], pointer: str, out: Collector, *, ticket_id: int | None, rank: int
) -> None:
    """Hand an event to `out`. ticket_id: whose it is. rank: its place in its update."""
    if isinstance(event.get("via"), str):
        event = {**event, "via": {"channel": channel_of(event["via"])}}
    if is_comment(event):
        kept = read_comment(event, pointer, out, ticket_id=ticket_id, version=None, rank=rank)
        if kept is not None:
            links_of_comment(kept, pointer, out, merged=False)
        return
    event = {key: value for key, value in event.items() if key != "metadata"}
    try:
        if ticket_id is None:
            raise RecordError("belongs to no ticket")
        record = normalized("ticket_events", event, zone=out.zone)
        record["ticket_id"] = ticket_id
    except RecordError as error:
        out.reject("ticket_events", pointer, error, key=whole_number(event.get("id")))
        return
    if out.keep("ticket_events", record, pointer) is not None:
        _mark(event, pointer, out, ticket_id=ticket_id)


def _mark(event: Mapping[str, Any], pointer: str, out: Collector, *, ticket_id: int) -> None:
    if event.get("type") != "CommentPrivacyChange" or event.get("public") is True:
        return
    marked = whole_number(event.get("comment_id"))
    if marked is not None:
        record = {"id": marked, "ticket_id": ticket_id, "public": False}
        out.made("comments", record, pointer, level=MARK)
