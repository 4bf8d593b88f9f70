from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from deskferry.convert.parts import parts_of
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


def test_names_get_their_ids_where_one_bears_them(desk: Any, finding: Callable[..., Any]) -> None:
    people = [
        desk.user(21, name="Bob", role="agent"),
        desk.user(22, name="Eve Twin", role="agent"),
        desk.user(23, name="eve  twin"),
        desk.user(11, name="Ann", email="ann@x.test"),
    ]
    desk.write("users.json", {"users": people})
    desk.write(
        "groups.json", {"groups": [{"id": 31, "name": "Support", "deleted": False, "created_at": None}]}
    )
    desk.write(
        "organizations.json", {"organizations": [{"id": 41, "name": "Höök AB", "shared_tickets": False}]}
    )
    header = "Id,Subject,Status,Requester,Requester email,Assignee,Submitter,Group,Organization"
    desk.write(
        "view.csv",
        f"{header}\n7,s,Open,Somebody,ANN@x.test,Bob,Eve Twin,support,Höök AB\n"
        "8,s,Open,Ann,-,Nobody,-,Sales,-\n",
    )
    dataset = desk.convert()
    first, second = dataset.records("tickets")
    assert [first[key] for key in ("requester_id", "assignee_id", "group_id", "organization_id")] == [
        *(11, 21, 31, 41)
    ]
    assert first["extra"] == {"submitter": "Eve Twin", "requester": "Somebody"}
    assert second["requester_id"] == 11
    assert second["extra"] == {"assignee": "Nobody", "group": "Sales"}
    assert finding(dataset, "ambiguous_names")["count"] == 1
    shown = finding(dataset, "unknown_keys")["examples"]
    assert "tickets.assignee (1)" in shown


@pytest.mark.parametrize("mark", ["sep=;\r\n", "sep=\t\r\n", "", "//exported by hand\n"])
def test_a_spreadsheet_names_its_delimiter_or_leaves_it_to_the_header(desk: Any, mark: str) -> None:
    between = "\t" if "\t" in mark else ";"
    rows = [
        ("Id", "Subject", "Status", "Requester id"),
        ("7", "a, b", "Solved", "11"),
        ("8", "c", "New", "-"),
    ]
    text = mark + "".join(between.join(row) + "\r\n" for row in rows)
    tickets = list(desk.convert(desk.write("x.csv", text)).records("tickets"))
    assert [(one["id"], one["subject"], one["status"]) for one in tickets] == [
        *((7, "a, b", "solved"), (8, "c", "new"))
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("08-04-2023 20:52", "31.12.2023 07:05"), ["2023-04-08T20:52:00.000Z", "2023-12-31T07:05:00.000Z"]),
        (("13/05/2024 9:05", "01/02/2024 0:00"), ["2024-05-13T09:05:00.000Z", "2024-02-01T00:00:00.000Z"]),
        (("5/13/24 9:05 PM", "1/2/2024 12:00 AM"), ["2024-05-13T21:05:00.000Z", "2024-01-02T00:00:00.000Z"]),
        (("2024-05-13 9:05:07", "2024/05/13"), ["2024-05-13T09:05:07.000Z", "2024-05-13T00:00:00.000Z"]),
    ],
)
def test_dates_are_read_in_the_order_the_file_shows(
    desk: Any, cells: tuple[str, str], expected: list[str]
) -> None:
    text = "Id,Subject,Status,Created at\n" + "".join(
        f"{number},12/31/2024 is a date in a text,Open,{cell}\n" for number, cell in enumerate(cells, start=1)
    )
    tickets = list(desk.convert(desk.write("x.csv", text), timezone="UTC").records("tickets"))
    assert [one["created_at"] for one in tickets] == expected


def test_a_date_nobody_can_tell_the_order_of_is_kept_as_found(desk: Any, finding: Callable[..., Any]) -> None:
    text = "Id,Subject,Status,Created at,Updated at\n7,s,Open,5/6/2024 10:00,2024-06-07 10:00\n"
    dataset = desk.convert(desk.write("x.csv", text), timezone="UTC")
    (ticket,) = dataset.records("tickets")
    assert "created_at" not in ticket
    assert ticket["extra"] == {"created_at (as found)": "5/6/2024 10:00"}
    assert ticket["updated_at"] == "2024-06-07T10:00:00.000Z"
    assert finding(dataset, "damaged_cells")["count"] == 1


