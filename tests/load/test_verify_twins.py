"""Second copies that nobody knew of are found by searching, and what is no copy is not."""

import time
from collections.abc import Callable

import pytest

from deskferry.load.action import Kind
from deskferry.load.verify import in_sample, verify

from .conftest import Desk, Intercom, misbehaving

Damage = Callable[[Intercom], str]


def twin_conversation(there: Intercom) -> str:
    one = there.get("/conversations?per_page=150")["conversations"][0]
    opening = {"body": "Some words", "created_at": one["created_at"]}
    person = {"type": "user", "id": one["contacts"]["contacts"][0]["id"]}
    return str(there.post("/conversations", {"from": person, **opening})["conversation_id"])


def twin_contact(there: Intercom) -> str:
    body = {"role": "user", "email": "second@x.test", "custom_attributes": {"zendesk_user_id": "11"}}
    return str(there.post("/contacts", body)["id"])


@pytest.mark.parametrize("damage", [twin_conversation, twin_contact])
def test_a_second_copy_is_told_with_both_ids_and_left_there(
    desk: Desk, intercom: Intercom, damage: Damage
) -> None:
    desk.planned()
    desk.load()
    assert desk.verify().twice == 0
    id_ = damage(intercom)
    found = desk.verify()
    (line,) = found.differences
    assert (line.symbol, line.field, found.twice) == ("*", "twice", 1)
    assert id_ in line.found
    assert " and " in line.found


def test_what_a_customer_begins_at_another_second_is_no_copy(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    one = intercom.get("/conversations?per_page=150")["conversations"][0]
    person = {"type": "user", "id": one["contacts"]["contacts"][0]["id"]}
    opening = {"body": "Another matter", "created_at": one["created_at"] + 7}
    intercom.post("/conversations", {"from": person, **opening})
    assert desk.verify().differences == ()


def test_looking_for_copies_costs_one_call_for_fifteen_things(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    found = desk.verify()
    assert found.checked == found.contacts + found.conversations
    assert found.calls == found.checked + 1 + 2  # whose workspace it is; contacts, conversations


def test_a_search_is_trusted_once_the_last_call_has_settled(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    desk.waits.clear()
    desk.verify(settle=100.0)
    assert 90 < sum(desk.waits) <= 100
    desk.waits.clear()
    desk.verify(settle=100.0, clock=lambda: time.time() + 200)
    assert desk.waits == []


def test_a_refused_search_is_told_and_ends_nothing(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()

    def fault(_method: str, path: str, _number: int) -> str | None:
        return "reject" if path == "/contacts/search" else None

    with misbehaving(intercom.url, fault) as proxy, desk.target(proxy.url) as target:
        (line,) = verify(desk.folder / "try.plan", target=target, sleep=desk.waits.append).differences
    assert str(line).startswith("! contact")
    assert "searching contacts failed" in line.found
    assert ("POST", "/conversations/search") in proxy.seen


def test_a_sample_is_the_same_every_time_and_about_as_large_as_asked_for() -> None:
    keys = [str(number) for number in range(4_000)]
    chosen = [key for key in keys if in_sample(Kind.CONVERSATION, key, share=0.05)]
    assert 140 < len(chosen) < 260
    assert chosen == [key for key in keys if in_sample(Kind.CONVERSATION, key, share=0.05)]
    assert set(chosen) <= {key for key in keys if in_sample(Kind.CONVERSATION, key, share=0.1)}
    assert all(in_sample(Kind.CONTACT, key, share=1.0) for key in keys)


def test_a_sample_reads_and_searches_less(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    found = desk.verify(sample=0.5)
    assert 0 < found.checked < found.planned == 9
    assert found.sample == 0.5
    assert found.differences == ()
