"""Contacts of the sandbox: uniqueness, archived twins, attributes, search."""

import itertools
from typing import Any

import pytest

_numbers = itertools.count(1)


def fresh(word: str = "key") -> str:
    """A word no other test uses."""
    return f"{word}{next(_numbers)}"


def test_a_user_is_unique_by_external_id_and_the_error_names_the_twin(shared: Any) -> None:
    key = fresh()
    twin = shared.contact(external_id=key)
    assert len(twin) == 24
    assert int(twin, 16)
    assert shared.refused("POST", "/contacts", {"role": "user", "external_id": key}) == (
        409,
        "conflict",
        f"A contact matching those details already exists with id={twin}",
    )


def test_a_user_is_unique_by_email_whatever_its_case(shared: Any) -> None:
    key = fresh()
    twin = shared.contact(email=f"{key}@Example.org")
    status, _, message = shared.refused("POST", "/contacts", {"email": f"{key.upper()}@example.ORG"})
    assert (status, message.partition("id=")[2]) == (409, twin)


def test_updating_into_a_twin_is_a_conflict_too(shared: Any) -> None:
    key = fresh()
    shared.contact(email=f"{key}@example.org")
    other = shared.contact(external_id=fresh())
    assert shared.refused("PUT", f"/contacts/{other}", {"email": f"{key}@example.org"})[0] == 409
    assert shared.ok("PUT", f"/contacts/{other}", {"name": "same keys"})["name"] == "same keys"


def test_leads_are_not_unique(shared: Any) -> None:
    email = f"{fresh()}@example.org"
    first, second = (shared.contact(role="lead", email=email) for _ in range(2))
    assert first != second


def test_an_archived_twin_has_its_own_message_and_can_be_brought_back(shared: Any) -> None:
    key = fresh()
    twin = shared.contact(external_id=key)
    assert shared.ok("POST", f"/contacts/{twin}/archive")["archived"] is True
    assert shared.refused("GET", f"/contacts/{twin}")[0] == 404
    assert shared.refused("GET", f"/contacts/find_by_external_id/{key}")[0] == 404
    assert shared.refused("POST", "/contacts", {"external_id": key}) == (
        409,
        "conflict",
        f"An archived contact matching those details already exists with id={twin}",
    )
    assert shared.ok("POST", f"/contacts/{twin}/unarchive")["archived"] is False
    assert shared.ok("GET", f"/contacts/find_by_external_id/{key}")["id"] == twin


def test_a_deleted_contact_locks_its_external_id_for_a_week(sandbox: Any) -> None:
    twin = sandbox.contact(external_id="gone", email="gone@example.org")
    assert sandbox.ok("DELETE", f"/contacts/{twin}")["deleted"] is True
    assert sandbox.refused("POST", f"/contacts/{twin}/unarchive")[0] == 400
    assert sandbox.refused("POST", "/contacts", {"external_id": "gone"})[0] == 409
    assert sandbox.contact(email="gone@example.org") != twin
    sandbox.clock.now += 8 * 86_400
    assert sandbox.contact(external_id="gone") != twin


def test_find_by_external_id_finds_users_only(shared: Any) -> None:
    key = fresh()
    shared.contact(role="lead", external_id=key)
    assert shared.refused("GET", f"/contacts/find_by_external_id/{key}")[:2] == (404, "not_found")


def test_an_external_id_may_hold_a_slash(shared: Any) -> None:
    key = f"a/{fresh()}?b#c"
    made = shared.contact(external_id=key)
    found = shared.ok(
        "GET",
        f"/contacts/find_by_external_id/{key.replace('/', '%2F').replace('?', '%3F').replace('#', '%23')}",
    )
    assert found["id"] == made


def test_names_and_keys_come_back_html_escaped(shared: Any) -> None:
    key = fresh()
    made = shared.ok("POST", "/contacts", {"name": """A "B" 'C' & <D>""", "external_id": f"{key}&1"})
    assert made["name"] == "A &quot;B&quot; &#39;C&#39; &amp; &lt;D&gt;"
    assert made["external_id"] == f"{key}&amp;1"
    assert shared.ok("GET", f"/contacts/find_by_external_id/{key}&1")["id"] == made["id"]


def test_an_undefined_attribute_is_refused_and_nothing_is_made(sandbox: Any) -> None:
    answer = sandbox.refused("POST", "/contacts", {"external_id": "a", "custom_attributes": {"plan": "x"}})
    assert answer == (400, "parameter_invalid", "Custom attribute 'plan' does not exist")
    assert sandbox.testimony("state")["contacts"] == 0


VALUES = [
    ("string", "text", 7),
    ("string", "x" * 255, "x" * 256),
    ("integer", 7, "7"),
    ("integer", -1, True),
    ("integer", 0, 1.5),
    ("float", 1.5, "1.5"),
    ("boolean", False, 0),
    ("date", 1_700_000_000, "yesterday"),
    ("datetime", "2024-05-01T10:00:00Z", [1]),
]


