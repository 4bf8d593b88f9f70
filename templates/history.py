"""One ticket as the templates see it. These are the names a template author may use.

Times are aware datetimes in the zone of the mapping; texts are as Zendesk held them, unescaped.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

SYSTEM = -1  # the user id under which Zendesk itself acts


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever wrote or asked. `staff`: works for the company, also if he has left."""

    id: int
    name: str
    email: str | None
    staff: bool


@dataclass(frozen=True, slots=True)
class File:
    """A file named in a comment. `absence`: why its bytes are not delivered, None when they are.

    sha256: of the bytes, None where the dataset has none.
    """

    id: int
    name: str
    size: int | None
    content_type: str | None
    inline: bool
    absence: str | None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A comment. `public`: the customer could see it in Zendesk. `html` is as found and not safe to show."""

    id: int
    position: int
    author: Person
    created_at: datetime
    public: bool
    text: str
    html: str | None
    files: tuple[File, ...]
    channel: str | None
    reconstructed: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What staff wrote about a person or an organization. what: `User` or `Organization`.

    changed_at: when its record last changed, aware; when this was written nobody knows.
    """

    what: str
    zendesk_id: int
    name: str
    changed_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Rating:
    """The customer's rating: good, bad; with his words."""

    score: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A custom field of a ticket. shown: as people read it. stored: as Zendesk keeps it, numbers as text.

    chosen: (value, name) of each option, of a drop-down or multi-select.
    """

    id: str
    title: str
    shown: str
    stored: Any
    chosen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A ticket with everything a document says about it.

    organization_id: of its organization, the first that has its product id; None for one that is gone.
    fields: (title, value as people read it) of each custom field that has one, in the account's order.
    links: sentences about merged, follow-up and problem tickets. ccs: people in copy, as text.
    custom_status: the account's own name of the status. loose_files: files no comment claims.
    metrics: (attribute, number) of what Zendesk measured, in minutes and times.
    field_values: the same fields as Zendesk stores them. withheld: what the mapping kept out of it, a
    sentence each.
    """

    ticket_id: int
    account: str
    subject: str
    status: str
    priority: str | None
    type: str | None
    channel: str | None
    created_at: datetime
    updated_at: datetime | None
    solved_at: datetime | None
    requester: Person
    submitter: Person | None
    assignee: Person | None
    group: str | None
    organization: str | None
    brand: str | None
    form: str | None
    tags: tuple[str, ...]
    ccs: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    rating: Rating | None
    links: tuple[str, ...]
    messages: tuple[Message, ...]
    custom_status: str | None = None
    loose_files: tuple[File, ...] = ()
    field_values: tuple[FieldValue, ...] = ()
    withheld: tuple[str, ...] = ()
    metrics: tuple[tuple[str, int], ...] = ()
    organization_id: int | None = None
