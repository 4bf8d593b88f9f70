"""Stories become the records Zendesk would hold at a moment: ticket, comments, metrics, rating."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from . import tickets_linked, tickets_ordinary, tickets_people, tickets_states, tickets_texts
from .company import (
    ADDRESSES,
    BRANDS,
    CUSTOM_STATUSES,
    GROUPS,
    NOVEMBER,
    OCTOBER,
    ORGANIZATIONS,
    SECRET,
    Record,
    api_url,
    at,
    made_id,
    number_of,
)
from .fields import CUSTOM_FIELDS, FORMS
from .people import ORGANIZATION_MEMBERS, PEOPLE, PEOPLE_IN_OCTOBER, person_id
from .story import Story
from .tell_comments import TimedComment, comment_record, timed_comments
from .tell_metrics import metric_record

STORIES: tuple[Story, ...] = tuple(
    sorted(
        (
            *tickets_people.STORIES,
            *tickets_linked.STORIES,
            *tickets_texts.STORIES,
            *tickets_states.STORIES,
            *tickets_ordinary.STORIES,
        ),
        key=lambda story: story.id,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One ticket as its account holds it: `ticket` has the 39 keys of the API."""

    story: Story
    ticket: Record
    comments: list[Record]
    metrics: Record
    rating: Record | None


def tell_all(*, until: datetime = NOVEMBER) -> list[Told]:
    """Every ticket that existed at the moment, in the state it then had."""
    people = PEOPLE if until > OCTOBER else PEOPLE_IN_OCTOBER
    return [tell(story, until=until, people=people) for story in STORIES if at(story.started) <= until]


def tell(story: Story, *, until: datetime, people: Mapping[str, Record]) -> Told:
    """The ticket in the state it had at the moment."""
    story, said, updated_at = _as_it_was(story, until=until)
    comments = [comment_record(comment, story=story, people=people) for comment in said]
    ticket = _ticket_record(story, comments, people=people, updated_at=updated_at)
    rating = _rating(story, updated_at=updated_at)
    ticket["satisfaction_rating"] = _rating_on_ticket(story, rating)
    return Told(
        story=story,
        ticket=ticket,
        comments=[] if story.gone else comments,
        metrics=metric_record(story, said, ticket),
        rating=rating,
    )


def _as_it_was(story: Story, *, until: datetime) -> tuple[Story, list[TimedComment], datetime]:
    """What was said by then; a ticket whose end lies later was still open."""
    every = timed_comments(story)
    said = [comment for comment in every if comment.created_at <= until]
    if story.gone and at(story.gone) <= until:
        return story, said, at(story.gone)
    last = said[-1].created_at
    settled = last + {"closed": timedelta(days=4), "solved": timedelta(minutes=31)}.get(
        story.status, timedelta(minutes=3)
    )
    if story.gone or len(said) < len(every) or settled > until:
        return (
            replace(story, gone=None, scrubbed=False, status="open", custom_status=None, csat=None),
            said,
            last,
        )
    if story.touched and at(story.touched) <= until:
        return story, said, at(story.touched)
    return story, said, settled


def _ticket_record(
    story: Story, comments: list[Record], *, people: Mapping[str, Record], updated_at: datetime
) -> Record:
    is_public = any(comment["public"] for comment in comments)
    subject = _subject(story, is_public=is_public)
    fields = [] if story.scrubbed else _custom_fields(story)
    status = "deleted" if story.gone else story.status
    return {
        "url": api_url(f"tickets/{story.id}"),
        "id": story.id,
        "external_id": story.external_id,
        "via": ticket_via(story, people=people),
        "created_at": at(story.started),
        "updated_at": updated_at,
        # The system's own clock: a little later than the change it belongs to.
        "generated_timestamp": int(updated_at.timestamp()) + 7,
        "type": story.kind,
        "subject": subject,
        "raw_subject": subject,
        "description": "X" if story.scrubbed else comments[0]["body"],
        "priority": story.priority,
        "status": status,
        "recipient": ADDRESSES[story.brand] if story.channel == "email" else None,
        **_participants(story),
        "forum_topic_id": None,
        "problem_id": story.problem,
        "has_incidents": story.incidents,
        "is_public": is_public,
        "due_at": at(story.due) if story.due else None,
        "tags": [] if story.scrubbed else sorted({*story.tags, *_field_tags(story)}),
        "custom_fields": fields,
        "satisfaction_rating": None,
        "sharing_agreement_ids": [],
        "custom_status_id": CUSTOM_STATUSES[_custom_status(story)]["id"],
        "fields": fields,
        "followup_ids": list(story.followups),
        "ticket_form_id": FORMS[story.form]["id"],
        "brand_id": BRANDS[story.brand]["id"],
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": story.channel == "native_messaging",
    }


