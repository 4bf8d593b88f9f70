"""Finding contacts and companies that a lost ledger knew: by the attributes we gave them.

Those without our attributes were never ours: load takes them over, as it does with all that was there before.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from .answers import Failed
from .client import Call, Client
from .contacts import Settled
from .ledger_file import Origin
from .made import as_object, listed
from .match_person import KEYS, Found, match_person
from .perform import Patience, perform, require
from .search import FILTERS, either, one_of, search

_MOST = 50  # companies of one contact on a page
_CONTACT, _COMPANY = "zendesk_user_id", "zendesk_organization_id"


def marked_contacts(
    client: Client, keys: Sequence[str], *, live: Mapping[str, Any], patience: Patience
) -> dict[str, list[Settled]]:
    """Every contact that says it is a user of Zendesk, by user id. live: a snapshot taken now."""
    found: dict[str, list[Settled]] = {}
    if not any(item["name"] == _CONTACT for item in live["contact_attributes"]):
        return found
    for group in _groups(keys, FILTERS):
        query = one_of(f"custom_attributes.{_CONTACT}", group)
        for hit in search(client, "/contacts/search", query, patience=patience):
            key = str(_attributes(hit).get(_CONTACT))
            if key in group:  # a search may know of what was there before
                found.setdefault(key, []).append(_settled(hit, "imported_from"))
    return found


def unmarked_contacts(
    client: Client, known_by: Mapping[str, Mapping[str, Any]], *, patience: Patience
) -> dict[str, str]:
    """Ids of the contacts that people are by product id, e-mail or phone, by user id.

    Conversations of ours may be with them although nobody marked them.
    """
    found: dict[str, str] = {}
    for group in _groups(list(known_by), FILTERS // len(KEYS)):
        terms = [
            {"field": field, "operator": "=", "value": value}
            for key in group
            for field, value in known_by[key].items()
            if field in KEYS and value
        ]
        hits = list(search(client, "/contacts/search", either(terms), patience=patience)) if terms else []
        for key in group:
            match match_person(known_by[key], hits):
                case Found(contact):
                    found[key] = str(contact["id"])
                case _:
                    pass  # nobody, or several: load says so, and sends nothing
    return found


def marked_company(client: Client, company_id: str, *, key: str, patience: Patience) -> Settled | None:
    """The company of this company_id, when it says that it is organization `key` of Zendesk."""
    call = Call("GET", f"/companies?company_id={quote(company_id, safe='')}")
    result = perform(client, call, patience)
    if isinstance(result, Failed) and result.status == 404:
        return None
    body = require(result, "reading a company")
    for found in listed(body, "data") or [as_object(body)]:
        if str(_attributes(found).get(_COMPANY)) == key and "id" in found:
            return _settled(found, "company_imported_from")
    return None


def in_company(client: Client, contact: str, company: str, *, patience: Patience) -> bool:
    """A contact belongs to a company. Both by Intercom's ids."""
    page = f"/contacts/{contact}/companies?per_page={_MOST}"
    result = perform(client, Call("GET", page), patience)
    if isinstance(result, Failed) and result.status in (404, 410):
        return False
    body = require(result, "reading the companies of a contact")
    return any(str(item.get("id")) == company for item in [*listed(body, "data"), *listed(body, "companies")])


def _settled(found: Mapping[str, Any], mark: str) -> Settled:
    ours = _attributes(found).get(mark) == "zendesk"
    return Settled(str(found["id"]), Origin.CREATED if ours else Origin.ADOPTED)


def _attributes(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    return as_object(thing.get("custom_attributes"))


def _groups(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
