"""Every call the sandbox knows: its pattern, who answers it, and the schema its body must satisfy."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from . import (
    attributes,
    companies,
    contact_extras,
    contacts,
    conversation_extras,
    conversations,
    customers,
    parts,
    replies,
    search,
    tagging,
    ticket_types,
    ticket_update,
    tickets,
    workspace,
)
from .answers import Json
from .call import Call
from .state import State

Handler = Callable[[State, Call], Json]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """schema: the file in schemas/intercom/ that the body must satisfy; None: the handler looks itself."""

    handler: Handler
    schema: str | None = None


ENDPOINTS = {
    "GET /me": Endpoint(workspace.me),
    "GET /admins": Endpoint(workspace.list_admins),
    "GET /teams": Endpoint(workspace.list_teams),
    "GET /tags": Endpoint(workspace.list_tags),
    "POST /tags": Endpoint(workspace.create_tag, "create_tag"),
    "GET /data_attributes": Endpoint(attributes.list_data_attributes),
    "POST /data_attributes": Endpoint(attributes.create_data_attribute, "create_data_attribute"),
    "GET /conversations/attributes": Endpoint(attributes.list_conversation_attributes),
    "POST /conversations/attributes": Endpoint(
        attributes.create_conversation_attribute, "create_conversation_attribute"
    ),
    "GET /conversations/attributes/{id}": Endpoint(attributes.get_conversation_attribute),
    "PUT /conversations/attributes/{id}": Endpoint(
        attributes.update_conversation_attribute, "update_conversation_attribute"
    ),
    "DELETE /conversations/attributes/{id}": Endpoint(attributes.archive_conversation_attribute),
    "POST /conversations/attributes/{id}/options": Endpoint(
        attributes.add_conversation_attribute_option, "create_conversation_attribute_option"
    ),
    "POST /contacts": Endpoint(contacts.create_contact, "create_contact"),
    "POST /contacts/search": Endpoint(search.search_contacts, "search"),
    "GET /contacts/find_by_external_id/{external_id}": Endpoint(contacts.find_by_external_id),
    "GET /contacts/{id}": Endpoint(contacts.get_contact),
    "PUT /contacts/{id}": Endpoint(contacts.update_contact, "update_contact"),
    "DELETE /contacts/{id}": Endpoint(contacts.delete_contact),
    "POST /contacts/{id}/archive": Endpoint(contacts.archive_contact),
    "POST /contacts/{id}/unarchive": Endpoint(contacts.unarchive_contact),
    "POST /contacts/merge": Endpoint(contact_extras.merge_contacts, "merge_contacts"),
    "GET /contacts/{id}/tags": Endpoint(tagging.tags_of_contact),
    "POST /contacts/{id}/tags": Endpoint(tagging.tag_contact, "tag_contact"),
    "DELETE /contacts/{id}/tags/{tag_id}": Endpoint(tagging.untag_contact),
    "GET /contacts/{id}/notes": Endpoint(contact_extras.notes_of_contact),
    "POST /contacts/{id}/notes": Endpoint(contact_extras.note_on_contact, "create_note"),
    "GET /contacts/{id}/companies": Endpoint(companies.companies_of_contact),
    "POST /contacts/{id}/companies": Endpoint(companies.attach_company, "attach_company"),
    "DELETE /contacts/{id}/companies/{company_id}": Endpoint(companies.detach_company),
    "GET /companies": Endpoint(companies.find_companies),
    "POST /companies": Endpoint(companies.upsert_company, "create_company"),
    "POST /companies/list": Endpoint(companies.list_companies),
    "GET /companies/{id}": Endpoint(companies.get_company),
    "PUT /companies/{id}": Endpoint(companies.update_company, "update_company"),
    "DELETE /companies/{id}": Endpoint(companies.delete_company),
    "GET /companies/{id}/contacts": Endpoint(companies.people_of_company),
    "GET /companies/{id}/notes": Endpoint(contact_extras.notes_of_company),
    "POST /companies/{id}/notes": Endpoint(contact_extras.note_on_company, "create_note"),
    "GET /conversations": Endpoint(conversations.list_conversations),
    "POST /conversations": Endpoint(conversations.create_conversation, "create_conversation"),
    "POST /conversations/search": Endpoint(search.search_conversations, "search"),
    "GET /conversations/{id}": Endpoint(conversations.get_conversation),
    "PUT /conversations/{id}": Endpoint(conversations.update_conversation, "update_conversation"),
    "DELETE /conversations/{id}": Endpoint(conversations.delete_conversation),
    "POST /conversations/{id}/reply": Endpoint(replies.reply),
    "POST /conversations/{id}/parts": Endpoint(parts.manage),
    "POST /conversations/{id}/customers": Endpoint(customers.add_customer, "add_customer"),
    "DELETE /conversations/{id}/customers/{contact_id}": Endpoint(
        customers.remove_customer, "remove_customer"
    ),
    "POST /conversations/{id}/tags": Endpoint(tagging.tag_conversation, "tag_conversation"),
    "DELETE /conversations/{id}/tags/{tag_id}": Endpoint(tagging.untag_conversation, "untag_conversation"),
    "POST /conversations/{id}/convert": Endpoint(tickets.convert_conversation, "convert_conversation"),
    "POST /conversations/{id}/merge": Endpoint(conversation_extras.merge_conversation, "merge_conversation"),
    "POST /conversations/redact": Endpoint(conversation_extras.redact, "redact"),
    "GET /conversations/deleted": Endpoint(conversation_extras.list_deleted),
    "GET /ticket_types": Endpoint(ticket_types.list_types),
    "POST /ticket_types": Endpoint(ticket_types.create_type, "create_ticket_type"),
    "GET /ticket_types/{id}": Endpoint(ticket_types.get_type),
    "PUT /ticket_types/{id}": Endpoint(ticket_types.update_type, "update_ticket_type"),
    "POST /ticket_types/{id}/attributes": Endpoint(
        ticket_types.create_attribute, "create_ticket_type_attribute"
    ),
    "PUT /ticket_types/{id}/attributes/{attribute_id}": Endpoint(
        ticket_types.update_attribute, "update_ticket_type_attribute"
    ),
    "GET /ticket_states": Endpoint(ticket_types.list_states),
    "POST /tickets": Endpoint(tickets.create_ticket, "create_ticket"),
    "POST /tickets/enqueue": Endpoint(tickets.enqueue_ticket, "create_ticket"),
    "POST /tickets/search": Endpoint(search.search_tickets, "search"),
    "GET /tickets/{id}": Endpoint(tickets.get_ticket),
    "PUT /tickets/{id}": Endpoint(ticket_update.update_ticket, "update_ticket"),
    "DELETE /tickets/{id}": Endpoint(tickets.delete_ticket),
    "POST /tickets/{id}/reply": Endpoint(replies.reply_to_ticket),
    "POST /tickets/{id}/tags": Endpoint(tagging.tag_ticket, "tag_conversation"),
    "DELETE /tickets/{id}/tags/{tag_id}": Endpoint(tagging.untag_ticket, "untag_conversation"),
    "GET /jobs/status/{id}": Endpoint(tickets.job_status),
}
# Longest first and literal before named: /conversations/search is no conversation.
_PATTERNS = sorted(
    ((name, name.replace(" ", "").split("/")) for name in ENDPOINTS), key=lambda one: one[0].count("{")
)


def match(method: str, path: str) -> tuple[str | None, dict[str, str]]:
    """The endpoint of a request and the values in its path; None: there is no such."""
    steps = [method, *(unquote(step) for step in path.strip("/").split("/"))]
    for name, pattern in _PATTERNS:
        if len(pattern) != len(steps):
            continue
        ids: dict[str, str] = {}
        for wanted, step in zip(pattern, steps, strict=True):
            if wanted.startswith("{") and step:
                ids[wanted[1:-1]] = step
            elif wanted != step:
                break
        else:
            return name, ids
    return None, {}
