"""What must never stop a conversion and never pass silently, one kind of damage at a time."""

import json
import resource
from collections.abc import Callable
from typing import Any

import pytest

from deskferry.schemas.dataset import Dataset


def ids(dataset: Dataset) -> list[int]:
    return [record["id"] for record in dataset.records("tickets")]


def reasons(rejects: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(reject["entity"], reject["pointer"]) for reject in rejects]


@pytest.mark.parametrize("cut", [1, 200, -3, -1])
def test_a_truncated_file_costs_its_last_line(desk: Any, rejects: Callable[..., Any], cut: int) -> None:
    last = json.dumps(desk.ticket(3))
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1), desk.ticket(2)) + last[:cut]))
    assert ids(dataset) == [1, 2]
    assert reasons(rejects(dataset)) == [("unknown", "")]


@pytest.mark.parametrize("at", [1, 10, 300, 1100, -2])
def test_a_half_line_at_the_start_costs_only_itself(desk: Any, rejects: Callable[..., Any], at: int) -> None:
    first = json.dumps(desk.ticket(1))
    rest = desk.lines(desk.ticket(2), desk.ticket(3))
    desk.write("t.json", first[at:] + "\n" + rest)
    dataset = desk.convert()
    assert ids(dataset) == [2, 3]
    assert dataset.manifest["entities"]["unknown"]["rejected"] >= 1


@pytest.mark.parametrize("at", [1, 10, 300, 1100, -2])
def test_a_line_that_ends_early_costs_only_itself(desk: Any, rejects: Callable[..., Any], at: int) -> None:
    text = json.dumps(desk.ticket(1))[:at] + "\n" + desk.lines(desk.ticket(2), desk.ticket(3))
    dataset = desk.convert(desk.write("t.json", text))
    assert ids(dataset) == [2, 3]
    assert reasons(rejects(dataset)) == [("unknown", "")]


@pytest.mark.parametrize(
    ("bad", "read"),
    [
        (b"a\xffb", "a\ufffdb"),
        (b"a\xc3", "a\ufffd"),
        (b"a\\u0000b", "a\ufffdb"),
        (b"a\0b", "a\ufffdb"),
        (b"a\\ud83d", "a\ufffd"),
        (b"\\ude00\\ud83d", "\ufffd\ufffd"),
        (b"\xed\xa0\xbd", "\ufffd\ufffd\ufffd"),
    ],
)
def test_characters_that_are_none_are_replaced_and_counted(
    desk: Any, finding: Callable[..., Any], bad: bytes, read: str
) -> None:
    line = desk.lines(desk.ticket(1, subject="@@"), desk.ticket(2)).encode()
    dataset = desk.convert(
        desk.write("t.json", line.replace(b'"subject": "@@"', b'"subject": "' + bad + b'"'))
    )
    assert next(iter(dataset.records("tickets")))["subject"] == read
    assert finding(dataset, "replaced_characters")["count"] == read.count("\ufffd")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400 + ".5"])
def test_a_number_that_is_none_is_never_silently_nothing(
    desk: Any, rejects: Callable[..., Any], finding: Callable[..., Any], number: str
) -> None:
    free = desk.lines(desk.ticket(1, novel={"a": ["@@"]})).replace('"@@"', number)
    typed = desk.lines(desk.ticket(2, comments=[desk.comment(1, audit_id="@@"), desk.comment(2)]))
    chance = desk.lines(desk.ticket(3, satisfaction_probability="@@")).replace('"@@"', number)
    dataset = desk.convert(desk.write("t.json", free + typed.replace('"@@"', number) + chance))
    assert ids(dataset) == [1, 2]
    assert next(iter(dataset.records("tickets")))["extra"] == {"novel": {"a": [number]}}
    assert reasons(rejects(dataset)) == [
        ("comments", "/comments/0/audit_id"),
        ("tickets", "/satisfaction_probability"),
    ]
    assert finding(dataset, "no_numbers")["count"] == 3


def test_integers_beyond_64_bits_keep_each_digit_or_are_refused(
    desk: Any, rejects: Callable[..., Any]
) -> None:
    big = 2**70 + 1
    kept = desk.ticket(1, novel=[big], custom_fields=[{"id": 5, "value": big}])
    dataset = desk.convert(desk.write("t.json", desk.lines(kept, desk.ticket(2, brand_id=big))))
    ticket = next(iter(dataset.records("tickets")))
    assert ticket["extra"] == {"novel": [str(big)]}
    assert str(ticket["custom_fields"]["5"]) == str(big)
    assert reasons(rejects(dataset)) == [("tickets", "/brand_id")]