def _participants(story: Story) -> Record:
    ccs = [person_id(name) for name in story.ccs]
    followers = [person_id(name) for name in story.followers]
    return {
        "requester_id": person_id(story.by),
        "submitter_id": person_id(story.submitter or story.by),
        "assignee_id": person_id(story.assignee) if story.assignee else None,
        "organization_id": _organization_id(story),
        "group_id": GROUPS[story.group]["id"] if story.group else None,
        "collaborator_ids": sorted({*ccs, *followers}),
        "follower_ids": followers,
        "email_cc_ids": ccs,
    }


def _organization_id(story: Story) -> int | None:
    name = story.organization
    if name == "own":
        if story.by == "hans":  # his membership went with the organization, his ticket kept it
            return int(ORGANIZATIONS["oldtown"]["id"])
        name = next(iter(ORGANIZATION_MEMBERS.get(story.by, ())), None)
    return int(ORGANIZATIONS[name]["id"]) if name else None


def _subject(story: Story, *, is_public: bool) -> str | None:
    if story.scrubbed:
        return "SCRUBBED"
    if story.subject is None or is_public:
        return story.subject
    return f"{story.subject} ({SECRET})"


def _custom_status(story: Story) -> str:
    return story.custom_status or {"closed": "solved"}.get(story.status, story.status)


def _custom_fields(story: Story) -> list[Record]:
    """One entry for every field that is switched on; the others only where a value is left."""
    return [
        {"id": field["id"], "value": _value(story, name)}
        for name, field in CUSTOM_FIELDS.items()
        if field["active"] or name in story.fields
    ]


def _value(story: Story, name: str) -> Any:
    kind = CUSTOM_FIELDS[name]["type"]
    if name in story.fields:
        value = story.fields[name]
        if kind == "lookup":
            return str(ORGANIZATIONS[value]["id"])
        return f"{value} {SECRET}" if not CUSTOM_FIELDS[name]["visible_in_portal"] else value
    if kind == "checkbox":
        return False
    if kind == "multiselect":
        return []
    # Zendesk has two ways to say nothing: a field that was emptied again keeps an empty text.
    emptied = kind in ("text", "textarea") and number_of(f"{story.id}/{name}/emptied", 4) == 0
    return "" if emptied else None


def _field_tags(story: Story) -> list[str]:
    tags: list[str] = []
    for name, value in story.fields.items():
        kind = CUSTOM_FIELDS[name]["type"]
        if kind == "tagger":
            tags.append(value)
        elif kind == "multiselect":
            tags.extend(value)
        elif kind == "checkbox" and value:
            tags.append(CUSTOM_FIELDS[name]["tag"])
    return tags


def ticket_via(story: Story, *, people: Mapping[str, Record]) -> Record:
    """How the ticket came in."""
    source: Record = {"from": {}, "to": {}, "rel": None}
    requester = people[story.by]
    if story.via_source:
        source = dict(story.via_source)
    elif story.channel == "email":
        if requester["email"]:
            source["from"] = {"address": requester["email"], "name": requester["name"]}
        source["to"] = {"name": BRANDS[story.brand]["name"], "address": ADDRESSES[story.brand]}
    elif story.channel == "voice":
        phone = requester["phone"]
        source["from"] = {
            "formatted_phone": phone,
            "phone": phone.replace(" ", ""),
            "name": requester["name"],
        }
        source["to"] = {
            "formatted_phone": "+47 22 55 01 00",
            "phone": "+4722550100",
            "name": "Halden Bikes",
            "brand_id": BRANDS[story.brand]["id"],
        }
        source["rel"] = "inbound" if story.submitter else "voicemail"
    return {"channel": story.channel, "source": source}


def _rating(story: Story, *, updated_at: datetime) -> Record | None:
    """The rating as the satisfaction_ratings list has it."""
    if story.csat is None:
        return None
    score, comment = story.csat
    rating_id = made_id("rating", story.id)
    record: Record = {
        "url": api_url(f"satisfaction_ratings/{rating_id}"),
        "id": rating_id,
        "assignee_id": person_id(story.assignee) if story.assignee else None,
        "group_id": GROUPS[story.group]["id"] if story.group else None,
        "requester_id": person_id(story.by),
        "ticket_id": story.id,
        "score": score,
        "created_at": updated_at - timedelta(minutes=20),
        "updated_at": updated_at,
        "comment": comment,
    }
    if score == "bad":
        record |= {
            "reason": "The issue took too long to resolve",
            "reason_id": 20397161005013,
            "reason_code": 5,
        }
    return record


def _rating_on_ticket(story: Story, rating: Record | None) -> Record | None:
    if rating is None:
        return {"score": "unoffered"} if story.status in ("solved", "closed") and not story.gone else None
    # A rating that was only asked for has no id on its ticket.
    return {"score": "offered"} if rating["score"] == "offered" else rating
