"""The attributes that everything we make carries; no mapping may take their names."""

from dataclasses import dataclass, replace


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

TICKET_ID = "zendesk_ticket_id"  # by it a ticket is found again
TICKET_ATTRIBUTES = (
    Attribute(TICKET_ID, "string", "Number of the ticket in Zendesk."),
    *(
        replace(attribute, description=attribute.description.replace("conversation", "ticket"))
        for attribute in CONVERSATION_ATTRIBUTES
        if attribute.name != "zendesk_id"
    ),
)