def test_of_duplicate_keys_the_last_is_taken_and_it_is_said(desk: Any, finding: Callable[..., Any]) -> None:
    line = desk.lines(desk.ticket(1)).replace('"status": "open"', '"status": "new", "status": "solved"')
    dataset = desk.convert(desk.write("t.json", line))
    assert next(iter(dataset.records("tickets")))["status"] == "solved"
    assert finding(dataset, "duplicate_keys")["count"] == 1


@pytest.mark.parametrize("framing", ["", " ", ",", "\r\n", "\n\n\n", "\r\n\r\n"])
def test_values_in_a_row_are_all_read(desk: Any, framing: str) -> None:
    text = framing.join(json.dumps(desk.ticket(number)) for number in (1, 2, 3))
    assert ids(desk.convert(desk.write("t.json", text))) == [1, 2, 3]


@pytest.mark.parametrize("start", ["\ufeff", "// made by hand\n", "\ufeff// one\r\n// two\r\n", "\n\n  \n"])
def test_what_stands_before_the_first_line_is_no_damage(
    desk: Any, rejects: Callable[..., Any], start: str
) -> None:
    dataset = desk.convert(desk.write("t.json", start + desk.lines(desk.ticket(1), desk.ticket(2))))
    assert ids(dataset) == [1, 2]
    assert rejects(dataset) == []


def test_remarks_and_marks_in_the_middle_are_counted(desk: Any, finding: Callable[..., Any]) -> None:
    text = desk.lines(desk.ticket(1)) + "// a remark\r\n\ufeff" + desk.lines(desk.ticket(2))
    dataset = desk.convert(desk.write("t.json", text))
    assert ids(dataset) == [1, 2]
    assert finding(dataset, "skipped_lines")["count"] == 1


def test_nesting_without_end_costs_its_line(desk: Any, rejects: Callable[..., Any]) -> None:
    text = '{"id":' + "[" * 100_000 + "\n" + desk.lines(desk.ticket(2))
    dataset = desk.convert(desk.write("t.json", text))
    assert ids(dataset) == [2]
    assert reasons(rejects(dataset)) == [("unknown", "")]


def test_a_very_long_line_is_read_in_flat_memory(desk: Any) -> None:
    size, body = 24 << 20, "x" * 60_000
    path = desk.exports / "t.json"
    head, tail = json.dumps(desk.ticket(1, comments=["@@"])).split('"@@"')
    with path.open("w") as file:
        file.write(desk.lines(desk.ticket(2)) + head)
        for number in range(1, size // 60_000):
            small = {"id": number, "author_id": 11, "body": body, "public": True}
            file.write(("," if number > 1 else "") + json.dumps(small))
        file.write(tail + "\n" + desk.lines(desk.ticket(3)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    dataset = desk.convert(path, workers=1)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert ids(dataset) == [1, 2, 3]
    assert dataset.manifest["entities"]["comments"]["accepted"] == size // 60_000 - 1 + 4
    assert grown < 3 * size // 1024  # one run of sorted lines is held, never the parsed line


def test_a_broken_document_of_one_ticket_nested_without_end_is_a_reject(
    desk: Any, rejects: Callable[..., Any]
) -> None:
    deep = json.dumps(desk.ticket(1, novel="@@"), indent=1).replace('"@@"', '{"a":' * 200 + "1" + "}" * 200)
    dataset = desk.convert(desk.write("1.json", deep[:-40]))
    assert ids(dataset) == []
    assert ("tickets", "") in reasons(rejects(dataset))


@pytest.mark.parametrize("damage", ["// by hand\n", "x\n", '{"id":1,"a.b":2}\n'])
def test_a_damaged_first_row_does_not_change_what_a_pipelines_table_is(desk: Any, damage: str) -> None:
    rows = [{"_dlt_id": f"d{n}", "_dlt_load_id": "1", "url": "u", "id": n} for n in range(1, 5)]
    text = desk.lines(*({**row, "raw_subject": "s", "status": "open", "via__channel": "web"} for row in rows))
    dataset = desk.convert(desk.write("tickets.jsonl", damage + text))
    assert {ticket["via"]["channel"] for ticket in dataset.records("tickets") if "via" in ticket} == {"web"}
    assert set(ids(dataset)) >= {2, 3, 4}
