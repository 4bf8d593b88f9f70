"""Records inside an envelope: pages, wrapped records, arrays, single records, search results.

In: a parsed JSON value. Out: each record in it with its entity and JSON pointer. The envelope is known by
its keys, never by the file's name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .identify import CONFIGURATION, ENTITY_OF_KEY, identify, is_ticket, kind_of_key

UNKNOWN = "unknown"
_DELETED = frozenset(("deleted_tickets", "deleted_users", "deleted_user"))
_LINKS = ("next_page", "previous_page", "url", "after_url", "before_url", "next_page_url")
_ERRORS = frozenset(("error", "errors", "message"))
_TICKET_OF_PAGE = re.compile(r"/(?:tickets|requests)/(\d+)/(?:comments|audits|side_conversations|metrics)")
_USER_OF_PAGE = re.compile(r"/users/(\d+)/identities")


@dataclass(frozen=True, slots=True)
class Page:
    """What an envelope says beside its records: whose they are, texts of errors."""

    ticket_id: int | None = None
    user_id: int | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)


NO_PAGE = Page()


@dataclass(frozen=True, slots=True)
class Found:
    """A raw record. kind: of configuration. stub: only part of what the account knows. index: in its list."""

    entity: str
    value: Any
    pointer: str
    page: Page = NO_PAGE
    kind: str = ""
    stub: bool = False
    deleted: bool = False
    index: int | None = None


def records_in(value: Any, pointer: str = "") -> Iterator[Found]:
    """Each record in `value`. What is nothing we know comes as entity `unknown`."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            for found in records_in(item, f"{pointer}/{index}"):
                yield _numbered(found, index)
    elif not isinstance(value, dict):
        yield Found(UNKNOWN, value, pointer)
    elif bare := bare_entity(value):
        entity, _, kind = bare.partition(":")
        yield Found(entity, value, pointer, kind=kind, stub="result_type" in value)
    else:
        yield from _enveloped(value, pointer)


def bare_entity(value: Mapping[str, Any]) -> str | None:
    """The entity of a record that stands alone; None for envelopes and for what we do not know."""
    if "id" not in value and "ticket_id" not in value and "user_id" not in value and not is_ticket(value):
        return None
    return identify(value)


def keys_known(value: Any) -> set[str]:
    """Entities that `value` holds or has room for (an empty page has room). To recognise a file by."""
    if isinstance(value, list):
        return {entity for item in value[:20] for entity in keys_known(item)}
    if not isinstance(value, dict):
        return set()
    if bare := bare_entity(value):
        return {bare.partition(":")[0]}
    known = {
        ENTITY_OF_KEY[key]
        for key, held in value.items()
        if key in ENTITY_OF_KEY and isinstance(held, (list, dict))
    }
    if isinstance(value.get("results"), list) and (
        "facets" in value or "next_page" in value or _is_search(value)
    ):
        known.add("tickets")
    if not known and ({"count", "next_page", "meta", "links"} & value.keys() or len(value) == 1):
        known = {
            CONFIGURATION
            for key, held in value.items()
            if kind_of_key(key) and isinstance(held, (list, dict))
        }
    return known


def page_of(value: Mapping[str, Any]) -> Page:
    """What an envelope says beside its records."""
    links = [value.get(key) for key in _LINKS]
    more = value.get("links")
    if isinstance(more, dict):
        links += more.values()
    text = " ".join(link for link in links if isinstance(link, str))
    ticket, user = _TICKET_OF_PAGE.search(text), _USER_OF_PAGE.search(text)
    return Page(
        ticket_id=int(ticket[1]) if ticket and len(ticket[1]) < 19 else None,
        user_id=int(user[1]) if user and len(user[1]) < 19 else None,
        beside={key: value[key] for key in _ERRORS & value.keys()},
    )


def _enveloped(value: Mapping[str, Any], pointer: str) -> Iterator[Found]:
    page = page_of(value)
    some = False
    unknown: list[str] = []
    for key, held in value.items():
        where = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        if not isinstance(held, (list, dict)):
            continue
        if key in ENTITY_OF_KEY:
            some = True
            yield from listed(ENTITY_OF_KEY[key], held, where, page=page, deleted=key in _DELETED)
        elif key == "results" and isinstance(held, list):
            some = True
            for index, item in enumerate(held):
                yield from (_numbered(found, index) for found in records_in(item, f"{where}/{index}"))
        elif kind := kind_of_key(key):
            unknown.append(key)
            yield from _configuration(kind, held, where, page)
        elif isinstance(held, list) and any(isinstance(item, dict) for item in held):
            unknown.append(key)
    if some:
        for key in unknown:
            if kind_of_key(key) is None:
                yield from _configuration(key, value[key], f"{pointer}/{key}", page)
    elif not any(kind_of_key(key) for key in unknown):
        yield Found(UNKNOWN, value, pointer, page=page)


def listed(entity: str, held: Any, pointer: str, *, page: Page, deleted: bool = False) -> Iterator[Found]:
    """The records under an envelope's key: a list of plain or wrapped ones, or a single one."""
    if isinstance(held, dict):
        yield Found(entity, held, pointer, page=page, deleted=deleted)
        return
    for index, item in enumerate(held):
        yield from element(entity, item, f"{pointer}/{index}", page=page, deleted=deleted, index=index)


def element(
    entity: str, item: Any, pointer: str, *, page: Page, deleted: bool = False, index: int = 0
) -> Iterator[Found]:
    """One element of such a list, taken out of its wrapper if it has one."""
    if isinstance(item, dict) and len(item) == 1:
        key, inner = next(iter(item.items()))
        if ENTITY_OF_KEY.get(key) == entity and isinstance(inner, dict):
            item, pointer = inner, f"{pointer}/{key}"
    yield Found(entity, item, pointer, page=page, deleted=deleted, index=index)


def _configuration(kind: str, held: Any, pointer: str, page: Page) -> Iterator[Found]:
    if isinstance(held, dict):
        yield Found(CONFIGURATION, held, pointer, page=page, kind=kind)
        return
    for index, item in enumerate(held):
        yield Found(CONFIGURATION, item, f"{pointer}/{index}", page=page, kind=kind, index=index)


def _is_search(value: Mapping[str, Any]) -> bool:
    results = value["results"]
    return bool(results) and isinstance(results[0], dict) and "result_type" in results[0]


def _numbered(found: Found, index: int) -> Found:
    if found.index is not None:
        return found
    return Found(
        found.entity, found.value, found.pointer, found.page, found.kind, found.stub, found.deleted, index
    )
