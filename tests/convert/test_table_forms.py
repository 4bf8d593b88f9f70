"""Tables of every origin, row by row: whose columns are what, and what becomes of cells that do not fit."""

import csv
import json
from collections.abc import Callable
from functools import partial
from io import StringIO
from typing import Any

import duckdb
import pytest

from deskferry.convert.parts import parts_of
from deskferry.schemas.errors import InputError, RefusedError


def table(*rows: dict[str, Any]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_a_row_per_comment_with_its_ticket_is_both_and_the_comment_private(desk: Any) -> None:
    row = {
        "Date": "2024-05-02T10:00:00Z",
        "Ticket_ID": "7",
        "From": "Ann",
        "Comment": "Hello,\nthere",
        "Ticket_Date": "2024-05-01T10:00:00Z",
        "Subject": "s",
        "Description": "Hello",
        "Status": "On-hold",
        "Channel": "Web form",
        "Tags": "a|b",
    }
    second = {**row, "Date": "2024-05-03T10:00:00Z", "From": "Bob", "Comment": "Hi Ann"}
    dataset = desk.convert(desk.write("all-tickets.csv", table(row, second)))
    (ticket,) = dataset.records("tickets")
    assert [ticket[key] for key in ("id", "subject", "status", "tags", "via")] == [
        *(7, "s", "hold", ["a", "b"], {"channel": "web"})
    ]
    first, other = sorted(dataset.records("comments"), key=lambda one: one["position"])
    assert (first["body"], first["extra"], first["id"] < 0) == ("Hello,\nthere", {"from": "Ann"}, True)
    assert [one["public"] for one in (first, other)] == [False, False]
    assert all(one["visibility_unknown"] for one in (first, other))


def test_a_raw_table_holds_records_as_json_text(desk: Any, rejects: Callable[..., Any]) -> None:
    def row(data: str) -> dict[str, Any]:
        return {"_airbyte_ab_id": "x", "_airbyte_emitted_at": "1700000000000", "_airbyte_data": data}

    ticket = desk.ticket(7, assignee_id=7253394974479.0)
    damaged = json.dumps(desk.ticket(8))[:-9]
    dataset = desk.convert(
        desk.write("_airbyte_raw_tickets.csv", table(row(json.dumps(ticket)), row(damaged)))
    )
    (kept,) = dataset.records("tickets")
    assert (kept["id"], kept["assignee_id"]) == (7, 7253394974479)
    assert len(list(dataset.records("comments"))) == 2
    assert [(one["position"], one["entity"]) for one in rejects(dataset)] == [(3, "unknown")]


@pytest.mark.parametrize("mark", [".", "__"])
def test_flattened_columns_become_objects_again(desk: Any, mark: str) -> None:
    row = {
        "id": "7253394974479.0",
        "via__channel": "web",
        "via__source__rel": "follow_up",
        "via__source__from__ticket_id": "6.0",
        "subject": "s",
        "raw_subject": "s",
        "status": "open",
        "requester_id": "11.0",
        "collaborator_ids": "[12, 13]",
        "tags": '["a", "b"]',
        "custom_fields": '[{"id": 5, "value": "x"}]',
        "satisfaction_rating__score": "offered",
        "has_incidents": "False",
        "created_at": "2024-05-01T10:00:00Z",
        "due_at": "nan",
        "colour": "red",
    }
    text = table({key.replace("__", mark): value for key, value in row.items()})
    dataset = desk.convert(desk.write("tickets-20240101T000000.csv", text))
    (ticket,) = dataset.records("tickets")
    assert ticket["via"] == {"channel": "web", "source": {"rel": "follow_up", "from": {"ticket_id": 6}}}
    assert [ticket[key] for key in ("id", "requester_id", "collaborator_ids", "tags")] == [
        *(7253394974479, 11, [12, 13], ["a", "b"])
    ]
    assert (ticket["custom_fields"], ticket["satisfaction_rating"]) == ({"5": "x"}, {"score": "offered"})
    assert (ticket["has_incidents"], ticket["due_at"], ticket["extra"]) == (False, None, {"colour": "red"})
    assert [link["id"] for link in dataset.records("ticket_links")] == ["follow_up:7253394974479:6"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("['a', \"b's\"]", ["a", "b's"]),
        ("('a',)", ["a"]),
        ("a b", ["a", "b"]),
        ("a|b", ["a", "b"]),
        ("[]", []),
        ("", None),
        ("[nan, 'a', None]", ["a"]),
    ],
)
def test_lists_are_read_as_they_were_written(desk: Any, text: str, value: Any) -> None:
    row = {"id": "7", "requester_id": "11", "subject": "s", "tags": text}
    (ticket,) = desk.convert(desk.write("t.csv", table(row))).records("tickets")
    assert ticket.get("tags") == value


