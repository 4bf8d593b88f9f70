"""A mapping of the small company by which its tickets take every form there is."""

from .conftest import Desk

RULES = """  - where: "id % 4 = 0"
    conversation: bare
    reason: "For reports"
  - where: "id % 4 = 1"
    conversation: messages
    reason: "To be read by the customer"
  - where: "id % 4 = 2"
    ticket: From Zendesk
    reason: "A ticket stays a ticket"
  - where: "true"
    conversation: note
"""


def take_every_form(desk: Desk) -> None:
    """Let tickets become bare, messages, a ticket or a note by the remainder of their number by four."""
    text = desk.mapping.read_text()
    start = text.rindex('  - where: "true"')
    text = text[:start] + RULES + text[text.index("    reason:", start) :]
    before, types, after = text.partition("ticket_types:\n")
    after = after.replace("values: {}", "values: {From Zendesk: {category: customer, form: replies}}", 1)
    desk.mapping.write_text(before + types + after)
