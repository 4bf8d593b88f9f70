"""Halden Bikes, an invented company: who it is and how its Zendesk is set up.

Everything here is data. Records have the keys of the Zendesk API; times are `datetime` (UTC) until
a writer gives them the spelling of its form. Nothing is random: what looks chosen by chance comes
from `pick`, a hash of SEED, so that every machine writes the same bytes.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

Record = dict[str, Any]
Choice = TypeVar("Choice")

SEED = "halden-1907"
ACCOUNT = "haldenbikes"
ZONE = "Europe/Oslo"

# Stands in every place no customer may see, and nowhere else. Tests search for it.
SECRET = "HUSH-7f3a-do-not-show"  # noqa: S105 - a marker to be searched for, it opens nothing

# The first slice of the official export shows the company at OCTOBER; everything else at NOVEMBER.
OCTOBER = datetime(2026, 11, 1, 23, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 21, 5, 54, tzinfo=UTC)

# Ids of Zendesk have 14 digits today: beyond 2^31, below 2^53.
_ID_BASES = {
    "user": 22_644_162_800_000,
    "organization": 22_644_170_100_000,
    "group": 20_397_117_500_000,
    "brand": 20_397_109_300_000,
    "form": 20_397_121_900_000,
    "field": 20_397_130_400_000,
    "option": 20_397_131_700_000,
    "status": 20_397_140_800_000,
    "membership": 22_644_181_200_000,
    "identity": 22_644_190_500_000,
    "rating": 25_110_020_600_000,
    "metric": 25_110_031_100_000,
    "rule": 20_397_150_200_000,
}


def made_id(kind: str, number: int) -> int:
    """The id of the number-th thing of its kind."""
    return _ID_BASES[kind] + number * 12_557


def number_of(name: str, limit: int) -> int:
    """A number from 0 to limit - 1 that depends on the name and SEED alone."""
    digest = hashlib.sha256(f"{SEED}/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % limit


def pick(name: str, choices: Sequence[Choice]) -> Choice:
    """One of the choices, always the same for a name."""
    return choices[number_of(name, len(choices))]


def at(text: str) -> datetime:
    """`2025-03-04 09:12:31` as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def api_url(path: str) -> str:
    """The address a record names as its own; the account is read from it."""
    return f"https://{ACCOUNT}.zendesk.com/api/v2/{path}.json"


def _group(number: int, name: str, description: str, **other: Any) -> Record:
    number = made_id("group", number)
    return {
        "url": api_url(f"groups/{number}"),
        "id": number,
        "is_public": True,
        "name": name,
        "description": description,
        "default": False,
        "deleted": False,
        "created_at": at("2023-12-01 08:00:00"),
        "updated_at": at("2024-02-11 10:30:00"),
        **other,
    }


GROUPS: dict[str, Record] = {
    "support": _group(1, "Support", "First line", default=True),
    "workshop": _group(2, "Workshop", "Repairs and spare parts"),
    "billing": _group(3, "Billing", ""),
    "night": _group(4, "Night desk", "Answers from 22 to 06", is_public=False),
}


def _organization(number: int, name: str, domains: list[str], **other: Any) -> Record:
    number = made_id("organization", number)
    return {
        "url": api_url(f"organizations/{number}"),
        "id": number,
        "name": name,
        "shared_tickets": False,
        "shared_comments": False,
        "external_id": None,
        "created_at": at("2024-01-15 09:00:00"),
        "updated_at": at("2026-09-30 12:00:00"),
        "domain_names": domains,
        "details": None,
        "notes": None,
        "group_id": None,
        "tags": [],
        "organization_fields": {"account_tier": None, "risk_note": None},
        "deleted_at": None,
        **other,
    }


ORGANIZATIONS: dict[str, Record] = {
    "nord": _organization(
        1,
        "Nord Sykkel AS",
        ["nordsykkel.test"],
        external_id="dealer-0017",
        details=f"Dealer since 2019. Credit limit 400 000. {SECRET}",
        notes=f"Pays late; ask Billing before shipping. {SECRET}",
        tags=["dealer"],
        organization_fields={"account_tier": "gold", "risk_note": f"two reminders {SECRET}"},
        group_id=made_id("group", 1),
    ),
    "lumiere": _organization(
        2, "Vélo Lumière SARL", ["velo-lumiere.test"], shared_tickets=True, tags=["dealer", "français"]
    ),
    "brugge": _organization(
        3, "Brugge Bike Rental", ["brugge-rental.test", "info@brugge-rental.test"], tags=["rental"]
    ),
    "fjord": _organization(4, "Fjord Tours", [], notes=f"Season contract under review. {SECRET}"),
    "yamaji": _organization(5, "山路自転車株式会社", ["yamaji.test"], external_id="dealer-0044"),
    "oldtown": _organization(
        6,
        "Old Town Cycles",
        ["oldtown-cycles.test"],
        updated_at=at("2026-10-12 07:15:00"),
        deleted_at=at("2026-10-12 07:15:00"),
    ),
}


def _brand(number: int, name: str, subdomain: str, *, default: bool) -> Record:
    number = made_id("brand", number)
    return {
        "url": api_url(f"brands/{number}"),
        "id": number,
        "name": name,
        "brand_url": f"https://{subdomain}.zendesk.com",
        "subdomain": subdomain,
        "host_mapping": None,
        "has_help_center": default,
        "help_center_state": "enabled" if default else "disabled",
        "active": True,
        "default": default,
        "is_deleted": False,
        "logo": None,
        "ticket_form_ids": [made_id("form", 1), made_id("form", 2)],
        "signature_template": "{{agent.signature}}",
        "created_at": at("2023-12-01 08:00:00"),
        "updated_at": at("2024-05-02 08:00:00"),
    }


BRANDS: dict[str, Record] = {
    "bikes": _brand(1, "Halden Bikes", ACCOUNT, default=True),
    "rental": _brand(2, "Halden Rental", "haldenrental", default=False),
}

# Where mail to a brand arrives.
ADDRESSES = {"bikes": "support@haldenbikes.test", "rental": "rental@haldenbikes.test"}


def _status(number: int, category: str, label: str, shown: str, *, default: bool) -> Record:
    # The statuses an account starts with have short ids from its first days, the others today's.
    number = 4_044_350 + number if default else made_id("status", number)
    note = f"For agents: see the wiki. {SECRET}"
    return {
        "url": api_url(f"custom_statuses/{number}"),
        "id": number,
        "status_category": category,
        "agent_label": label,
        "raw_agent_label": label,
        "end_user_label": shown,
        "raw_end_user_label": shown,
        "description": note,
        "raw_description": note,
        "end_user_description": None,
        "raw_end_user_description": None,
        "active": True,
        "default": default,
        "created_at": at("2024-01-02 08:00:00"),
        "updated_at": at("2024-01-02 08:00:00"),
    }


CUSTOM_STATUSES: dict[str, Record] = {
    "new": _status(1, "new", "New", "Open", default=True),
    "open": _status(2, "open", "Open", "Open", default=True),
    "pending": _status(3, "pending", "Pending", "Awaiting your reply", default=True),
    "hold": _status(4, "hold", "On-hold", "Open", default=True),
    "solved": _status(5, "solved", "Solved", "Solved", default=True),
    "courier": _status(6, "hold", "Waiting for courier", "On its way to us", default=False),
    "photos": _status(7, "pending", "Waiting for photos", "Awaiting your reply", default=False),
}
