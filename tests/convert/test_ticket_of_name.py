import pytest

from deskferry.convert.ticket_of_name import ticket_of_name


@pytest.mark.parametrize(
    "name",
    [
        "12.json",
        "ticket_12.json",
        "ticket-12-comments.json",
        "ticket_12_page2.json",
        "12_comments.json",
        "12_comments_page_3.json",
        "comments_12.json",
        "Comments/12.json",
        "12/comments.json",
        "ticket_12/comments_page2.json",
        "tickets/12/page_2.json",
        "tickets/12/comments/page_2.json",
        "dump/Tickets/12/comments/17000000001.json",
        "ticket_12/audits/1.json",
    ],
)
def test_the_ticket_is_in_the_name_of_the_file_or_its_folder(name: str) -> None:
    assert ticket_of_name(name) == 12


@pytest.mark.parametrize(
    "name",
    [
        "comments.json",
        "page_2.json",
        "2024/comments/page_2.json",
        "tickets.json",
        "saved_page_a.json",
        "export_2024_1.json",
    ],
)
def test_no_ticket_is_guessed(name: str) -> None:
    assert ticket_of_name(name) is None
