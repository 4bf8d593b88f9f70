"""A comment that two forms tell stands once, also where one of them names its author in words only."""

from typing import Any

import pytest

HEAD = "Date,Ticket_ID,From,Comment,Ticket_Date,Subject,Description,Status,Channel,Tags\n"
AT = "2024-05-01T10:00:00Z"


def rows(*texts: str) -> str:
    return HEAD + "".join(f"{AT},1,User 11,{text},{AT},S,D,open,web,\n" for text in texts)


def found(dataset: Any) -> list[tuple[Any, ...]]:
    return sorted((c["body"], c.get("author_id"), c["public"]) for c in dataset.records("comments"))


def test_a_comment_with_id_and_author_replaces_one_without_either(desk: Any) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    desk.write("all-tickets.csv", rows("text 101", "text 102", "of nobody else"))
    dataset = desk.convert()
    assert found(dataset) == [
        ("of nobody else", None, False),
        ("text 101", 11, True),
        ("text 102", 11, True),
    ]
    counts = dataset.manifest["entities"]["comments"]
    assert (counts["found"], counts["superseded"]) == (5, 2)


def test_a_comment_with_an_author_replaces_one_without_where_neither_has_an_id(desk: Any) -> None:
    desk.write("all-tickets.csv", rows("one"))
    desk.write("threads.csv", f"ticket_id,author_id,created_at,body,via,public\n1,11,{AT},one,web,True\n")
    assert found(desk.convert()) == [("one", 11, True)]


@pytest.mark.parametrize("order", [1, -1])
def test_of_equal_texts_the_private_one_meets_the_private_one(desk: Any, order: int) -> None:
    both = [
        desk.comment(101, body="same", plain_body="same"),
        desk.comment(102, body="same", plain_body="same"),
    ]
    both[1]["public"] = False
    desk.write("tickets.json", desk.lines(desk.ticket(1, comments=both)))
    bare = [{k: v for k, v in comment.items() if k != "id"} for comment in both[::order]]
    desk.write("comments_1.json", {"comments": bare})
    assert found(desk.convert()) == [("same", 11, False), ("same", 11, True)]
