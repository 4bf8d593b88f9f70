"""What people said becomes comment records with ids, three bodies, attachments and metadata."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import escape
from urllib.parse import quote

from .company import ACCOUNT, ADDRESSES, BRANDS, SECRET, SEED, Record, api_url, at, number_of
from .people import is_staff, person_id
from .story import File, Said, Story

_FIRST_SECOND = datetime(2023, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedComment:
    """A comment with its place in the ticket (from 0) and its time."""

    place: int
    said: Said
    created_at: datetime


def timed_comments(story: Story) -> list[TimedComment]:
    """All comments of a ticket with their times; the first is as old as the ticket."""
    moment = at(story.started)
    timed = []
    for place, said in enumerate(story.said):
        if place:
            if said.after is None:
                name = f"{story.id}/{place}/after"
                moment += timedelta(minutes=20 + number_of(name, 900), seconds=number_of(f"{name}/s", 60))
            else:
                moment += timedelta(minutes=said.after)
        timed.append(TimedComment(place=place, said=said, created_at=moment))
    return timed


def comment_record(timed: TimedComment, *, story: Story, people: Mapping[str, Record]) -> Record:
    """The comment with the keys of the API, and its `ticket_id`, which only the official export has."""
    said = timed.said
    comment_id = _comment_id(timed, story=story)
    files = [_attachment(file, comment_id + 100 + n, said=said) for n, file in enumerate(said.files)]
    text, html = _bodies(said, files)
    record = {
        "id": comment_id,
        "type": said.kind,
        "author_id": person_id(said.by),
        "body": text,
        "html_body": html,
        # Zendesk's own conversion leaves entities and stray blanks between paragraphs.
        "plain_body": text.replace("\n\n", "&nbsp; \n\n "),
        "public": said.public,
        "attachments": files,
        "audit_id": comment_id - 7,
        "ticket_id": story.id,
        "via": dict(said.via) if said.via else _via(said, story=story, people=people),
        "created_at": timed.created_at,
        "metadata": _metadata(timed, story=story),
    }
    if said.data:
        record["data"] = dict(said.data)
    return record


def _comment_id(timed: TimedComment, *, story: Story) -> int:
    """Ids grow with time, as Zendesk's do, except where a story shifts them."""
    seconds = int((timed.created_at - _FIRST_SECOND).total_seconds())
    return (
        22_000_000_000_000
        + seconds * 37_000
        + number_of(f"{story.id}/{timed.place}/id", 9_000)
        + timed.said.id_shift
    )


def _bodies(said: Said, files: list[Record]) -> tuple[str, str]:
    text = said.text
    html = said.html
    if files:
        text = text.replace("![](file)", f"![]({files[0]['content_url']})")
        html = html.replace("{file0}", files[0]["content_url"]) if html else None
    if not said.public:
        text = f"{text}\n\n[{SECRET}]"
    if html is None:
        paragraphs = escape(text, quote=False).split("\n\n")
        inner = "".join(f'<p dir="auto">{one}</p>' for one in paragraphs).replace("\n", "<br>")
        html = f'<div class="zd-comment" dir="auto">{inner}</div>'
    return text, html


def _attachment(file: File, attachment_id: int, *, said: Said) -> Record:
    name = file.name if said.public else f"{SECRET} {file.name}"
    token = sha256(f"{SEED}/{attachment_id}".encode()).hexdigest()[:25]
    content_url = f"https://{ACCOUNT}.zendesk.com/attachments/token/{token}/?name={quote(name)}"
    record = {
        "url": api_url(f"attachments/{attachment_id}"),
        "id": attachment_id,
        "file_name": name,
        "content_url": content_url,
        "mapped_content_url": content_url,
        "content_type": file.content_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "inline": file.inline,
        "deleted": file.deleted,
        "malware_access_override": False,
        "malware_scan_result": file.malware,
    }
    return {**record, "thumbnails": [_thumbnail(record)] if file.width else []}


def _thumbnail(image: Record) -> Record:
    content_url = f"{image['content_url']}&thumb=1"
    return {
        **image,
        "id": image["id"] + 50,
        "url": api_url(f"attachments/{image['id'] + 50}"),
        "file_name": image["file_name"].replace(".", "_thumb.", 1),
        "content_url": content_url,
        "mapped_content_url": content_url,
        "size": 3_107,
        "width": 80,
        "height": 60,
        "inline": False,
    }


def _via(said: Said, *, story: Story, people: Mapping[str, Record]) -> Record:
    source: Record = {"from": {}, "to": {}, "rel": None}
    if story.channel != "email" or said.by in ("system", "unknown"):
        return {"channel": story.channel, "source": source}
    if not is_staff(said.by):
        author = people[said.by]
        if author["email"]:
            source["from"] = {"address": author["email"], "name": author["name"], "original_recipients": []}
        source["to"] = {"name": BRANDS[story.brand]["name"], "address": ADDRESSES[story.brand]}
        return {"channel": "email", "source": source}
    if said.public:
        requester = people[story.by]
        source["to"] = {"name": requester["name"], "address": requester["email"]}
    return {"channel": "web", "source": source}


def _metadata(timed: TimedComment, *, story: Story) -> Record:
    place = {
        "ip_address": f"192.0.2.{1 + number_of(timed.said.by, 250)}",
        "location": "Halden, 01, Norway",
        "latitude": 59.1226,
        "longitude": 11.3871,
    }
    if timed.said.by == "system":
        return {"system": {}, "custom": {}}
    if is_staff(timed.said.by) or story.channel != "email":
        return {"system": {"client": "Mozilla/5.0 (X11; Linux x86_64)", **place}, "custom": {}}
    message = f"<{story.id}.{timed.place}@mail.test>"
    record: Record = {
        "system": {
            "message_id": message,
            "raw_email_identifier": f"17300001/{story.id}-{timed.place}.eml",
            **place,
        },
        "custom": {},
        "suspension_type_id": None,
    }
    if timed.said.by == "unknown":
        # Flag 2: the author was not on the ticket when he wrote.
        record |= {"flags": [2], "flags_options": {"2": {"trusted": False}}}
    return record
