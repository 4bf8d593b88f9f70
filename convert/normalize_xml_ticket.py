"""A ticket of Zendesk's XML under the names of its API: numbers become words, entries become fields.

`nice-id` is the ticket's number; the `id` beside it is the database's own and is kept apart. Numbers follow
the readers of such exports; 5 (deleted) and 6 (hold) continue them. A number nobody knows is kept as it is.
"""

from collections.abc import Mapping
from typing import Any

from .normalize_record import known_keys, whole_number
from .record_facts import made_id

STATUSES = {0: "new", 1: "open", 2: "pending", 3: "solved", 4: "closed", 5: "deleted", 6: "hold"}
PRIORITIES = {0: None, 1: "low", 2: "normal", 3: "high", 4: "urgent"}
TYPES = {0: None, 1: "question", 2: "incident", 3: "problem", 4: "task"}
CHANNELS = {
    0: "web",
    4: "email",
    5: "api",
    8: "rule",
    9: "linked_problem",
    10: "group_deletion",
    11: "user_change",
    12: "user_deletion",
    13: "group_change",
    14: "resource_push",
    15: "iphone",
    16: "get_satisfaction",
    17: "dropbox",
    19: "merge",
    20: "batch",
    21: "recovered_from_suspended_tickets",
    22: "automatic_solution_suggestions",
    23: "twitter_favorite",
    24: "topic",
    26: "twitter_dm",
    27: "closed_ticket",
    29: "chat",
    30: "twitter",
    45: "voice",
    88: "native_messaging",
}
_SPELLINGS = {"on-hold": "hold", "on hold": "hold"}
_NAMES = {"due_date": "due_at", "current_tags": "tags"}
_DATES = known_keys("ticket_metrics") - known_keys("tickets")
_ENTRY = frozenset(("id", "ticket_id", "ticket_field_id", "value", "created_at", "updated_at"))


def ticket_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket as the API would have it, with its comments in it."""
    ticket = {
        _NAMES[key] if key in _NAMES and _NAMES[key] not in raw else key: held for key, held in raw.items()
    }
    if ticket.get("tags", 0) is None:
        ticket["tags"] = []  # a list in one text: empty, it is no less a list
    if ticket.get("nice_id") is not None:
        own = ticket.pop("id", None)
        ticket["id"] = ticket.pop("nice_id")
        if own is not None and own != ticket["id"]:
            ticket["internal_id"] = own
    _spell(ticket, "status", STATUSES, number="status_id")
    _spell(ticket, "priority", PRIORITIES, number="priority_id")
    _spell(ticket, "type", TYPES, number="ticket_type_id")
    _set_via(ticket)
    if ticket.get("recipient") is None and "original_recipient_address" in ticket:
        ticket["recipient"] = ticket.pop("original_recipient_address")
    _set_fields(ticket)
    dates = {key: ticket.pop(key) for key in _DATES & ticket.keys()}
    if any(value is not None for value in dates.values()):
        ticket["dates"] = dates
    comments = _listed(ticket, "comments")
    for index, comment in enumerate(comments):
        if isinstance(comment, dict):
            comments[index] = _comment(comment, ticket_id=ticket.get("id"), index=index)
    return ticket


def attachments_of(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    """Attachments that stand in the ticket itself, taken out of it. One that a comment has too is one."""
    held = _listed(ticket, "attachments")
    if not all(isinstance(one, dict) for one in held):
        return []
    ticket.pop("attachments", None)
    ticket_id = ticket.get("id")
    return [
        {**_attachment(one, ticket_id=ticket_id, place=("", index)), "ticket_id": ticket_id}
        for index, one in enumerate(held)
    ]


def _comment(raw: Mapping[str, Any], *, ticket_id: Any, index: int) -> dict[str, Any]:
    comment = dict(raw)
    if comment.get("body") is None and "value" in comment:
        comment["body"] = comment.pop("value")
    if "is_public" in comment and "public" not in comment:
        comment["public"] = comment.pop("is_public")
    _set_via(comment)
    attachments = _listed(comment, "attachments")
    for at, one in enumerate(attachments):
        if isinstance(one, dict):
            attachments[at] = _attachment(one, ticket_id=ticket_id, place=(index, at))
    return comment


def _attachment(raw: Mapping[str, Any], *, ticket_id: Any, place: tuple[Any, int]) -> dict[str, Any]:
    """The old `url` is where the bytes are, and tells two files of one name from one another."""
    attachment = dict(raw)
    if "filename" in attachment and "file_name" not in attachment:
        attachment["file_name"] = attachment.pop("filename")
    url = attachment.get("url")
    if isinstance(url, str) and "content_url" not in attachment and "/api/" not in url:
        attachment["content_url"] = attachment.pop("url")
    link = attachment.get("content_url") or url
    named = (str(link),) if link else (*place, str(attachment.get("file_name")))
    if attachment.get("id") is None and (link or attachment.get("file_name")):
        attachment["id"] = made_id("attachment", str(ticket_id), *named)
        attachment["id_made"] = True
    return attachment


def _spell(ticket: dict[str, Any], key: str, words: Mapping[int, str | None], *, number: str) -> None:
    """A number as its word. One nobody knows, or that says another thing than the word, stays."""
    if number in ticket:
        value = ticket[number]
        whole = whole_number(value)
        known = value is None or whole in words
        word = words.get(whole) if whole is not None else None
        if known and ticket.get(key) in (None, word):
            ticket[key] = word
            del ticket[number]
    text = ticket.get(key)
    if isinstance(text, str):
        folded = text.strip().lower()
        ticket[key] = _SPELLINGS.get(folded, folded)


def _set_via(record: dict[str, Any]) -> None:
    whole = whole_number(record.get("via_id"))
    if "via" in record or whole is None:
        if record.get("via_id", 0) is None:
            del record["via_id"]
        return
    del record["via_id"]
    record["via"] = {"channel": CHANNELS[whole], "id": whole} if whole in CHANNELS else {"id": whole}


def _set_fields(ticket: dict[str, Any]) -> None:
    """Entries of custom fields. What they say beyond field and value stays with them in `extra`."""
    entries = _listed(ticket, "ticket_field_entries")
    if "custom_fields" in ticket or not all(isinstance(entry, dict) for entry in entries):
        return
    if "ticket_field_entries" in ticket:
        ticket["custom_fields"] = [
            {"id": entry.get("ticket_field_id"), "value": entry.get("value")} for entry in entries
        ]
        if all(entry.keys() <= _ENTRY and entry.get("ticket_field_id") is not None for entry in entries):
            del ticket["ticket_field_entries"]


def _listed(record: dict[str, Any], key: str) -> list[Any]:
    """The list under a key, also where it holds a single one; empty where there is none."""
    held = record.get(key)
    if isinstance(held, dict):
        held = record[key] = [held]
    return held if isinstance(held, list) else []
