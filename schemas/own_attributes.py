"""The attributes that everything we make carries; no mapping may take their names."""

from dataclasses import dataclass, replace

from .mapping import Mapping


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute we need. data_type: in Intercom's words. where: the place in the mapping that wants it."""

    name: str
    data_type: str
    description: str
    where: str | None = None


# What every contact, and every company, has of its own; no attribute can be made under such a name.
CONTACT_FIELDS = frozenset(
    [
        *("id", "external_id", "user_id", "role", "name", "email", "phone", "owner_id", "avatar"),
        *("signed_up_at", "created_at", "updated_at", "last_seen_at", "last_replied_at", "last_contacted_at"),
        *("unsubscribed_from_emails", "language_override", "tags", "notes", "companies"),
    ]
)
COMPANY_FIELDS = frozenset(
    [
        *("id", "company_id", "name", "plan", "size", "website", "industry", "monthly_spend"),
        *("remote_created_at", "created_at", "updated_at", "last_request_at", "session_count", "user_count"),
        *("tags", "segments", "notes"),
    ]
)

CONTACT_ATTRIBUTES = (
    Attribute("imported_from", "string", "Where this contact was imported from."),
    Attribute("zendesk_user_id", "string", "Id of the user in Zendesk."),
    Attribute("zendesk_created_at", "datetime", "When the user was created in Zendesk."),
)

# Intercom gives a name once for contacts and companies together.
COMPANY_ATTRIBUTES = (
    Attribute("company_imported_from", "string", "Where this company was imported from."),
    Attribute("zendesk_organization_id", "string", "Id of the organization in Zendesk."),
)

CONVERSATION_ATTRIBUTES = (
    Attribute("imported_from", "string", "Where this conversation was imported from."),
    Attribute("zendesk_id", "string", "Number of the ticket in Zendesk."),
    Attribute("zendesk_created_at", "datetime", "When the ticket was created in Zendesk."),
    Attribute("zendesk_updated_at", "datetime", "When the ticket last changed in Zendesk."),
    Attribute("zendesk_solved_at", "datetime", "When the ticket was solved in Zendesk."),
    Attribute("zendesk_status", "string", "Status category in Zendesk."),
    Attribute("zendesk_custom_status", "string", "The account's own status in Zendesk."),
    Attribute("zendesk_priority", "string", "Priority in Zendesk."),
    Attribute("zendesk_type", "string", "Type of the ticket in Zendesk."),
    Attribute("zendesk_channel", "string", "Channel the ticket came by."),
    Attribute("zendesk_group", "string", "Group the ticket was with in Zendesk."),
    Attribute("zendesk_assignee", "string", "Agent the ticket was with in Zendesk."),
    Attribute("zendesk_organization", "string", "Organization of the ticket in Zendesk."),
    Attribute("zendesk_brand", "string", "Brand of the ticket in Zendesk."),
    Attribute("zendesk_form", "string", "Form of the ticket in Zendesk."),
    Attribute("zendesk_links", "string", "Tickets it is linked with, by their numbers in Zendesk."),
    Attribute("zendesk_csat", "string", "The customer's rating."),
    Attribute("zendesk_csat_comment", "string", "The customer's words with the rating."),
)

# What Zendesk measured, where the mapping asks for it. Intercom measures its own and takes none.
METRIC_ATTRIBUTES = (
    Attribute("zendesk_first_reply_minutes", "integer", "Minutes to the first public reply."),
    Attribute("zendesk_first_reply_business_minutes", "integer", "The same, in business hours."),
    Attribute("zendesk_first_resolution_minutes", "integer", "Minutes until it was first solved."),
    Attribute("zendesk_full_resolution_minutes", "integer", "Minutes until it was last solved."),
    Attribute("zendesk_full_resolution_business_minutes", "integer", "The same, in business hours."),
    Attribute("zendesk_requester_wait_minutes", "integer", "Minutes the requester waited for agents."),
    Attribute("zendesk_agent_wait_minutes", "integer", "Minutes agents waited for the requester."),
    Attribute("zendesk_on_hold_minutes", "integer", "Minutes on hold."),
    Attribute("zendesk_replies", "integer", "Public replies by agents."),
    Attribute("zendesk_reopens", "integer", "Times it was opened again after being solved."),
)

TICKET_ID = "zendesk_ticket_id"  # by it a ticket is found again


def of_conversations(mapping: Mapping) -> tuple[Attribute, ...]:
    """What each conversation carries by this mapping."""
    measured = mapping.choice("metrics", "policy") == "attributes"
    return (*CONVERSATION_ATTRIBUTES, *METRIC_ATTRIBUTES) if measured else CONVERSATION_ATTRIBUTES


def of_tickets(mapping: Mapping) -> tuple[Attribute, ...]:
    """What each Intercom ticket carries by this mapping."""
    return (
        Attribute(TICKET_ID, "string", "Number of the ticket in Zendesk."),
        *(
            replace(attribute, description=attribute.description.replace("conversation", "ticket"))
            for attribute in of_conversations(mapping)
            if attribute.name != "zendesk_id"
        ),
    )