@pytest.mark.parametrize(("data_type", "good", "bad"), VALUES)
def test_an_attribute_takes_only_values_of_its_type(shared: Any, data_type: str, good: Any, bad: Any) -> None:
    name = fresh("attribute")
    shared.ok("POST", "/data_attributes", {"name": name, "model": "contact", "data_type": data_type})
    made = shared.ok("POST", "/contacts", {"role": "user", "custom_attributes": {name: good}})
    assert made["custom_attributes"] == {name: good}
    status, code, _ = shared.refused("PUT", f"/contacts/{made['id']}", {"custom_attributes": {name: bad}})
    assert (status, code) == (400, "parameter_invalid")
    kept = shared.ok("PUT", f"/contacts/{made['id']}", {"name": "n"})
    assert kept["custom_attributes"] == {name: good}
    blank = shared.ok("PUT", f"/contacts/{made['id']}", {"custom_attributes": {name: None}})
    assert blank["custom_attributes"] == {}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "parameter_invalid"),
        ({"role": "admin"}, "parameter_invalid"),
        ({"email": "no address"}, "parameter_invalid"),
        ({"external_id": 7}, "parameter_invalid"),
        ({"role": "user", "owner_id": "999"}, "parameter_invalid"),
        ({"role": "user", "email_verified": True}, "parameter_invalid"),
        ({"role": "user", "signed_up_at": "2024-05-01"}, "parameter_invalid"),
        ({"role": "user", "signed_up_at": 1 << 80}, "parameter_invalid"),
        ({"role": "user", "custom_attributes": []}, "parameter_invalid"),
        ({"role": "user", "user_id": "x"}, "bad_request"),
    ],
)
def test_a_contact_of_the_wrong_shape_is_refused(shared: Any, body: Any, code: str) -> None:
    assert shared.refused("POST", "/contacts", body)[:2] == (400, code)


def test_an_update_changes_only_what_it_names(shared: Any) -> None:
    key = fresh()
    made = shared.contact(external_id=key, name="Ann", phone="+1", signed_up_at=1_600_000_000)
    after = shared.ok("PUT", f"/contacts/{made}", {"phone": None, "unsubscribed_from_emails": True})
    assert (after["external_id"], after["name"], after["phone"]) == (key, "Ann", None)
    assert after["unsubscribed_from_emails"] is True
    assert after["signed_up_at"] == 1_600_000_000


def search(sandbox: Any, **query: Any) -> list[str]:
    answer = sandbox.ok("POST", "/contacts/search", {"query": query})
    assert answer["total_count"] == len(answer["data"])
    return [contact["id"] for contact in answer["data"]]


def test_contacts_are_found_by_email_and_external_id(shared: Any) -> None:
    key = fresh("Key")
    made = shared.contact(external_id=key, email=f"{key}@Example.org", name=f"Ann {key}")
    assert search(shared, field="email", operator="=", value=f"{key.lower()}@example.ORG") == [made]
    assert search(shared, field="external_id", operator="=", value=key) == [made]
    assert search(shared, field="external_id", operator="IN", value=["no", key]) == [made]
    assert search(shared, field="name", operator="~", value=key) == [made]
    assert search(shared, field="name", operator="^", value=f"Ann {key}") == [made]
    assert search(shared, field="name", operator="$", value=key) == [made]
    shared.ok("POST", f"/contacts/{made}/archive")
    assert search(shared, field="external_id", operator="=", value=key) == []


def test_contacts_are_found_by_their_attributes(shared: Any) -> None:
    name = fresh("number")
    shared.ok("POST", "/data_attributes", {"name": name, "model": "contact", "data_type": "integer"})
    ids = [shared.contact(external_id=fresh(), custom_attributes={name: number}) for number in (1, 2, 3)]
    field = f"custom_attributes.{name}"
    assert search(shared, field=field, operator="=", value=2) == ids[1:2]
    assert search(shared, field=field, operator=">", value=2) == ids[1:]


def test_times_of_contacts_are_searched_by_whole_days(sandbox: Any) -> None:
    day = 1_700_006_400
    ids = [sandbox.contact(signed_up_at=day + offset) for offset in (-1, 0, 86_399, 86_400)]
    query = {"field": "signed_up_at", "value": day + 5_000}
    assert search(sandbox, operator="=", **query) == ids[1:3]
    assert search(sandbox, operator=">", **query) == ids[3:]
    assert search(sandbox, operator="<", **query) == ids[:1]
    refused = sandbox.refused("POST", "/contacts/search", {"query": {"operator": ">=", **query}})
    assert refused[:2] == (400, "parameter_invalid")


def test_search_finds_a_contact_only_after_the_lag(start: Any) -> None:
    sandbox = start(search_lag=5)
    made = sandbox.contact(external_id="new")
    assert search(sandbox, field="external_id", operator="=", value="new") == []
    assert sandbox.ok("GET", "/contacts/find_by_external_id/new")["id"] == made
    sandbox.clock.now += 5
    assert search(sandbox, field="external_id", operator="=", value="new") == [made]


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_search_is_read_page_by_page(sandbox: Any, order: str) -> None:
    ids = [sandbox.contact(external_id=f"p{number}") for number in range(5)]
    wanted = {
        "query": {"field": "role", "operator": "=", "value": "user"},
        "sort": {"field": "created_at", "order": order},
    }
    found, after, sizes = [], None, []
    while True:
        page = sandbox.ok(
            "POST", "/contacts/search", {**wanted, "pagination": {"per_page": 2, "starting_after": after}}
        )
        found += [contact["id"] for contact in page["data"]]
        sizes.append(
            (page["pages"]["page"], len(page["data"]), page["total_count"], page["pages"]["total_pages"])
        )
        if "next" not in page["pages"]:
            break
        after = page["pages"]["next"]["starting_after"]
    assert found == (ids if order == "ascending" else ids[::-1])
    assert sizes == [(1, 2, 5, 3), (2, 2, 5, 3), (3, 1, 5, 3)]


def test_unsortable_orders_are_refused(shared: Any) -> None:
    query = {"field": "role", "operator": "=", "value": "user"}
    body = {"query": query, "sort": {"field": "name", "order": "ascending"}}
    assert shared.refused("POST", "/contacts/search", body)[:2] == (400, "invalid_sort_order")