@pytest.mark.parametrize(
    "text",
    ["__import__('os').system('id')", "[1, 2", "[" * 5_000 + "]" * 5_000, "{'score': open('/etc/hostname')}"],
)
def test_nothing_in_a_cell_is_run(desk: Any, finding: Callable[..., Any], text: str) -> None:
    row = {"id": "7", "requester_id": "11", "subject": "s", "satisfaction_rating": text}
    dataset = desk.convert(desk.write("t.csv", table(row)))
    (ticket,) = dataset.records("tickets")
    assert ticket["extra"] == {"satisfaction_rating (as found)": text}
    assert finding(dataset, "damaged_cells")["count"] == 1


def test_python_text_of_a_rating_is_one(desk: Any) -> None:
    row = {"id": "7", "requester_id": "11", "subject": "s", "satisfaction_rating": "{'score': 'good'}"}
    (ticket,) = desk.convert(desk.write("t.csv", table(row))).records("tickets")
    assert ticket["satisfaction_rating"] == {"score": "good"}


@pytest.mark.parametrize(
    ("name", "row", "entity", "expected"),
    [
        (
            "customers.csv",
            {"ID": "5", "Name": "Ann", "Email": "a@x.test", "External ID": "e5"},
            "users",
            {"name": "Ann", "external_id": "e5"},
        ),
        (
            "team-members.csv",
            {"ID": "5", "Name": "Bob", "Email": "b@x.test", "Suspended": "TRUE", "Language": "de"},
            "users",
            {"suspended": True, "locale": "de"},
        ),
        (  # as Zendesk writes it for team members
            "export.csv",
            {
                **{"ID": "5", "Name": "Bob", "Email": "b@x.test", "Suspended (TRUE/FALSE)": "FALSE"},
                **{"Date created": "2024-05-01T10:00:00Z", "Last updated": "", "Last sign-in": ""},
                **{"Time zone": "Osaka", "Language": "English", "Primary Group": "G", "Groups": "G,H"},
            },
            "users",
            {"suspended": False, "time_zone": "Osaka", "created_at": "2024-05-01T10:00:00.000Z"},
        ),
        (
            "organizations.csv",
            {"id": "5", "name": "Acme", "domain_names": "['x.test']", "shared_tickets": "False"},
            "organizations",
            {"domain_names": ["x.test"], "shared_tickets": False},
        ),
        (
            "groups.csv",
            {"id": "5", "name": "Support", "deleted": "f", "created_at": ""},
            "groups",
            {"deleted": False},
        ),
        (
            "comments.csv",
            {"id": "5", "ticket_id": "7", "author_id": "11", "body": "b", "public": "t"},
            "comments",
            {"ticket_id": 7, "public": True},
        ),
        (
            "ratings.csv",
            {"id": "5", "ticket_id": "7", "requester_id": "11", "score": "good"},
            "satisfaction_ratings",
            {"score": "good"},
        ),
    ],
)
def test_a_table_is_what_its_columns_say(
    desk: Any, name: str, row: dict[str, str], entity: str, expected: dict[str, Any]
) -> None:
    (record,) = (
        one
        for one in desk.convert(desk.write(name, table(row))).records(entity)
        if not one.get("placeholder")
    )
    assert {**record, "id": 5, **expected} == record


def test_a_name_alone_makes_no_table(desk: Any) -> None:
    with pytest.raises(InputError, match="nothing in here is recognised"):
        desk.convert(desk.write("tickets.csv", "id,price,amount\n1,2,3\n"))


def test_what_fivetran_marks_as_deleted_is_gone(desk: Any, rejects: Callable[..., Any]) -> None:
    row = {"_fivetran_synced": "2024-05-09 00:00:00", "_fivetran_deleted": "TRUE"}
    user = {**row, "id": "11", "name": "Ann", "email": "a@x.test", "role": "end-user"}
    comment = {**row, "id": "5", "ticket_id": "7", "body": "b", "public": "TRUE", "user_id": "11"}
    desk.write("user.csv", table(user))
    desk.write("ticket_comment.csv", table({**comment, "created": "2024-05-01 10:00:00"}))
    desk.write("group.csv", table({**row, "id": "31", "name": "Support"}))
    dataset = desk.convert(timezone="UTC")
    assert [one["active"] for one in dataset.records("users")] == [False]
    assert [one["deleted"] for one in dataset.records("groups")] == [True]
    assert list(dataset.records("comments")) == []
    assert [(one["entity"], one["reason"]) for one in rejects(dataset)] == [
        ("comments", "deleted in Zendesk, as _fivetran_deleted says")
    ]


def test_upper_case_columns_of_a_warehouse_are_the_same(desk: Any) -> None:
    row = {
        "_FIVETRAN_SYNCED": "2024-05-09 00:00:00",
        "ID": "7",
        "REQUESTER_ID": "11",
        "SUBJECT": "s",
        "STATUS": "on-hold",
        "CREATED_AT": "2024-05-01 10:00:00.123",
        "MERGED_TICKET_IDS": "[5,6]",
    }
    desk.write("TICKET.csv", table(row))
    desk.write("TICKET_TAG.csv", table({"_FIVETRAN_SYNCED": "", "TICKET_ID": "7", "TAGS": "x"}))
    dataset = desk.convert(timezone="UTC")
    (ticket,) = dataset.records("tickets")
    assert [ticket[key] for key in ("status", "tags", "created_at")] == [
        "hold",
        ["x"],
        "2024-05-01T10:00:00.123Z",
    ]
    assert sorted(link["id"] for link in dataset.records("ticket_links")) == ["merged:5:7", "merged:6:7"]


