"""Tickets that the texts of a ticket link to, listed so that their conversations can be found.

The links lead to Zendesk and die with it. Which conversation another ticket becomes is not known when a plan
is made; but each carries its number in attribute `zendesk_id`, by which it can be searched. The words of
people stay as they wrote them.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from deskferry.templates.history import History

_PAGES = r"(?:agent/(?:\#/)?tickets|hc/(?:[\w-]+/)?requests|requests|tickets|api/v2/(?:tickets|requests))"
_PAGE_ENDS = ("tickets/", "requests/")
_LINK = re.compile(rf"https?://(?P<host>[^/\s\"'<>@]+)/{_PAGES}/(?P<number>\d{{1,15}})(?!\d)", re.IGNORECASE)
_HERE = re.compile(rf"\bhref=[\"']/{_PAGES}/(\d{{1,15}})(?!\d)", re.IGNORECASE)
# A number alone may be an order or a place in a list.
_NAMED = re.compile(
    r"\b(?:tickets?|requests?|anfragen?|demandes?|solicitud(?:es)?|solicitaç(?:ão|ões)|richiest[ae]|aanvra(?:ag|gen))"
    r"\s*#(\d{1,15})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"#(\d+)")


def mentioned(history: History, *, hosts: Collection[str]) -> set[int]:
    """Numbers of other tickets that its texts link to or call tickets. hosts: of the account, lower case."""
    found = {
        number
        for message in history.messages
        for text in (message.text, message.html or "")
        for number in _numbers(text, hosts)
    }
    return found - {history.ticket_id}


def with_mentions(history: History, numbers: Collection[int]) -> History:
    """A history that lists these tickets among its links, but for those it has there already."""
    there = {int(number) for link in history.links for number in _NUMBER.findall(link)}
    new = sorted(set(numbers) - there)
    if not new:
        return history
    said = f"Mentions {', '.join(f'#{number}' for number in new)} (to be found by zendesk_id)"
    return replace(history, links=(*history.links, said))


def _numbers(text: str, hosts: Collection[str]) -> Iterator[int]:
    folded = text.casefold()
    if any(page in folded for page in _PAGE_ENDS):  # few texts have any, and looking for links takes long
        for link in _LINK.finditer(text):
            if link["host"].lower() in hosts:
                yield int(link["number"])
        yield from map(int, _HERE.findall(text))
    if "#" in text:
        yield from map(int, _NAMED.findall(text))
