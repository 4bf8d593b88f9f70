"""A ticket read back, against the calls that made it.

As with conversations: what people did since (`+`) is no difference, whatever stands there under our name and
was not planned is one. Tags and company are not shown by a read of a ticket and are not compared then.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from deskferry.schemas.ticket_types import DESCRIPTION
from deskferry.templates.clean import canonical_html, canonical_text

from .action import Action, Ref, Step
from .difference import DIFFERENT, MISSING, Difference, same, shown, shown_apart
from .made import as_object, listed

_CLOCKS = 60  # seconds our clock and the target's may differ
_OF_MAKING = ("ticket_state_updated_by_admin", "assignment")  # parts that making a ticket leaves, by Operator
Part = Mapping[str, Any]
Resolve = Callable[[Ref], str]


class SeenTicket:
    """A ticket as read, with what of it is ours. done_at: when our last call was acknowledged."""

    def __init__(
        self, ticket: Mapping[str, Any], actions: Sequence[Action], *, done_at: float, resolve: Resolve
    ) -> None:
        self.ticket, self._until = ticket, done_at + _CLOCKS
        self.parts = listed(ticket, "ticket_parts", "ticket_parts")
        total = as_object(ticket.get("ticket_parts")).get("total_count")
        self.hidden = max(int(total or 0) - len(self.parts), 0)
        self._planned = {witnessed(action, resolve) for action in actions if _is_said(action)}
        self._admin = str(actions[-1].payload["admin_id"])

    @property
    def added(self) -> list[Part]:
        """What others wrote, or we after the load."""
        return [part for part in self.parts if not self.is_ours(part)]

    def is_ours(self, part: Part) -> bool:
        """Planned, or by the migration admin before the load was done; or left by Intercom as it was made."""
        author, second = _author(part), int(part.get("created_at") or 0)
        if (author, second) in self._planned:
            return True
        by_operator = as_object(part.get("author")).get("type") == "bot" and not part.get("body")
        made = by_operator and part.get("part_type") in _OF_MAKING
        return (made or author == self._admin) and second <= self._until

    def said(self, action: Action, resolve: Resolve) -> list[Part]:
        """The parts that a note or reply of ours recognises."""
        wanted = witnessed(action, resolve)
        return [
            part
            for part in self.parts
            if (_author(part), part.get("created_at")) == wanted
            and part.get("part_type") == action.payload["message_type"]
        ]

    def unplanned(self, kind: str) -> list[Part]:
        """Parts of a kind by the migration admin before the load was done, beyond what was planned."""
        return [
            part
            for part in self.parts
            if part.get("part_type") == kind
            and self.is_ours(part)
            and (_author(part), part.get("created_at")) not in self._planned
        ]


def compare_ticket(actions: Sequence[Action], seen: SeenTicket, *, resolve: Resolve) -> Iterator[Difference]:
    """Each difference between the calls of a ticket and what it shows.

    resolve: Intercom's ids of what the calls name.
    """
    for action in actions:
        match action.step:
            case Step.CREATE:
                yield from _fields(action, seen.ticket, resolve)
                yield from _assignment(action, seen)
            case Step.NOTE | Step.MESSAGE if not seen.hidden:
                yield from _said(action, seen, resolve)
            case Step.TAG if "tags" in seen.ticket:
                yield from _tag(action, seen, resolve)
            case Step.UPDATE:
                yield from _state(action, seen, resolve)
            case _:
                pass
    yield from _twice(actions, seen)


def witnessed(action: Action, resolve: Resolve) -> tuple[str, int]:
    """(author, second) of what was said."""
    author = action.payload.get("admin_id") or action.payload["intercom_user_id"]
    return (resolve(author) if isinstance(author, Ref) else str(author)), action.payload["created_at"]


def _fields(action: Action, found: Mapping[str, Any], resolve: Resolve) -> Iterator[Difference]:
    contact = resolve(action.payload["contacts"][0]["id"])
    people = [str(person.get("id")) for person in listed(found, "contacts", "contacts")]
    if contact not in people:
        yield from _differs(action, "contact", contact, ", ".join(people))
    yield from _differs(action, "created_at", action.payload["created_at"], found.get("created_at"))
    kind, shown_kind = action.payload["ticket_type_id"], as_object(found.get("ticket_type"))
    if str(shown_kind.get("id")) != resolve(kind):
        yield from _differs(action, "ticket type", kind.key, shown_kind.get("name"))
    theirs = as_object(found.get("ticket_attributes"))
    for name, expected in action.payload["ticket_attributes"].items():
        there = theirs.get(name)
        if name == DESCRIPTION:
            yield from _text(action, "description", str(expected), there)
        elif isinstance(expected, Ref):
            label = expected.key.removeprefix(f"{kind.key}/{name}/")
            if not same(label, there) and str(there) != resolve(expected):
                yield from _differs(action, name, label, there)
        else:
            yield from _differs(action, name, expected, there)


def _assignment(action: Action, seen: SeenTicket) -> Iterator[Difference]:
    """Unless people went on with the ticket: then it is theirs."""
    if not seen.added:
        for field, expected in action.payload.get("assignment", {}).items():
            yield from _differs(action, field, expected, seen.ticket.get(field))


def _state(action: Action, seen: SeenTicket, resolve: Resolve) -> Iterator[Difference]:
    if seen.added:
        return
    ref, there = action.payload["ticket_state_id"], as_object(seen.ticket.get("ticket_state"))
    if str(there.get("id")) != resolve(ref):
        yield from _differs(action, "ticket state", ref.key, there.get("internal_label"))
    yield from _differs(action, "open", action.payload.get("open", True), seen.ticket.get("open"))
    yield from _differs(
        action, "snoozed_until", action.payload.get("snoozed_until"), seen.ticket.get("snoozed_until")
    )


def _said(action: Action, seen: SeenTicket, resolve: Resolve) -> Iterator[Difference]:
    name, found = f"{action.step} {action.part}", seen.said(action, resolve)
    if not found:
        yield Difference(MISSING, action.kind, action.key, name, shown(action.payload["body"]), "nothing")
    elif len(found) > 1:
        yield Difference(DIFFERENT, action.kind, action.key, name, "once", f"{len(found)} times")
    else:
        yield from _text(action, name, str(action.payload["body"]), found[0].get("body"))


def _tag(action: Action, seen: SeenTicket, resolve: Resolve) -> Iterator[Difference]:
    tag = action.payload["id"]
    if not seen.added and resolve(tag) not in {
        str(one.get("id")) for one in listed(seen.ticket, "tags", "tags")
    }:
        yield Difference(MISSING, action.kind, action.key, "tag", shown(tag.key), "nothing")


def _twice(actions: Sequence[Action], seen: SeenTicket) -> Iterator[Difference]:
    """What stands under our name and was not planned."""
    kind, key = actions[0].kind, actions[0].key
    texts = {canonical_html(str(action.payload["body"])) for action in actions if _is_said(action)}
    for part in seen.unplanned("note"):
        if canonical_html(str(part.get("body") or "")) in texts:
            yield Difference(DIFFERENT, kind, key, "note", "once", f"again as part {part.get('id')}")
    for part in seen.unplanned("comment"):
        yield Difference(DIFFERENT, kind, key, "customer sees", "nothing of ours", shown(part.get("body")))
    closes = seen.unplanned("close")
    if len(closes) > 1:
        yield Difference(DIFFERENT, kind, key, "close", "once", f"{len(closes)} times")


def _is_said(action: Action) -> bool:
    return action.step in (Step.NOTE, Step.MESSAGE)


def _author(part: Part) -> str:
    return str(as_object(part.get("author")).get("id"))


def _text(action: Action, field: str, sent: str, found: Any) -> Iterator[Difference]:
    """Descriptions are sent as plain text, notes as HTML; HTML may come back."""
    there = str(found or "")
    expected = canonical_text(sent) if field == "description" else canonical_html(sent)
    if expected not in (canonical_html(there), canonical_text(there)):
        one, other = shown_apart(expected, canonical_html(there))
        yield Difference(DIFFERENT, action.kind, action.key, field, one, other)


def _differs(action: Action, field: str, expected: Any, found: Any) -> Iterator[Difference]:
    if not same(expected, found):
        yield Difference(DIFFERENT, action.kind, action.key, field, shown(expected), shown(found))
