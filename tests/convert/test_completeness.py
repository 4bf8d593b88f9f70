"""What an export lacks is answered question by question, also where nothing is lacking."""

from typing import Any

import pytest

from deskferry.convert.completeness import completeness
from deskferry.convert.id_gaps import BEFORE, BURST, DELETED, SELECTION, SLICE, IdGaps

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
