"""Two accounts in one export: refused, chosen from, or joined because one was renamed."""

from typing import Any

import pytest

from deskferry.schemas.errors import InputError, RefusedError


def of_account(desk: Any, name: str, ticket_id: int) -> Any:
    line = desk.lines(desk.ticket(ticket_id)).replace("acme.zendesk", f"{name}.zendesk")
    return desk.write(f"{name}-{ticket_id}.json", line)


def tickets(dataset: Any) -> list[int]:
    return [ticket["id"] for ticket in dataset.records("tickets")]


@pytest.fixture
def renamed(desk: Any) -> Any:
    for name, number in (("acme", 1), ("acme", 2), ("acme-old", 3)):
        of_account(desk, name, number)
    return desk


def test_two_accounts_are_refused_naming_both_and_both_ways_out(renamed: Any) -> None:
    with pytest.raises(RefusedError) as refused:
        renamed.convert()
    text = str(refused.value)
    assert "acme      2 files" in text
    assert "acme-old  1 file" in text
    assert "--account acme" in text
    assert "--same-account acme-old=acme" in text


def test_a_renamed_account_is_one_account_under_its_new_name(renamed: Any) -> None:
    dataset = renamed.convert(same_account={"acme-old": "acme"})
    assert dataset.account == "acme"
    assert tickets(dataset) == [1, 2, 3]
    assert dataset.manifest["options"]["same_account"] == {"acme-old": "acme"}


@pytest.mark.parametrize("account", ["acme", "acme-old", "ACME.zendesk.com"])
def test_choosing_either_name_of_a_joined_account_chooses_both(renamed: Any, account: str) -> None:
    of_account(renamed, "sandbox", 9)
    dataset = renamed.convert(account=account, same_account={"acme-old": "acme"})
    assert (dataset.account, tickets(dataset)) == ("acme", [1, 2, 3])


def test_an_account_renamed_twice_is_one(renamed: Any) -> None:
    of_account(renamed, "acme-oldest", 4)
    dataset = renamed.convert(same_account={"acme-oldest": "acme-old", "acme-old": "acme"})
    assert (dataset.account, tickets(dataset)) == ("acme", [1, 2, 3, 4])


def test_two_accounts_in_one_file_are_joined_too(desk: Any) -> None:
    old = desk.lines(desk.ticket(2)).replace("acme.zendesk", "acme-old.zendesk")
    desk.write("t.json", desk.lines(desk.ticket(1)) + old)
    with pytest.raises(RefusedError, match="two Zendesk accounts"):
        desk.convert()
    assert tickets(desk.convert(same_account={"acme-old": "acme"})) == [1, 2]


def test_a_third_account_is_still_refused(renamed: Any) -> None:
    of_account(renamed, "sandbox", 9)
    with pytest.raises(RefusedError, match="two Zendesk accounts"):
        renamed.convert(same_account={"acme-old": "acme"})


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ({"a": "b", "b": "a"}, "renamed to itself"),
        ({"a": "a"}, "renamed to itself"),
        ({"": "acme"}, "not the name"),
        ({"old": "https://x"}, "not the name"),
    ],
)
def test_what_joins_nothing_is_an_error_before_anything_is_read(
    desk: Any, pairs: dict[str, str], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        desk.convert(desk.write("t.json", desk.lines(desk.ticket(1))), same_account=pairs)
