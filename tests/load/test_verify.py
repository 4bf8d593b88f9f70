"""Reading back: each thing that is not as planned is one line, what people did since is none."""

from collections.abc import Callable

import pytest

from deskferry.load.verify import verify
from deskferry.schemas.errors import InputError, RefusedError

from .conftest import Desk, Intercom

ME = "1"


@pytest.fixture
def loaded(desk: Desk, intercom: Intercom) -> str:
    """A whole load; the id of a closed conversation without tags."""
    desk.planned()
    desk.load()
    found = intercom.get("/conversations?per_page=150")["conversations"]
    return str(next(item["id"] for item in found if item["title"] == "Subject 1"))


def lines(desk: Desk) -> list[str]:
    return [str(difference) for difference in desk.verify().differences]


def note(text: str, created_at: int) -> dict[str, object]:
    who = {"type": "admin", "message_type": "note", "admin_id": ME}
    return {**who, "body": text, "created_at": created_at, "skip_notifications": True}


Damage = Callable[[Intercom, str], object]
DAMAGES: dict[str, tuple[Damage, str]] = {
    "another title": (
        lambda there, id_: there.post(f"/conversations/{id_}", {"title": "Other"}, method="PUT"),
        "* conversation 1  title: expected Subject 1, found Other",
    ),
    "another attribute": (
        lambda there, id_: there.post(
            f"/conversations/{id_}", {"custom_attributes": {"zendesk_id": "2"}}, method="PUT"
        ),
        "* conversation 1  zendesk_id: expected 1, found 2",
    ),
    "the transcript twice": (
        lambda there, id_: there.post(
            f"/conversations/{id_}/reply",
            note(
                there.get(f"/conversations/{id_}")["conversation_parts"]["conversation_parts"][0]["body"],
                1710000000,
            ),
        ),
        "* conversation 1  note: expected once, found again as part",
    ),
    "closed twice": (
        lambda there, id_: there.post(
            f"/conversations/{id_}/parts", {"message_type": "close", "type": "admin", "admin_id": ME}
        ),
        "* conversation 1  close: expected once, found 2 times",
    ),
    "a message of ours the customer can see": (
        lambda there, id_: there.post(
            f"/conversations/{id_}/reply",
            {**note("Visible", 1710000000), "message_type": "comment"},
        ),
        "* conversation 1  customer sees: expected nothing of ours, found <p>Visible</p>",
    ),
    "gone": (
        lambda there, id_: there.post(f"/conversations/{id_}", {}, method="DELETE"),
        "- conversation 1  all: expected Intercom id",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_is_one_line(desk: Desk, intercom: Intercom, loaded: str, damage: str) -> None:
    do, expected = DAMAGES[damage]
    do(intercom, loaded)
    found = lines(desk)
    assert any(line.startswith(expected) for line in found), found
    assert all("conversation 1 " in line for line in found)


def test_a_contact_somebody_renamed_is_a_difference(desk: Desk, intercom: Intercom, loaded: str) -> None:
    contact = intercom.get("/contacts/find_by_external_id/A-1")
    intercom.post(f"/contacts/{contact['id']}", {"name": "Somebody"}, method="PUT")
    assert lines(desk) == ["* contact 11  name: expected Anna <A>, found Somebody"]


def test_what_a_customer_adds_is_no_difference(desk: Desk, intercom: Intercom, loaded: str) -> None:
    contact = intercom.get("/contacts/find_by_external_id/A-1")["id"]
    reply = {"type": "user", "message_type": "comment", "intercom_user_id": contact, "body": "One more thing"}
    intercom.post(f"/conversations/{loaded}/reply", reply)
    assert intercom.get(f"/conversations/{loaded}")["state"] == "open"
    verified = desk.verify()
    assert verified.differences == ()
    assert verified.added == 1


def test_what_was_not_loaded_is_missing(desk: Desk, intercom: Intercom) -> None:
    desk.plan("one.plan", limit=1)
    desk.load("one.plan")
    desk.planned()
    assert {(item.symbol, item.found) for item in desk.verify().differences} == {("-", "not loaded")}


def test_without_a_ledger_there_is_nothing_to_verify(desk: Desk) -> None:
    desk.planned()
    with pytest.raises(InputError, match="no ledger here"):
        desk.verify()


def test_another_workspace_is_refused(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    with desk.target("sandbox") as other:
        plan_file = desk.folder / "try.plan"
        with pytest.raises(RefusedError, match=r"the target is workspace .*, the plan is for"):
            verify(plan_file, target=other)
