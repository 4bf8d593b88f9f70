"""Search of tickets, and what it makes of changes it has not heard of yet."""

from typing import Any

import pytest

NOW = 1_750_000_000


def is_(field: str, operator: str, value: Any) -> Any:
    return {"field": field, "operator": operator, "value": value}


def found(sandbox: Any, kind: str, query: Any, **more: Any) -> list[str]:
    answer = sandbox.ok("POST", f"/{kind}/search", {"query": query, **more})
    return [one["id"] for one in answer["data" if kind == "contacts" else kind]]


def define(sandbox: Any, name: str, data_type: str, **more: Any) -> Any:
    wanted = {"name": name, "description": "", "data_type": data_type, **more}
    return sandbox.ok("POST", f"/ticket_types/{sandbox.types['Customer']['id']}/attributes", wanted)


def test_tickets_are_found_by_the_value_of_an_attribute(sandbox: Any) -> None:
    number, text = define(sandbox, "zendesk_ticket_id", "integer"), define(sandbox, "zendesk key", "string")
    size = define(sandbox, "size", "list", list_items="Low,High")
    low, high = size["input_options"]["list_options"]
    first, second = (
        sandbox.ticket(
            ticket_attributes={"zendesk_ticket_id": value, "zendesk key": f"zd:{value}", "size": item["id"]}
        )["id"]
        for value, item in ((7, low), (8, high))
    )
    for attribute, value in ((number, 7), (text, "zd:7"), (size, "Low")):
        field = f"ticket_attribute.{attribute['id']}"
        assert found(sandbox, "tickets", is_(field, "=", value)) == [first]
        assert found(sandbox, "tickets", is_(field, "IN", [value])) == [first]
        assert found(sandbox, "tickets", is_(field, "!=", value)) == [second]
    assert found(sandbox, "tickets", is_(f"ticket_attribute.{text['id']}", "~", "zd:")) == [first, second]


@pytest.mark.parametrize("field", ["ticket_attribute.zendesk_ticket_id", "ticket_attribute.1", "colour"])
def test_an_attribute_is_searched_by_its_id_only(shared: Any, field: str) -> None:
    answer = shared.refused("POST", "/tickets/search", {"query": is_(field, "=", "x")})
    assert answer[0] == 400
    assert answer[1] == ("parameter_invalid" if field == "colour" else "field_not_found")


def test_tickets_are_found_by_all_that_is_known_of_them(sandbox: Any) -> None:
    who = sandbox.contact()
    values = {"_default_title_": "Broken lamp", "_default_description_": "x"}
    mine = sandbox.ticket(contacts=[{"id": who}], created_at=NOW - 100, ticket_attributes=values)["id"]
    other = sandbox.ticket("Back-office")["id"]
    resolved = sandbox.states()["resolved"]
    sandbox.ok("PUT", f"/tickets/{mine}", {"ticket_state_id": resolved, "assignee_id": sandbox.admin})
    sandbox.ok("PUT", f"/tickets/{other}", {"open": False})
    for query in (
        is_("id", "=", mine),
        is_("contact_ids", "=", who),
        is_("created_at", "=", NOW - 100),
        is_("title", "~", "lamp"),
        is_("description", "=", "x"),
        is_("category", "=", "request"),
        is_("ticket_type_id", "=", sandbox.types["Customer"]["id"]),
        is_("state", "=", "resolved"),
        is_("open", "=", True),
        is_("admin_assignee_id", "=", sandbox.admin),
        is_("teammate_ids", "=", sandbox.admin),
    ):
        assert found(sandbox, "tickets", query) == [mine], query
    assert found(sandbox, "tickets", is_("category", "=", "task")) == [other]


def test_tickets_are_searched_page_by_page(sandbox: Any) -> None:
    ids = [sandbox.ticket()["id"] for _ in range(5)]
    seen: list[str] = []
    after = None
    for left in (3, 1, 0):
        page = {"query": is_("open", "=", True), "pagination": {"per_page": 2, "starting_after": after}}
        answer = sandbox.ok("POST", "/tickets/search", page)
        seen += [one["id"] for one in answer["tickets"]]
        assert (answer["type"], answer["total_count"], len(ids) - len(seen)) == ("ticket.list", 5, left)
        after = (answer["pages"].get("next") or {}).get("starting_after")
    assert (seen, after) == (ids, None)


