"""Files that hold nothing, or more than their name says."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("nothing", ["[]", " [ ]\r\n", "{}\n"])
def test_an_empty_list_is_an_empty_file_and_no_unknown_one(
    desk: Any, finding: Callable[..., Any], nothing: str
) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    desk.write("tickets/8/comments.json", nothing)
    dataset = desk.convert()
    assert finding(dataset, "unknown_file") is None
    assert finding(dataset, "empty_file")["count"] == 1


def test_raw_records_without_an_id_are_told_by_their_content_in_every_file(desk: Any) -> None:
    for page in (1, 2):
        abilities = [{"user_id": page, "can_edit": page == 1}, {"user_id": 9, "can_edit": True}]
        desk.write(f"page_{page}.json", {"tickets": [desk.ticket(page)], "abilities": abilities, "count": 1})
    dataset = desk.convert()
    kept = sorted(one["record"]["user_id"] for one in dataset.records("configuration"))
    assert kept == [1, 2, 9]


@pytest.mark.parametrize("mark", ["_fivetran_synced", "_dlt_id"])
def test_a_row_without_an_id_keeps_each_digit_of_a_long_number(desk: Any, mark: str) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    row = {mark: "2024-05-01T10:00:00Z", "x": 10**30}
    desk.write("some_table.jsonl", desk.lines(row, {**row, "x": 3}))
    kept = {one["record"]["x"] for one in desk.convert().records("configuration")}
    assert kept == {3, str(10**30)}


def test_agents_work_on_tickets_is_kept_raw(desk: Any, finding: Callable[..., Any]) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    work = [{"engagement_id": name, "ticket_id": 1} for name in ("a", "b")]
    desk.write("page.json", {"agent_engagement_data": work, "has_more": False, "next_page_url": None})
    dataset = desk.convert()
    assert finding(dataset, "unknown_file") is None
    assert len(list(dataset.records("configuration"))) == 2


def test_a_spoilt_name_in_the_record_of_an_account_names_no_second_one(desk: Any) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    desk.write("accounts.xml", "<account><name>Acme</name><subdomain>a'cme</subdomain></account>")
    assert desk.convert().manifest["account"] == "acme"
