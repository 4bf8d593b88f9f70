"""What customers, teammates and reports would see of one ticket, from the very calls that would be made."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from deskferry.schemas.dataset import Dataset
from deskferry.schemas.errors import InputError, RecordError
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.ticket_types import (
    DESCRIPTION,
    STATES,
    Category,
    category_of,
    named_types,
    ticket_type,
    wanted_attributes,
)
from deskferry.templates.clean import text_of
from deskferry.templates.history import History
from deskferry.templates.render import Templates, opens_with_requester

from .action import Action, Kind, Ref, Step, brings_of, needs_of, symbolic
from .compose_attributes import conversation_attributes
from .people import Calls
from .plan_file import Becomes
from .rendering import NO_START, Renderer, open_renderer
from .verify_conversation import SAID


@dataclass(frozen=True, slots=True)
class Preview:
    """One ticket as it would stand in Intercom.

    contact: the calls that make its requester a contact, or why there are none. actions: the calls of the
    conversation or ticket, [] where there is no contact. types: of its attributes, by name.
    """

    history: History
    contact: list[Action] | str
    actions: list[Action]
    opening: str
    own_words: bool
    types: dict[str, str] = field(default_factory=dict)

    @property
    def notes(self) -> list[str]:
        """The HTML of each note."""
        said = [action for action in self.actions if action.step in SAID and not action.customer_visible]
        return [str(action.payload["body"]) for action in said]

    @property
    def visible(self) -> list[tuple[str, str]]:
        """What the customer sees after the opening: under whom, the contact or an admin's id; the text."""
        return [
            (str(action.payload.get("admin_id", "")), text_of(str(action.payload["body"])))
            for action in self.actions
            if action.step in SAID and action.customer_visible
        ]

    @property
    def state(self) -> str:
        """What it is left as."""
        if any(action.step is Step.SNOOZE for action in self.actions):
            return "snoozed"
        return "closed" if self.closed else "open"

    @property
    def note_texts(self) -> list[str]:
        """Each note as plain text."""
        return [text_of(note) for note in self.notes]

    @property
    def closed(self) -> bool:
        """It ends closed, and the close will carry the date of the load."""
        return any(action.closes for action in self.actions)

    @property
    def customers_see(self) -> bool:
        """Customers see it at all: back-office tickets are for teammates."""
        return any(action.customer_visible for action in self.actions)

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every call as JSON, ids that Intercom will give by name."""
        contact = self.contact if isinstance(self.contact, list) else []
        return [
            {"method": action.method, "path": action.path, "payload": symbolic(action.payload)}
            for action in [*contact, *self.actions]
        ]

    @property
    def remarks(self) -> list[str]:
        """What is not carried whole or as asked."""
        return [remark for action in self.actions for remark in action.remarks]


def preview(
    dataset: Dataset,
    *,
    ticket_id: int,
    becomes: Becomes,
    mapping: Mapping,
    templates: Templates,
    workspace: dict[str, Any] | None,
    now: datetime,
) -> Preview:
    """Compose one ticket, offline. becomes: as decided.

    workspace: a snapshot; without one, every admin and team the mapping names is taken to be there.
    Raises InputError for a ticket that is not in the dataset.
    """
    target = workspace or stand_in(mapping, now=now)
    with open_renderer(dataset, mapping=mapping, templates=templates, workspace=target) as renderer:
        history = next(iter(renderer.histories([ticket_id])), None)
        if history is None:
            raise InputError(f"ticket {ticket_id} is not in the dataset", where=dataset.path)
        renderer.reckon_starts()
        start = renderer.starts([ticket_id]).get(ticket_id)
        if start is None:
            return Preview(history, NO_START, [], "", own_words=False)
        contact = renderer.things([person := Ref(Kind.CONTACT, start.contact)])[person]
        if isinstance(contact, RecordError):
            return Preview(history, str(contact), [], "", own_words=False)
        try:
            actions = renderer.ticket(history, start, becomes=becomes)
        except RecordError as error:
            return Preview(history, str(error.reason), [], "", own_words=False)
        contact = _with_companies(renderer, contact, actions)
    own = bool(history.messages) and opens_with_requester(history.messages[0], history)
    first = actions[0].payload
    opening = first["ticket_attributes"][DESCRIPTION] if becomes.kind is Kind.TICKET else first["body"]
    types = _types(mapping, target, becomes)
    return Preview(history, contact, actions, str(opening), own_words=own, types=types)


def _types(mapping: Mapping, workspace: dict[str, Any], becomes: Becomes) -> dict[str, str]:
    """Types of attributes by name."""
    if becomes.kind is Kind.TICKET and (kind := ticket_type(mapping, workspace, becomes.form)):
        return {attribute.name: attribute.data_type for attribute in wanted_attributes(mapping, kind)}
    return {attribute.name: attribute.data_type for attribute in conversation_attributes(mapping)}


def _with_companies(renderer: Renderer, contact: list[Action], actions: list[Action]) -> list[Action]:
    """The calls for a contact, then those for companies of his and of the ticket, and for being in them."""
    memberships = _calls(renderer.things(brings_of(contact)))
    needed = dict.fromkeys((*needs_of(memberships), *needs_of(actions)))
    companies = _calls(renderer.things(ref for ref in needed if ref.kind is Kind.COMPANY))
    return [*contact, *companies, *memberships]


def _calls(things: dict[Ref, Calls]) -> list[Action]:
    return [call for calls in things.values() if not isinstance(calls, RecordError) for call in calls]


def stand_in(mapping: Mapping, *, now: datetime) -> dict[str, Any]:
    """A workspace that has whatever the mapping names and nothing else."""
    agents = mapping.data["agents"]["values"].values()
    owner = mapping.data["staff"]["migration_admin"] or "owner of the token"
    placeholder = mapping.choice("staff", "placeholder") or owner
    emails = sorted({owner, placeholder, *(entry["admin"] for entry in agents if "admin" in entry)})
    teams = sorted({entry["team"] for entry in mapping.data["groups"]["values"].values() if "team" in entry})
    admins = [{"id": email, "email": email, "name": email, "seat": True} for email in emails]
    return {
        "type": "workspace",
        "format": 1,
        "taken_at": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "id": "offline",
        "name": "offline",
        "region": "sandbox",
        "me": {"id": owner, "email": owner, "name": owner},
        "admins": admins,
        "teams": [{"id": name, "name": name} for name in teams],
        "contact_attributes": [],
        "conversation_attributes": [],
        "tags": [],
        "ticket_types": [_stand_in_type(mapping, name) for name in named_types(mapping)],
        "limit": None,
    }


def _stand_in_type(mapping: Mapping, name: str) -> dict[str, Any]:
    said = mapping.block("ticket_types")["values"].get(name, {})
    labels = [state for state in said.get("states", {}).values() if state not in STATES]
    states = [*STATES.items(), *(("in_progress", label) for label in labels)]
    return {
        "id": name,
        "name": name,
        "category": category_of(said) or Category.CUSTOMER,
        "states": [{"id": label, "category": category, "label": label} for category, label in states],
        "attributes": [],
    }
