"""An erased person taken out of the fields of a record that say who somebody is. Text stays as it is.

A dict is about the person when it says so by id or address; then every key that tells who it is goes. What
is an erased address or number by itself goes wherever it stands, except in what people wrote.
"""

import re
from typing import Any

from .erased_people import ErasedPeople, folded, phone_digits
from .normalize_record import whole_number

_TEXTS = frozenset(
    (
        *("body", "html_body", "plain_body", "description", "subject", "raw_subject", "content", "message"),
        *("msg", "text", "original_message", "preview_text", "title", "raw_title", "comment", "new_comment"),
        *("id", "url", "source", "created_at", "updated_at"),
    )
)
# What tells who somebody is, in a dict that names an erased person by id ...
_PERSONAL = frozenset(
    (
        *("name", "first_name", "last_name", "display_name", "alias", "nick", "actor_name", "email"),
        *("answered_by_name", "customer_name", "address", "phone", "phone_number", "formatted_phone"),
        *("number", "username", "screen_name", "profile_url", "facebook_id", "twitter_id", "avatar_url"),
    )
)
# ... and in one that is the person.
_ALL_OF_ONE = _PERSONAL | {"notes", "details", "signature", "external_id", "photo", "user_fields"}
# Keys that hold nothing but somebody's name, whatever stands beside them.
_LABELS = frozenset(
    (
        *("requester", "submitter", "assignee", "collaborator", "author", "sender", "from", "customer"),
        *("author_name", "actor_name", "answered_by_name", "requester_name", "submitter_name", "nick"),
        *("assignee_name", "agent_names", "customer_name", "display_name", "value", "previous_value"),
    )
)
_WHOSE = frozenset(("user_id", "actor_id", "customer_id", "answered_by_id"))
_SAYS_WHO = frozenset(("id", "email", "address", "user_id"))
_PERSON_HAS = frozenset(("email", "address", "phone", "role", "user_id", "formatted_phone", "actor_id"))
_PARENTS = frozenset(
    ("from", "to", "actor", "author", "user", "visitor", "participants", "requester", "submitter", "assignee")
)
_PHONE_BEGINS = frozenset("0123456789+( ")
_LAST_NUMBER = re.compile(r"(\d{1,19})\s*$")
_IN_BRACKETS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


class RecordScrubber:
    """Takes the people out of records, in place. Counts what it took."""

    def __init__(self, people: ErasedPeople) -> None:
        self.people = people
        self.taken = 0

    def scrub(self, record: dict[str, Any]) -> None:
        """Whatever names them in any key but those of people's own words."""
        self._dict(record, parent="", top=True)

    def take_side(self, via: Any, side: str) -> None:
        """Who stands on one side of a `via`: all that tells who it is."""
        source = via.get("source") if isinstance(via, dict) else None
        self.take(source.get(side) if isinstance(source, dict) else None, _PERSONAL)

    def take(self, held: Any, keys: frozenset[str] | tuple[str, ...]) -> None:
        """Remove keys that hold something."""
        if isinstance(held, dict):
            for key in [key for key in held if key in keys]:
                if held.pop(key) is not None:
                    self.taken += 1

    def _dict(self, held: dict[str, Any], *, parent: str, top: bool = False) -> None:
        if not top and not _SAYS_WHO.isdisjoint(held) and self.is_erased(held, parent):
            self.take(held, _ALL_OF_ONE)
        elif not _WHOSE.isdisjoint(held) and any(_number(held.get(key)) in self.people.ids for key in _WHOSE):
            self.take(held, _PERSONAL)
        looks_like_one = parent in _PARENTS or not _PERSON_HAS.isdisjoint(held)
        for key in list(held):
            value = held[key]
            if isinstance(value, str):
                if key not in _TEXTS and self._names_one(value, key, label=looks_like_one and not top):
                    del held[key]
                    self.taken += 1
            elif isinstance(value, dict):
                self._dict(value, parent=key)
            elif isinstance(value, list):
                held[key] = self._list(value, key)

    def _list(self, held: list[Any], key: str) -> list[Any]:
        kept = []
        for item in held:
            if isinstance(item, str):
                if key not in _TEXTS and self._names_one(item, key, label=False):
                    self.taken += 1
                    continue
            elif isinstance(item, dict):
                self._dict(item, parent=key)
            elif isinstance(item, list):
                item = self._list(item, key)
            kept.append(item)
        return kept

    def is_erased(self, held: Any, parent: str) -> bool:
        """True for a dict that is an erased person, by id or address. parent: the key it stands under."""
        if not isinstance(held, dict):
            return False
        people = self.people
        known = whole_number(held.get("id")) in people.ids
        if known and (parent in _PARENTS or "email" in held or "role" in held):
            return True
        for key in ("email", "address"):
            address = folded(held.get(key))
            if address in people.emails:
                people.met.add(address)
                return True
        return parent in _PARENTS and whole_number(held.get("user_id")) in people.ids

    def _names_one(self, value: str, key: str, *, label: bool) -> bool:
        people = self.people
        if "@" in value:
            whole = folded(value)
            address = whole if whole in people.emails else None
            if address is None and (match := _IN_BRACKETS.search(whole)) and match[1] in people.emails:
                address = match[1]
            if address is not None:
                people.met.add(address)
                return True
        if people.phones and value[:1] in _PHONE_BEGINS and phone_digits(value) in people.phones:
            return True
        return (key in _LABELS or (label and key == "name")) and folded(value) in people.names


def _number(value: Any) -> int | None:
    """An id, also as `agent:403`."""
    if type(value) is int:
        return value
    match = _LAST_NUMBER.search(value) if isinstance(value, str) else None
    return int(match[1]) if match else None
