"""An API dump: the pages a script saved, as they came, one file per answer."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .company import NOVEMBER, ORGANIZATIONS, Record, api_url
from .people import PEOPLE, PEOPLE_IN_OCTOBER
from .tell import Told, tell_all
from .tell_lists import account_lists

_TICKETS_PER_PAGE = 25
_USERS_PER_PAGE = 10


def write_api(folder: Path) -> None:
    """Write the dump into the folder: tickets/, users/, comments/ and one file for each list."""
    every = tell_all()
    for name in ("tickets", "users", "comments"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for old in (folder / name).glob("*.json"):
            old.unlink()
    _write_tickets(folder / "tickets", every)
    _write_users(folder / "users")
    for told in every:
        if told.comments:
            _write_comments(folder / "comments", told)
    _write_lists(folder, every)


def _write_tickets(folder: Path, every: Sequence[Told]) -> None:
    """Incremental pages, by the system's clock; the first brings people as they were then."""
    tickets = sorted(
        (told.ticket for told in every), key=lambda ticket: (ticket["generated_timestamp"], ticket["id"])
    )
    pages = [tickets[n : n + _TICKETS_PER_PAGE] for n in range(0, len(tickets), _TICKETS_PER_PAGE)]
    for number, page in enumerate(pages, start=1):
        last = number == len(pages)
        cursor = f"MTc2MDAwMDAwMC4wfHw{number:04}"
        envelope: Record = {"tickets": page}
        if number == 1:
            envelope["users"] = [PEOPLE_IN_OCTOBER[name] for name in ("jonas", "tomoko", "anna")]
        envelope |= {
            "after_url": None if last else api_url("incremental/tickets/cursor") + f"?cursor={cursor}",
            "before_url": None,
            "after_cursor": cursor,
            "before_cursor": None,
            "end_of_stream": last,
        }
        _write(folder / f"incremental_cursor_{number:04}.json", envelope)


def _write_users(folder: Path) -> None:
    people = list(PEOPLE.values())
    pages = [people[n : n + _USERS_PER_PAGE] for n in range(0, len(people), _USERS_PER_PAGE)]
    for number, page in enumerate(pages, start=1):
        next_page = api_url("users") + f"?page={number + 1}" if number < len(pages) else None
        previous = api_url("users") + f"?page={number - 1}" if number > 1 else None
        envelope = {"users": page, "next_page": next_page, "previous_page": previous, "count": len(people)}
        _write(folder / f"users_page_{number}.json", envelope)


def _write_comments(folder: Path, told: Told) -> None:
    """Comments name no ticket: it stands in the file's name, or only in the addresses of the pages."""
    number = told.story.id
    # The dictionary's order is that of the API, where `ticket_id` is missing and the time comes later.
    comments = [{key: value for key, value in one.items() if key != "ticket_id"} for one in told.comments]
    address = api_url(f"tickets/{number}/comments")
    if number == 12:
        cut = 25
        names = [f"ticket_{number}_page1", f"ticket_{number}_page2"]
    elif number == 17:
        cut = 3
        names = ["saved_page_a", "saved_page_b"]
    else:
        envelope = {"comments": comments, "next_page": None, "previous_page": None, "count": len(comments)}
        _write(folder / f"ticket_{number}.json", envelope)
        return
    count = len(comments)
    _write(
        folder / f"{names[0]}.json",
        {"comments": comments[:cut], "next_page": f"{address}?page=2", "previous_page": None, "count": count},
    )
    _write(
        folder / f"{names[1]}.json",
        {"comments": comments[cut:], "next_page": None, "previous_page": f"{address}?page=1", "count": count},
    )


def _write_lists(folder: Path, every: Sequence[Told]) -> None:
    organizations = {
        "organizations": list(ORGANIZATIONS.values()),
        "count": len(ORGANIZATIONS),
        "end_of_stream": True,
        "next_page": None,
        "end_time": int(NOVEMBER.timestamp()),
    }
    _write(folder / "organizations.json", organizations)
    for name, records in account_lists(every).items():
        page = {name: records, "next_page": None, "previous_page": None, "count": len(records)}
        _write(folder / f"{name}.json", page, indent=1)


def _write(path: Path, page: Record, *, indent: int | None = None) -> None:
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(page, ensure_ascii=False, indent=indent, separators=separators, default=_time)
    path.write_bytes(text.encode() + b"\n")


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise TypeError(f"no spelling for {value!r}")
