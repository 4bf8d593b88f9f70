"""Links to other tickets inside texts."""

import pytest

from deskferry.load.mentions import mentioned, with_mentions

from .test_compose import history_of, message_of

HOSTS = {"acme.zendesk.com", "help.acme.test"}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("See https://acme.zendesk.com/agent/tickets/7.", {7}),
        ("https://acme.zendesk.com/agent/#/tickets/8 and https://ACME.zendesk.com/tickets/9?x=1", {8, 9}),
        ("https://help.acme.test/hc/en-us/requests/10", {10}),
        ("as in ticket #11 and Anfrage #12", {11, 12}),
        ("Request #13 was closed and merged into this request", {13}),
        ("https://other.zendesk.com/agent/tickets/7", set()),
        ("https://acme.zendesk.com.evil.test/agent/tickets/7", set()),
        ("order #14, place #1, tickets/15", set()),
        ("https://acme.zendesk.com/agent/tickets/30418", set()),
    ],
)
def test_a_number_counts_where_it_is_surely_a_ticket_of_the_account(text: str, numbers: set[int]) -> None:
    assert mentioned(history_of(message_of(text=text)), hosts=HOSTS) == numbers


def test_links_that_only_html_has_are_found() -> None:
    html = '<a href="/agent/tickets/21">that one</a> <a href="https://acme.zendesk.com/tickets/22">x</a>'
    assert mentioned(history_of(message_of(text="that one x", html=html)), hosts=HOSTS) == {21, 22}


def test_mentions_stand_with_the_links_once_and_leave_the_words_alone() -> None:
    history = history_of(message_of(text="see ticket #7"), links=("Follow-up of #5",))
    linked = with_mentions(history, {9, 7, 5})
    assert linked.links == ("Follow-up of #5", "Mentions #7, #9 (to be found by zendesk_id)")
    assert linked.messages == history.messages
    assert with_mentions(history, {5}) is history
