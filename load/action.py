"""One intended call to Intercom, and how to recognise that it was made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from deskferry.schemas.canonical import canonical, digest

from .silent import require_silent


class Kind(StrEnum):
    """What a call is about; with a key it names a thread of calls that must stay in order."""

    CONTACT_ATTRIBUTE = "contact_attribute"  # key: its name
    COMPANY_ATTRIBUTE = "company_attribute"  # key: its name
    CONVERSATION_ATTRIBUTE = "conversation_attribute"  # key: its name
    TICKET_TYPE = "ticket_type"  # key: its name
    TICKET_ATTRIBUTE = "ticket_attribute"  # key: name of the type, a slash, its own name
    TAG = "tag"  # key: its name
    COMPANY = "company"  # key: Zendesk organization id
    CONTACT = "contact"  # key: Zendesk user id
    MEMBERSHIP = "membership"  # of a contact in a company; key: Zendesk user id, a slash, organization id
    CONVERSATION = "conversation"  # key: Zendesk ticket id
    TICKET = "ticket"  # key: Zendesk ticket id
    # Never what a call is about; payloads name them.
    TICKET_STATE = "ticket_state"  # key: name of the type, a slash, a category or label
    LIST_ITEM = "list_item"  # key: that of the attribute, a slash, the label


class Step(StrEnum):
    """The calls of a thread, in the order they are made."""

    CREATE = "create"
    NOTE = "note"  # part: number of the note, from 1
    MESSAGE = "message"  # one comment, as reply or note; part: see message_part
    UPDATE = "update"
    TAG = "tag"  # part: number of the tag, from 1
    PARTICIPANT = "participant"  # part: Zendesk user id
    ASSIGN_TEAM = "assign_team"
    ASSIGN_ADMIN = "assign_admin"
    SNOOZE = "snooze"
    CLOSE = "close"


PIECES = 1_000  # most parts one comment may take
_COMMENTS = 1 << 52  # ids that leave room for pieces in the integers a database takes
HISTORY = (Kind.CONVERSATION, Kind.TICKET)  # what tickets of Zendesk become
SETUP = (
    *(Kind.CONTACT_ATTRIBUTE, Kind.COMPANY_ATTRIBUTE, Kind.CONVERSATION_ATTRIBUTE),
    *(Kind.TICKET_TYPE, Kind.TICKET_ATTRIBUTE, Kind.TAG),
)


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in a payload or a path for the Intercom id of something the ledger or the snapshot knows."""

    kind: Kind
    key: str


@dataclass(frozen=True, slots=True)
class FileBytes:
    """Stands in a payload for the bytes of a file of the dataset, base64; read when the call leaves."""

    sha256: str
    size: int
    path: Path


@dataclass(frozen=True, slots=True)
class Action:
    """One call. `path` is filled from `target`: its `{id}` is the Intercom id of what the call is about.

    payload: JSON whose leaves may be Ref and FileBytes.
    witness: how to recognise the call in what the target shows (conversation: contact and created_at; note,
    message: author and created_at; assign, close: the field that a read of the conversation shows).
    needs: what must stand before the thread of this call may begin.
    customer_visible: the text of this call stands where a customer can see it.
    brings: what is planned as well once this is, and fails alone.
    values: of a call that finds what it is about, what is filled into its blanks.
    calls: requests it takes where nothing goes wrong, at least and at most.
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
    needs: tuple[Ref, ...] = ()
    brings: tuple[Ref, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[int, int] = (1, 1)

    def __post_init__(self) -> None:
        """Refuse to be a call that somebody would hear of: every call is an Action before it is one."""
        require_silent(self.method, self.path, self.payload)

    @property
    def payload_hash(self) -> str:
        """SHA-256 of the call as intended: method, path, target and payload with Refs by name."""
        if self.method == "GET":  # what is known beforehand is meant as what would be made
            return digest(["POST", f"/{self.kind}s", None, symbolic(self.values)])
        call = [self.method, self.path, symbolic(self.target), symbolic(self.payload)]
        return digest([*call, symbolic(self.values)] if self.values else call)

    @property
    def intended(self) -> Mapping[str, Any]:
        """What a thing is to be made of, or filled with where it is there already."""
        return self.values or self.payload

    @property
    def closes(self) -> bool:
        """What it is about is closed by this call."""
        return self.step is Step.CLOSE or self.payload.get("open") is False

    @property
    def bytes(self) -> int:
        """Size of the payload in bytes, Refs by name, files as they are sent."""
        return len(canonical(symbolic(self.payload))) + sum(
            4 * -(-file.size // 3) for file in files_in(self.payload)
        )


def message_part(comment_id: int, piece: int) -> int:
    """Number of a MESSAGE within its thread: the comment, and which of its parts, from 0.

    So a comment keeps its number in every later plan, whatever came before it since. Ids that were made from
    content are longer than Zendesk's, and lose their first bits. 0 stands for what belongs to no comment.
    """
    short = abs(comment_id) % _COMMENTS
    return (short if comment_id >= 0 else -short) * PIECES + piece


def brings_of(actions: Iterable[Action]) -> tuple[Ref, ...]:
    """What comes along with a thread, each once, in the order of its calls."""
    return tuple(dict.fromkeys(ref for action in actions for ref in action.brings))


def needs_of(actions: Iterable[Action]) -> tuple[Ref, ...]:
    """What a thread needs before it may begin, each once, in the order of its calls."""
    return tuple(dict.fromkeys(ref for action in actions for ref in action.needs))


def files_in(value: Any) -> Iterator[FileBytes]:
    """Every file inside a payload."""
    if isinstance(value, FileBytes):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from files_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from files_in(item)


def symbolic(value: Any) -> Any:
    """`value` as plain JSON, each Ref as {"$ref": "kind/key"}, each file as {"$file": sha256}."""
    if isinstance(value, Ref):
        return {"$ref": f"{value.kind}/{value.key}"}
    if isinstance(value, FileBytes):
        return {"$file": value.sha256}
    if isinstance(value, Mapping):
        return {key: symbolic(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [symbolic(item) for item in value]
    return value
