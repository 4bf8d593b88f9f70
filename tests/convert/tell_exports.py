"""A small invented history told in every form, and how many records of each kind each telling wrote.

The counts are made here, by counting what is written, and know nothing of the converter.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

Record = dict[str, Any]
Files = dict[str, bytes]
Counts = Counter[str]
API = "https://acme.zendesk.com/api/v2"


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def official(tickets: Sequence[Record], users: Sequence[Record]) -> tuple[Files, Counts]:
    """Lines with people and comments inside, every other one wrapped; people who are known whole."""
    people = {user["id"]: user for user in users}
    counts: Counts = Counter()
    lines = []
    for number, ticket in enumerate(tickets):
        line = {key: value for key, value in ticket.items() if key != "requester_id"}
        line["requester"] = people.get(ticket["requester_id"], {"id": ticket["requester_id"]})
        counts.update({"users": 1, "tickets": 1, **_inside(ticket)})
        lines.append({"ticket": line} if number % 2 else line)
    return {"export.json": _lines(lines)}, counts


def pages(tickets: Sequence[Record], users: Sequence[Record]) -> tuple[Files, Counts]:
    """Pages of the API: tickets and users in lists, comments in a file with their ticket's number."""
    files = {
        "tickets.json": json_text({"tickets": [_bare(ticket) for ticket in tickets], "count": len(tickets)}),
        "users.json": json_text({"users": users, "count": len(users), "next_page": None}),
    }
    counts = Counter(tickets=len(tickets), users=len(users))
    for number, ticket in enumerate(tickets):
        if ticket["comments"]:
            address = f"{API}/tickets/{ticket['id']}/comments.json?page={number}"
            page = {"comments": ticket["comments"], "previous_page": address, "next_page": None}
            files[f"comments/page_{number}.json"] = json_text(page)
            counts.update(_inside(ticket))
    return {name: text.encode() for name, text in files.items()}, counts


def inside(tickets: Sequence[Record], users: Sequence[Record]) -> tuple[Files, Counts]:
    """One pretty document of tickets with their comments inside, one file for each person."""
    document = {"metadata": {"exported_at": "20250917_102842"}, "tickets": tickets}
    files = {"all.json": json.dumps(document, indent=2).encode()}
    counts = Counter(tickets=len(tickets), users=len(users))
    for number, user in enumerate(users):
        files[f"users/{number}.json"] = json.dumps(user, indent=2).encode()
    for ticket in tickets:
        counts.update(_inside(ticket))
    return files, counts


def singer(tickets: Sequence[Record], users: Sequence[Record]) -> tuple[Files, Counts]:
    """Messages of a tap, interleaved."""
    lines: list[Record] = []
    counts: Counts = Counter()
    for stream, record in _streams(tickets, users):
        lines.append({"type": "RECORD", "stream": stream, "record": record})
        if len(lines) % 3 == 0:
            lines.append({"type": "STATE", "value": {"bookmarks": {}}})
        counts += _of_stream(stream, record)
    return {"tap.singer": _lines(lines)}, counts


def airbyte(tickets: Sequence[Record], users: Sequence[Record]) -> tuple[Files, Counts]:
    """Raw tables: a file for each stream."""
    rows: dict[str, list[Record]] = {}
    counts: Counts = Counter()
    for stream, record in _streams(tickets, users):
        row = {"_airbyte_ab_id": "x", "_airbyte_emitted_at": 1714557600000, "_airbyte_data": record}
        rows.setdefault(stream, []).append(row)
        counts += _of_stream(stream, record)
    return {f"_airbyte_raw_{stream}.jsonl": _lines(lines) for stream, lines in rows.items()}, counts


def alternating(tickets: Sequence[Record], users: Sequence[Record]) -> tuple[Files, Counts]:
    """A number on a line, the array of its comments on the next."""
    text = "".join(
        f"{ticket['id']}\n{json_text([{'id': 900, **one} for one in ticket['comments']])}\n"
        for ticket in tickets
    )
    files = {
        "tickets.json": _lines(_bare(ticket) for ticket in tickets),
        "users.json": _lines(users),
        "comments.json": text.encode(),
    }
    counts = Counter(tickets=len(tickets), users=len(users))
    for ticket in tickets:
        counts.update(_inside(ticket))
    return files, counts


