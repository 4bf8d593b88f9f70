"""Searching the target, page after page, and for many things in one question.

Intercom takes at most 15 filters in a group and groups in groups, so that one call asks for 15 things; what
it finds lags behind what was made by minutes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .client import Call, Client
from .made import as_object, listed
from .perform import Patience, perform, require

FILTERS = 15  # most in one group
_PAGES = {"/contacts/search": ("data", 150), "/tickets/search": ("tickets", 150)}
_CONVERSATIONS = ("conversations", 150)
_DAY = 86_400


def search(
    client: Client, path: str, query: Mapping[str, Any], *, patience: Patience
) -> Iterator[Mapping[str, Any]]:
    """Everything a query finds. path: /contacts/search, /conversations/search or /tickets/search.

    Raises InputError with the target's words when it refuses the query.
    """
    name, size = _PAGES.get(path, _CONVERSATIONS)
    after: str | None = None
    while True:
        page = {"per_page": size} if after is None else {"per_page": size, "starting_after": after}
        result = perform(client, Call("POST", path, {"query": query, "pagination": page}), patience)
        body = require(result, f"searching {path.split('/')[1]}")
        yield from (item for item in listed(body, name) if "id" in item)
        after = as_object(as_object(body.get("pages")).get("next")).get("starting_after")
        if not after:
            return


def one_of(field: str, values: Sequence[str | int]) -> dict[str, Any]:
    """A query for things whose field has one of at most FILTERS values."""
    return either([{"field": field, "operator": "=", "value": value} for value in values])


def either(queries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A query for what any of at most FILTERS queries finds."""
    return {"operator": "OR", "value": list(queries)}


def begun(contact: str, second: int) -> dict[str, Any]:
    """A query for the conversations of a contact around a second.

    Two days wide, because the search may take dates as whole days in the workspace's zone: whoever asks must
    look at `created_at` of what is found.
    """
    return {
        "operator": "AND",
        "value": [
            {"field": "contact_ids", "operator": "=", "value": contact},
            {"field": "created_at", "operator": ">", "value": second - 2 * _DAY},
            {"field": "created_at", "operator": "<", "value": second + 2 * _DAY},
        ],
    }
