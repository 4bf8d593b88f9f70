"""Who is erased: named by `--erased`, or permanently deleted in Zendesk. With all that is known of them.

It is learned from the runs before they are merged: an address of the list may stand in an older copy of a
person only, and an older copy tells the address that a ticket still shows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from .erased_names import ErasedNames
from .people_lines import is_user, level_of, owner_of, people_lines
from .run_lines import ERASED, split

GONE_NAME = "Permanently Deleted User"  # Zendesk's own, for everybody it deleted for good
_SHORTEST_PHONE = 6


@dataclass(slots=True)
class ErasedPeople:
    """Ids, and what named them. emails and names are folded, phones are digits. listed: ids of the list."""

    ids: set[int] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    met: set[int | str] = field(default_factory=set)  # of what the list names

    @property
    def anybody(self) -> bool:
        """True if somebody may have to be taken out of records."""
        return bool(self.ids or self.emails)

    def unmet(self, listed: ErasedNames) -> list[str]:
        """Places in the list whose name met nobody."""
        return [
            f"line {place}" if place.isdigit() else place
            for names in (listed.ids, listed.emails)
            for name, place in names.items()
            if name not in self.met
        ]

    def learn(self, user: dict[str, Any]) -> None:
        """What a copy of an erased person says of them."""
        name = folded(user.get("name"))
        if " " in name and name != GONE_NAME.casefold():
            self.names.add(name)
        self.add_address(user.get("email"))
        self.add_address(user.get("phone"))

    def add_address(self, value: Any) -> None:
        """An e-mail address or a phone number of an erased person."""
        if isinstance(value, str) and "@" in value:
            self.emails.add(folded(value))
        elif len(number := phone_digits(value)) >= _SHORTEST_PHONE:
            self.phones.add(number)


def learn_erased(runs: Sequence[Path], listed: ErasedNames) -> ErasedPeople:
    """Everybody who is erased. runs: of the conversion, sorted."""
    people = ErasedPeople(ids=set(listed.ids), listed=set(listed.ids), emails=set(listed.emails))
    for run in runs:
        for line in people_lines(run):
            _resolve(line, people, listed)
    if not people.ids:
        return people
    for run in runs:
        for owner, user, record in _records(people_lines(run), people.ids):
            if user:
                people.learn(record)
            else:
                people.add_address(record.get("value"))
            if owner in listed.ids:
                people.met.add(owner)
    return people


def _resolve(line: bytes, people: ErasedPeople, listed: ErasedNames) -> None:
    """Add whoever a line shows to be erased."""
    user = is_user(line)
    if user and level_of(line) == ERASED:
        people.ids.add(owner_of(line))
    if not listed.emails:
        return
    address = folded(orjson.loads(split(line).body).get("email" if user else "value"))
    if address in listed.emails:
        people.ids.add(owner_of(line))
        people.listed.add(owner_of(line))
        people.met.add(address)


def _records(lines: Iterable[bytes], ids: set[int]) -> Iterator[tuple[int, bool, dict[str, Any]]]:
    for line in lines:
        owner = owner_of(line)
        if owner in ids:
            yield owner, is_user(line), orjson.loads(split(line).body)


def folded(value: Any) -> str:
    """Text as it is compared: no case, blanks evened out. Empty for what is no text."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else ""


def phone_digits(value: Any) -> str:
    """The digits of what can be a phone number, else nothing."""
    if not isinstance(value, str) or len(value) > 30 or not re.fullmatch(r"[\d\s()+./-]+", value):
        return ""
    return re.sub(r"\D", "", value).removeprefix("00")