def test_an_id_in_e_notation_is_no_key(desk: Any, rejects: Callable[..., Any]) -> None:
    text = 'Id,Subject,Status,Requester id\n1.03006E+13,s,Open,11\n7,s,Open,"2,26442E+13"\n8,s,Open,11.0\n'
    dataset = desk.convert(desk.write("x.csv", text))
    assert [reject["position"] for reject in rejects(dataset)] == [2]
    seven, eight = dataset.records("tickets")
    assert seven["extra"] == {"requester_id (as found)": "2,26442E+13"}
    assert eight["requester_id"] == 11


def test_a_slice_of_another_view_may_follow_in_the_same_file(desk: Any, finding: Callable[..., Any]) -> None:
    text = (
        "Id,Subject,Status,Requester id\n1,a,Open,11\nID,SUBJECT,Status,Requester ID\n2,b,Open,11\n"
        "Status,Id,Subject,Requester id,Priority,Ticket type\nSolved,3,c,11,Low,Task\n"
    )
    dataset = desk.convert(desk.write("x.csv", text))
    assert [(one["id"], one["status"], one.get("priority")) for one in dataset.records("tickets")] == [
        *((1, "open", None), (2, "open", None), (3, "solved", "low"))
    ]
    assert finding(dataset, "repeated_headers")["count"] == 2


def test_how_a_csv_is_cut_into_parts_does_not_show(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ROW.replace('"7"', f'"{number}"').replace("Hello", "Zoë\n\nwrote" if number % 3 else 'a ""b""')
        for number in range(1, 60)
    ]
    rows[20:20] = [HEADER, ROW.replace('"7"', '"70'), "", HEADER.replace('"Assignee"', '"Group","Assignee"')]
    rows[24:] = [row.replace('"Bob"', '"Support","Bob"') for row in rows[24:]]
    path = desk.write("x.csv", "\n".join([HEADER, *rows]))
    whole = desk.convert(path, timezone="UTC")
    assert len(list(whole.records("tickets"))) == 59
    for size in (1, 700, 5_000):
        monkeypatch.setattr("deskferry.convert.read_parts.parts_of", partial(parts_of, size=size))
        again = desk.convert(path, timezone="UTC")
        assert (again.path / "manifest.json").read_bytes() == (whole.path / "manifest.json").read_bytes()


def test_lines_may_end_as_on_the_first_macs(desk: Any) -> None:
    rows = (ROW, ROW.replace('"7"', '"8"').replace("Hello,", "Hello"))
    path = desk.write("x.csv", "\r".join((HEADER, *rows)))
    tickets = list(desk.convert(path, timezone="UTC").records("tickets"))
    assert [(one["id"], one["subject"]) for one in tickets] == [(7, 'Hello, "you"'), (8, 'Hello "you"')]


def test_two_fields_of_one_title_and_unknown_columns_are_kept(desk: Any) -> None:
    text = "Id,Subject,Status,Fälligkeit,Ort [txt],Ort [txt]\n7,s,Open,morgen,hier,dort\n"
    (ticket,) = desk.convert(desk.write("x.csv", text)).records("tickets")
    assert ticket["extra"] == {"Fälligkeit": "morgen", "Ort [txt]": "hier", "Ort [txt] (2)": "dort"}


def test_a_csv_of_something_else_is_named_and_not_read(desk: Any, finding: Callable[..., Any]) -> None:
    desk.write("tickets.json", {"tickets": [desk.ticket(7)]})
    desk.write("orders.csv", "id,name,price,quantity\n1,bike,100,2\n")
    dataset = desk.convert()
    assert finding(dataset, "unknown_file")["count"] == 1
    assert [one["name"] for one in dataset.manifest["sources"] if one["form"] == "unknown"] == ["orders.csv"]
