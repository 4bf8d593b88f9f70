"""The ticket metric that Zendesk keeps beside each ticket, computed from what was said."""

from datetime import datetime, timedelta

from .company import Record, api_url, made_id
from .people import is_staff
from .story import Story
from .tell_comments import TimedComment


def metric_record(story: Story, said: list[TimedComment], ticket: Record) -> Record:
    """Minutes are whole; business hours (8 of 24) are a third of the calendar's, as a rough office."""
    metric_id = made_id("metric", story.id)
    created_at: datetime = ticket["created_at"]
    updated_at: datetime = ticket["updated_at"]
    last = said[-1].created_at
    replies = [one for one in said if one.place and one.said.public and is_staff(one.said.by)]
    solved_at = last + timedelta(minutes=31) if story.status in ("solved", "closed") else None
    assigned_at = created_at + timedelta(minutes=4) if story.assignee else None
    first_reply = replies[0].created_at - created_at if replies else None
    resolution = solved_at - created_at if solved_at else None
    return {
        "url": api_url(f"ticket_metrics/{metric_id}"),
        "id": metric_id,
        "ticket_id": story.id,
        "created_at": created_at,
        "updated_at": updated_at,
        "group_stations": 1 if story.group else 0,
        "assignee_stations": 1 if story.assignee else 0,
        "reopens": 0,
        "replies": len(replies),
        "assignee_updated_at": max((one.created_at for one in replies), default=None),
        "requester_updated_at": max(
            (one.created_at for one in said if one.said.by == story.by), default=created_at
        ),
        "status_updated_at": updated_at,
        "initially_assigned_at": assigned_at,
        "assigned_at": assigned_at,
        "solved_at": solved_at,
        "latest_comment_added_at": last,
        "reply_time_in_minutes": _minutes(first_reply),
        "first_resolution_time_in_minutes": _minutes(resolution),
        "full_resolution_time_in_minutes": _minutes(resolution),
        "agent_wait_time_in_minutes": _minutes(timedelta(minutes=12) if replies else None),
        "requester_wait_time_in_minutes": _minutes(first_reply),
        "on_hold_time_in_minutes": _minutes(timedelta(minutes=95 if story.status == "hold" else 0)),
        "custom_status_updated_at": updated_at,
        "reply_time_in_seconds": {"calendar": int(first_reply.total_seconds()) if first_reply else None},
    }


def _minutes(span: timedelta | None) -> Record:
    if span is None:
        return {"calendar": None, "business": None}
    minutes = int(span.total_seconds() // 60)
    return {"calendar": minutes, "business": minutes // 3}
