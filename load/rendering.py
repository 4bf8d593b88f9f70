"""From archive, mapping, templates and snapshot to calls: used to plan them, and again to make them."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from itertools import islice
from typing import Any

import duckdb

from deskferry.schemas.dataset import Dataset
from deskferry.schemas.mapping import Mapping as TicketMapping
from deskferry.schemas.unsupported import require_supported
from deskferry.templates.history import History
from deskferry.templates.render import Templates

from .action import Action, Kind, Ref, Step
from .compose import compose_conversation, compose_setup, snapshot_time
from .compose_lists import conversation_lists
from .compose_ticket import compose_ticket
from .compose_ticket_setup import compose_ticket_setup, require_sound
from .current_archive import open_current
from .field_facts import FieldFacts, field_facts
from .known_people import KnownPeople
from .left_out import left_out
from .mentions import mentioned, with_mentions
from .people import Calls, People, prepare_people
from .plan_file import Becomes
from .read_history import read_histories
from .read_people import query
from .redact import redacted

_KEPT = 64 << 20  # bytes of the archive in memory
_LINKED = 50  # tickets whose links are looked up at once
BATCH = 200  # tickets whose texts are in memory at once
NO_START = "the ticket has no requester, or neither it nor any of its comments has a date"


@dataclass(frozen=True, slots=True)
class Start:
    """Where a conversation begins. contact: Zendesk id of the user whose contact it is with.

    created_at: unix seconds. people: those in copy who take part, Zendesk user id and contact.
    """

    contact: str
    created_at: int
    people: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Uses:
    """What the tickets to be loaded name, for the setup of the workspace.

    tags: of tickets in Zendesk. people_tags: of people, as they are called in Intercom.
    ticket_types: by name. conversations: whether any ticket becomes one.
    """

    tags: set[str] = field(default_factory=set)
    people_tags: set[str] = field(default_factory=set)
    ticket_types: set[str] = field(default_factory=set)
    conversations: bool = False

    def add(self, history: History, *, becomes: Becomes) -> None:
        """Take in a ticket."""
        self.tags.update(history.tags)
        if becomes.kind is Kind.TICKET:
            self.ticket_types.add(becomes.form)
        else:
            self.conversations = True

    def add_calls(self, calls: Iterable[Action]) -> None:
        """Take in the calls that make a person or company."""
        self.people_tags.update(call.witness["tag"] for call in calls if call.step is Step.TAG)

    def as_dict(self) -> dict[str, list[str] | bool]:
        """As JSON, in a fixed order."""
        return {
            "tags": sorted(self.tags),
            "people_tags": sorted(self.people_tags),
            "ticket_types": sorted(self.ticket_types),
            "conversations": self.conversations,
        }

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Uses":
        """From what as_dict gave."""
        return cls(
            tags=set(said["tags"]),
            people_tags=set(said["people_tags"]),
            ticket_types=set(said["ticket_types"]),
            conversations=said["conversations"],
        )


@dataclass(slots=True)
class Renderer:
    """Everything a call is made of. Same inputs, same calls. Use open_renderer."""

    connection: duckdb.DuckDBPyConnection
    dataset: Dataset
    mapping: TicketMapping
    templates: Templates
    workspace: dict[str, Any]
    facts: FieldFacts
    known: KnownPeople | None  # the people of the snapshot
    people: People
    hosts: frozenset[str]  # of the account
    sound: set[str] = field(default_factory=set)  # ticket types that were looked at

    def relieve(self) -> None:
        """Let go of the blocks of the archive that DuckDB keeps, once they are many: they grow with it.

        What was reckoned on the connection is gone then. Raises InputError where the archive was replaced.
        """
        kept = self.connection.execute(
            "select sum(memory_usage_bytes) from duckdb_memory() where tag = 'BASE_TABLE'"
        ).fetchone()
        if kept is None or (kept[0] or 0) <= _KEPT:
            return
        self.connection.close()
        self.connection = open_current(self.dataset)
        self.people = replace(self.people, connection=self.connection)

    def setup(self, uses: Uses) -> list[Action]:
        """The calls that make the workspace ready for the tickets to be loaded."""
        made = compose_setup(
            self.mapping,
            self.workspace,
            tags=sorted(uses.tags),
            people_tags=sorted(uses.people_tags),
            lists=self._lists() if uses.conversations else None,
        )
        tickets = compose_ticket_setup(
            self.mapping, self.workspace, names=uses.ticket_types, facts=self.facts
        )
        return [*made, *tickets]

    def things(self, refs: Iterable[Ref]) -> dict[Ref, Calls]:
        """The calls that make people and companies, or why there are none."""
        return self.people.things(refs)

    def histories(self, ticket_ids: Sequence[int]) -> Iterator[History]:
        """The tickets with all that is said in them, in the order of `ticket_ids`."""
        found = read_histories(
            self.connection, ticket_ids=ticket_ids, mapping=self.mapping, account=self.dataset.account
        )
        kept = (redacted(left_out(one, mapping=self.mapping), mapping=self.mapping) for one in found)
        while batch := list(islice(kept, _LINKED)):
            yield from self._linked(batch)

    def _linked(self, histories: list[History]) -> list[History]:
        """With the tickets of the archive that their texts link to."""
        choice = self.mapping.choice
        if "archive_only" in (choice("links", "policy"), choice("links", "mentions")):
            return histories
        numbers = [mentioned(history, hosts=self.hosts) for history in histories]
        wanted = sorted(set().union(*numbers))
        known = {row["id"] for row in query(self.connection, "known_tickets", wanted)} if wanted else set()
        pairs = zip(histories, numbers, strict=True)
        return [with_mentions(history, linked & known) for history, linked in pairs]

    def ticket(self, history: History, start: Start, *, becomes: Becomes) -> list[Action]:
        """The calls that load a ticket.

        Raises RecordError for one that can't be, RefusedError for a ticket type that can't.
        """
        if becomes.kind is Kind.TICKET:
            if becomes.form not in self.sound:
                require_sound(self.mapping, self.workspace, becomes.form, facts=self.facts)
                self.sound.add(becomes.form)
            return compose_ticket(
                history,
                mapping=self.mapping,
                workspace=self.workspace,
                templates=self.templates,
                contact=start.contact,
                created_at=start.created_at,
                files=self.dataset.path / "files",
                facts=self.facts,
                name=becomes.form,
            )
        return compose_conversation(
            history,
            mapping=self.mapping,
            workspace=self.workspace,
            templates=self.templates,
            contact=start.contact,
            created_at=start.created_at,
            files=self.dataset.path / "files",
            lists=self._lists(),
            form=becomes.form,
            people=start.people,
        )

    def _lists(self) -> dict[str, tuple[str, ...]]:
        return conversation_lists(self.mapping, self.workspace, facts=self.facts)

    def reckon_starts(self) -> None:
        """Give every ticket of the archive its contact, and a second that is unique for that contact.

        Over all tickets, whatever is selected: so a later plan gives the same, and whatever the ledger
        holds can still be recognised by it.
        """
        prepare_people(self.connection, self.mapping.product_ids)
        now = snapshot_time(self.workspace)
        self.connection.execute(_sql("conversation_starts.sql"), {"now": now})

    def starts(self, ticket_ids: Sequence[int]) -> dict[int, Start]:
        """By ticket, after reckon_starts. A ticket without any date or without a requester is absent."""
        rows = self.connection.execute(
            "select ticket_id, contact, created_at from conversation_starts"
            " where ticket_id in (select unnest($ids::bigint[]))",
            {"ids": list(ticket_ids)},
        ).fetchall()
        people = self._participants(ticket_ids)
        return {
            ticket_id: Start(contact, created_at, tuple(people.get(ticket_id, ())))
            for ticket_id, contact, created_at in rows
        }

    def _participants(self, ticket_ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
        found: dict[int, list[tuple[int, str]]] = {}
        if self.mapping.choice("ccs", "policy") != "participants":
            return found
        ours = {domain.lower().lstrip("@") for domain in self.mapping.data["staff"]["domains"]}
        for row in query(self.connection, "participants", list(ticket_ids)):
            if row["domain"] not in ours:
                found.setdefault(row["ticket_id"], []).append((row["user_id"], row["contact"]))
        return found


@contextlib.contextmanager
def open_renderer(
    dataset: Dataset, *, mapping: TicketMapping, templates: Templates, workspace: Mapping[str, Any]
) -> Iterator[Renderer]:
    """A renderer on the dataset's archive.

    Raises InputError when that is missing or of another dataset, RefusedError for what the mapping wants and
    this version cannot.
    """
    require_supported(mapping)
    with contextlib.ExitStack() as stack:
        connection = open_current(dataset)
        stack.callback(connection.close)
        said = workspace.get("people")
        known = None if said is None else KnownPeople(said)
        hosts = {row["host"] for row in query(connection, "brand_hosts", [])}
        renderer = Renderer(
            connection,
            dataset,
            mapping,
            templates,
            dict(workspace),
            field_facts(connection, mapping=mapping),
            known,
            People(connection, mapping, templates, dict(workspace), dataset.account, known),
            frozenset(hosts | {f"{dataset.account}.zendesk.com".lower()}),
        )
        stack.callback(lambda: renderer.connection.close())
        yield renderer


def _sql(name: str) -> str:
    return files("deskferry.load").joinpath(name).read_text("utf-8")
