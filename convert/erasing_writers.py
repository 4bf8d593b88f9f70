"""Writing entity files with erased people taken out of every record on its way."""

from typing import Any

import orjson

from .erased_people import ErasedPeople
from .erased_text import TextSearch
from .notes import EXAMPLES
from .scrub_record import RecordScrubber
from .write_entities import EntityWriters

# People and their addresses are the merge's; these name nobody.
_AS_THEY_ARE = frozenset(
    (
        *("users", "identities", "attachments", "ticket_metrics", "ticket_links", "groups", "ticket_fields"),
        *("user_fields", "organization_fields", "ticket_forms", "custom_statuses", "brands", "articles"),
    )
)
_PLACE = ("ip_address", "location", "latitude", "longitude", "client")  # of whoever wrote a comment
_CALL = ("from", "to", "location", "customer_name", "formatted_from", "formatted_to")
_VISIT = frozenset(("id", "start_date", "end_date"))
_SAID_OF = ("requester", "submitter", "assignee")
_TEXTS = ("body", "plain_body", "html_body")


class ErasingWriters:
    """Stands before the writers. A ticket must come before its comments, all tickets before all chats."""

    def __init__(self, writers: EntityWriters, people: ErasedPeople) -> None:
        self._writers, self._people = writers, people
        self._scrubber = RecordScrubber(people)
        self._search = TextSearch({*people.emails, *people.names})
        self._tickets: set[int] = set()  # whose requester is erased
        self.facts: dict[str, tuple[int, list[str]]] = {}

    @property
    def taken(self) -> int:
        """Values that were taken out so far."""
        return self._scrubber.taken

    def write(self, entity: str, line: bytes) -> None:
        """One record."""
        if entity not in _AS_THEY_ARE:
            record = orjson.loads(line)
            before = self._scrubber.taken
            self._scrub(entity, record)
            if self._scrubber.taken != before:
                line = orjson.dumps(record) + b"\n"
        self._writers.write(entity, line)

    def _scrub(self, entity: str, record: dict[str, Any]) -> None:
        match entity:
            case "tickets":
                self._ticket(record)
            case "comments":
                self._comment(record)
            case "ticket_events" if record.get("author_id") in self._people.ids:
                self._scrubber.take_side(record.get("via"), "from")
            case "chats":
                self._chat(record)
        self._scrubber.scrub(record)

    def _ticket(self, ticket: dict[str, Any]) -> None:
        if ticket.get("requester_id") in self._people.ids:
            self._tickets.add(ticket["id"])
            via = ticket.get("via")
            outbound = isinstance(via, dict) and '"outbound"' in orjson.dumps(via).decode()
            self._scrubber.take_side(via, "to" if outbound else "from")
        for role in _SAID_OF:
            if ticket.get(f"{role}_id") in self._people.ids:
                extra = ticket.get("extra") or {}
                named = tuple(key for key in extra if key.casefold().replace("_", " ").split()[:1] == [role])
                self._scrubber.take(extra, named)

    def _comment(self, comment: dict[str, Any]) -> None:
        if comment.get("author_id") in self._people.ids:
            metadata = comment.get("metadata")
            self._scrubber.take_side(comment.get("via"), "from")
            self._scrubber.take(metadata.get("system") if isinstance(metadata, dict) else None, _PLACE)
        if comment["ticket_id"] in self._tickets or comment.get("author_id") in self._people.ids:
            self._scrubber.take(comment.get("data"), _CALL)
            self._scrubber.take(comment, _CALL)
        if any(isinstance(comment.get(key), str) and self._search.finds(comment[key]) for key in _TEXTS):
            count, examples = self.facts.get("erased_text", (0, []))
            if len(examples) < EXAMPLES:
                examples.append(f"ticket {comment['ticket_id']}, comment {comment['position']}")
            self.facts["erased_text"] = (count + 1, examples)

    def _chat(self, chat: dict[str, Any]) -> None:
        visitor = chat.get("visitor")
        name = visitor.get("name") if isinstance(visitor, dict) else None
        if chat.get("zendesk_ticket_id") in self._tickets or self._scrubber.is_erased(visitor, "visitor"):
            self._scrubber.take(visitor, tuple(key for key in visitor or () if key != "id"))
            session = chat.get("session")
            self._scrubber.take(session, tuple(key for key in session or () if key not in _VISIT))
            for said in chat.get("history") or ():
                if said.get("name") == name:
                    self._scrubber.take(said, ("name", "nick"))
