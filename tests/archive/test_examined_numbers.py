"""What an examination from outside found: numbers, gates and crashes that awkward exports bring about."""

import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.ask import Finding, ask
from deskferry.archive.draw import draw
from deskferry.archive.map_check import coverage
from deskferry.archive.map_init import default_mapping
from deskferry.archive.map_suggest import MANY, RARE
from deskferry.archive.query import run_query
from deskferry.archive.question import read_questions
from deskferry.archive.report import report
from deskferry.archive.search import Where, search
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import read_mapping

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BuildArchive = Callable[..., Path]


def answers(archive: Path, *ids: str) -> dict[str, Finding]:
    questions = [question for question in read_questions() if question.id in ids]
    assert len(questions) == len(ids)
    return {found.question.id: found for found in ask(archive, questions, now=NOW)}


def ticket(number: int, created: str | None, updated: str | None, **more: Any) -> dict[str, Any]:
    return {"id": number, "created_at": created, "updated_at": updated, "requester_id": 1, **more}


DAMAGED = [
    ticket(1, "2024-01-01T00:00:00.000Z", "2024-01-02T00:00:00.000Z", status="solved"),
    ticket(2, "0001-01-01T00:00:00.000Z", "0001-01-02T00:00:00.000Z", status="open"),
    ticket(3, "9999-12-31T23:59:59.000Z", "9999-12-31T23:59:59.000Z", status="closed"),
    ticket(4, "2024-02-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z", status="open"),
    ticket(5, None, None, status="new"),
    ticket(6, "2024-03-01T00:00:00.000Z", "2024-03-02T00:00:00.000Z", status="open"),
]


def test_impossible_times_leave_a_backlog_that_can_be_drawn(archive_of: BuildArchive) -> None:
    found = answers(archive_of(tickets=DAMAGED), "inventory_backlog")["inventory_backlog"]
    days = found.series[0].rows
    assert days[0] == ("2024-01-01", 1)
    assert days[-1] == ("2024-03-01", 2)
    assert "<svg" in draw(found.series[0], name="backlog")


def test_a_clock_in_the_future_does_not_make_the_export_younger_or_older(archive_of: BuildArchive) -> None:
    found = answers(
        archive_of(tickets=DAMAGED),
        *("completeness_export_age", "inventory_backlog", "inventory_delta", "inventory_solved_not_closed"),
    )
    assert found["completeness_export_age"].values["last"] == "2024-03-02"
    assert found["completeness_export_age"].count == (NOW.date() - datetime(2024, 3, 2).date()).days  # noqa: DTZ001
    assert found["inventory_delta"].values["delta"] == "2024-02-24"
    assert found["inventory_backlog"].values["untouched"] == 1  # the one of the year 1
    assert found["inventory_solved_not_closed"].values["old"] == 1  # 60 days before, not thousands of years


@pytest.mark.parametrize("tickets", [DAMAGED, DAMAGED[1:3]], ids=["some", "all"])
def test_every_plot_is_drawn_although_times_are_impossible(
    archive_of: BuildArchive, tickets: list[dict[str, Any]]
) -> None:
    comments = [
        {**one, "ticket_id": one["id"], "position": 1, "author_id": 1, "public": True, "body": "x"}
        for one in ({"id": one["id"], "created_at": one["created_at"]} for one in tickets)
    ]
    archive = archive_of(tickets=tickets, comments=comments)
    found = answers(archive, "inventory_backlog", "inventory_channels", "inventory_months")
    page = report(list(found.values()), account="acme", digest="0", asked="today")
    assert page.count("<svg") >= 2


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("4111 1111 1111 1111 12/27", 1),
        ("4111111111111111 123", 1),
        ("Order 300 4111 1111 1111 1111", 1),
        ("4111&nbsp;1111&nbsp;1111\u00a01111", 1),
        ("3782 822463 10005 0128", 1),
        ("12-4111-1111-1111-1111", 1),
        ("4111 1111 1111 1112 12/27", 0),
        ("1234 5678 9012 3456 7890", 0),
        ("4" * 2000, 0),
        ("4 " * 2000, 0),
    ],
)
def test_a_card_number_is_found_beside_other_digits(archive_of: BuildArchive, text: str, cards: int) -> None:
    comment = {"id": 1, "ticket_id": 1, "position": 1, "author_id": 1, "public": True, "plain_body": text}
    archive = archive_of(tickets=[{"id": 1}], comments=[comment])
    found = answers(archive, "risk_cards")["risk_cards"]
    assert (found.count, found.values["public"]) == (cards, cards)


