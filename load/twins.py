"""Looking for second copies: of a call whose work came so late that no search showed it when we looked.

In: what the ledger knows to stand. Out: a line for each thing that stands there more than once, with every
id. Nothing is ever deleted. One search asks for 15 things, so that a verification makes few calls more.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from deskferry.schemas.errors import InputError

from .action import Kind
from .client import Client
from .difference import DIFFERENT, UNREAD, Difference
from .made import as_object, listed
from .perform import Patience
from .search import FILTERS, begun, either, one_of, search

TWICE = "twice"  # field of a line about a second copy
_CONTACT_MARK, _TICKET_MARK = "zendesk_user_id", "zendesk_ticket_id"


@dataclass(frozen=True, slots=True)
class _Thing:
    """One thing that stands. contact, second: see made_things.sql."""

    kind: Kind
    key: str
    id: str
    contact: str | None
    second: int | None


def find_twins(
    connection: sqlite3.Connection,
    client: Client,
    *,
    workspace: Mapping[str, Any],
    patience: Patience,
    wanted: Callable[[Kind, str], bool],
) -> Iterator[Difference]:
    """Second copies of what stands of the attached plan.

    connection: of a ledger with its plan attached. workspace: the plan's snapshot. wanted: whether a thing
    belongs to what is verified. A search that the target refuses is a line, too.
    """
    looks: tuple[tuple[Kind, _Look], ...] = (
        (Kind.CONTACT, _contacts(connection, workspace)),
        (Kind.CONVERSATION, _conversations),
        (Kind.TICKET, _tickets(connection, workspace)),
    )
    for kind, look in looks:
        for group in _groups(connection, kind, wanted):
            try:
                found = look(client, group, patience)
            except InputError as error:
                yield Difference(UNREAD, kind, group[0].key, TWICE, "once", str(error))
                break
            for thing in group:
                others = sorted(found.get(thing.key, set()) - {thing.id})
                if others := [id_ for id_ in others if not _known(connection, kind, id_)]:
                    known = f"{thing.id} and {', '.join(others)}"
                    yield Difference(DIFFERENT, kind, thing.key, TWICE, "once", f"Intercom ids {known}")


_Look = Callable[[Client, Sequence[_Thing], Patience], dict[str, set[str]]]


def _groups(
    connection: sqlite3.Connection, kind: Kind, wanted: Callable[[Kind, str], bool]
) -> Iterator[list[_Thing]]:
    sql = files("deskferry.load").joinpath("made_things.sql").read_text("utf-8")
    group: list[_Thing] = []
    for row in connection.execute(sql, {"kind": kind}):
        thing = _Thing(Kind(row[0]), *row[1:])
        if wanted(kind, thing.key):
            group.append(thing)
        if len(group) == FILTERS:
            yield group
            group = []
    if group:
        yield group


def _known(connection: sqlite3.Connection, kind: Kind, id_: str) -> bool:
    """The ledger has it as something else: two people of Zendesk may be one contact."""
    found = connection.execute(
        "select 1 from rows where target_id = ? and kind = ? and state = 'done' limit 1", (id_, kind)
    )
    return found.fetchone() is not None


def _conversations(client: Client, group: Sequence[_Thing], patience: Patience) -> dict[str, set[str]]:
    """Conversations of the same contact that begin in the same second; nobody's own do."""
    keys: dict[tuple[str, int], str] = {}
    for thing in group:
        if thing.contact is not None and thing.second is not None:
            keys[thing.contact, thing.second] = thing.key
    if not keys:
        return {}
    query = either([begun(contact, second) for contact, second in keys])
    found: dict[str, set[str]] = {}
    for hit in search(client, "/conversations/search", query, patience=patience):
        for person in listed(hit, "contacts", "contacts"):
            if key := keys.get((str(person.get("id")), int(hit.get("created_at") or 0))):
                found.setdefault(key, set()).add(str(hit["id"]))
    return found


def _contacts(connection: sqlite3.Connection, workspace: Mapping[str, Any]) -> _Look:
    marked = {item["name"] for item in workspace["contact_attributes"]}
    if _CONTACT_MARK not in marked and not _made(connection, Kind.CONTACT_ATTRIBUTE, _CONTACT_MARK):
        return _nothing
    return lambda client, group, patience: _by_field(
        client,
        group,
        path="/contacts/search",
        field=f"custom_attributes.{_CONTACT_MARK}",
        shown=lambda hit: as_object(hit.get("custom_attributes")).get(_CONTACT_MARK),
        patience=patience,
    )


def _tickets(connection: sqlite3.Connection, workspace: Mapping[str, Any]) -> _Look:
    """By the attribute of each ticket type, which is searched by its id and shown by its name."""
    ids = {
        str(attribute["id"])
        for kind in workspace.get("ticket_types") or ()
        for attribute in kind.get("attributes") or ()
        if attribute["name"] == _TICKET_MARK
    }
    ids.update(_made(connection, Kind.TICKET_ATTRIBUTE, f"%/{_TICKET_MARK}"))

    def look(client: Client, group: Sequence[_Thing], patience: Patience) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for id_ in sorted(ids):
            hits = _by_field(
                client,
                group,
                path="/tickets/search",
                field=f"ticket_attribute.{id_}",
                shown=lambda hit: as_object(hit.get("ticket_attributes")).get(_TICKET_MARK),
                patience=patience,
            )
            for key, twins in hits.items():
                found.setdefault(key, set()).update(twins)
        return found

    return look


def _by_field(
    client: Client,
    group: Sequence[_Thing],
    *,
    path: str,
    field: str,
    shown: Callable[[Mapping[str, Any]], object],
    patience: Patience,
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    query = one_of(field, [thing.key for thing in group])
    for hit in search(client, path, query, patience=patience):
        found.setdefault(str(shown(hit)), set()).add(str(hit["id"]))
    return found


def _nothing(_client: Client, _group: Sequence[_Thing], _patience: Patience) -> dict[str, set[str]]:
    return {}


def _made(connection: sqlite3.Connection, kind: Kind, key: str) -> list[str]:
    rows = connection.execute(
        "select target_id from rows where kind = ? and key like ? and state = 'done' and step = 'create'"
        " and target_id is not null",
        (kind, key),
    )
    return [str(id_) for (id_,) in rows]
