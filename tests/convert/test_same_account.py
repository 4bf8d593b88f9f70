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
    assert "--same-account acme=acme-old or acme-old=acme" in text


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


def two_folders(desk: Any) -> Any:
    """Two accounts that both have ticket 1, each with a page of comments that names no account."""
    for number, name in enumerate(("acme", "sandbox"), start=1):
        line = desk.lines(desk.ticket(1, comments=[])).replace("acme.zendesk", f"{name}.zendesk")
        desk.write(f"{name}/tickets/t.json", line)
        page = {"comments": [desk.comment(100 + number, body=f"of {name}")], "next_page": None, "count": 1}
        desk.write(f"{name}/comments/comments_1.json", page)
    return desk


def bodies(dataset: Any) -> list[str]:
    return [comment["body"] for comment in dataset.records("comments")]


@pytest.mark.parametrize("name", ["acme", "sandbox"])
def test_a_file_that_names_no_account_is_of_the_one_its_folder_names(desk: Any, name: str) -> None:
    dataset = two_folders(desk).convert(account=name)
    assert (dataset.account, bodies(dataset)) == (name, [f"of {name}"])
    left = [one["name"] for one in dataset.manifest["sources"] if one["form"] == "other_account"]
    other = "sandbox" if name == "acme" else "acme"
    assert sorted(left) == [f"{other}/comments/comments_1.json", f"{other}/tickets/t.json"]


def test_so_it_is_where_each_folder_is_given_by_itself(desk: Any) -> None:
    two_folders(desk)
    folders = [desk.exports / name for name in ("acme", "sandbox")]
    assert bodies(desk.convert(*folders, account="acme")) == ["of acme"]


def test_so_it_is_in_a_zip(desk: Any) -> None:
    for number, name in enumerate(("acme", "sandbox"), start=1):
        line = desk.lines(desk.ticket(1, comments=[])).replace("acme.zendesk", f"{name}.zendesk")
        page = desk.lines({"comments": [desk.comment(100 + number, body=f"of {name}")], "count": 1})
        desk.zip(f"{name}.zip", {"t.json": line, "comments_1.json": page})
    assert bodies(desk.convert(account="sandbox")) == ["of sandbox"]


def test_an_account_that_is_named_late_in_a_file_is_named(desk: Any) -> None:
    two_folders(desk)
    late: Any = {"comments": [desk.comment(7, body="x" * 300_000), desk.comment(8, body="late")], "count": 2}
    late["comments"][1]["url"] = "https://acme.zendesk.com/api/v2/comments/8.json"
    desk.write("comments_1.json", late)
    assert "late" in bodies(desk.convert(account="acme"))
    assert bodies(desk.convert(account="sandbox")) == ["of sandbox"]


@pytest.mark.parametrize("folder", ["", "elsewhere/"])
def test_files_whose_account_cannot_be_told_are_refused_by_name(desk: Any, folder: str) -> None:
    two_folders(desk)
    for number in range(1, 5):
        desk.write(f"{folder}comments_{number}.json", {"comments": [desk.comment(number)], "count": 1})
    with pytest.raises(RefusedError) as refused:
        desk.convert(account="acme")
    text = str(refused.value)
    assert text.startswith("4 files name no account")
    assert [f"{folder}comments_{number}.json" in text for number in range(1, 5)] == [True, True, True, False]
    assert "Point at the folder of one account" in text


def test_a_file_that_names_no_account_needs_no_folder_beside_one_account(renamed: Any) -> None:
    renamed.write("deep/er/comments_1.json", {"comments": [renamed.comment(7, body="mine")], "count": 1})
    dataset = renamed.convert(account="acme", same_account={"acme-old": "acme"})
    assert "mine" in bodies(dataset)
