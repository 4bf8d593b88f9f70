"""The contacts of a snapshot, found by what a person is known by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from .match_person import KEYS, Match, comparable, match_person

# Intercom's own, which no payload of ours fills; see contacts.py.
_KEPT = {"external_id", "name", "email", "role", "unsubscribed_from_emails", "custom_attributes"}


class KnownPeople:
    """An index of a snapshot's people. It remembers whom it was asked for: a plan stands on those alone."""

    def __init__(self, people: Iterable[Mapping[str, Any]]) -> None:
        self._by_key: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        self._consulted: dict[str, Mapping[str, Any]] = {}
        self.lines: dict[str, dict[str, None]] = defaultdict(dict)  # by what they are about, each once
        self.missing: dict[str, str] = {}  # whom nobody knows, by Zendesk id, with the reason
        for person in people:
            for key in KEYS:
                value = comparable(key, person.get(key))
                if value:
                    self._by_key[key, value].append(person)

    @property
    def consulted(self) -> list[Mapping[str, Any]]:
        """Everybody who shares something with somebody asked for, by id."""
        return [self._consulted[id_] for id_ in sorted(self._consulted)]

    def say(self, what: str, line: str) -> None:
        """Note what a person should look at before the first write."""
        self.lines[what][line] = None

    def miss(self, user_id: str, reason: str) -> None:
        """Note somebody who should be known and is not."""
        self.missing[user_id] = reason

    def match(self, known_by: Mapping[str, Any]) -> tuple[Match, list[Mapping[str, Any]]]:
        """Who a person is, and all who share his e-mail, product id or phone number."""
        found: dict[str, Mapping[str, Any]] = {}
        for key in KEYS:
            for person in self._by_key.get((key, comparable(key, known_by.get(key))), ()):
                found[person["id"]] = person
        self._consulted |= found
        alike = [found[id_] for id_ in sorted(found)]
        return match_person(known_by, alike), alike


def has_blanks(person: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Something of `values` can be filled in for a person of a snapshot."""
    filled = set(person.get("filled") or ())
    wanted = {name for name in values if name not in _KEPT}
    wanted |= {name for name in values.get("custom_attributes") or () if name != "imported_from"}
    return not wanted <= filled
