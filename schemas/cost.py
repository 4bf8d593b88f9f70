"""What a load costs: calls by form, their share by cause, the time they take, and the time to verify them.

The only place where this is reckoned. Counts in, calls out; a plan counts the calls it really makes.
Source of the numbers: the calls one closed ticket takes in Intercom's API 2.16, contact not counted.
"""

from dataclasses import dataclass
from enum import StrEnum

# Calls per 10 seconds of a small or old app, and of an app today.
LIMITS_PER_10S = (167, 1_667)


class Form(StrEnum):
    """What a ticket becomes."""

    BARE = "bare"
    NOTE = "note"
    MESSAGES = "messages"
    TICKET = "ticket"
    REPLIES = "ticket of replies"


@dataclass(frozen=True, slots=True)
class Counts:
    """What is loaded, summed over all tickets.

    closed: conversations closed or put to sleep at the end. messages: comments, at least one a ticket.
    further_notes: notes beyond the first, where a transcript is too long or has too many files for one.
    further_messages: message by message, what a ticket takes beyond a part for each comment: a neutral
    opening, pieces of long texts, files that find no room, a note with the facts. tags, assignments: on
    conversations, each one call. participants: people in copy of conversations; copied: those of them who
    are no requesters. contacts, companies: made once each. memberships: contacts put into a company.
    people_tags, people_notes: on contacts, each one call. company_notes: on companies, the same.
    """

    tickets: int
    closed: int
    messages: int
    further_notes: int
    tags: int
    assignments: int
    contacts: int
    companies: int = 0
    memberships: int = 0
    people_tags: int = 0
    people_notes: int = 0
    company_notes: int = 0
    further_messages: int = 0
    participants: int = 0
    copied: int = 0


def calls(form: Form, counts: Counts) -> dict[str, int]:
    """Calls by cause; their sum is what the load takes. The setup of the workspace is not in it.

    A closed ticket with T tags, A assignments and N comments takes 3 + T + A calls bare, 4 + T + A as one
    note, N + 2 + T + A message by message, 3 + T as a ticket with its transcript and N + 1 + T as one with
    replies: the creation of a ticket carries the assignments, its update the state. A company takes two, as
    it is looked for first.
    """
    n = counts
    found = {
        "contacts": n.contacts + n.people_tags + n.people_notes,
        "companies": 2 * n.companies + n.memberships + n.company_notes,
        "conversations": n.tickets,
    }
    match form:
        case Form.BARE:
            found |= {"transcripts": 0}
        case Form.NOTE | Form.TICKET:
            found |= {"transcripts": n.tickets + n.further_notes}
        case Form.MESSAGES | Form.REPLIES:
            found |= {"transcripts": n.messages - n.tickets + n.further_messages}
    found |= {"attributes": n.tickets, "tags": n.tags}
    found["contacts"] += n.copied
    if form not in (Form.TICKET, Form.REPLIES):
        found |= {"assignments": n.assignments + n.participants, "closing": n.closed}
    return found


def verify_calls(counts: Counts) -> int:
    """Calls to read everything back: each conversation, contact, company and membership once.

    Notes on people and companies are read with those who have any, their words take another call.
    """
    return counts.tickets + counts.contacts + counts.companies + counts.memberships


def seconds(calls: int, limit_per_10s: int) -> float:
    """How long so many calls take at a rate limit, which one machine can use up."""
    return calls * 10 / limit_per_10s
