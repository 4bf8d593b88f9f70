import json
from collections.abc import Callable
from typing import Any

TEXT = "x" * 6000


def test_a_page_over_8_mb_is_streamed_to_the_same_records(desk: Any) -> None:
    tickets = [desk.ticket(number, description=TEXT, comments=[]) for number in range(1, 1401)]
    page = {"count": 1400, "tickets": tickets, "users": [desk.user(500)], "next_page": None}
    small = desk.convert(desk.write("t.json", desk.lines(*tickets)))
    large = desk.convert(desk.write("page.json", json.dumps(page, indent=1)))
    assert (desk.exports / "page.json").stat().st_size > 8 << 20
    for entity in ("tickets", "comments"):
        first, second = ([{**r, "source": ""} for r in dataset.records(entity)] for dataset in (small, large))
        assert first == second
    assert [record["id"] for record in large.records("users")] == [11, 500]


def test_a_line_over_8_mb_is_one_ticket_with_all_its_comments(desk: Any) -> None:
    comments = [desk.comment(number, body=TEXT, html_body=TEXT, plain_body=TEXT) for number in range(1, 501)]
    lines = desk.lines(
        desk.ticket(1), {"ticket": desk.ticket(2, comments=comments)}, desk.ticket(3, id=3, comments=comments)
    )
    dataset = desk.convert(desk.write("t.json", lines))
    counts: dict[int, int] = {}
    for record in dataset.records("comments"):
        counts[record["ticket_id"]] = counts.get(record["ticket_id"], 0) + 1
    assert counts == {1: 2, 2: 500, 3: 500}
    assert [record["id"] for record in dataset.records("tickets")] == [1, 2, 3]


def test_a_long_page_that_breaks_gives_what_stands_before_the_damage(
    desk: Any, rejects: Callable[..., Any]
) -> None:
    tickets = [desk.ticket(number, description=TEXT, comments=[]) for number in range(1, 1401)]
    text = json.dumps({"tickets": tickets}, indent=1)
    dataset = desk.convert(
        desk.write("page.json", text[: len(text) - 5000].replace('Subject 7"', 'Subj\\ud83d"'))
    )
    ids = [record["id"] for record in dataset.records("tickets")]
    assert ids == list(range(1, len(ids) + 1))
    assert len(ids) > 1390
    assert [reject["entity"] for reject in rejects(dataset)] == ["unknown"]
    assert next(r for r in dataset.records("tickets") if r["id"] == 7)["subject"] == "Subj\ufffd"


def test_a_small_document_that_breaks_gives_what_stands_before_the_damage(
    desk: Any, rejects: Callable[..., Any]
) -> None:
    text = json.dumps({"tickets": [desk.ticket(1), desk.ticket(2), desk.ticket(3)]}, indent=1)
    dataset = desk.convert(desk.write("page.json", text[:-700]))
    assert [record["id"] for record in dataset.records("tickets")] == [1, 2]
    assert len(rejects(dataset)) == 1
