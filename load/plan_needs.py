"""What a plan stands on in its workspace, gathered while it is made; held against the live one by drift."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deskferry.schemas.ticket_types import OF_ALL

from .action import Action, Kind, Ref, Step
from .setup import ATTRIBUTES
from .ticket_ids import attribute_key, named_in

_ATTRIBUTES_OF = {Kind.CONTACT: Kind.CONTACT_ATTRIBUTE, Kind.COMPANY: Kind.COMPANY_ATTRIBUTE}


@dataclass(slots=True)
class Needs:
    """Admins and teams by id, attributes by name with their type, tags by name, and what setup makes."""

    admins: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)
    attributes: dict[Kind, set[str]] = field(default_factory=lambda: {kind: set() for kind in ATTRIBUTES})
    types: dict[Kind, dict[str, str]] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    makes: list[tuple[str, str]] = field(default_factory=list)
    ticket_names: set[Ref] = field(default_factory=set)  # what payloads name of ticket types
    ticket_attributes: dict[str, str] = field(default_factory=dict)

    def add(self, actions: Iterable[Action]) -> None:
        """Take in the calls of a contact or conversation."""
        for action in actions:
            payload = action.payload
            if "admin_id" in payload:
                self.admins.add(str(payload["admin_id"]))
            if action.step is Step.ASSIGN_ADMIN:
                self.admins.add(str(payload["assignee_id"]))
            elif action.step is Step.ASSIGN_TEAM:
                self.teams.add(str(payload["assignee_id"]))
            elif action.step is Step.TAG and isinstance(payload["id"], Ref):
                self.tags.add(payload["id"].key)
            if action.kind is Kind.TICKET:
                self._ticket(payload)
                continue
            kind = _ATTRIBUTES_OF.get(action.kind, Kind.CONVERSATION_ATTRIBUTE)
            self.attributes[kind].update(payload.get("custom_attributes") or ())

    def _ticket(self, payload: Mapping[str, Any]) -> None:
        assignment = payload.get("assignment", {})
        self.admins.update(assignment[key] for key in assignment if key == "admin_assignee_id")
        self.teams.update(assignment[key] for key in assignment if key == "team_assignee_id")
        named = set(named_in(payload))
        self.ticket_names |= named
        for kind in (ref.key for ref in named if ref.kind is Kind.TICKET_TYPE):
            self.ticket_names.update(
                Ref(Kind.TICKET_ATTRIBUTE, attribute_key(kind, name))
                for name in payload["ticket_attributes"]
                if name not in OF_ALL
            )

    def setup(self, actions: Iterable[Action], workspace: Mapping[str, Any]) -> None:
        """Take in the calls of setup, and the types of what is there already."""
        self.types = {
            kind: {item["name"]: item["data_type"] for item in workspace.get(f"{kind}s", ())}
            for kind in self.attributes
        }
        self.ticket_attributes = {
            attribute_key(kind["name"], attribute["name"]): attribute["data_type"]
            for kind in workspace.get("ticket_types", ())
            for attribute in kind.get("attributes", ())
        }
        for action in actions:
            self.makes.append((action.kind, action.key))
            if action.kind in self.types:
                self.types[action.kind][action.key] = str(action.payload["data_type"])
            if action.kind is Kind.TICKET_ATTRIBUTE:
                self.ticket_attributes[action.key] = str(action.payload["data_type"])

    def as_dict(self) -> dict[str, Any]:
        """As JSON, in a fixed order."""
        return {
            "admins": sorted(self.admins),
            "teams": sorted(self.teams),
            "tags": sorted(self.tags),
            "makes": [list(made) for made in self.makes],
            "ticket_names": sorted([ref.kind, ref.key] for ref in self.ticket_names),
            "ticket_attributes": {
                ref.key: self.ticket_attributes[ref.key]
                for ref in sorted(self.ticket_names, key=lambda ref: ref.key)
                if ref.key in self.ticket_attributes and ref.kind is Kind.TICKET_ATTRIBUTE
            },
            **{
                f"{kind}s": {
                    name: self.types[kind][name] for name in sorted(names) if name in self.types[kind]
                }
                for kind, names in self.attributes.items()
            },
        }
