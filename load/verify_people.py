"""What hangs on people and companies read back: tags, notes, who belongs to which company."""

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .action import Action, Kind, Ref, Step
from .answers import Done, Failed
from .client import Call, Client
from .companies import company_blanks
from .difference import DIFFERENT, MISSING, Difference, same, shown
from .doubt_note import is_note, notes_of
from .ledger_file import Origin
from .made import as_object, listed
from .perform import Patience, perform
from .thread import Thread

NOTES, TAGS = "all_notes", "all_tags"  # beside what the target says of a contact or company
_PAGES = 100


def with_beside(
    client: Client, thread: Thread, call: Call, found: Mapping[str, Any], *, patience: Patience
) -> Mapping[str, Any]:
    """A contact or company with all its notes and tags, or all companies of a contact, where we made some.

    call: what showed it. Intercom shows the first ten with a contact, notes without words, lists by pages.
    """
    steps = {action.step for action in thread.actions}
    if thread.kind is Kind.MEMBERSHIP:
        return {**found, "companies": _all_companies(client, call, found, patience)}
    if thread.kind in (Kind.CONTACT, Kind.COMPANY) and Step.NOTE in steps:
        notes = notes_of(client, thread.kind, str(found.get("id")), patience)
        found = {**found, NOTES: [] if isinstance(notes, Failed) else notes}
    if thread.kind is Kind.CONTACT and Step.TAG in steps:
        tags = as_object(found.get("tags"))
        shown_tags: Sequence[Any] = listed(tags, "data")
        if tags.get("has_more"):
            match perform(client, Call("GET", f"/contacts/{found.get('id')}/tags"), patience):
                case Done(body):
                    shown_tags = listed(body, "data")
                case _:
                    pass
        found = {**found, TAGS: shown_tags}
    return found


def compare_beside(
    actions: Sequence[Action], found: Mapping[str, Any], *, resolve: Callable[[Ref], str]
) -> Iterator[Difference]:
    """Each tag and note that should stand on a contact or company and does not, or stands twice."""
    tags = {str(tag.get("id")) for tag in found.get(TAGS, ())}
    for action in actions:
        if action.step is Step.TAG and resolve(Ref(Kind.TAG, action.witness["tag"])) not in tags:
            yield Difference(MISSING, action.kind, action.key, "tag", action.witness["tag"], "nothing")
        elif action.step is Step.NOTE:
            hits = sum(is_note(note, action.witness) for note in found.get(NOTES, ()))
            if hits != 1:
                symbol, there = (MISSING, "nothing") if not hits else (DIFFERENT, f"{hits} times")
                field = f"note {action.part}"
                yield Difference(symbol, action.kind, action.key, field, shown(action.payload["body"]), there)


def compare_company(action: Action, found: Mapping[str, Any], *, origin: Origin) -> Iterator[Difference]:
    """Each field of a company we made; of one that was there, that our attributes are not blank."""
    if origin is Origin.ADOPTED:
        for name, value in company_blanks(found, action.payload).items():
            yield _differs(action, name, value, None)
        return
    theirs = as_object(found.get("custom_attributes"))
    expected = {**action.payload, **action.payload["custom_attributes"]}
    for name, value in expected.items():
        if name == "custom_attributes":
            continue
        there = theirs.get(name) if name in action.payload["custom_attributes"] else found.get(name)
        if not same(value, html.unescape(there) if isinstance(there, str) else there):
            yield _differs(action, name, value, there)


def compare_membership(
    action: Action, found: Mapping[str, Any], *, resolve: Callable[[Ref], str]
) -> Iterator[Difference]:
    """The contact is in the company. found: with all companies of the contact."""
    company = resolve(Ref(Kind.COMPANY, action.witness["company"]))
    if company not in {str(one.get("id")) for one in listed(found, "companies")}:
        yield Difference(MISSING, action.kind, action.key, "company", f"Intercom id {company}", "nothing")


def _all_companies(
    client: Client, call: Call, found: Mapping[str, Any], patience: Patience
) -> list[Mapping[str, Any]]:
    """The companies of a contact, page after page: Intercom calls the list `companies` or `data`."""
    companies = [*listed(found, "companies"), *listed(found, "data")]
    total = as_object(found.get("pages")).get("total_pages")
    last = min(total, _PAGES) if isinstance(total, int) else 1
    for page in range(2, last + 1):
        match perform(client, Call("GET", f"{call.path}?page={page}"), patience):
            case Done(dict() as body):
                companies += [*listed(body, "companies"), *listed(body, "data")]
            case _:
                break
    return companies


def _differs(action: Action, field: str, expected: Any, found: Any) -> Difference:
    return Difference(DIFFERENT, action.kind, action.key, field, shown(expected), shown(found))
