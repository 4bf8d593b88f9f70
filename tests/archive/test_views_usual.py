"""The views for the usual questions, on a company whose answers were counted by hand."""

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deskferry.archive import about
from deskferry.archive import build as module
from deskferry.archive.build import VIEWS, build
from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.limits import LIMITS

from .conftest import WriteDataset, write

ADA, BEA, CARL = 1, 2, 3


def at(text: str) -> str:
    return f"2026-01-{text}.000Z"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-{text}")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ticket 1 is answered after 90 minutes and solved; ticket 2 is open; ticket 3 is deleted."""
    records: dict[str, Any] = {
        "users": [
            {"id": ADA, "name": "Ada", "email": " ada@x.test ", "phone": "", "role": "end-user",
             "organization_id": 7},
            {"id": BEA, "name": "Bea", "email": "bea@acme.test", "role": "agent"},
            {"id": CARL, "name": "Carl", "role": "end-user", "roles_seen": ["agent"]},
        ],
        "organizations": [{"id": 7, "name": "Customer Ltd"}],
        "groups": [{"id": 10, "name": "Support"}],
        "ticket_fields": [
            {"id": 50, "title": "Order", "type": "text"},
            {"id": 51, "title": "Product", "type": "tagger",
             "custom_field_options": [{"name": "Kitchen::Kettle", "value": "kettle"}]},
            {"id": 52, "title": "Colours", "type": "multiselect",
             "custom_field_options": [{"name": "Red", "value": "red"}, {"name": "Blue", "value": "blue"}]},
            {"id": 53, "title": "Urgent", "type": "checkbox", "tag": "is_urgent"},
        ],
        "tickets": [
            {"id": 1, "requester_id": ADA, "assignee_id": BEA, "status": "closed",
             "created_at": at("01T08:00:00"), "updated_at": at("09T00:00:00"),
             "custom_fields": {"50": "A-1", "51": "kettle", "52": ["red", "green"], "53": False, "54": 7,
                               "55": None, "56": ""}},
            {"id": 2, "requester_id": ADA, "assignee_id": CARL, "status": "open",
             "created_at": at("03T00:00:00"), "updated_at": at("03T00:00:00")},
            {"id": 3, "requester_id": BEA, "status": "deleted",
             "created_at": at("03T12:00:00"), "updated_at": at("04T12:00:00")},
        ],
        "ticket_metrics": [
            {"ticket_id": 1, "solved_at": at("03T08:00:00"), "reopens": 1,
             "reply_time_in_minutes": {"calendar": 91, "business": 30},
             "full_resolution_time_in_minutes": {"calendar": 2881, "business": None}},
        ],
        "comments": [
            {"id": 1, "ticket_id": 1, "position": 1, "author_id": ADA, "public": True,
             "created_at": at("01T08:00:00")},
            {"id": 2, "ticket_id": 1, "position": 2, "author_id": BEA, "public": False,
             "created_at": at("01T08:30:00")},
            {"id": 3, "ticket_id": 1, "position": 3, "author_id": CARL, "public": True,
             "created_at": at("01T09:30:00")},
            {"id": 4, "ticket_id": 1, "position": 4, "author_id": BEA, "public": True,
             "created_at": at("02T09:30:00")},
            {"id": 5, "ticket_id": 3, "position": 1, "author_id": BEA, "public": True},
        ],
        "satisfaction_ratings": [{"id": 1, "ticket_id": 1, "assignee_id": BEA, "score": "good"}],
        "ticket_events": [
            {"id": 1, "ticket_id": 1, "author_id": BEA, "created_at": at("01T08:30:00"),
             "field_name": "assignee_id", "value": str(BEA), "previous_value": None},
            {"id": 2, "ticket_id": 1, "author_id": BEA, "created_at": at("01T09:00:00"),
             "field_name": "51", "value": "kettle", "previous_value": "pot"},
            {"id": 3, "ticket_id": 1, "author_id": -1, "created_at": at("02T00:00:00"),
             "field_name": "assignee_id", "value": CARL, "previous_value": str(BEA)},
            {"id": 4, "ticket_id": 1, "author_id": BEA, "created_at": at("02T00:00:00"),
             "field_name": "group_id", "value": "10"},
            {"id": 5, "ticket_id": 1, "created_at": at("03T00:00:00"), "type": "Notification"},
        ],
        "attachments": [
            {"id": 1, "ticket_id": 1, "comment_id": 1, "sha256": "0" * 64, "size": 5},
            {"id": 2, "ticket_id": 1, "comment_id": 2, "content_url": "https://x.test/2",
             "size": 100_000_001},
            {"id": 3, "ticket_id": 1, "comment_id": 3, "content_url": "https://x.test/3", "deleted": True},
            {"id": 4, "ticket_id": 1, "comment_id": 3, "content_url": "https://x.test/4",
             "malware_scan_result": "malware_found"},
            {"id": 5, "ticket_id": 1, "comment_id": 99, "inline": True, "malware_scan_result": "not_scanned"},
        ],
    }  # fmt: skip
    return build(write(tmp_path_factory.mktemp("usual") / "acme.dataset", records))


