"""A conversation read back, against the calls that made it.

What people did since (`+`) is no difference: their replies, and what a reply changes. Whatever stands there
under our name and was not planned is one: it may be a message sent twice, or one a customer can see.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from deskferry.templates.clean import canonical_html, canonical_text

from .action import Action, Ref, Step
from .difference import DIFFERENT, MISSING, UNREAD, Difference, same, shown, shown_apart
from .made import as_object

_CLOCKS = 60  # seconds our clock and the target's may differ


class Seen:
    """A conversation as read, with what of it is ours. done_at: when our last call was acknowledged."""

    def __init__(self, conversation: Mapping[str, Any], *, admin: str, done_at: float) -> None:
        self.conversation = conversation
        parts = conversation.get("conversation_parts") or {}
        self.parts: list[Mapping[str, Any]] = list(parts.get("conversation_parts") or ())
        self.hidden = int(parts.get("total_count") or 0) - len(self.parts)
        self._admin, self._until = admin, done_at + _CLOCKS

    def ours(self, kind: str) -> list[Mapping[str, Any]]:
        """The parts of a kind that we, or somebody under our name before we were done, wrote."""
        return [part for part in self.parts if part.get("part_type") == kind and self.is_ours(part)]

    def is_ours(self, part: Mapping[str, Any]) -> bool:
        """By the migration admin, not after the load."""
        author = part.get("author") or {}
        return str(author.get("id")) == self._admin and int(part.get("created_at") or 0) <= self._until

    @property
    def added(self) -> int:
        """How many parts others wrote, or we after the load."""
        return sum(not self.is_ours(part) for part in self.parts)


def compare_conversation(
    actions: Sequence[Action], seen: Seen, *, resolve: Callable[[Ref], str]
) -> Iterator[Difference]:
    """Each difference between the calls of a conversation and what it shows.

    resolve: Intercom's ids of what the calls name.
    """
    kind, key = actions[0].kind, actions[0].key
    notes = [action for action in actions if action.step is Step.NOTE]
    if seen.hidden > 0:
        yield Difference(UNREAD, kind, key, "parts", "all of them", f"{seen.hidden} older ones are not shown")
    for action in actions:
        match action.step:
            case Step.CREATE:
                yield from _opening(action, seen.conversation, resolve)
            case Step.UPDATE:
                yield from _fields(action, seen.conversation, resolve)
            case Step.NOTE if seen.hidden <= 0:
                yield from _note(action, seen)
            case Step.TAG:
                yield from _tag(action, seen, resolve)
            case Step.ASSIGN_TEAM | Step.ASSIGN_ADMIN | Step.CLOSE:
                yield from _state(action, seen)
            case _:
                pass
    yield from _twice(kind, key, notes, seen)
    if not any(action.step is Step.CLOSE for action in actions) and not seen.added:
        yield from _differs(actions[0], "state", "open", seen.conversation.get("state"))


def _opening(action: Action, found: Mapping[str, Any], resolve: Callable[[Ref], str]) -> Iterator[Difference]:
    contact = action.payload["from"]["id"]
    people = (found.get("contacts") or {}).get("contacts") or ()
    expected = resolve(contact) if isinstance(contact, Ref) else str(contact)
    ids = [str(person.get("id")) for person in people]
    if expected not in ids:
        yield from _differs(action, "contact", expected, ", ".join(ids))
    yield from _differs(action, "created_at", action.payload["created_at"], found.get("created_at"))
    yield from _text(action, "opening", (found.get("source") or {}).get("body"))


def _note(action: Action, seen: Seen) -> Iterator[Difference]:
    name = f"note {action.part}"
    found = [
        part
        for part in seen.parts
        if part.get("part_type") == "note"
        and part.get("created_at") == action.payload["created_at"]
        and str((part.get("author") or {}).get("id")) == str(action.payload["admin_id"])
    ]
    if not found:
        yield Difference(MISSING, action.kind, action.key, name, shown(action.payload["body"]), "nothing")
    elif len(found) > 1:
        yield Difference(DIFFERENT, action.kind, action.key, name, "once", f"{len(found)} times")
    else:
        yield from _text(action, name, found[0].get("body"))


def _fields(action: Action, found: Mapping[str, Any], resolve: Callable[[Ref], str]) -> Iterator[Difference]:
    for name, expected in action.payload.items():
        if isinstance(expected, Ref):  # shown whole, under its own name
            shown_there = as_object(found.get(expected.kind)).get("id")
            yield from _differs(action, str(expected.kind), resolve(expected), shown_there)
        elif name != "custom_attributes":
            yield from _differs(action, name, expected, found.get(name))
    theirs = found.get("custom_attributes") or {}
    for name, expected in (action.payload.get("custom_attributes") or {}).items():
        yield from _differs(action, name, expected, theirs.get(name))


def _tag(action: Action, seen: Seen, resolve: Callable[[Ref], str]) -> Iterator[Difference]:
    tag = action.payload["id"]
    expected = resolve(tag) if isinstance(tag, Ref) else str(tag)
    found = (seen.conversation.get("tags") or {}).get("tags") or ()
    if not seen.added and expected not in {str(item.get("id")) for item in found}:
        name = tag.key if isinstance(tag, Ref) else expected
        yield Difference(MISSING, action.kind, action.key, "tag", shown(name), "nothing")


def _state(action: Action, seen: Seen) -> Iterator[Difference]:
    """State and assignment, unless people went on with the conversation: then they are theirs."""
    if seen.added:
        return
    for field, expected in action.witness.items():
        yield from _differs(action, field, expected, seen.conversation.get(field))


def _twice(kind: str, key: str, notes: Sequence[Action], seen: Seen) -> Iterator[Difference]:
    """What stands under our name and was not planned."""
    planned = {action.payload["created_at"] for action in notes}
    texts = {canonical_html(str(action.payload["body"])) for action in notes}
    for part in seen.ours("note"):
        if part.get("created_at") not in planned and canonical_html(str(part.get("body") or "")) in texts:
            yield Difference(DIFFERENT, kind, key, "note", "once", f"again as part {part.get('id')}")
    for part in seen.parts:
        if seen.is_ours(part) and part.get("part_type") != "note" and part.get("body"):
            yield Difference(DIFFERENT, kind, key, "customer sees", "nothing of ours", shown(part["body"]))
    closes = seen.ours("close")
    if len(closes) > 1:
        yield Difference(DIFFERENT, kind, key, "close", "once", f"{len(closes)} times")


def _text(action: Action, field: str, found: Any) -> Iterator[Difference]:
    """Openings are sent as plain text, notes as HTML; HTML comes back."""
    sent = str(action.payload["body"])
    expected = canonical_html(sent) if action.step is Step.NOTE else canonical_text(sent)
    there = canonical_html(str(found or ""))
    if expected not in (there, canonical_text(str(found or ""))):
        one, other = shown_apart(expected, there)
        yield Difference(DIFFERENT, action.kind, action.key, field, one, other)


def _differs(action: Action, field: str, expected: Any, found: Any) -> Iterator[Difference]:
    if not same(expected, found):
        yield Difference(DIFFERENT, action.kind, action.key, field, shown(expected), shown(found))