def test_a_chat_of_fivetran_has_its_events_in_order(desk: Any) -> None:
    desk.write(
        "ticket_chat.csv", table({"chat_id": "c.1", "_fivetran_synced": "", "ticket_id": "7", "tags": "[]"})
    )
    rows = [
        {
            "chat_id": "c.1",
            "_fivetran_synced": "",
            "chat_index": index,
            "type": "ChatMessage",
            "message": text,
        }
        for index, text in ((10, "third"), (2, "second"), (0, "first"))
    ]
    desk.write("ticket_chat_event.csv", table(*rows))
    (chat,) = desk.convert().records("chats")
    assert (chat["id"], chat["zendesk_ticket_id"]) == ("c.1", 7)
    assert [event["message"] for event in chat["history"]] == ["first", "second", "third"]


def test_lists_in_lists_of_dlt_are_put_back(desk: Any) -> None:
    ticket = {"id": 7, "requester_id": 11, "subject": "s", "_dlt_id": "t", "_dlt_load_id": "1"}
    field = {"_dlt_parent_id": "t", "_dlt_list_idx": 0, "_dlt_id": "f0", "id": 5, "value": "x"}
    several = {"_dlt_parent_id": "t", "_dlt_list_idx": 1, "_dlt_id": "f1", "id": 6}
    for name, rows in {
        "tickets": [ticket],
        "tickets__custom_fields": [several, field],
        "tickets__custom_fields__value": [
            {"_dlt_parent_id": "f1", "_dlt_list_idx": index, "_dlt_id": f"v{index}", "value": value}
            for index, value in ((1, "c"), (0, "b"))
        ],
    }.items():
        desk.write(f"zendesk/{name}/1700.1.abc.jsonl", lines(*rows))
    (record,) = desk.convert().records("tickets")
    assert record["custom_fields"] == {"5": "x", "6": ["b", "c"]}


def test_json_lines_of_a_table_are_cut_anywhere(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"id": number, "requester_id": 11, "subject": "s", "via.channel": "web", "via.source.rel": None}
        for number in range(1, 40)
    ]
    path = desk.write("tickets.jsonl", lines(*rows))
    whole = desk.convert(path)
    assert [one["source"].partition(":")[2] for one in whole.records("tickets")][:3] == ["1", "2", "3"]
    monkeypatch.setattr("deskferry.convert.read_parts.parts_of", partial(parts_of, size=300))
    again = desk.convert(path)
    assert (again.path / "manifest.json").read_bytes() == (whole.path / "manifest.json").read_bytes()


@pytest.mark.parametrize("cut", [20, 200, -30])
def test_a_damaged_parquet_file_is_named_and_costs_nothing_else(
    desk: Any, finding: Callable[..., Any], cut: int
) -> None:
    path = desk.exports / "users.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select range as id, 'Ann' as name, 'a@x.test' as email from range(500)) to '{path}'"
        )
    path.write_bytes(path.read_bytes()[:cut])
    desk.write("t.json", {"tickets": [desk.ticket(7)]})
    dataset = desk.convert()
    assert [one["id"] for one in dataset.records("tickets")] == [7]
    assert finding(dataset, "damaged_file")["count"] == 1


def test_a_duckdb_file_that_ends_early_is_named(desk: Any, finding: Callable[..., Any]) -> None:
    path = desk.exports / "x.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(
            "create table users as select range as id, 'a' as name, 'b' as email from range(9)"
        )
    path.write_bytes(path.read_bytes()[:9_000])
    desk.write("t.json", {"tickets": [desk.ticket(7)]})
    assert finding(desk.convert(), "damaged_file")["count"] == 1


def test_a_parquet_file_that_unpacks_without_end_is_refused(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.exports / "users.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy (select 1 as id, 'a' as name, 'b' as email from range(900000)) to '{path}'")
    monkeypatch.setattr("deskferry.convert.unpack_tables._RATIO_FROM", 1 << 20)
    with pytest.raises(RefusedError, match="unpacks to 2,700,000 cells"):
        desk.convert()


def test_times_of_a_script_need_a_zone_only_where_they_name_none(desk: Any) -> None:
    row = {"id": "7", "requester_id": "11", "subject": "s", "created_at": "2024-05-01 10:00:00+00"}
    (ticket,) = desk.convert(desk.write("a.csv", table(row))).records("tickets")
    assert ticket["created_at"] == "2024-05-01T10:00:00.000Z"
    path = desk.write("b.csv", table({**row, "created_at": "2024-05-01 10:00:00"}))
    with pytest.raises(RefusedError, match=r"times without a zone in b\.csv.*the zone they were written in"):
        desk.convert(path)
