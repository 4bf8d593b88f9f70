"""Tickets to render."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deskferry.templates.history import SYSTEM, File, History, Message, Person, Rating

ZONE = ZoneInfo("Europe/Berlin")
ANA = Person(11, "Ana Ópez", "ana@customer.example", staff=False)
KIM = Person(2, "Kim Agent", "kim@acme.example", staff=True)
BOB = Person(12, "Bob", None, staff=False)
ZENDESK = Person(SYSTEM, "Zendesk system", None, staff=False)


def at(day: int) -> datetime:
    """A day of March 2024; beyond 31 the days after."""
    return (datetime(2024, 2, 29, 14, 2, tzinfo=UTC) + timedelta(days=day)).astimezone(ZONE)


def make_message(position: int = 1, **changes: Any) -> Message:
    usual = Message(
        id=100 + position,
        position=position,
        author=ANA,
        created_at=at(position),
        public=True,
        text=f"Message {position}",
        html=None,
        files=(),
        channel="email",
    )
    return replace(usual, **changes)


def make_history(*messages: Message, **changes: Any) -> History:
    usual = History(
        ticket_id=30418,
        account="acme",
        subject="Order arrived broken",
        status="closed",
        priority="high",
        type="problem",
        channel="email",
        created_at=at(1),
        updated_at=at(9),
        solved_at=at(8),
        requester=ANA,
        submitter=ANA,
        assignee=KIM,
        group="Support",
        organization="Customer Ltd",
        brand="Acme",
        form="Default",
        tags=("broken", "vip"),
        ccs=("Bob", "Kim Agent <kim@acme.example> (follower)"),
        fields=(("Product", "Bikes > E-bikes"), ("Address", "Street 1\nTown")),
        rating=Rating("good", "Fast!"),
        links=("Merged into #12", "Problem of incidents #13, #14"),
        messages=messages,
        custom_status="Waiting for courier",
    )
    return replace(usual, **changes)


def whole_history() -> History:
    """A bit of everything."""
    invoice = File(1, "invoice.pdf", 48_213, "application/pdf", inline=False, absence="not in the export")
    inline = File(2, "photo.png", 812, "image/png", inline=True, absence="kept in the archive")
    virus = File(3, "run.exe", None, None, inline=False, absence="malware found")
    mail = (
        '<div class="zd-comment" dir="auto">Hello, <b>it broke</b>.<br>'
        '<img src="https://acme.zendesk.example/attachments/token/x/?name=photo.png" alt="">'
        '<img src="https://track.example/open.gif" width="1" height="1">'
        "<p>On 1 March Kim wrote:</p>"
        "<blockquote>How are you?<blockquote>Deeper</blockquote></blockquote></div>"
    )
    return make_history(
        make_message(1, text="Hello, it broke.", html=mail, files=(invoice, inline)),
        make_message(2, author=KIM, public=False, channel="web", text="He is <angry> & right.\n\nRefund?"),
        make_message(3, author=KIM, text="Sorry!\n> it broke\n> badly\nWe send another.", files=(virus,)),
        make_message(4, author=BOB, text="I am in copy."),
        make_message(5, author=ZENDESK, public=False, channel=None, text="Closed by a rule."),
        make_message(6, text="مرحبا\u202e 👩‍🚀 e\u0301", reconstructed=True),
        loose_files=(File(9, "orphan.txt", 1, "text/plain", inline=False, absence=None),),
    )


@pytest.fixture
def message() -> Callable[..., Message]:
    return make_message


@pytest.fixture
def history() -> Callable[..., History]:
    return make_history


@pytest.fixture
def whole() -> History:
    return whole_history()


@pytest.fixture
def people() -> dict[str, Person]:
    return {"customer": ANA, "agent": KIM, "third": BOB, "system": ZENDESK}
