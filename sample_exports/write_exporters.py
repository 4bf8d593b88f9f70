"""What scripts of the community leave: one zip for each way to lay out what the API gave."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .company import NOVEMBER, ORGANIZATIONS, Record, api_url
from .fields import MACROS, TRIGGERS
from .people import PEOPLE
from .tell import Told, tell_all
from .tell_audits import audits_of, ticket_events_of
from .tell_lists import account_lists
from .zip_members import write_zip


def write_exporters(folder: Path) -> None:
    """Write the zips into the folder."""
    every = tell_all()
    for name, members in (
        ("alternating_lines", _alternating(every)),
        ("one_file_each", _one_file_each(every)),
        ("with_metadata", _with_metadata(every)),
        ("by_id", _by_id(every)),
        ("joined_pages", _joined_pages(every)),
        ("ticket_events", _ticket_events(every)),
        ("audits", _audits(every)),
    ):
        write_zip(folder / f"{name}.zip", members)


def _alternating(every: Sequence[Told]) -> dict[str, bytes]:
    """A ticket's number on one line, the list of its comments on the next; no addresses in the rest."""
    comments = "".join(
        f"{told.story.id}\n{_json([_of_api(one) for one in told.comments])}\n" for told in every
    )
    return {
        "exported/tickets.json": _lines(_without_url(told.ticket) for told in every),
        "exported/users.json": _lines(_without_url(one) for one in PEOPLE.values()),
        "exported/comments.json": comments.encode(),
        "exported/macros.json": _json([_without_url(one) for one in MACROS]).encode(),
        "exported/triggers.json": _json([_without_url(one) for one in TRIGGERS]).encode(),
        "exported/settings.json": _json({"settings": {"branding": {"header_color": "78A300"}}}).encode(),
        "exported/errors.txt": b"404 https://haldenbikes.zendesk.com/api/v2/views/1.json\n",
    }


def _one_file_each(every: Sequence[Told]) -> dict[str, bytes]:
    """A pretty object in each file, in folders named by type, a log beside them; no comments."""
    top = "support/2026 November 21 060000"
    members = {f"{top}/tickets/{told.story.id}.json": _pretty(told.ticket) for told in every}
    kinds = {
        "users": list(PEOPLE.values()),
        "organizations": list(ORGANIZATIONS.values()),
        "macros": MACROS,
        "triggers": TRIGGERS,
        **{
            name: account_lists(every)[name]
            for name in ("ticket_fields", "user_fields", "organization_fields")
        },
    }
    for kind, records in kinds.items():
        rows = ["id,name,file"]
        for record in records:
            below = (
                "suspended/"
                if record.get("suspended")
                else "inactive/"
                if not record.get("active", True)
                else ""
            )
            below = "" if kind == "users" and not record.get("suspended") else below
            name = f"{record['id']}.json"
            members[f"{top}/{kind}/{below}{name}"] = _pretty(record)
            rows.append(f"{record['id']},,{name}")
        members[f"{top}/{kind}/_log.csv"] = "\n".join(rows).encode()
    return members


def _with_metadata(every: Sequence[Told]) -> dict[str, bytes]:
    """Pretty files of everything, the comments hung inside their tickets; one was edited by hand."""
    tickets = [
        {**told.ticket, "comments": [_of_api(one) for one in told.comments]}
        if told.story.id % 2
        else {**told.ticket, "comments": {"comments": [_of_api(one) for one in told.comments], "count": 1}}
        for told in every
    ]
    people = list(PEOPLE.values())
    exported = {"exported_at": "20261121_060000"}
    files = {
        "tickets": _pretty({"metadata": {**exported, "count": len(tickets)}, "tickets": tickets}),
        "users": b"// saved on Friday\n" + _pretty({"metadata": exported, "users": people}),
        "macros": _pretty({"metadata": exported, "macros": MACROS}),
    }
    top = "outputs/zendesk/origin_export"
    return {f"{top}/zendesk_{name}_20261121.json": content for name, content in files.items()}


def _by_id(every: Sequence[Told]) -> dict[str, bytes]:
    """Objects whose keys are ids: tickets, lists of comments, people."""
    return {
        "tickets.json": _pretty({str(told.story.id): {"ticket": told.ticket} for told in every}),
        "comments.json": _json(
            {str(told.story.id): [_of_api(one) for one in told.comments] for told in every if told.comments}
        ).encode(),
        "users.json": _pretty({str(one["id"]): one for one in PEOPLE.values()}),
    }


def _joined_pages(every: Sequence[Told]) -> dict[str, bytes]:
    """Pages one after another in one file, pages in an array, and lines that were wrapped by hand."""
    people = list(PEOPLE.values())
    pages = [{"users": people[n : n + 9], "count": len(people)} for n in range(0, len(people), 9)]
    comments = [
        {"comments": [_of_api(one) for one in told.comments], "next_page": None, "previous_page": _page(told)}
        for told in every
        if told.comments
    ]
    tickets = [told.ticket for told in every]
    return {
        "tickets.json": _pretty({"tickets": [{"ticket": ticket} for ticket in tickets]}),
        "comments.json": b"".join(_pretty(page) for page in comments),
        "users.json": _json(pages).encode(),
    }


def _ticket_events(every: Sequence[Told]) -> dict[str, bytes]:
    """Incremental ticket events with their comments, beside a list of tickets."""
    events = [event for told in every for event in ticket_events_of(told)]
    end = int(NOVEMBER.timestamp())
    cut = len(events) // 2
    address = api_url("incremental/ticket_events") + f"?start_time={end}"
    pages = (
        {"ticket_events": events[: cut + 3], "next_page": address, "count": 1000, "end_of_stream": False},
        {"ticket_events": events[cut:], "next_page": address, "count": 90, "end_of_stream": True},
    )
    members = {f"ticket_events_{n}.json": _json({**page, "end_time": end}) for n, page in enumerate(pages)}
    members |= {"tickets.json": _json({"tickets": [told.ticket for told in every], "next_page": None})}
    return {name: text.encode() for name, text in members.items()}


def _audits(every: Sequence[Told]) -> dict[str, bytes]:
    """The audits of each ticket in a file with its number, beside a list of tickets."""
    members = {"tickets.json": _json({"tickets": [told.ticket for told in every], "next_page": None})}
    for told in every:
        if audits := audits_of(told):
            links = {"prev": None, "next": f"{api_url(f'tickets/{told.story.id}/audits')}?page[after]=x"}
            page = {"audits": audits, "meta": {"has_more": False}, "links": links}
            members[f"audits/{told.story.id}.json"] = _json(page)
    return {name: text.encode() for name, text in members.items()}


def _page(told: Told) -> str:
    return api_url(f"tickets/{told.story.id}/comments") + "?page=1"


def _of_api(comment: Record) -> Record:
    """A comment of the API says nothing of its ticket."""
    return {key: value for key, value in comment.items() if key != "ticket_id"}


def _without_url(record: Record) -> Record:
    return {key: value for key, value in record.items() if key != "url"}


def _lines(records: Iterable[Record]) -> bytes:
    return "".join(_json(record) + "\n" for record in records).encode()


def _pretty(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_time).encode() + b"\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_time)


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise TypeError(f"no spelling for {value!r}")
