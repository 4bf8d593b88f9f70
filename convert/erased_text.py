"""Words of erased people in what others wrote: found and told, never changed."""

import base64
import re
from collections.abc import Iterable
from typing import Any

from .erased_people import ErasedPeople

_WORD = re.compile(r"\w+")
_LONG_ID = 10**8  # shorter ones are numbers of anything


class TextSearch:
    """Finds full names, addresses and ids in any text, in one pass however many there are."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[list[str]]] = {}
        for phrase in phrases:
            words = _WORD.findall(phrase.casefold())
            if words:
                self._by_first.setdefault(words[0], []).append(words)

    def finds(self, text: str) -> bool:
        """True if one of them stands in `text`."""
        if not self._by_first:
            return False
        words = _WORD.findall(text.casefold())
        return any(
            words[at : at + len(phrase)] == phrase
            for at, word in enumerate(words)
            for phrase in self._by_first.get(word, ())
        )


class RejectCleaner:
    """Takes the bytes out of rejects that name an erased person; what they were is told by their digest."""

    def __init__(self, people: ErasedPeople) -> None:
        ids = (str(number) for number in people.ids if number >= _LONG_ID)
        self._search = TextSearch({*people.emails, *people.names, *people.phones, *ids})
        self._ids = people.ids

    def clean(self, reject: dict[str, Any]) -> None:
        """Change a reject in place."""
        raw = base64.b64decode(reject["raw"] or "").decode("utf-8", "replace")
        theirs = reject["entity"] in ("users", "identities") and reject["key"] in self._ids
        if theirs or self._search.finds(raw):
            reject["raw"] = None
        if theirs or self._search.finds(reject["reason"]):
            reject["reason"] = "not accepted; it names an erased person"