def test_search_finds_a_tag_in_whatever_letters_the_export_has_it(archive_of: BuildArchive) -> None:
    comment = {"id": 1, "ticket_id": 1, "position": 1, "author_id": 1, "public": True, "body": "hello"}
    archive = archive_of(tickets=[{"id": 1, "tags": ["Ünï"]}], comments=[comment])
    assert search(archive, "hello", where=Where(tag="ünÏ"), limit=1)[0] == 1
    assert search(archive, "hello", where=Where(tag="uni"), limit=1)[0] == 0


def test_bytes_that_are_no_text_are_an_error_in_one_line(small_archive: Path) -> None:
    with pytest.raises(InputError, match="no text"):
        run_query(small_archive, "select '\udcff'")


def test_a_tag_that_no_font_has_is_drawn_without_a_warning(archive_of: BuildArchive) -> None:
    archive = archive_of(tickets=[{"id": 1, "tags": ["\U0001f98a", "\U0001f680 to the moon"]}])
    found = answers(archive, "structure_tags")["structure_tags"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "<svg" in draw(found.series[0], name="tags")


def test_a_mapping_without_a_rule_for_some_tickets_does_not_pass_the_check(
    archive_of: BuildArchive, small_company: dict[str, Any], tmp_path: Path
) -> None:
    archive = archive_of(**small_company)
    text = default_mapping(archive)
    path = tmp_path / "acme.mapping.yaml"
    path.write_text(text.replace('where: "true"', 'where: "false"'), encoding="utf-8")
    line = 1 + next(i for i, line in enumerate(text.splitlines()) if 'where: "true"' in line)
    [gap] = coverage(archive, read_mapping(path)).gaps
    assert (gap.block, gap.count, gap.where) == ("rules", 2, f"{path}:{line}")
    assert "no rule takes them, of 11" in gap.why


def test_a_tag_called_like_the_wildcard_stands_in_a_new_mapping_once(
    archive_of: BuildArchive, tmp_path: Path
) -> None:
    tags = ["*", *(f"rare_{number}" for number in range(MANY))]
    people = [{"id": 1, "name": "Ada", "email": "ada@customer.test", "role": "end-user"}]
    tickets = [{"id": 1, "requester_id": 1, "tags": tags}]
    tickets += [{"id": 2 + number, "requester_id": 1, "tags": ["*"]} for number in range(RARE)]
    comments = [
        {"id": one["id"], "ticket_id": one["id"], "position": 1, "author_id": 1, "public": True, "body": "x"}
        for one in tickets
    ]
    archive = archive_of(users=people, tickets=tickets, comments=comments)
    path = tmp_path / "acme.mapping.yaml"
    path.write_text(default_mapping(archive), encoding="utf-8")
    assert coverage(archive, read_mapping(path)).gaps == []


def test_tags_of_punctuation_alone_are_not_alike(archive_of: BuildArchive) -> None:
    archive = archive_of(tickets=[{"id": 1, "tags": ["*", "~", "s", "re-fund", "refunds", "\U0001f98a"]}])
    found = answers(archive, "structure_similar_tags")["structure_similar_tags"]
    assert (found.count, found.examples) == (1, ["re-fund, refunds"])


def test_people_of_one_address_or_one_product_id_are_one_contact(archive_of: BuildArchive) -> None:
    people = [
        {"id": 1, "name": "A", "role": "end-user", "email": "a@x.test", "external_id": "P1"},
        {"id": 2, "name": "A", "role": "end-user", "external_id": "P1"},
        {"id": 3, "name": "A", "role": "end-user", "email": "A@x.test"},
        {"id": 4, "name": "B", "role": "end-user", "email": "b@x.test"},
        {"id": 5, "name": "C", "role": "end-user"},
    ]
    day = "2024-01-01T00:00:00.000Z"
    tickets = [ticket(n, day, day, status="closed", requester_id=n) for n in range(1, 6)]
    comments = [
        {"id": 10 * n, "ticket_id": n, "author_id": n, "public": True, "created_at": day, "position": 1}
        for n in range(1, 6)
    ]
    archive = archive_of(users=people, tickets=tickets, comments=comments)
    found = answers(archive, "people_contacts")
    assert found["people_contacts"].count == 3
    policies = {one["policy"]: one["tickets"] for one in found["people_contacts"].examples}
    assert policies == {"product id": 3, "e-mail": 1, "id of ours": 1}
