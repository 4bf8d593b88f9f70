"""Histories as the archive tells them."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from deskferry.archive.build import build
from deskferry.load.people import prepare_people
from deskferry.load.read_history import read_histories
from deskferry.load.read_people import query
from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.canonical import digest
from deskferry.schemas.dataset import open_dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.validate import complaints
from deskferry.templates.history import History, Rating

SOURCE = "0123456789abcdef:0"
Open = Callable[..., duckdb.DuckDBPyConnection]

FIELDS = [
    {
        "id": 70,
        "title": "Product",
        "type": "tagger",
        "position": 2,
        "custom_field_options": [
            {"value": "ebike", "name": "Bikes::E-bikes"},
            {"value": "kit", "name": "Kit"},
        ],
    },
    {"id": 71, "title": "Urgent", "type": "checkbox", "position": 1},
    {
        "id": 72,
        "title": "Parts",
        "type": "multiselect",
        "position": 3,
        "custom_field_options": [{"value": "w", "name": "Wheel"}, {"value": "b", "name": "Bell"}],
    },
    {"id": 73, "title": "Count", "type": "integer", "position": None},
    {"id": 74, "title": "Empty", "type": "text", "position": 4},
]


def mapping_of(*, zone: str = "UTC", domains: tuple[str, ...] = ()) -> Mapping:
    data = {"transcript": {"timezone": zone}, "staff": {"domains": list(domains), "migration_admin": None}}
    return Mapping(path=Path("acme.mapping.yaml"), data=data, lines={(): 1, ("transcript", "timezone"): 7})


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """opened(tickets=[...], ...) -> the archive of these records, opened as the loader opens it."""
    connections = []

    def make(**records: Any) -> duckdb.DuckDBPyConnection:
        files = {}
        for name, entity in ENTITIES.items():
            rows = [{"source": SOURCE, **row} for row in records.get(name, ())]
            assert [complaints(name, row) for row in rows if complaints(name, row)] == []
            data = "".join(json.dumps(row) + "\n" for row in rows).encode()
            (tmp_path / entity.file_name).write_bytes(data)
            sha256 = hashlib.sha256(data).hexdigest()
            files[entity.file_name] = {"records": len(rows), "bytes": len(data), "sha256": sha256}
        manifest = {
            "type": "manifest",
            "format": 1,
            "deskferry": "0",
            "account": "acme",
            "sources": [],
            "entities": {},
            "files": files,
            "options": {},
            "findings": [],
            "digest": digest(files),
        }
        (tmp_path / "manifest.json").write_bytes(orjson.dumps(manifest))
        connections.append(open_archive(build(open_dataset(tmp_path))))
        return connections[-1]

    yield make
    for connection in connections:
        connection.close()


def read_one(connection: duckdb.DuckDBPyConnection, **mapping: Any) -> History:
    (found,) = read_histories(connection, ticket_ids=[1], mapping=mapping_of(**mapping), account="acme")
    return found


def ticket(ticket_id: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": ticket_id, "status": "open", "created_at": "2024-03-03T14:02:00.000Z", **more}


def comment(number: int, **more: Any) -> dict[str, Any]:
    usual = {"id": number, "ticket_id": 1, "position": number, "public": True, "body": f"text {number}"}
    return {**usual, "created_at": f"2024-03-0{number}T14:02:00.000Z", "author_id": 11, **more}


def test_a_ticket_is_told_with_the_names_of_everything(opened: Open) -> None:
    history = read_one(
        opened(
            tickets=[
                ticket(
                    subject="Broken",
                    status="pending",
                    custom_status_id=5,
                    priority="high",
                    type="problem",
                    via={"channel": "email"},
                    updated_at="2024-03-09T00:00:00.000Z",
                    requester_id=11,
                    submitter_id=2,
                    assignee_id=2,
                    group_id=3,
                    organization_id=4,
                    brand_id=6,
                    ticket_form_id=8,
                    tags=["a", "b"],
                    collaborator_ids=[12, 2],
                    email_cc_ids=[12],
                    follower_ids=[2],
                )
            ],
            users=[
                {"id": 11, "name": " Ana ", "email": "ana@x.example", "role": "end-user"},
                {"id": 2, "name": "Kim", "email": "kim@acme.example", "role": "agent"},
                {"id": 12, "name": None, "email": "bob@x.example", "role": "end-user"},
            ],
            groups=[{"id": 3, "name": "Support"}],
            organizations=[{"id": 4, "name": "Customer Ltd"}],
            brands=[{"id": 6, "name": "Acme"}],
            ticket_forms=[{"id": 8, "name": "Default"}],
            custom_statuses=[{"id": 5, "agent_label": "Waiting for courier"}],
            ticket_metrics=[{"ticket_id": 1, "solved_at": "2024-03-08T00:00:00.000Z"}],
        ),
        zone="Europe/Berlin",
    )
    assert (history.subject, history.status, history.custom_status) == (
        "Broken",
        "pending",
        "Waiting for courier",
    )
    assert (history.priority, history.type, history.channel) == ("high", "problem", "email")
    assert history.created_at == datetime(2024, 3, 3, 14, 2, tzinfo=UTC)
    assert history.created_at.tzname() == "CET"
    assert history.solved_at == datetime(2024, 3, 8, tzinfo=UTC)
    assert (history.requester.name, history.requester.staff) == ("Ana", False)
    assert history.assignee is not None
    assert (history.assignee.email, history.assignee.staff) == ("kim@acme.example", True)
    assert (history.group, history.organization, history.brand) == ("Support", "Customer Ltd", "Acme")
    assert (history.form, history.tags, history.account) == ("Default", ("a", "b"), "acme")
    assert history.ccs == ("bob@x.example <bob@x.example>", "Kim <kim@acme.example> (follower)")


def test_a_ticket_of_which_only_the_number_is_known_is_told_too(opened: Open) -> None:
    history = read_one(opened(tickets=[{"id": 1}]))
    assert (history.subject, history.status, history.tags, history.fields) == ("", "unknown", (), ())
    assert history.created_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert history.requester.name == "Unknown author"
    assert (history.submitter, history.assignee, history.rating, history.messages) == (None, None, None, ())


def test_a_ticket_without_a_date_began_with_its_first_comment(opened: Open) -> None:
    connection = opened(
        tickets=[ticket(created_at=None, updated_at="2024-05-01T00:00:00.000Z")],
        comments=[comment(1, created_at=None), comment(2), comment(3, created_at=None)],
    )
    history = read_one(connection)
    assert history.created_at == datetime(2024, 3, 2, 14, 2, tzinfo=UTC)
    assert [message.created_at.day for message in history.messages] == [2, 2, 2]


def test_messages_follow_their_position_not_their_time_or_id(opened: Open) -> None:
    rows = [comment(3, position=1), comment(1, position=3), comment(-7, position=2, created_at=None)]
    history = read_one(opened(tickets=[ticket()], comments=rows))
    assert [message.id for message in history.messages] == [3, -7, 1]
    assert [message.position for message in history.messages] == [1, 2, 3]


def test_a_message_has_its_text_whatever_form_it_came_in(opened: Open) -> None:
    history = read_one(
        opened(
            tickets=[ticket()],
            comments=[
                comment(1, body="body", plain_body="plain", html_body="<p>html</p>"),
                comment(2, body=" ", plain_body="plain", html_body="<p>html</p>"),
                comment(3, body=None, html_body="<p>ht<b>ml</b></p>", public=False),
                comment(4, body=None, via={"channel": "web"}, reconstructed=True),
            ],
        )
    )
    assert [message.text for message in history.messages] == ["body", "plain", "html", ""]
    assert [message.public for message in history.messages] == [True, True, False, True]
    assert (history.messages[3].channel, history.messages[3].reconstructed) == ("web", True)


def test_everybody_is_named_and_marked_as_what_he_is(opened: Open) -> None:
    history = read_one(
        opened(
            tickets=[ticket(requester_id=11)],
            users=[
                {"id": 11, "name": "Ana", "email": "ana@x.example"},
                {
                    "id": 12,
                    "name": "Left",
                    "email": "left@x.example",
                    "role": "end-user",
                    "roles_seen": ["agent"],
                },
                {"id": 13, "name": "Own", "email": "own@ACME.example"},
                {"id": 14, "name": "Sub", "email": "sub@mail.acme.example"},
            ],
            comments=[
                comment(1),
                comment(2, author_id=12),
                comment(3, author_id=13),
                comment(4, author_id=14),
                comment(5, author_id=99),
                comment(6, author_id=-1),
                comment(7, author_id=None),
            ],
        ),
        domains=("acme.example",),
    )
    assert [(message.author.name, message.author.staff) for message in history.messages] == [
        ("Ana", False),
        ("Left", True),
        ("Own", True),
        ("Sub", False),
        ("Zendesk user 99", False),
        ("Zendesk system", False),
        ("Unknown author", False),
    ]


def test_custom_fields_are_read_as_people_read_them_in_the_accounts_order(opened: Open) -> None:
    history = read_one(
        opened(
            tickets=[
                ticket(
                    custom_fields={
                        "70": "ebike",
                        "71": False,
                        "72": ["w", "gone", "b"],
                        "73": "10517014",
                        "74": "",
                        "9": "no definition",
                        "100": None,
                        "80": [],
                    }
                )
            ],
            ticket_fields=FIELDS,
        )
    )
    assert history.fields == (
        ("Urgent", "no"),
        ("Product", "Bikes > E-bikes"),
        ("Parts", "Wheel, gone, Bell"),
        ("Count", "10517014"),
        ("Field 9", "no definition"),
    )
    assert [(value.id, value.stored) for value in history.field_values] == [
        ("71", False),
        ("70", "ebike"),
        ("72", ["w", "gone", "b"]),
        ("73", "10517014"),
        ("9", "no definition"),
    ]


def test_a_file_says_why_it_is_absent(opened: Open) -> None:
    usual = {"ticket_id": 1, "comment_id": 1, "content_url": "https://x.example/f"}
    history = read_one(
        opened(
            tickets=[ticket()],
            comments=[comment(1)],
            attachments=[
                {**usual, "id": 1, "file_name": "a.pdf", "size": 5, "content_type": "application/pdf"},
                {
                    **usual,
                    "id": 2,
                    "file_name": "b.exe",
                    "malware_scan_result": "malware_found",
                    "sha256": "0" * 64,
                },
                {**usual, "id": 3, "file_name": "redacted.txt", "deleted": True},
                {**usual, "id": 4, "file_name": "c.png", "inline": True, "sha256": "0" * 64},
                {**usual, "id": 5, "file_name": None},
                {**usual, "id": 6, "file_name": "lost.txt", "comment_id": None},
                {**usual, "id": 7, "file_name": "stray.txt", "comment_id": 404},
            ],
        )
    )
    assert [(file.name, file.absence) for file in history.messages[0].files] == [
        ("a.pdf", "not in the export"),
        ("b.exe", "malware found"),
        ("redacted.txt", "deleted in Zendesk (redacted)"),
        ("c.png", "kept in the archive"),
        ("file 5", "not in the export"),
    ]
    assert [file.inline for file in history.messages[0].files] == [False, False, False, True, False]
    assert [file.name for file in history.loose_files] == ["lost.txt", "stray.txt"]


def test_links_are_sentences_in_both_directions(opened: Open) -> None:
    def link(kind: str, start: int, end: int | None, other: str | None = None) -> dict[str, Any]:
        name = f"{kind}:{start}:{end or other}"
        return {"id": name, "type": kind, "ticket_id": start, "linked_ticket_id": end, "linked_id": other}

    links = [
        link("merged", 1, 2),
        link("merged", 3, 2),
        link("follow_up", 3, 1),
        link("problem", 4, 5),
        link("problem", 6, 5),
        link("side", 6, None, "abc"),
    ]
    connection = opened(tickets=[ticket(number) for number in range(1, 7)], ticket_links=links)
    found = read_histories(connection, ticket_ids=[1, 2, 3, 4, 5, 6], mapping=mapping_of(), account="acme")
    assert [history.links for history in found] == [
        ("Followed up by #3", "Merged into #2"),
        ("Requests #1, #3 were merged into this one",),
        ("Follow-up of #1", "Merged into #2"),
        ("Incident of problem #5",),
        ("Problem of incidents #4, #6",),
        ("Incident of problem #5", "Has side conversations, which stay in the archive"),
    ]


def test_a_rating_is_the_latest_given_and_not_that_one_was_asked_for(opened: Open) -> None:
    connection = opened(
        tickets=[
            ticket(1, satisfaction_rating={"score": "offered"}),
            ticket(2, satisfaction_rating={"score": "good", "comment": " Nice "}),
            ticket(3, satisfaction_rating={"score": "good"}),
        ],
        satisfaction_ratings=[
            {
                "id": 1,
                "ticket_id": 3,
                "score": "good",
                "comment": "ok",
                "created_at": "2024-03-01T00:00:00.000Z",
            },
            {
                "id": 2,
                "ticket_id": 3,
                "score": "bad",
                "comment": None,
                "created_at": "2024-03-02T00:00:00.000Z",
            },
            {"id": 3, "ticket_id": 3, "score": "offered", "created_at": "2024-03-03T00:00:00.000Z"},
        ],
    )
    found = read_histories(connection, ticket_ids=[1, 2, 3], mapping=mapping_of(), account="acme")
    assert [history.rating for history in found] == [None, Rating("good", "Nice"), Rating("bad", None)]


def test_histories_come_in_the_order_asked_for_whatever_the_batch(opened: Open) -> None:
    connection = opened(
        tickets=[ticket(number, subject=f"s{number}") for number in range(1, 12)],
        comments=[comment(1, id=100 + number, ticket_id=number) for number in range(1, 12)],
    )
    ids = [7, 3, 11, 404, 1, 2, 5]
    for batch in (1, 2, 3, 200):
        found = read_histories(connection, ticket_ids=ids, mapping=mapping_of(), account="acme", batch=batch)
        assert [(history.ticket_id, history.messages[0].id) for history in found] == [
            (7, 107),
            (3, 103),
            (11, 111),
            (1, 101),
            (2, 102),
            (5, 105),
        ]


@pytest.mark.parametrize("zone", ["Europe/Berlim", "", "/etc/localtime", "../UTC", "Europe"])
def test_a_zone_nobody_knows_is_refused_with_its_line(opened: Open, zone: str) -> None:
    with pytest.raises(InputError, match=r"acme.mapping.yaml:7: unknown zone"):
        read_one(opened(tickets=[ticket()]), zone=zone)


def test_requesters_carry_what_a_contact_is_made_of_and_nothing_agents_wrote(opened: Open) -> None:
    connection = opened(
        tickets=[ticket(requester_id=11)],
        users=[{"id": 11, "name": "Ana", "external_id": "p-1", "notes": "SECRET", "details": "SECRET"}],
    )
    prepare_people(connection, {})
    (found,) = query(connection, "requesters", [11, 404])
    assert (found["id"], found["external_id"]) == (11, "p-1")
    assert "SECRET" not in str(found)
