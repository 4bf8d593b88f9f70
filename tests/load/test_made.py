"""What a good answer says was made."""

import pytest

from deskferry.load.action import Action, Kind, Step
from deskferry.load.made import NO_ID, made_id

SILENT = {"skip_notifications": True}


@pytest.mark.parametrize(
    ("answer", "made"),
    [
        ({"id": "8", "created_at": 1_700_000_000}, "8"),
        ({"id": "8"}, "8"),
        ({"id": "8", "created_at": 1_700_000_009}, NO_ID),
        ({}, NO_ID),
        ({"id": None}, NO_ID),
        ({"id": ["8"]}, NO_ID),
        ({"id": 8}, "8"),
        ({"id": True}, NO_ID),
        ({"id": "8/x"}, NO_ID),
    ],
)
def test_a_part_of_a_ticket_is_made_when_the_answer_names_it_and_gives_it_no_other_second(
    answer: dict[str, object], made: object
) -> None:
    witness = {"admin_id": "1", "created_at": 1_700_000_000}
    note = Action(Kind.TICKET, "5", Step.NOTE, 1, "POST", "/tickets/{id}/reply", SILENT, witness=witness)
    assert made_id(note, answer) == made
