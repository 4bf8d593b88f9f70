"""The people of a workspace for its snapshot: who they are and which of their fields are filled.

Searched for page by page. Contacts that were put away are in no search, and new ones are missing for minutes;
a load meets both with a 409 and says so.
"""

import html
from collections.abc import Iterator, Mapping
from typing import Any

from deskferry.schemas.progress import Progress, Silent

from .client import Call, Client
from .made import as_object, listed
from .perform import PATIENT, Patience, perform, require

PAGE = 150  # most per page of a search
_KEYS = ("external_id", "email", "phone")
_NOT_FILLED = {"id", "role", "custom_attributes", "type", "workspace_id"}


def take_people(
    client: Client, *, patience: Patience = PATIENT, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """Every contact the target shows, as workspace.json describes it, by id."""
    progress = progress or Silent()
    found: dict[str, dict[str, Any]] = {}
    for number, (people, total) in enumerate(_pages(client, patience)):
        if number == 0:
            progress.start("reading the people", total=total, unit="people")
        found |= {person["id"]: person for person in map(_person, people)}
        progress.advance(len(people))
    return [found[id_] for id_ in sorted(found)]


def _pages(client: Client, patience: Patience) -> Iterator[tuple[list[Mapping[str, Any]], int | None]]:
    query = {"field": "created_at", "operator": ">", "value": 0}
    after: str | None = None
    while True:
        page = {"per_page": PAGE} if after is None else {"per_page": PAGE, "starting_after": after}
        call = Call("POST", "/contacts/search", {"query": query, "pagination": page})
        body = require(perform(client, call, patience), "reading the people")
        total = as_object(body).get("total_count")
        yield (
            [item for item in listed(body, "data") if item.get("id")],
            total if isinstance(total, int) else None,
        )
        following = as_object(as_object(as_object(body).get("pages")).get("next")).get("starting_after")
        if not following or following == after:
            return
        after = str(following)


def _person(contact: Mapping[str, Any]) -> dict[str, Any]:
    """Keys as they are, not as Intercom escapes them. filled: names of fields and attributes with a value."""
    person: dict[str, Any] = {"id": str(contact["id"]), "role": str(contact.get("role") or "user")}
    for key in _KEYS:
        if contact.get(key):
            person[key] = html.unescape(str(contact[key]))
    if contact.get("archived"):
        person["archived"] = True
    fields = {**contact, **as_object(contact.get("custom_attributes"))}
    person["filled"] = sorted(
        name
        for name, value in fields.items()
        if name not in _NOT_FILLED and value not in (None, "") and not isinstance(value, (dict, list))
    )
    return person
