"""A conversation read back, against the calls that made it.

What people did since (`+`) is no difference: their replies, and what a reply changes. Whatever stands there
under our name and was not planned is one: it may be a message sent twice, or one a customer can see.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from deskferry.templates.clean import canonical_html

from .action import Action, Ref, Step
from .difference import DIFFERENT, MISSING, UNREAD, Difference, same, shown, shown_apart
from .ledger_file import Row
from .made import as_object, listed, stands_at
from .words import same_words, sent_words

SAID = (Step.NOTE, Step.MESSAGE)
_QUIET = (Step.NOTE, Step.TAG, Step.ASSIGN_TEAM, Step.ASSIGN_ADMIN, Step.CLOSE, Step.SNOOZE)
_CLOCKS = 60  # seconds our clock and the target's may differ


class Seen:
    """A conversation as read, with what of it is ours.

    actions: the calls that made it. done_at: when the last of them was acknowledged. rows: what the ledger
    knows of them.
    """

    def __init__(
        self,
        conversation: Mapping[str, Any],
        actions: Sequence[Action],
        *,
        rows: Mapping[tuple[Step, int], Row],
        done_at: float,
    ) -> None:
        self.conversation, self.rows = conversation, rows
        parts = conversation.get("conversation_parts") or {}
        self.parts: list[Mapping[str, Any]] = list(parts.get("conversation_parts") or ())
        self.hidden = int(parts.get("total_count") or 0) - len(self.parts)
        self._said = [action.witness for action in actions if action.step in SAID]
        self._ids = {row.target_id for key, row in rows.items() if key[0] in SAID and row.target_id}
        # What is under an agent's own name may be his, of today; the migration admin has no other work.
        acting = [str(act.payload["admin_id"]) for act in actions if "admin_id" in act.payload]
        quiet = [str(act.payload["admin_id"]) for act in actions if act.step in _QUIET]
        self._admin, self._until = next(iter([*quiet, *acting]), ""), done_at + _CLOCKS

    def ours(self, kind: str) -> list[Mapping[str, Any]]:
        """The parts of a kind that we, or somebody under our name before we were done, wrote."""
        return [part for part in self.parts if part.get("part_type") == kind and self.is_ours(part)]

    def is_ours(self, part: Mapping[str, Any]) -> bool:
        """What was planned to be said, or is by the migration admin and not after the load."""
        author = part.get("author") or {}
        by_admin = str(author.get("id")) == self._admin and int(part.get("created_at") or 0) <= self._until
        return by_admin or self.is_said(part)

    def is_said(self, part: Mapping[str, Any]) -> bool:
        """A note or message of the plan, or of one before it."""
        return str(part.get("id")) in self._ids or any(stands_at(part, witness) for witness in self._said)

    def found(self, action: Action) -> list[Mapping[str, Any]]:
        """Where a note or message stands: by the id the ledger has, and by author and second.

        What a plan before gave another number is no second copy.
        """
        row = self.rows.get((action.step, action.part))
        by_id = [part for part in self.parts if row and row.target_id == str(part.get("id"))]
        return by_id + [
            part
            for part in self.parts
            if stands_at(part, action.witness) and str(part.get("id")) not in self._ids
        ]

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
    if seen.hidden > 0:
        yield Difference(UNREAD, kind, key, "parts", "all of them", f"{seen.hidden} older ones are not shown")
    for action in actions:
        match action.step:
            case Step.CREATE:
                yield from _opening(action, seen.conversation, resolve)
            case Step.UPDATE:
                yield from _fields(action, seen.conversation, resolve)
            case Step.NOTE | Step.MESSAGE:
                yield from _said(action, seen)
            case Step.TAG:
                yield from _tag(action, seen, resolve)
            case Step.PARTICIPANT:
                yield from _participant(action, seen, resolve)
            case Step.ASSIGN_TEAM | Step.ASSIGN_ADMIN | Step.CLOSE | Step.SNOOZE:
                yield from _state(action, seen)
            case _:
                pass
    yield from _twice(actions, seen)
    if not any(action.step in (Step.CLOSE, Step.SNOOZE) for action in actions) and not seen.added:
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


def _said(action: Action, seen: Seen) -> Iterator[Difference]:
    """Once, in the same words, by the same author, in the same second, for the same eyes."""
    name = f"{action.step} {action.part}"
    found = seen.found(action)
    if not found:
        if seen.hidden <= 0:
            yield Difference(MISSING, action.kind, action.key, name, shown(action.payload["body"]), "nothing")
        return
    if len(found) > 1:
        yield Difference(DIFFERENT, action.kind, action.key, name, "once", f"{len(found)} times")
        return
    part = found[0]
    yield from _text(action, name, part.get("body"))
    if not stands_at(part, action.witness):
        author = part.get("author") or {}
        who = f"{author.get('type')} {author.get('id')}"
        there = f"{part.get('part_type')} by {who} at {part.get('created_at')}"
        yield Difference(DIFFERENT, action.kind, action.key, name, _as_said(action), there)
    sent = [file["name"] for file in action.payload.get("attachment_files") or ()]
    there_too = [file.get("name") for file in listed(part, "attachments")]
    if len(sent) != len(there_too):
        yield from _differs(action, f"{name} files", ", ".join(sent), ", ".join(map(str, there_too)))


def _as_said(action: Action) -> str:
    payload = action.payload
    who = f"admin {payload['admin_id']}" if "admin_id" in payload else "the contact"
    return f"{payload['message_type']} by {who} at {payload['created_at']}"


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


def _participant(action: Action, seen: Seen, resolve: Callable[[Ref], str]) -> Iterator[Difference]:
    contact = action.payload["customer"]["intercom_user_id"]
    expected = resolve(contact) if isinstance(contact, Ref) else str(contact)
    ids = [str(person.get("id")) for person in listed(seen.conversation, "contacts", "contacts")]
    if expected not in ids:
        yield Difference(MISSING, action.kind, action.key, "participant", expected, ", ".join(ids))


def _state(action: Action, seen: Seen) -> Iterator[Difference]:
    """State and assignment, unless people went on with the conversation: then they are theirs."""
    if seen.added:
        return
    if action.step is Step.SNOOZE and seen.conversation.get("state") == "open" and seen.ours("snoozed"):
        return  # it was asleep and is awake by now
    for field, expected in action.witness.items():
        yield from _differs(action, field, expected, seen.conversation.get(field))


def _twice(actions: Sequence[Action], seen: Seen) -> Iterator[Difference]:
    """What stands under our name and was not planned."""
    kind, key = actions[0].kind, actions[0].key
    texts = {canonical_html(str(action.payload["body"])) for action in actions if action.step in SAID}
    for part in seen.parts:
        if not seen.is_ours(part) or seen.is_said(part) or not part.get("body"):
            continue
        if part.get("part_type") != "note":
            yield Difference(DIFFERENT, kind, key, "customer sees", "nothing of ours", shown(part["body"]))
        elif canonical_html(str(part["body"])) in texts:
            yield Difference(DIFFERENT, kind, key, "note", "once", f"again as part {part.get('id')}")
    for step, part_type in ((Step.CLOSE, "close"), (Step.SNOOZE, "snoozed")):
        made, planned = len(seen.ours(part_type)), sum(known is step for known, _ in seen.rows)
        if made > max(planned, 1):
            yield Difference(DIFFERENT, kind, key, step, "once", f"{made} times")


def _text(action: Action, field: str, found: Any) -> Iterator[Difference]:
    if not same_words(action, str(found or "")):
        one, other = shown_apart(sent_words(action), canonical_html(str(found or "")))
        yield Difference(DIFFERENT, action.kind, action.key, field, one, other)


def _differs(action: Action, field: str, expected: Any, found: Any) -> Iterator[Difference]:
    if not same(expected, found):
        yield Difference(DIFFERENT, action.kind, action.key, field, shown(expected), shown(found))
