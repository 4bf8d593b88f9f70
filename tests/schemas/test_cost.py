"""The calls of a load, reckoned: one closed ticket as Intercom's API takes it, and sums over many."""

import pytest

from deskferry.schemas.cost import LIMITS_PER_10S, Counts, Form, calls, seconds, verify_calls

TAGS, ASSIGNMENTS, COMMENTS = 2, 1, 6
ONE = Counts(
    tickets=1,
    closed=1,
    messages=COMMENTS,
    further_notes=0,
    tags=TAGS,
    assignments=ASSIGNMENTS,
    contacts=0,
)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Form.BARE, 3 + TAGS + ASSIGNMENTS),
        (Form.NOTE, 4 + TAGS + ASSIGNMENTS),
        (Form.MESSAGES, COMMENTS + 2 + TAGS + ASSIGNMENTS),
        (Form.TICKET, 3 + TAGS),
        (Form.REPLIES, COMMENTS + 1 + TAGS),
    ],
)
def test_one_closed_ticket_takes_its_calls(form: Form, expected: int) -> None:
    assert sum(calls(form, ONE).values()) == expected


@pytest.mark.parametrize("form", Form)
def test_people_and_companies_are_counted_once_whatever_the_form(form: Form) -> None:
    counts = Counts(
        tickets=10,
        closed=4,
        messages=30,
        further_notes=2,
        tags=0,
        assignments=0,
        contacts=7,
        companies=3,
        memberships=5,
    )
    found = calls(form, counts)
    assert (found["contacts"], found["companies"], found["conversations"]) == (7, 11, 10)
    transcripts = {Form.BARE: 0, Form.MESSAGES: 20, Form.REPLIES: 20}
    assert found["transcripts"] == transcripts.get(form, 12)
    assert found.get("closing") == (None if form in (Form.TICKET, Form.REPLIES) else 4)
    assert verify_calls(counts) == 25


def test_time_is_what_the_limit_allows() -> None:
    assert [seconds(1_670, limit) for limit in LIMITS_PER_10S] == [100, pytest.approx(10.018, abs=0.001)]
