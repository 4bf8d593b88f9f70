"""One intended call to Intercom, and how to recognise that it was made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from deskferry.schemas.canonical import canonical, digest


class Kind(StrEnum):
    """What a call is about; with a key it names a thread of calls that must stay in order."""

    CONTACT_ATTRIBUTE = "contact_attribute"  # key: its name
    CONVERSATION_ATTRIBUTE = "conversation_attribute"  # key: its name
    TAG = "tag"  # key: its name
    CONTACT = "contact"  # key: Zendesk user id
    CONVERSATION = "conversation"  # key: Zendesk ticket id


class Step(StrEnum):
    """The calls of a thread, in the order they are made."""

    CREATE = "create"
    NOTE = "note"  # part: number of the note, from 1
    UPDATE = "update"
    TAG = "tag"  # part: number of the tag, from 1
    ASSIGN_TEAM = "assign_team"
    ASSIGN_ADMIN = "assign_admin"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in a payload or a path for the Intercom id of something the ledger or the snapshot knows."""

    kind: Kind
    key: str


@dataclass(frozen=True, slots=True)
class Action:
    """One call. `path` is filled from `target`: its `{id}` is the Intercom id of what the call is about.

    payload: JSON whose leaves may be Ref. witness: how to recognise the call in what the target shows
    (conversation: contact and created_at; note: admin_id and created_at; assign, close: the field that a
    read of the conversation shows).
    customer_visible: the text of this call stands where a customer can see it.
    remarks: a line for each thing that this call does not carry whole or as asked.
    """

    kind: Kind
    key: str
    step: Step
    part: int
    method: str
    path: str
    payload: Mapping[str, Any]
    target: Ref | None = None
    witness: Mapping[str, Any] = field(default_factory=dict)
    customer_visible: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def payload_hash(self) -> str:
        """SHA-256 of the call as intended: method, path, target and payload with Refs by name."""
        return digest([self.method, self.path, symbolic(self.target), symbolic(self.payload)])

    @property
    def bytes(self) -> int:
        """Size of the payload in bytes, Refs by name."""
        return len(canonical(symbolic(self.payload)))


def symbolic(value: Any) -> Any:
    """`value` as plain JSON, each Ref as {"$ref": "kind/key"}."""
    if isinstance(value, Ref):
        return {"$ref": f"{value.kind}/{value.key}"}
    if isinstance(value, Mapping):
        return {key: symbolic(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [symbolic(item) for item in value]
    return value
