"""Blackening what must not leave the house, in every text of a ticket that is sent.

In: a History and the mapping's block `redact`. Out: the same with each find replaced by `[... removed]`. The
dataset stays whole. Card numbers: 13 to 19 digits that begin like one and have a valid checksum (ISO/IEC
7812), with blanks or dashes, also beside other digits; not inside of links, where long numbers are ids.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import FieldValue, File, History, Message, Rating

_GAP = re.compile(r"[ \u00a0-]|&nbsp;")
# Digits with single gaps between them. What stands in one is a card number, or holds one beside other digits:
# an expiry date, a CVC, a number in a list.
_DIGITS = re.compile(rf"(?<![0-9/=_.-])[0-9]+(?:(?:{_GAP.pattern})[0-9]+)*")
_ALONE = re.compile(r"[2-6][0-9]{12,18}")
_BESIDE = re.compile(r"3[47][0-9]{13}|3[068][0-9]{12}|(?:2[2-7]|[4-6][0-9])[0-9]{14}")
_LENGTHS = range(14, 17)  # of the second
_CARDS = "card number"

Redact = Callable[[str], str]


def redacted(history: History, *, mapping: Mapping) -> History:
    """A history with every find blackened; how many of each kind stands in `withheld`."""
    found: Counter[str] = Counter()
    clean = redactor(mapping, found)
    made = replace(
        history,
        subject=clean(history.subject),
        messages=tuple(_message(message, clean) for message in history.messages),
        field_values=tuple(_field(field, clean) for field in history.field_values),
        fields=tuple((title, clean(shown)) for title, shown in history.fields),
        rating=_rating(history.rating, clean),
        loose_files=tuple(_file(file, clean) for file in history.loose_files),
    )
    said = tuple(f"{name}: {count} removed" for name, count in sorted(found.items()))
    return replace(made, withheld=(*history.withheld, *said))


def redactor(mapping: Mapping, found: Counter[str]) -> Redact:
    """A function that blackens a text and counts in `found` how many of each kind it did."""
    finders = _finders(mapping, found)

    def clean(text: str) -> str:
        for find in finders:
            text = find(text)
        return text

    return clean


def _finders(mapping: Mapping, found: Counter[str]) -> list[Redact]:
    finders: list[Redact] = []
    if mapping.choice("redact", "card_numbers"):
        finders.append(lambda text: _DIGITS.sub(lambda match: _cards(match.group(), found), text))
    for index, item in enumerate(mapping.choice("redact", "patterns")):
        try:
            pattern = re.compile(item["pattern"])
        except (re.error, OverflowError, RecursionError) as error:
            raise InputError(
                f"no regular expression: {error}",
                where=mapping.where("redact", "patterns", index, "pattern"),
            ) from error
        finders.append(_finder(pattern, item["name"], found))
    return finders


def _finder(pattern: re.Pattern[str], name: str, found: Counter[str]) -> Redact:
    def mark(match: re.Match[str]) -> str:
        if not match.group():
            return ""
        found[name] += 1
        return f"[{name} removed]"

    return lambda text: pattern.sub(mark, text)


def _cards(text: str, found: Counter[str]) -> str:
    """Digits with gaps between them, without the card numbers among them."""
    groups = _GAP.split(text)
    if _is_card("".join(groups), _ALONE):
        found[_CARDS] += 1
        return f"[{_CARDS} removed]"
    gaps = [*_GAP.findall(text), ""]
    kept, first = "", 0
    while first < len(groups):
        after = _end_of_card(groups, first)
        if after is None:
            kept += groups[first] + gaps[first]
            first += 1
        else:
            found[_CARDS] += 1
            kept += f"[{_CARDS} removed]{gaps[after - 1]}"
            first = after
    return kept


def _end_of_card(groups: Sequence[str], first: int) -> int | None:
    """Where the card number ends that begins with this group; None where none does."""
    number = ""
    for after, group in enumerate(groups[first : first + _LENGTHS.stop], start=first + 1):
        number += group
        if len(number) >= _LENGTHS.stop:
            return None
        if len(number) in _LENGTHS and _is_card(number, _BESIDE):
            return after
    return None


def _is_card(number: str, form: re.Pattern[str]) -> bool:
    digits = [int(digit) for digit in number] if form.fullmatch(number) else []
    return len(set(digits)) > 1 and _has_checksum(digits)


def _has_checksum(digits: list[int]) -> bool:
    """Luhn: from the right, every second digit doubled, the sum of all digits a multiple of ten."""
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def _message(message: Message, clean: Redact) -> Message:
    return replace(
        message,
        text=clean(message.text),
        html=None if message.html is None else clean(message.html),
        files=tuple(_file(file, clean) for file in message.files),
    )


def _file(file: File, clean: Redact) -> File:
    return replace(file, name=clean(file.name))


def _field(field: FieldValue, clean: Redact) -> FieldValue:
    stored: Any = clean(field.stored) if isinstance(field.stored, str) else field.stored
    return replace(field, shown=clean(field.shown), stored=stored)


def _rating(rating: Rating | None, clean: Redact) -> Rating | None:
    if rating is None or rating.comment is None:
        return rating
    return replace(rating, comment=clean(rating.comment))