def test_search_finds_a_ticket_only_after_the_lag(start: Any) -> None:
    sandbox = start(search_lag=5)
    made = sandbox.ticket()["id"]
    assert found(sandbox, "tickets", is_("id", "=", made)) == []
    sandbox.clock.now += 4.9
    assert found(sandbox, "tickets", is_("id", "=", made)) == []
    sandbox.clock.now += 0.1
    assert found(sandbox, "tickets", is_("id", "=", made)) == [made]


def test_a_change_is_found_under_its_old_value_until_the_lag_is_over(start: Any) -> None:
    sandbox = start(search_lag=5)
    who, made = sandbox.contact(name="Ann"), sandbox.conversation()
    ticket = sandbox.ticket()["id"]
    sandbox.clock.now += 60
    sandbox.ok("PUT", f"/contacts/{who}", {"name": "Anna"})
    sandbox.act(made, "close")
    sandbox.ok("PUT", f"/tickets/{ticket}", {"open": False})

    def old_and_new() -> list[tuple[list[str], list[str]]]:
        return [
            (found(sandbox, kind, is_(field, "=", old)), found(sandbox, kind, is_(field, "=", new)))
            for kind, field, old, new in (
                ("contacts", "name", "Ann", "Anna"),
                ("conversations", "open", True, False),
                ("tickets", "open", True, False),
            )
        ]

    assert old_and_new() == [([who], []), ([made], []), ([ticket], [])]
    # what is found is shown as it is by now
    body = {"query": is_("name", "=", "Ann")}
    assert sandbox.ok("POST", "/contacts/search", body)["data"][0]["name"] == "Anna"
    sandbox.clock.now += 5
    assert old_and_new() == [([], [who]), ([], [made]), ([], [ticket])]


def test_each_of_several_changes_is_heard_of_in_its_own_time(start: Any) -> None:
    sandbox = start(search_lag=5)
    who = sandbox.contact(name="one")
    sandbox.clock.now += 10
    for name in ("two", "three"):
        sandbox.ok("PUT", f"/contacts/{who}", {"name": name})
        sandbox.clock.now += 2
    names = ("one", "two", "three")
    seen = []
    for _ in range(6):
        hits = [name for name in names if found(sandbox, "contacts", is_("name", "=", name))]
        seen.append("+".join(hits))
        sandbox.clock.now += 1
    assert seen == ["one", "two", "two", "three", "three", "three"]


def test_what_is_deleted_or_archived_is_not_shown_however_young_that_is(start: Any) -> None:
    sandbox = start(search_lag=5)
    who, made, ticket = sandbox.contact(name="Ann"), sandbox.conversation(), sandbox.ticket()["id"]
    sandbox.clock.now += 60
    sandbox.act(made, "close")
    sandbox.ok("DELETE", f"/conversations/{made}")
    sandbox.ok("DELETE", f"/tickets/{ticket}")
    sandbox.ok("POST", f"/contacts/{who}/archive")
    assert found(sandbox, "conversations", is_("id", "=", made)) == []
    assert found(sandbox, "tickets", is_("id", "=", ticket)) == []
    assert found(sandbox, "contacts", is_("name", "=", "Ann")) == []


def test_conversations_are_found_by_contact_and_second_page_by_page(sandbox: Any) -> None:
    who, other = sandbox.contact(), sandbox.contact()
    ids = [sandbox.conversation(who, created_at=NOW - 50) for _ in range(3)]
    sandbox.conversation(who, created_at=NOW - 49)
    sandbox.conversation(other, created_at=NOW - 50)
    both = [is_("contact_ids", "=", who), is_("created_at", "=", NOW - 50)]
    query = {"operator": "AND", "value": both}
    first = sandbox.ok("POST", "/conversations/search", {"query": query, "pagination": {"per_page": 2}})
    cursor = {"per_page": 2, "starting_after": first["pages"]["next"]["starting_after"]}
    second = found(sandbox, "conversations", query, pagination=cursor)
    assert [one["id"] for one in first["conversations"]] + second == ids
