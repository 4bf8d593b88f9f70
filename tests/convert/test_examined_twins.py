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


def without_id(comment: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {key: value for key, value in {**comment, **more}.items() if key != "id" and value is not None}


def both(desk: Any, real: list[dict[str, Any]], bare: list[dict[str, Any]]) -> Any:
    desk.write("tickets.json", desk.lines(desk.ticket(1, comments=real)))
    desk.write("comments_1.json", {"comments": bare})
    return desk.convert()


def texts(dataset: Any) -> list[tuple[int, str]]:
    return [(max(comment["id"], 0), comment["body"]) for comment in dataset.records("comments")]


@pytest.mark.parametrize("author", [11, None])
def test_what_was_redacted_since_does_not_come_back_as_a_comment_without_an_id(
    desk: Any, author: int | None
) -> None:
    said = desk.comment(101, body="card 4111", plain_body="card 4111", html_body="<p>card 4111</p>")
    now = {key: value.replace("4111", "▇▇▇▇") for key, value in said.items() if isinstance(value, str)}
    file = {"file_name": "a.png", "content_url": "https://acme.zendesk.com/attachments/token/x/?name=a.png"}
    dataset = both(desk, [{**said, **now}], [without_id(said, author_id=author, attachments=[file])])
    assert texts(dataset) == [(101, "card ▇▇▇▇")]
    assert "4111" not in (dataset.path / "comments.ndjson").read_text()
    assert [one["comment_id"] for one in dataset.records("attachments")] == [101]
    counts = dataset.manifest["entities"]["comments"]
    assert (counts["accepted"], counts["superseded"]) == (1, 1)


def test_a_spoilt_plain_text_makes_no_second_comment(desk: Any) -> None:
    said = desk.comment(101)
    assert texts(both(desk, [{**said, "plain_body": "text �10"}], [without_id(said)])) == [(101, "text 101")]


def test_where_the_one_without_an_id_is_redacted_the_other_is_too(desk: Any) -> None:
    said = desk.comment(101, body="card 4111", plain_body="card 4111", html_body="<p>card 4111</p>")
    hidden = without_id(said, body="card ▇▇▇▇", plain_body="card ▇▇▇▇", html_body=None)
    dataset = both(desk, [said], [hidden])
    assert texts(dataset) == [(101, "card ▇▇▇▇")]
    assert "4111" not in (dataset.path / "comments.ndjson").read_text()


def test_beside_one_that_met_its_text_the_remaining_two_are_one(desk: Any) -> None:
    first, second = desk.comment(101), desk.comment(102)
    dataset = both(desk, [{**first, "plain_body": "▇"}, second], [without_id(second), without_id(first)])
    assert texts(dataset) == [(101, "text 101"), (102, "text 102")]


@pytest.mark.parametrize(
    "other",
    [{"author_id": 12}, {"created_at": "2024-05-01T10:00:01.000Z"}],
    ids=["another author", "a second later"],
)
def test_of_another_author_or_time_it_is_another_comment(desk: Any, other: dict[str, Any]) -> None:
    dataset = both(desk, [desk.comment(101)], [without_id(desk.comment(102), **other)])
    assert sorted(texts(dataset)) == [(0, "text 102"), (101, "text 101")]


def test_where_two_could_be_the_one_all_stay(desk: Any) -> None:
    bare = [without_id(desk.comment(number)) for number in (103, 104)]
    assert len(texts(both(desk, [desk.comment(101)], bare))) == 3
    assert len(texts(both(desk, [desk.comment(101), desk.comment(102)], bare[:1]))) == 3
