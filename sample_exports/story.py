"""A ticket told in short: who wrote what, when, and what became of it.

The stories hold only what is particular to a ticket; `tell` completes them to the records Zendesk
would hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment. Size in bytes; width and height in pixels, for images."""

    name: str
    content_type: str = "image/jpeg"
    size: int = 48_211
    width: int | None = None
    height: int | None = None
    inline: bool = False
    deleted: bool = False
    malware: str = "malware_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One comment.

    by: short name of a person, `system` or `unknown`.
    after: minutes since the comment before; None leaves it to the seed, 0 is the same second.
    html: `{file0}` in it becomes the address of the first file; None makes it from the text.
    id_shift: moves the id out of time order.
    """

    by: str
    text: str
    html: str | None = None
    public: bool = True
    after: int | None = None
    files: tuple[File, ...] = ()
    via: Mapping[str, Any] | None = None
    kind: str = "Comment"
    data: Mapping[str, Any] | None = None
    id_shift: int = 0
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One ticket.

    started: time of the first comment, UTC. touched: last change, when later than the last comment.
    organization: `own` is the requester's default one. fields: value by short name of the field.
    gone: when it was deleted; from then on its comments are not exported; scrubbed: its text too.
    shows: which awkwardness it stands for, in the words of the README.
    """

    id: int
    by: str
    subject: str | None
    started: str
    said: tuple[Said, ...]
    shows: str = ""
    status: str = "closed"
    custom_status: str | None = None
    channel: str = "email"
    via_source: Mapping[str, Any] | None = None
    submitter: str | None = None
    assignee: str | None = "jonas"
    group: str | None = "support"
    organization: str | None = "own"
    brand: str = "bikes"
    form: str = "question"
    kind: str | None = None
    priority: str | None = None
    ccs: tuple[str, ...] = ()
    followers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    csat: tuple[str, str | None] | None = None
    problem: int | None = None
    incidents: bool = False
    followups: tuple[int, ...] = ()
    due: str | None = None
    external_id: str | None = None
    touched: str | None = None
    gone: str | None = None
    scrubbed: bool = False
