"""One thing of a plan read back: asked for, and compared with its calls by whoever knows its kind."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .action import Action, Kind, Ref, Step
from .answers import Done, Failed
from .client import Call, Client
from .difference import ADDED, MISSING, UNREAD, Difference, shown
from .ledger_file import Origin, Row, State
from .made import as_object, listed
from .perform import Patience, perform
from .thread import Thread
from .verify_contact import compare_contact
from .verify_conversation import Seen, compare_conversation
from .verify_people import compare_beside, compare_company, compare_membership, with_beside
from .verify_ticket import SeenTicket, compare_ticket

Rows = Mapping[tuple[Step, int], Row]
Found = Mapping[str, Any] | Difference

_PATHS = {
    Kind.CONTACT: "/contacts/{id}",
    Kind.COMPANY: "/companies/{id}",
    Kind.CONVERSATION: "/conversations/{id}",
    Kind.TICKET: "/tickets/{id}",
    Kind.MEMBERSHIP: "/contacts/{id}/companies",
}
PARTS = {
    Kind.CONVERSATION: ("conversation_parts", "conversation_parts"),
    Kind.TICKET: ("ticket_parts", "ticket_parts"),
}


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What reading one thing told. found: as the target shows it, None where it can't be had.

    differences: without what people added since, which stands in `added`. hidden: parts that the target
    counts and does not show.
    """

    thread: Thread
    found: Mapping[str, Any] | None
    differences: tuple[Difference, ...]
    added: tuple[Difference, ...] = ()
    parts: int = 0
    hidden: int = 0


def asked(thread: Thread, rows: Rows, resolve: Callable[[Ref], str]) -> Call | None:
    """The read that shows a thing; None for one that was not made."""
    created = rows.get((Step.CREATE, 0))
    if created is None or created.state is not State.DONE:
        return None
    if thread.kind is Kind.MEMBERSHIP:
        id_: str | None = resolve(Ref(Kind.CONTACT, thread.key.split("/")[0]))
    else:
        id_ = created.target_id
    return None if id_ is None else Call("GET", _PATHS[thread.kind].replace("{id}", id_))


def fetch(client: Client, thread: Thread, call: Call, *, patience: Patience) -> Found:
    """What the target shows, or the line that says why it can't be had."""
    id_ = call.path.split("/")[2]
    match perform(client, call, patience):
        case Done(dict() as body):
            return with_beside(client, thread, call, body, patience=patience)
        case Failed(status=404):
            return _line(MISSING, thread, "all", f"Intercom id {id_}", "gone")
        case Failed(text=text):
            return _line(UNREAD, thread, "all", f"Intercom id {id_}", text)
        case _:
            return _line(UNREAD, thread, "all", f"Intercom id {id_}", "no readable answer")


def read_back(thread: Thread, rows: Rows, found: Found | None, *, resolve: Callable[[Ref], str]) -> ReadBack:
    """Compare what was found with what was planned. found: None for what was not made."""
    lines = list(_unfinished(thread, rows))
    if found is None:
        return ReadBack(thread, None, tuple(lines))
    if isinstance(found, Difference):
        return ReadBack(thread, None, (*lines, found))
    created = rows[Step.CREATE, 0]
    match thread.kind:
        case Kind.CONTACT:
            lines += compare_contact(thread.actions[0], found, origin=created.origin or Origin.CREATED)
            lines += compare_beside(_standing(thread, rows), found, resolve=resolve)
            return ReadBack(thread, found, tuple(lines))
        case Kind.COMPANY:
            lines += compare_company(thread.actions[0], found, origin=created.origin or Origin.CREATED)
            lines += compare_beside(_standing(thread, rows), found, resolve=resolve)
            return ReadBack(thread, found, tuple(lines))
        case Kind.MEMBERSHIP:
            lines += compare_membership(thread.actions[0], found, resolve=resolve)
            return ReadBack(thread, found, tuple(lines))
        case Kind.CONVERSATION:
            return _conversation(thread, rows, found, lines, resolve=resolve)
        case Kind.TICKET:
            return _ticket(thread, rows, found, lines, resolve=resolve)
        case _:
            lines.append(_line(UNREAD, thread, "all", "as planned", "this kind is not compared"))
            return ReadBack(thread, found, tuple(lines))


def _standing(thread: Thread, rows: Rows) -> list[Action]:
    """The calls of a thread that the ledger holds for done: of the others a line says more."""
    done = {step for step, row in rows.items() if row.state is State.DONE}
    return [action for action in thread.actions if (action.step, action.part) in done]


def parts_of(kind: Kind, found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The parts that a conversation or ticket shows; none for anything else."""
    return listed(found, *PARTS[kind]) if kind in PARTS else ()


def _conversation(
    thread: Thread,
    rows: Rows,
    found: Mapping[str, Any],
    lines: list[Difference],
    *,
    resolve: Callable[[Ref], str],
) -> ReadBack:
    done_at = max((row.done_at or row.sent_at for row in rows.values()), default=0.0)
    seen = Seen(found, thread.actions, rows=rows, done_at=done_at)
    for line in compare_conversation(thread.actions, seen, resolve=resolve):
        # Older parts are counted by the target and never shown: nothing differs, and nothing can be done.
        if not (line.symbol == UNREAD and line.field == "parts"):
            lines.append(line)
    added = tuple(_addition(thread, part) for part in seen.parts if not seen.is_ours(part))
    return ReadBack(thread, found, tuple(lines), added, len(seen.parts), max(seen.hidden, 0))


def _ticket(
    thread: Thread,
    rows: Rows,
    found: Mapping[str, Any],
    lines: list[Difference],
    *,
    resolve: Callable[[Ref], str],
) -> ReadBack:
    done_at = max((row.done_at or row.sent_at for row in rows.values()), default=0.0)
    seen = SeenTicket(found, thread.actions, done_at=done_at, resolve=resolve)
    lines += compare_ticket(thread.actions, seen, resolve=resolve)
    added = tuple(_addition(thread, part) for part in seen.added)
    return ReadBack(thread, found, tuple(lines), added, len(seen.parts), seen.hidden)


def _addition(thread: Thread, part: Mapping[str, Any]) -> Difference:
    author = as_object(part.get("author"))
    who = f"{author.get('type') or 'somebody'} {author.get('id') or ''}".strip()
    said = shown(part["body"]) if part.get("body") else ""
    found = f"{part.get('part_type')} by {who}{': ' if said else ''}{said}"
    return Difference(ADDED, thread.kind, thread.key, f"part {part.get('id')}", "nothing", found)


def _unfinished(thread: Thread, rows: Rows) -> Iterator[Difference]:
    for row in rows.values():
        if row.state is State.FAILED:
            yield _line(UNREAD, thread, row.step, "done", f"failed: {row.error}")
        elif row.state is State.SENDING:
            yield _line(UNREAD, thread, row.step, "done", "in doubt; run load again")
    if (Step.CREATE, 0) not in rows:
        yield _line(MISSING, thread, "all", "loaded", "not loaded")


def _line(symbol: str, thread: Thread, field: str, expected: str, found: str) -> Difference:
    return Difference(symbol, thread.kind, thread.key, str(field), expected, found)
