"""Words of erased people in what others wrote: found and told, never changed."""

import base64
import re
from collections.abc import Iterable
from typing import Any

from .erased_people import ErasedPeople

_WORD = re.compile(r"\w+")
_FEW = 50
_LONG_ID = 10**8  # shorter ones are numbers of anything


class TextSearch:
    """Finds full names, addresses and ids in any text, whatever stands between their words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        listed = [words for phrase in phrases if (words := _WORD.findall(phrase.casefold()))]
        self._patterns = [re.compile(r"\W+".join(words) + r"(?!\w)") for words in listed]
        self._by_first: dict[str, list[list[str]]] = {}
        for words in listed:
            self._by_first.setdefault(words[0], []).append(words)

    def finds(self, text: str) -> bool:
        """True if one of them stands in `text`."""
        text = text.casefold()
        if len(self._patterns) < _FEW:  # quicker than to cut the text into words
            return any(_stands(pattern, text) for pattern in self._patterns)
        words = _WORD.findall(text)
        return any(
            words[at : at + len(phrase)] == phrase
            for at, word in enumerate(words)
            if word in self._by_first
            for phrase in self._by_first[word]
        )


def _stands(pattern: re.Pattern[str], text: str) -> bool:
    # A look-behind would keep the engine from jumping to the first word, so the word's start is checked here.
    return any(
        match.start() == 0 or not _WORD.match(text[match.start() - 1]) for match in pattern.finditer(text)
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
