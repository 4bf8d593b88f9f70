"""Records inside an envelope: pages, wrapped records, arrays, single records, search results, messages.

In: a parsed JSON value. Out: each record in it with its entity and JSON pointer. The envelope is known by
its keys; the stream that a file's name stands for only helps where the keys leave it open.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .envelope_stream import Message, message_of, without_columns
from .identify import CONFIGURATION, ENTITY_OF_KEY, identify, is_ticket, kind_of_key
from .normalize_record import whole_number
from .stream_names import named_by_stream

UNKNOWN = "unknown"
_DELETED = frozenset(("deleted_tickets", "deleted_users", "deleted_user"))
_LINKS = ("next_page", "previous_page", "url", "after_url", "before_url", "next_page_url")
_ERRORS = frozenset(("error", "errors", "message"))
_TICKET_OF_PAGE = re.compile(
    r"/(?:tickets|requests)/(\d+)/(?:comments|audits|side_conversations|metrics|metric_events)"
)
_USER_OF_PAGE = re.compile(r"/users/(\d+)/identities")
_FIELD_OF_PAGE = re.compile(r"/(ticket|user|organization)_fields/(\d+)/options")
_ANYTHING = "items"  # of dynamic content, or whatever a script calls so
_IDS = ("id", "ticket_id", "user_id")


@dataclass(frozen=True, slots=True)
class Page:
    """What an envelope says beside its records: whose they are, texts of errors. field_id: of its options."""

    ticket_id: int | None = None
    user_id: int | None = None
    field_id: int | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)


NO_PAGE = Page()


@dataclass(slots=True)  # not frozen: making one would take three times as long
class Found:
    """A raw record. Nobody changes it.

    kind: of configuration. stub: only part of what the account knows. index: in its list.
    """

    entity: str
    value: Any
    pointer: str
    page: Page = NO_PAGE
    kind: str = ""
    stub: bool = False
    deleted: bool = False
    index: int | None = None


def records_in(value: Any, pointer: str = "", *, stream: str = "") -> Iterator[Found]:
    """Each record in `value`. What is nothing we know comes as entity `unknown`.

    stream: what the name of its file stands for, empty if nothing.
    """
    if isinstance(value, list):
        for index, item in enumerate(value):
            for found in records_in(item, f"{pointer}/{index}", stream=stream):
                yield _numbered(found, index)
    elif not isinstance(value, dict):
        yield Found(UNKNOWN, value, pointer)
    elif bare := bare_entity(value, stream):
        yield _bare(bare, value, pointer)
    elif (message := message_of(value)) is not None:
        yield from _told(message, value, pointer, stream)
    elif is_keyed(value):
        for key, held in value.items():
            yield from keyed(key, held, f"{pointer}/{key}", stream=stream)
    else:
        yield from _enveloped(value, pointer, stream)


def bare_entity(value: Mapping[str, Any], stream: str = "") -> str | None:
    """The entity of a record that stands alone; None for envelopes and for what we do not know."""
    if "id" in value or "ticket_id" in value or "user_id" in value or is_ticket(value):
        return identify(value) or named_by_stream(value, stream)
    if stream and {"name", "count"} <= value.keys():  # a tag has no id
        return named_by_stream(value, stream)
    return None


def is_keyed(value: Mapping[str, Any]) -> bool:
    """True for `{"123": {...}, "124": {...}}`: records, or lists of a ticket's comments, by id."""
    return bool(value) and all(
        key.isdecimal() and key.isascii() and isinstance(held, (dict, list)) for key, held in value.items()
    )


def keyed(key: str, held: Any, pointer: str, *, stream: str = "") -> Iterator[Found]:
    """The records under one id of such an object: the record itself, or what belongs to that ticket."""
    number = whole_number(key)
    if isinstance(held, dict):
        named = held if any(name in held for name in _IDS) or len(held) == 1 else {"id": number, **held}
        yield from records_in(named, pointer, stream=stream)
        return
    for found in records_in(held, pointer, stream=stream):
        yield replace(found, page=replace(found.page, ticket_id=number))


