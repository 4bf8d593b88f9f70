"""The attributes that every contact and conversation of ours carries; no mapping may take their names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute we need. data_type: in Intercom's words. where: the place in the mapping that wants it."""

    name: str
    data_type: str
    description: str
    where: str | None = None


CONTACT_ATTRIBUTES = (
    Attribute("imported_from", "string", "Where this contact was imported from."),
    Attribute("zendesk_user_id", "string", "Id of the user in Zendesk."),
    Attribute("zendesk_created_at", "datetime", "When the user was created in Zendesk."),
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
    Attribute("zendesk_csat", "string", "The customer's rating."),
    Attribute("zendesk_csat_comment", "string", "The customer's words with the rating."),
)
