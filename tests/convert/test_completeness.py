"""What an export lacks is answered question by question, also where nothing is lacking."""

import gzip
import zipfile
from typing import Any

import pytest

from deskferry.convert.completeness import completeness
from deskferry.convert.id_gaps import BEFORE, BURST, DAMAGED, DELETED, SELECTION, SLICE, IdGaps

DAY = "2024-03-{:02d}T10:00:00.000Z"


def answers(dataset: Any) -> dict[str, tuple[int, tuple[Any, ...]]]:
    found: dict[str, tuple[int, tuple[Any, ...]]] = {}
    for one in completeness(dataset):
        count, examples = found.get(one.id, (0, ()))
        found[one.id] = (count + one.count, examples + one.examples)
    return found


def test_every_question_is_answered_with_nothing_for_a_whole_export(desk: Any) -> None:
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1), desk.ticket(2))))
    without = {kind for kind, (count, _) in answers(dataset).items() if not count}
    assert without >= {
        *("absent_ids", "unknown_fields", "unknown_options", "damaged_ids", "zoneless_times"),
        *("damaged_files", "unread_pieces"),
        *("unfinished_streams", "newer_partials", "partial_tickets", "comments_without_ticket"),
    }


@pytest.mark.parametrize(
    ("tickets", "reason", "examples"),
    [
        ([(1, 1), (2, 2), (5, 3)], DELETED, ("3-4",)),
        ([(1, 1), (2, 2), (40, 2), (41, 20), (60, 28)], SLICE, ("42-59",)),
        ([(1, 1), (2, 2), (500, 2), (501, 28)], BURST, ("3-499",)),
        ([(100, 1), (101, 2)], BEFORE, ("1-99",)),
        ([(20 * number + 1, number) for number in range(1, 28)], SELECTION, ("22-40",)),
    ],
    ids=["deleted", "slice", "burst", "before", "selection"],
)
def test_absent_ids_come_with_their_likely_reason(
    tickets: list[tuple[int, int]], reason: str, examples: tuple[str, ...]
) -> None:
    gaps = IdGaps()
    for number, day in tickets:
        gaps.take(number, DAY.format(day))
    found = {one.text.partition(": ")[2]: one for one in gaps.findings()}
    assert found[reason].examples[: len(examples)] == examples
    assert sum(one.count for one in found.values()) == tickets[-1][0] - len(tickets)


@pytest.mark.parametrize("absent", [2, 30, 200])
def test_beside_a_damaged_file_absent_ids_were_not_deleted(absent: int) -> None:
    gaps = IdGaps(damaged=True)
    gaps.take(1, DAY.format(1))
    gaps.take(2 + absent, DAY.format(2))
    assert [(one.text.partition(": ")[2], one.count) for one in gaps.findings()] == [(DAMAGED, absent)]


def damaged_member(desk: Any) -> None:
    with zipfile.ZipFile(desk.exports / "x.zip", "w", zipfile.ZIP_STORED) as file:
        file.writestr("a.json", desk.lines(desk.ticket(1), desk.ticket(5)))
        file.writestr("b.json", desk.lines(desk.ticket(2)))
    raw = (desk.exports / "x.zip").read_bytes()
    desk.write("x.zip", raw.replace(b"Subject 2", b"Subject 3"))


def cut_gzip(desk: Any) -> None:
    packed = gzip.compress(desk.lines(*(desk.ticket(number) for number in (1, 5, 6))).encode())
    desk.write("b.json.gz", packed[: len(packed) * 9 // 10])


@pytest.mark.parametrize(
    ("make", "name"), [(damaged_member, "x.zip/b.json"), (cut_gzip, "b.json")], ids=["member", "gzip"]
)
def test_a_file_that_ends_too_early_is_told_once_and_explains_absent_ids(
    desk: Any, make: Any, name: str
) -> None:
    make(desk)
    desk.write("more.json", desk.lines(desk.ticket(1), desk.ticket(9)))
    found = completeness(desk.convert())
    assert [(one.count, one.examples) for one in found if one.id == "damaged_files"] == [(1, (name,))]
    assert {one.text.partition(": ")[2] for one in found if one.id == "absent_ids"} == {DAMAGED}
    cut_line = 1 if make is cut_gzip else 0
    assert [one.count for one in found if one.id == "unread_pieces"] == [cut_line]


def test_a_line_that_is_no_record_is_told_by_its_place(desk: Any) -> None:
    first = desk.lines(desk.ticket(1))
    dataset = desk.convert(
        desk.write("t.json", first + '{"ticket": {"id": 2, "sta\n' + desk.lines(desk.ticket(3)))
    )
    found = answers(dataset)
    assert found["unread_pieces"] == (1, (f"t.json:{len(first)}",))
    assert found["damaged_files"] == (0, ())


def test_ids_without_times_are_counted_all_the_same() -> None:
    gaps = IdGaps()
    gaps.take(1, None)
    gaps.take(30, None)
    assert [one.count for one in gaps.findings()] == [28]


def test_a_field_without_definition_and_an_option_without_definition_are_told(desk: Any) -> None:
    fields = [
        {
            "id": 7,
            "title": "Size",
            "type": "tagger",
            "custom_field_options": [{"name": "L", "value": "large"}],
        },
        {"id": 8, "title": "Note", "type": "text"},
    ]
    values = [{"id": 7, "value": "tiny"}, {"id": 8, "value": "x"}, {"id": 9, "value": "y"}]
    empty = [{"id": 7, "value": "large"}, {"id": 8, "value": None}, {"id": 10, "value": ""}]
    dataset = desk.convert(
        desk.write(
            "t.json", desk.lines(desk.ticket(1, custom_fields=values), desk.ticket(2, custom_fields=empty))
        ),
        desk.write("f.json", {"ticket_fields": fields}),
    )
    found = answers(dataset)
    assert found["unknown_fields"] == (1, ("9 (1)",))
    assert found["unknown_options"] == (1, ("Size: tiny (1)",))


def test_damaged_ids_are_counted_from_the_rejects(desk: Any) -> None:
    bad = '{"ticket":{"id":1.03006E+13,"status":"open","requester_id":5}}\n'
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1)) + bad))
    count, examples = answers(dataset)["damaged_ids"]
    assert count == 1
    assert examples[0].startswith("tickets id: ")


def test_times_without_a_zone_and_newer_rows_of_a_csv_are_told(desk: Any) -> None:
    header = "Summation column,Id,Requester,Requester id,Subject,Status,Priority,Via,Created at,Updated at\n"
    row = "1,1,Ann,5,Other,Open,Low,Mail,2024-03-01 10:00,2030-03-01 10:00\n"
    dataset = desk.convert(
        desk.write("t.json", desk.lines(desk.ticket(1))),
        desk.write("t.csv", header + row),
        timezone="Europe/Oslo",
    )
    found = answers(dataset)
    assert found["zoneless_times"] == (2, ("Europe/Oslo",))
    assert found["newer_partials"] == (1, ("tickets 1",))