def page_of(value: Mapping[str, Any]) -> Page:
    """What an envelope says beside its records."""
    links = [value.get(key) for key in _LINKS]
    more = value.get("links")
    if isinstance(more, dict):
        links += more.values()
    text = " ".join(link for link in links if isinstance(link, str))
    ticket, user, option = (
        pattern.search(text) for pattern in (_TICKET_OF_PAGE, _USER_OF_PAGE, _FIELD_OF_PAGE)
    )
    beside = value.get("ticket")
    return Page(
        ticket_id=whole_number(
            ticket[1] if ticket else beside.get("id") if isinstance(beside, dict) else None
        ),
        user_id=whole_number(user[1]) if user else None,
        field_id=whole_number(option[2]) if option else None,
        beside={key: value[key] for key in _ERRORS & value.keys()},
    )


def _bare(bare: str, value: dict[str, Any], pointer: str, *, page: Page = NO_PAGE) -> Found:
    entity, _, kind = bare.partition(":")
    deleted = kind == "deleted"
    return Found(
        entity,
        without_columns(value),
        pointer,
        page=page,
        kind="" if deleted else kind,
        stub="result_type" in value,
        deleted=deleted,
    )


def _told(message: Message, value: Mapping[str, Any], pointer: str, stream: str) -> Iterator[Found]:
    """The record a message brings. Its stream was named by who read it, so it goes before the keys."""
    record, where = without_columns(message.record), pointer + message.pointer
    if record is None and message.pointer == "":
        return
    if not isinstance(record, dict):
        yield Found(UNKNOWN, value if record is None else record, where)
        return
    named = named_by_stream(record, message.stream or stream) or bare_entity(record)
    yield _bare(named, record, where) if named else Found(UNKNOWN, record, where)


def _enveloped(value: Mapping[str, Any], pointer: str, stream: str) -> Iterator[Found]:
    page = page_of(value)
    some = False
    unknown: list[str] = []
    for key, held in value.items():
        where = f"{pointer}/{_step(key)}"
        if not isinstance(held, (list, dict)):
            continue
        if key in ENTITY_OF_KEY:
            some = True
            yield from listed(ENTITY_OF_KEY[key], held, where, page=page, deleted=key in _DELETED)
        elif key == "results" and isinstance(held, list):
            some = True
            for index, item in enumerate(held):
                yield from (_numbered(found, index) for found in records_in(item, f"{where}/{index}"))
        elif (kind := kind_of_key(key)) and not (key == _ANYTHING and holds_records(held)):
            some = True
            yield from _configuration(kind, held, where, page)
        elif holds_records(held):
            some = True
            yield from records_in(held, where, stream=stream)
        elif isinstance(held, list) and any(isinstance(item, dict) for item in held):
            unknown.append(key)
    if some:
        for key in unknown:
            yield from _configuration(key, value[key], f"{pointer}/{_step(key)}", page)
    else:
        yield Found(UNKNOWN, value, pointer, page=page)


def _step(key: str) -> str:
    """A key in a JSON pointer; a character that ends lines of a run is no part of it."""
    key = key.replace("~", "~0").replace("/", "~1")
    return key if key.isprintable() else "".join(one if one.isprintable() else "\ufffd" for one in key)


def holds_records(held: Any) -> bool:
    """True for what a script put one level deeper: `{"data": {"tickets": [...]}}`, `{"items": [{...}]}`."""
    if isinstance(held, list):
        return bool(held) and isinstance(held[0], dict) and bare_entity(held[0]) is not None
    if not isinstance(held, dict):
        return False
    return bare_entity(held) is not None or any(
        key in ENTITY_OF_KEY and isinstance(inner, list) for key, inner in held.items()
    )


def listed(entity: str, held: Any, pointer: str, *, page: Page, deleted: bool = False) -> Iterator[Found]:
    """The records under an envelope's key: a list of plain or wrapped ones, a single one, or a whole page."""
    if isinstance(held, dict):
        inner = next((key for key in held if ENTITY_OF_KEY.get(key) == entity), None)
        if inner is not None and isinstance(held[inner], list) and "id" not in held:
            held, pointer = held[inner], f"{pointer}/{inner}"
        else:
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


def _numbered(found: Found, index: int) -> Found:
    return found if found.index is not None else replace(found, index=index)
