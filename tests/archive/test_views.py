"""What the views answer, on a company small enough to check by hand."""

from pathlib import Path
from typing import Any

import pytest

from deskferry.schemas.archive_file import open_archive

from .conftest import BuildArchive


def overview(archive: Path, ticket: int) -> dict[str, Any]:
    with open_archive(archive) as connection:
        cursor = connection.execute("select * from ticket_overview where id = ?", [ticket])
        names = [column[0] for column in cursor.description]
        [row] = cursor.fetchall()
    return dict(zip(names, row, strict=True))


def test_a_ticket_has_everybody_and_everything_by_name(small_archive: Path) -> None:
    row = overview(small_archive, 101)
    expected = {
        "custom_status": "Waiting for courier",
        "channel": "email",
        "requester_name": "Ada",
        "requester_email": "ada@customer.test",
        "requester_external_id": "A-1",
        "requester_staff": False,
        "assignee_name": "Agent",
        "group_name": "Support",
        "organization_name": "Customer Ltd",
        "brand_name": "Acme",
        "form_name": "Default",
        "comments": 3,
        "public_comments": 2,
        "private_comments": 1,
        "first_comment_public": True,
        "first_comment_by_requester": True,
        "attachments": 2,
        "csat_score": "good",
        "csat_comment": "Thanks",
        "tags": ["kettle", "is_urgent", "vip", "red"],
    }
    assert {name: row[name] for name in expected} == expected
    assert str(row["solved_at"]) == "2024-01-09 00:00:00"


def test_every_documented_column_is_there(small_archive: Path) -> None:
    documented = (
        "id subject status custom_status priority type channel created_at updated_at solved_at requester_id"
        " requester_name requester_email requester_external_id requester_phone requester_role requester_staff"
        " requester_suspended requester_deleted requester_erased requester_placeholder submitter_id"
        " assignee_id assignee_name assignee_email group_id group_name organization_id organization_name"
        " brand_id brand_name form_id form_name recipient external_id is_public tags comments public_comments"
        " private_comments first_comment_public first_comment_by_requester attachments deleted scrubbed"
        " suspended merged_into follow_up_of problem_id has_incidents csat_score csat_comment custom_fields"
    )
    assert list(overview(small_archive, 101)) == documented.split()


@pytest.mark.parametrize(
    ("ticket", "column", "value"),
    [
        (102, "first_comment_public", False),
        (102, "follow_up_of", 101),
        (102, "csat_score", None),  # only offered
        (103, "deleted", True),
        (103, "scrubbed", False),
        (103, "comments", 0),
        (103, "tags", []),
        (104, "scrubbed", True),
        (105, "requester_suspended", True),
        (106, "merged_into", 101),
        (107, "public_comments", 0),
        (108, "requester_erased", True),
        (109, "requester_placeholder", True),
        (101, "requester_placeholder", False),
        (110, "problem_id", 111),
        (111, "has_incidents", True),
        (111, "requester_staff", True),
        (110, "csat_score", "bad"),  # the last that is a score
    ],
)
def test_each_flag_tells_its_ticket(small_archive: Path, ticket: int, column: str, value: object) -> None:
    assert overview(small_archive, ticket)[column] == value


def test_a_ticket_is_one_row_whatever_points_at_it(archive_of: BuildArchive) -> None:
    links = [
        {"id": f"merged:1:{n}", "type": "merged", "ticket_id": 1, "linked_ticket_id": n} for n in (5, 3)
    ] + [{"id": f"problem:{n}:1", "type": "problem", "ticket_id": n, "linked_ticket_id": 1} for n in (8, 9)]
    archive = archive_of(tickets=[{"id": 1, "requester_id": 404}], ticket_links=links)
    row = overview(archive, 1)
    assert (row["merged_into"], row["has_incidents"], row["requester_placeholder"]) == (3, True, True)


def test_staff_are_found_by_any_evidence_and_nobody_else(archive_of: BuildArchive) -> None:
    archive = archive_of(
        users=[
            {"id": 1, "name": "Now agent", "role": "agent"},
            {"id": 2, "name": "Was admin", "role": "end-user", "roles_seen": ["admin", "end-user"]},
            {"id": 3, "name": "Was assignee", "role": "end-user"},
            {"id": 4, "name": "Wrote a note", "role": "end-user"},
            {"id": 5, "name": "In a group", "role": "end-user"},
            {"id": 6, "name": "Customer", "role": "end-user", "roles_seen": ["end-user"]},
        ],
        tickets=[{"id": 1, "requester_id": 6, "assignee_id": 404}],
        comments=[
            {"id": 1, "ticket_id": 1, "position": 1, "author_id": 4, "public": False},
            {"id": 2, "ticket_id": 1, "position": 2, "author_id": 6, "public": True},
            {
                "id": 3, "ticket_id": 1, "position": 3, "author_id": 6,
                "public": False, "visibility_unknown": True,
            },
        ],
        group_memberships=[{"id": 1, "user_id": 5, "group_id": 1}],
        ticket_events=[
            {"id": 1, "ticket_id": 1, "field_name": "assignee_id", "value": "1", "previous_value": 3},
            {"id": 2, "ticket_id": 1, "field_name": "subject", "value": "6"},
        ],
    )  # fmt: skip
    with open_archive(archive) as connection:
        found = connection.execute("select user_id, name, reasons from staff order by user_id").fetchall()
    assert found == [
        (1, "Now agent", ["assignee", "role"]),
        (2, "Was admin", ["role"]),
        (3, "Was assignee", ["assignee"]),
        (4, "Wrote a note", ["private comment"]),
        (5, "In a group", ["group"]),
        (404, None, ["assignee"]),
    ]


def test_a_thread_reads_in_order_with_its_authors(small_archive: Path) -> None:
    with open_archive(small_archive) as connection:
        rows = connection.execute(
            "select id, author_name, author_staff, by_requester, public, text, files, attachments"
            " from comment_thread where ticket_id = 101 order by position"
        ).fetchall()
    assert rows == [
        (9001, "Ada", False, True, True, "First", ["a.png", "b.png"], 2),
        (8000, "Agent", True, False, False, "Secret", [], 0),
        (8001, "Left", True, False, True, "Re", [], 0),
    ]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a@b.test", True),
        (" Ana.O'Neil+x@mail.b.test ", True),
        ("not-an-email", False),
        ("a@b", False),
        ("a@@b.test", False),
        ("a b@c.test", False),
        ("a@b.test, c@d.test", False),
        ("", False),
        (None, False),
    ],
)
def test_an_address_is_told_from_what_people_typed(
    small_archive: Path, text: str | None, is_one: bool
) -> None:
    with open_archive(small_archive) as connection:
        assert connection.execute("select is_email(?)", [text]).fetchall() == [(is_one,)]
