from collections.abc import Callable
from typing import Any

import pytest

from deskferry.schemas.errors import InputError, RefusedError

TITLES = (
    *("Summation column", "Id", "Requester", "Requester id", "Requester email", "Subject", "Tags", "Status"),
    *("Priority", "Via", "Created at", "Replies", "First reply time in minutes", "Assignee"),
)
HEADER = ",".join(f'"{title}"' for title in TITLES)
ROW = (
    '"1","7","Ann","11","ann@x.test","Hello, ""you""","a b","On-hold","-","Mail",'
    '"2024-10-27 02:30","3","10","Bob"'
)


def test_a_row_is_a_partial_ticket_with_its_requester_and_metrics(
    desk: Any, finding: Callable[..., Any]
) -> None:
    dataset = desk.convert(desk.write("x.csv", f"{HEADER}\n{ROW}\n"), timezone="Europe/Oslo")
    (ticket,) = dataset.records("tickets")
    assert ticket["id"] == 7
    assert (ticket["subject"], ticket["tags"], ticket["status"]) == ('Hello, "you"', ["a", "b"], "hold")
    assert (ticket["priority"], ticket["via"], ticket["created_at"]) == (
        None,
        {"channel": "email"},
        "2024-10-27T00:30:00.000Z",
    )
    assert ticket["extra"] == {"assignee": "Bob"}
    (user,) = dataset.records("users")
    assert (user["id"], user["name"], user["email"]) == (11, "Ann", "ann@x.test")
    (metrics,) = dataset.records("ticket_metrics")
    assert (metrics["replies"], metrics["reply_time_in_minutes"]) == (3, {"calendar": 10})
    assert finding(dataset, "ambiguous_times")["count"] == 1
    assert ticket["source"].endswith(":2")


def test_without_a_time_zone_the_run_is_refused_before_reading(desk: Any) -> None:
    desk.write("account.csv", f"{HEADER}\n{ROW}\n")
    with pytest.raises(RefusedError, match=r"account\.csv.*--timezone"):
        desk.convert()
    with pytest.raises(InputError, match="no such time zone"):
        desk.convert(timezone="Mars/Olympus")


def test_a_row_only_fills_blanks_of_a_whole_ticket(desk: Any) -> None:
    whole = desk.ticket(7, subject="Whole")
    del whole["url"], whole["tags"]
    desk.write("t.json", desk.lines(whole))
    desk.write("x.csv", f"{HEADER}\n{ROW}\n")
    (ticket,) = desk.convert(timezone="Europe/Oslo").records("tickets")
    assert (ticket["subject"], ticket["tags"], ticket["status"]) == ("Whole", ["a", "b"], "open")


def test_columns_of_custom_fields_get_ids_where_the_fields_are_known(desk: Any) -> None:
    fields = [
        {
            "id": 1,
            "type": "tagger",
            "title": "Topic",
            "active": True,
            "position": 1,
            "custom_field_options": [{"name": "A::B", "value": "a_b"}],
        },
        {"id": 2, "type": "checkbox", "title": "Warranty", "active": True, "position": 2},
        {"id": 3, "type": "text", "title": "Twice", "active": True, "position": 3},
        {"id": 4, "type": "text", "title": "twice", "active": True, "position": 4},
        {"id": 5, "type": "decimal", "title": "Twice", "active": True, "position": 5},
    ]
    columns = ',"Topic [list]","Warranty [flag]","Twice [txt]","Twice [dec]","Else [txt]"'
    desk.write("x.csv", f'{HEADER}{columns}\n{ROW},"A::B","Yes","t","1.5","e"\n')
    (alone,) = desk.convert(timezone="UTC").records("tickets")
    assert alone["extra"]["Topic [list]"] == "A::B"
    desk.write("ticket_fields.json", {"ticket_fields": fields})
    (ticket,) = desk.convert(timezone="UTC").records("tickets")
    assert ticket["custom_fields"] == {"1": "a_b", "2": True, "5": "1.5"}
    assert ticket["extra"] == {"assignee": "Bob", "Twice [txt]": "t", "Else [txt]": "e"}


def test_a_broken_quote_costs_its_own_line_only(desk: Any, rejects: Callable[..., Any]) -> None:
    broken = ROW.replace('"7"', '"8')
    rows = [ROW, broken, *(ROW.replace('"7"', f'"{number}"') for number in range(9, 12))]
    dataset = desk.convert(desk.write("x.csv", "\n".join([HEADER, *rows]) + "\n"), timezone="UTC")
    assert [record["id"] for record in dataset.records("tickets")] == [7, 9, 10, 11]
    assert [reject["position"] for reject in rejects(dataset)] == [3]


def test_a_cell_may_hold_newlines(desk: Any) -> None:
    row = ROW.replace("Hello,", "Hello\n\nthere,")
    dataset = desk.convert(
        desk.write("x.csv", f"{HEADER}\n{row}\n{ROW.replace(chr(34) + '7', chr(34) + '8')}\n"), timezone="UTC"
    )
    assert [record["subject"] for record in dataset.records("tickets")] == [
        'Hello\n\nthere, "you"',
        'Hello, "you"',
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_how_the_file_is_encoded_does_not_show(desk: Any, encoding: str) -> None:
    row = ROW.replace("Hello", "Malmö")
    dataset = desk.convert(desk.write("x.csv", f"{HEADER}\r\n{row}\r\n".encode(encoding)), timezone="UTC")
    assert [record["subject"] for record in dataset.records("tickets")] == ['Malmö, "you"']


def test_headers_are_compared_without_case_and_any_six_of_them_are_enough(desk: Any) -> None:
    text = "ID;REQUESTER ID;subject;Status ; created  at;Priority\n7;11;Hi;Open;2024-05-01 10:00;Low\n"
    (ticket,) = desk.convert(desk.write("view.csv", text), timezone="UTC").records("tickets")
    assert (ticket["requester_id"], ticket["priority"], ticket["created_at"]) == (
        11,
        "low",
        "2024-05-01T10:00:00.000Z",
    )