def rows(archive: Path, sql: str) -> list[tuple[Any, ...]]:
    with open_archive(archive) as connection:
        return connection.execute(sql).fetchall()


def test_first_reply_and_resolution(company: Path) -> None:
    assert rows(company, "select * from first_reply_and_resolution order by ticket_id")[:2] == [
        (
            1, moment("01T08:00:00"), moment("01T09:30:00"), CARL, 2, 90, 91, 30,
            moment("03T08:00:00"), 2880, None, 2881, None, 1, None, None,
        ),
        (2, moment("03T00:00:00"), None, None, 0, *[None] * 11),
    ]  # fmt: skip
    # An agent's own request has no reply, whoever else wrote.
    assert rows(company, "select public_replies from first_reply_and_resolution where ticket_id = 3") == [
        (0,)
    ]


def test_backlog_per_day(company: Path) -> None:
    assert rows(company, "select * from backlog_per_day order by day") == [
        (date(2026, 1, 1), 1, 0, 1),
        (date(2026, 1, 2), 0, 0, 1),
        (date(2026, 1, 3), 2, 1, 2),
        (date(2026, 1, 4), 0, 1, 1),
    ]


def test_field_history_has_names_and_how_long_it_held(company: Path) -> None:
    found = rows(
        company,
        "select id, author_name, field_title, previous_value, value, value_name, until"
        " from field_history order by id",
    )
    assert found == [
        (1, "Bea", "assignee_id", None, "2", "Bea", moment("02T00:00:00")),
        (2, "Bea", "Product", "pot", "kettle", "Kitchen::Kettle", None),
        (3, None, "assignee_id", "2", "3", "Carl", None),
        (4, "Bea", "group_id", None, "10", "Support", None),
    ]


def test_agent_activity(company: Path) -> None:
    found = rows(
        company,
        "select name, has_left, tickets_assigned, tickets_open, public_comments, private_comments,"
        " tickets_commented, first_comment_at, good_ratings, bad_ratings"
        " from agent_activity order by user_id",
    )
    assert found == [
        ("Bea", False, 1, 0, 2, 1, 2, moment("01T08:30:00"), 1, 0),
        ("Carl", True, 1, 1, 1, 0, 1, moment("01T09:30:00"), 0, 0),
    ]


def test_requester_history(company: Path) -> None:
    found = rows(
        company,
        "select user_id, email, phone, organization_name, is_staff, tickets, open_tickets, last_ticket_id,"
        " public_comments from requester_history order by user_id",
    )
    assert found == [
        (ADA, "ada@x.test", None, "Customer Ltd", False, 2, 1, 2, 1),
        (BEA, "bea@acme.test", None, None, True, 1, 0, 3, 2),
    ]


def test_custom_field_values_are_one_a_row_and_in_words(company: Path) -> None:
    found = rows(
        company,
        "select field_id, field_title, field_type, value, value_name, field_defined, value_defined"
        " from custom_field_values order by field_id, value",
    )
    assert found == [
        (50, "Order", "text", "A-1", "A-1", True, True),
        (51, "Product", "tagger", "kettle", "Kitchen::Kettle", True, True),
        (52, "Colours", "multiselect", "green", "green", True, False),
        (52, "Colours", "multiselect", "red", "Red", True, True),
        (53, "Urgent", "checkbox", "false", "false", True, True),
        (54, None, None, "7", "7", False, None),
    ]


def test_field_options(company: Path) -> None:
    assert rows(company, "select field_id, value, name from field_options order by all") == [
        (51, "kettle", "Kitchen::Kettle"),
        (52, "blue", "Blue"),
        (52, "red", "Red"),
        (53, "is_urgent", "Urgent"),
    ]


