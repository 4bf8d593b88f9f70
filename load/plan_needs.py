"""What a plan stands on in its workspace, gathered while it is made; held against the live one by drift."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .action import Action, Kind, Ref, Step
from .setup import ATTRIBUTES

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
            kind = _ATTRIBUTES_OF.get(action.kind, Kind.CONVERSATION_ATTRIBUTE)
            self.attributes[kind].update(payload.get("custom_attributes") or ())

    def setup(self, actions: Iterable[Action], workspace: Mapping[str, Any]) -> None:
        """Take in the calls of setup, and the types of what is there already."""
        self.types = {
            kind: {item["name"]: item["data_type"] for item in workspace.get(f"{kind}s", ())}
            for kind in self.attributes
        }
        for action in actions:
            self.makes.append((action.kind, action.key))
            if action.kind in self.types:
                self.types[action.kind][action.key] = str(action.payload["data_type"])

    def as_dict(self) -> dict[str, Any]:
        """As JSON, in a fixed order."""
        return {
            "admins": sorted(self.admins),
            "teams": sorted(self.teams),
            "tags": sorted(self.tags),
            "makes": [list(made) for made in self.makes],
            **{
                f"{kind}s": {
                    name: self.types[kind][name] for name in sorted(names) if name in self.types[kind]
                }
                for kind, names in self.attributes.items()
            },
        }
