"""Intercom's own Python SDK reads back what the sandbox holds, each value in the model it expects."""

import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pydantic
import pytest
from intercom import Intercom
from intercom.conversations.types import Conversation
from intercom.errors import UnauthorizedError
from intercom.tickets.types import Ticket

NOW = 1_750_000_000


@pytest.fixture
def sdk(sandbox: Any) -> Iterator[Intercom]:
    """The SDK on the sandbox. It sends no Intercom-Version by itself."""
    headers = {"Intercom-Version": "2.16"}
    with httpx.Client() as client:
        yield Intercom(token="any", base_url=sandbox.url, headers=headers, httpx_client=client)


def misread(model: pydantic.BaseModel) -> list[str]:
    """What the SDK could not put into its models as it came: it keeps that, and says so when it writes.

    Assignees are left out: the SDK is made of version 2.14, and they are numbers since.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        pydantic.BaseModel.model_dump(model)  # the SDK's own silences the warnings
    lines = [line for one in said for line in str(one.message).splitlines()[1:]]
    return [line for line in lines if "_assignee_id'" not in line]


def test_misread_values_are_seen() -> None:
    wrong = Ticket.construct(id="1", created_at="yesterday")
    assert len(misread(wrong)) == 1


def test_contacts_and_companies_are_read_back(sandbox: Any, sdk: Intercom) -> None:
    made = sandbox.contact(email="ann@example.org", external_id="a-1", name="Ann")
    company = sandbox.ok("POST", "/companies", {"company_id": "c-1", "name": "Acme"})["id"]
    sandbox.ok("POST", f"/contacts/{made}/companies", {"id": company})
    sandbox.ok("POST", f"/contacts/{made}/notes", {"body": "x"})
    contact = sdk.contacts.find(made)
    assert (contact.email, contact.external_id, contact.role) == ("ann@example.org", "a-1", "user")
    assert contact.companies is not None
    assert contact.companies.data is not None
    assert contact.companies.data[0].id == company
    assert misread(contact) == []
    assert misread(sdk.companies.find(company)) == []
    found = list(sdk.contacts.search(query={"field": "email", "operator": "=", "value": "ann@example.org"}))
    assert [one.id for one in found] == [made]


def test_conversations_are_read_back_with_their_parts(sandbox: Any, sdk: Intercom) -> None:
    made = sandbox.conversation(created_at=NOW - 100)
    file = {"name": "a.txt", "content_type": "text/plain", "data": "aGk="}
    sandbox.reply(made, body="<p>Hi</p>", created_at=NOW - 50, attachment_files=[file])
    sandbox.act(made, "assignment", type="admin", assignee_id=sandbox.admin)
    sandbox.act(made, "close")
    conversation = sdk.conversations.find(made)
    assert isinstance(conversation, Conversation)
    assert (conversation.id, conversation.created_at, conversation.state) == (made, NOW - 100, "closed")
    assert conversation.conversation_parts is not None
    parts = conversation.conversation_parts.conversation_parts or []
    assert [part.part_type for part in parts] == ["note", "assignment", "close"]
    assert (parts[0].body, parts[0].created_at) == ("<p>Hi</p>", NOW - 50)
    assert parts[0].attachments is not None
    assert parts[0].attachments[0].filesize == 2
    assert misread(conversation) == []
    assert [one.id for one in sdk.conversations.list()] == [made]


def test_tickets_are_read_back_with_type_state_and_parts(sandbox: Any, sdk: Intercom) -> None:
    made = sandbox.ticket(ticket_attributes={"_default_title_": "Broken"}, created_at=NOW - 100)["id"]
    note = {"type": "admin", "message_type": "note", "admin_id": sandbox.admin, "body": "<p>Hi</p>"}
    sandbox.ok("POST", f"/tickets/{made}/reply", note)
    body = {"ticket_state_id": sandbox.states()["resolved"], "open": False, "assignee_id": sandbox.admin}
    sandbox.ok("PUT", f"/tickets/{made}", {**body, "ticket_attributes": {"_default_title_": "Mended"}})
    ticket = sdk.tickets.get(made)
    assert isinstance(ticket, Ticket)
    assert (ticket.id, ticket.created_at, ticket.open) == (made, NOW - 100, False)
    assert ticket.ticket_attributes == {"_default_title_": "Mended", "_default_description_": None}
    assert ticket.ticket_parts is not None
    assert ticket.ticket_parts.ticket_parts is not None
    assert [part.part_type for part in ticket.ticket_parts.ticket_parts][1:3] == [
        "note",
        "ticket_attribute_updated_by_admin",
    ]
    assert misread(ticket) == []
    assert misread(sdk.ticket_types.list()) == []
    assert misread(sdk.ticket_states.list_ticket_states()) == []
    query: Any = {"field": "open", "operator": "=", "value": False}
    assert [one.id for one in sdk.tickets.search(query=query) if one] == [made]


def test_the_sdk_knows_the_sandbox_s_errors(start: Any) -> None:
    sandbox = start(token="right")
    with httpx.Client() as client:
        sdk = Intercom(token="wrong", base_url=sandbox.url, httpx_client=client)
        with pytest.raises(UnauthorizedError):
            sdk.contacts.find("x")