def test_attachment_status(company: Path) -> None:
    found = rows(company, "select id, status, inline, over_limit, public from attachment_status order by id")
    assert found == [
        (1, "here", False, False, True),
        (2, "link only", False, True, False),
        (3, "deleted", False, False, True),
        (4, "malware", False, False, True),
        (5, "dead", True, False, None),
    ]


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("4111111111111111", True),
        ("4111 1111-1111 1111", True),
        ("378282246310005", True),
        ("6011000990139424", True),
        ("2223003122003222", True),
        ("4111111111111112", False),
        ("0000000000000000", False),
        ("1234567812345670", False),  # passes the checksum, begins as no card does
        ("41111111", False),
        ("", False),
        ("a", False),
        (None, False),
    ],
)
def test_a_card_number_is_told_by_its_checksum(company: Path, number: str | None, is_one: bool) -> None:
    with open_archive(company) as connection:
        assert connection.execute("select is_card_number(?)", [number]).fetchall() == [(is_one,)]


def test_every_table_view_and_column_is_explained(company: Path) -> None:
    silent = rows(
        company,
        "select table_name, column_name from duckdb_columns() where comment is null and not internal"
        " union all select table_name, '' from duckdb_tables() where comment is null and not internal"
        " union all select view_name, '' from duckdb_views() where comment is null and not internal",
    )
    assert silent == []


def test_what_was_left_out_is_a_table(write_dataset: WriteDataset) -> None:
    dataset = write_dataset()
    (dataset.path / "rejects.ndjson").write_text(
        '{"entity":"tickets","source":"a.json","source_sha256":"ab","position":7,"pointer":"/id",'
        '"reason":"no id","key":null,"raw":"eyJ9","bytes":3,"sha256":"cd"}\n'
        '{"entity":"users","source":"a.json","source_sha256":"ab","position":8,"pointer":"",'
        '"reason":"too long","key":12,"raw":null,"bytes":70000,"sha256":"ef"}\n'
    )
    found = rows(build(dataset), "select entity, position, key, decode(from_base64(raw)), bytes from rejects")
    assert found == [("tickets", 7, None, '{"}', 3), ("users", 8, "12", None, 70000)]


def test_sources_counts_findings_and_limits_are_tables(write_dataset: WriteDataset) -> None:
    dataset = write_dataset()
    counts = {"found": 6, "accepted": 1, "repeated": 2, "superseded": 2, "rejected": 1, "made": 0}
    dataset.manifest["sources"][0]["entities"] = {"tickets": counts}
    dataset.manifest["findings"].append({"id": "x", "text": "words", "count": 3, "examples": ["a", 1]})
    archive = build(dataset)
    assert rows(archive, "select name, entity, found, rejected from source_counts") == [
        ("export.json", "tickets", 6, 1)
    ]
    assert rows(archive, "select id, text, count, examples from findings") == [("x", "words", 3, '["a",1]')]
    assert rows(archive, "select name, value from limits") == [(one.name, one.value) for one in LIMITS]


def test_any_change_of_any_sql_makes_another_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    before = module.layout_digest()
    seen = set()
    for name in ("about", *module.MACROS, *VIEWS):
        with monkeypatch.context() as patch:
            patch.setattr(
                module,
                "view_text",
                lambda view, name=name: about.view_text(view) + ("-- more" if view == name else ""),
            )
            module.layout_digest.cache_clear()
            seen.add(module.layout_digest())
    module.layout_digest.cache_clear()
    assert module.layout_digest() == before
    assert len(seen | {before}) == len(module.MACROS) + len(VIEWS) + 2


def test_a_client_that_knows_nothing_of_us_reads_all_of_it(company: Path) -> None:
    """The gate runs the same script with DuckDB 1.0, the oldest that opens an archive."""
    script = Path(__file__).parent.parent.parent / ".ci" / "open_archive.py"
    ran = subprocess.run([sys.executable, script, company], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"DuckDB {duckdb.__version__} reads" in ran.stdout


def test_no_list_lies_on_disk(company: Path) -> None:
    """DuckDB 1.0 cannot read a column of lists whose rows are all empty."""
    with duckdb.connect(str(company), read_only=True) as connection:
        lists = connection.execute(
            "select table_name from duckdb_columns() join duckdb_tables() using (table_name)"
            " where data_type like '%[]' and table_name <> 'staff'"
        ).fetchall()
        assert lists == []
        views = {name for (name,) in connection.execute("select view_name from duckdb_views()").fetchall()}
        assert {"tickets", "users"} <= views & set(ENTITIES)