def table(tickets: Sequence[Record], users: Sequence[Record]) -> tuple[Files, Counts]:
    """The account's CSV: deleted tickets are not in it."""
    del users
    into = io.StringIO()
    writer = csv.writer(into, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(("Id", "Requester id", "Requester", "Subject", "Status", "Tags", "Via", "Ticket type"))
    rows = [ticket for ticket in tickets if ticket["status"] != "deleted"]
    for ticket in rows:
        status, subject = ticket["status"].title(), ticket["subject"].replace("\0", "")
        writer.writerow(
            (ticket["id"], ticket["requester_id"], "Somebody", subject, status, "a b", "Mail", "-")
        )
    return {"account.csv": into.getvalue().encode()}, Counter(tickets=len(rows), users=len(rows))


def xml(tickets: Sequence[Record], users: Sequence[Record]) -> tuple[Files, Counts]:
    """The XML export: comments have no ids, people stand in a file of their own."""
    counts = Counter(tickets=len(tickets), users=len(users))
    statuses = {"new": 0, "open": 1, "solved": 3, "closed": 4, "deleted": 5}
    body = []
    for ticket in tickets:
        counts["comments"] += len(ticket["comments"])
        said = "".join(
            f"<comment><value>{_xml(one['body'])}</value><is-public>{str(one['public']).lower()}</is-public>"
            f"<created-at>{one['created_at']}</created-at><author-id>{one['author_id']}</author-id></comment>"
            for one in ticket["comments"]
        )
        body.append(
            f'<ticket><nice-id type="integer">{ticket["id"]}</nice-id>'
            f"<subject>{_xml(ticket['subject'])}</subject>"
            f"<status-id>{statuses[ticket['status']]}</status-id>"
            f"<requester-id>{ticket['requester_id']}</requester-id>"
            f"<updated-at>{ticket['updated_at']}</updated-at>"
            f'<comments type="array">{said}</comments></ticket>'
        )
    people = "".join(
        f"<user><id>{user['id']}</id><name>{_xml(user['name'])}</name><roles>0</roles>"
        f"<updated-at>{user['updated_at']}</updated-at></user>"
        for user in users
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    files = {
        "tickets.xml": f'{head}<tickets type="array">{"".join(body)}</tickets>',
        "users.xml": f'{head}<users type="array">{people}</users>',
    }
    return {name: text.encode() for name, text in files.items()}, counts


Telling = Callable[[Sequence[Record], Sequence[Record]], tuple[Files, Counts]]
TELLINGS: dict[str, Telling] = {
    one.__name__: one for one in (official, pages, inside, singer, airbyte, alternating, table, xml)
}


def _inside(ticket: Record) -> Counts:
    comments = ticket["comments"]
    return Counter(
        comments=len(comments), attachments=sum(len(one.get("attachments", ())) for one in comments)
    )


def _streams(tickets: Iterable[Record], users: Iterable[Record]) -> Iterable[tuple[str, Record]]:
    for ticket in tickets:
        yield "tickets", _bare(ticket)
        for comment in ticket["comments"]:
            yield "ticket_comments", {**comment, "ticket_id": ticket["id"]}
    for user in users:
        yield "users", user


def _of_stream(stream: str, record: Record) -> Counts:
    entity = {"ticket_comments": "comments"}.get(stream, stream)
    return Counter({entity: 1, "attachments": len(record.get("attachments", ()))})


def _bare(ticket: Record) -> Record:
    return {key: value for key, value in ticket.items() if key != "comments"}


def _lines(values: Iterable[Any]) -> bytes:
    return "".join(json_text(value) + "\n" for value in values).encode()


def _xml(text: str) -> str:
    return escape("".join(one for one in text if one in "\t\n\r" or one >= " "))
