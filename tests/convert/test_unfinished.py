from collections.abc import Callable
from typing import Any

import pytest

API = "https://acme.zendesk.com/api/v2"


def streams(found: dict[str, Any] | None) -> list[str]:
    return [example.partition(": ")[2] for example in found["examples"]] if found else []


@pytest.mark.parametrize(
    ("more", "last"),
    [
        ({"end_of_stream": False, "after_url": "u"}, {"end_of_stream": True, "after_url": None}),
        (
            {"count": 1000, "end_time": 5, "next_page": f"{API}/incremental/users.json?start_time=5"},
            {"count": 3, "end_time": 9, "next_page": f"{API}/incremental/users.json?start_time=9"},
        ),
        (
            {"next_page": f"{API}/users.json?page=2", "previous_page": None},
            {"next_page": None, "previous_page": f"{API}/users.json?page=1"},
        ),
        (
            {"meta": {"has_more": True}, "links": {"next": f"{API}/users.json?page[after]=x", "prev": None}},
            # the next link is there even where nothing follows
            {"meta": {"has_more": False}, "links": {"next": f"{API}/users.json?page[after]=y", "prev": "p"}},
        ),
    ],
    ids=["cursor", "time", "offset", "cursor_list"],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_stream_is_unfinished_until_its_last_page(
    desk: Any, finding: Callable[..., Any], more: dict[str, Any], last: dict[str, Any], wrapped: bool
) -> None:
    first, second = {"users": [desk.user(11)], **more}, {"users": [desk.user(12)], **last}
    desk.write("1.json", [first] if wrapped else first)
    found = finding(desk.convert(), "unfinished_streams")
    assert (found["count"], streams(found)) == (1, ["users"])
    desk.write("2.json", [second] if wrapped else second)
    assert finding(desk.convert(), "unfinished_streams") is None


def test_each_ticket_has_its_own_stream_of_comments(desk: Any, finding: Callable[..., Any]) -> None:
    for number in (1, 2):
        link = f"{API}/tickets/{number}/comments.json?page=2"
        first = {"comments": [desk.comment(number * 10)], "next_page": link, "previous_page": None}
        desk.write(f"{number}-1.json", first)
    second = {"comments": [desk.comment(11)], "next_page": None}
    desk.write("1-2.json", {**second, "previous_page": f"{API}/tickets/1/comments.json?page=1"})
    assert streams(finding(desk.convert(), "unfinished_streams")) == ["comments of ticket 2"]


def test_a_single_page_and_a_list_without_links_are_finished(desk: Any, finding: Callable[..., Any]) -> None:
    desk.write("1.json", {"users": [desk.user(11)], "next_page": None, "previous_page": None, "count": 1})
    desk.write("2.json", {"metadata": {"count": 1}, "users": [desk.user(12)]})
    assert finding(desk.convert(), "unfinished_streams") is None
