"""What somebody else did to a conversation or ticket of ours: workflows, rules, Fin, ratings, people.

Judged from one read: whose parts stand there, how it is tagged, to whom it went, in which state it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .action import Action, Kind, Ref, Step
from .made import as_object, listed

# Parts that Intercom writes for a call of ours that names nobody; what they say is compared by itself.
_OURS_UNNAMED = frozenset({"ticket_attribute_updated_by_admin", "conversation_attribute_updated_by_admin"})


@dataclass(frozen=True, slots=True)
class Ours:
    """What we wrote, as far as it tells ours from others'. All ids are Intercom's.

    admins: who acted for us. contacts: in whose name we wrote. tags: what we tagged. admin, team: to whom it
    was assigned, None for nobody. state: open, snoozed or closed.
    """

    admins: frozenset[str]
    contacts: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    admin: str | None = None
    team: str | None = None
    state: str = "open"


def ours_of(actions: Sequence[Action], *, resolve: Callable[[Ref], str]) -> Ours:
    """What the calls of a conversation or ticket leave there."""
    payloads = [action.payload for action in actions]
    assigned: dict[str, str] = {}
    for action in actions:
        given = as_object(action.payload.get("assignment"))
        assigned |= {name: _id(value, resolve) for name, value in given.items()}
        if action.step in (Step.ASSIGN_ADMIN, Step.ASSIGN_TEAM):
            kind = "admin" if action.step is Step.ASSIGN_ADMIN else "team"
            assigned[f"{kind}_assignee_id"] = _id(action.payload["assignee_id"], resolve)
    closed = any(action.closes for action in actions)
    snoozed = any(action.step is Step.SNOOZE for action in actions)
    return Ours(
        admins=frozenset(_id(payload["admin_id"], resolve) for payload in payloads if "admin_id" in payload),
        contacts=frozenset(
            _id(payload["intercom_user_id"], resolve) for payload in payloads if "intercom_user_id" in payload
        ),
        tags=frozenset(_id(action.payload["id"], resolve) for action in actions if action.step is Step.TAG),
        admin=assigned.get("admin_assignee_id"),
        team=assigned.get("team_assignee_id"),
        state="closed" if closed else "snoozed" if snoozed else "open",
    )


def foreign(kind: Kind, found: Mapping[str, Any], *, ours: Ours) -> Iterator[str]:
    """A clause for each thing that we did not do, with its author where it has one.

    found: a conversation or ticket as read.
    """
    parts = f"{kind}_parts"
    for part in listed(found, parts, parts):
        yield from _part(part, ours)
    for tag in listed(found, "tags", "tags"):
        if str(tag.get("id")) not in ours.tags:
            yield f"tag '{tag.get('name') or tag.get('id')}'"
    for whom, expected in (("admin", ours.admin), ("team", ours.team)):
        there = _assignee(found.get(f"{whom}_assignee_id"))
        if there != expected:
            yield f"it is assigned to {whom} {there or 'nobody'}, not {expected or 'nobody'}"
    yield from _state(kind, found, ours)
    yield from _automatic(found)


def foreign_contact(found: Mapping[str, Any]) -> Iterator[str]:
    """What somebody did to a contact that we just made, without tags, companies or owner."""
    for name in ("tags", "companies"):
        if listed(found, name, "data"):
            yield f"the contact has {name}"
    if found.get("owner_id") not in (None, "", 0):
        yield f"the contact has an owner ({found['owner_id']})"
    if found.get("last_contacted_at"):
        yield "the contact was written to"


def _part(part: Mapping[str, Any], ours: Ours) -> Iterator[str]:
    author = as_object(part.get("author"))
    kind, id_ = str(author.get("type") or ""), str(author.get("id") or "")
    named = f"part {part.get('id')} ({part.get('part_type')}) by {_name(author)}"
    by_us = (kind == "admin" and id_ in ours.admins) or (kind != "admin" and id_ in ours.contacts)
    unnamed = part.get("part_type") in _OURS_UNNAMED or _as_made(part, kind)
    if not by_us and not unnamed and not _as_we_assigned(part, kind, ours):
        yield named
    elif kind == "admin" and part.get("email_message_metadata"):
        yield f"{named} was sent as an e-mail"


def _as_made(part: Mapping[str, Any], author: str) -> bool:
    """A new ticket is put into its first state by nobody in particular."""
    state = part.get("ticket_state")
    moved = part.get("part_type") == "ticket_state_updated_by_admin" and author == "bot"
    return moved and state is not None and state == part.get("previous_ticket_state")


def _as_we_assigned(part: Mapping[str, Any], author: str, ours: Ours) -> bool:
    """A new ticket is assigned by nobody in particular, to whom we said."""
    to = as_object(part.get("assigned_to")).get("id")
    assigns = part.get("part_type") == "assignment" and author == "bot"
    return assigns and to is not None and str(to) in (ours.admin, ours.team)


def _state(kind: Kind, found: Mapping[str, Any], ours: Ours) -> Iterator[str]:
    if kind is Kind.CONVERSATION:
        if (there := found.get("state")) != ours.state:
            yield f"it is {there}, not {ours.state}"
    elif (open_ := found.get("open")) is not None and bool(open_) is (ours.state == "closed"):
        yield f"it is {'open' if open_ else 'closed'}, not {ours.state}"


def _automatic(found: Mapping[str, Any]) -> Iterator[str]:
    rating = as_object(found.get("conversation_rating"))
    if any(value is not None for value in rating.values()):
        yield "a rating was asked for"
    if sla := as_object(found.get("sla_applied")):
        yield f"SLA '{sla.get('sla_name') or 'without a name'}' was applied"
    if found.get("ai_agent_participated"):
        yield "Fin took part"


def _id(value: Any, resolve: Callable[[Ref], str]) -> str:
    return resolve(value) if isinstance(value, Ref) else str(value)


def _assignee(value: Any) -> str | None:
    return None if value in (None, "", 0, "0") else str(value)


def _name(author: Mapping[str, Any]) -> str:
    name, kind = author.get("name"), author.get("type") or "somebody"
    return f"{kind} {name} ({author.get('id')})" if name else f"{kind} {author.get('id')}"
