"""The people, groups and organizations of a made-up export, as whole as Zendesk writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

API = "https://example-shop.zendesk.com/api/v2"
START = datetime(2023, 1, 2, tzinfo=UTC)
_PLAIN = """order the delivery was late and I would like to know when my bike arrives please check again
thank you we have sent a new battery it should be with you by Friday can tell us serial number of frame which
is under saddle best regards hello unfortunately brake squeaks since yesterday invoice address changed refund
24.90 EUR https://example.com/track?id=81723 :) "quoted" account"""
WORDS = _PLAIN.split()
Record = dict[str, Any]


def user(index: int, *, agent: bool) -> Record:
    """A whole person, with the 38 keys of a real one."""
    number = 370_000_000_000 + index * 11 + (0 if agent else 5_000_000)
    made = START - timedelta(hours=index % 9000)
    return {
        "id": number,
        "url": f"{API}/users/{number}.json",
        "name": f"{WORDS[index % len(WORDS)].title()} {WORDS[index // 7 % len(WORDS)].title()}",
        "email": f"person{index}@{'example-shop.com' if agent else f'mail{index % 300}.example'}",
        "created_at": written_time(made),
        "updated_at": written_time(made + timedelta(days=40)),
        "time_zone": "Copenhagen",
        "iana_time_zone": "Europe/Copenhagen",
        "phone": None if index % 3 else f"+47 22 {index:08d}",
        "shared_phone_number": None,
        "photo": None,
        "locale_id": 1,
        "locale": "en-US",
        "organization_id": 380_000_000_000 + number % 5000 if index % 4 == 0 else None,
        "role": "agent" if agent else "end-user",
        "verified": True,
        "external_id": f"customer-{index}" if index % 2 else None,
        "tags": ["vip"] if index % 20 == 0 else [],
        "alias": "" if agent else None,
        "active": True,
        "shared": False,
        "shared_agent": False,
        "last_login_at": written_time(made + timedelta(days=30)),
        "two_factor_auth_enabled": None,
        "signature": "Kind regards" if agent else None,
        "details": "" if agent else None,
        "notes": "" if agent else None,
        "role_type": 0 if agent else None,
        "custom_role_id": 360_000_300_000 if agent else None,
        "moderator": agent,
        "ticket_restriction": None if agent else "requested",
        "only_private_comments": False,
        "restricted_agent": not agent,
        "suspended": False,
        "chat_only": False,
        "default_group_id": 360_000_400_000 if agent else None,
        "report_csv": False,
        "user_fields": {
            "system::embeddable_last_seen": "2024-03-04T00:00:00+00:00",
            "customer_since": None,
            "segment": "retail",
            "newsletter": bool(index % 2),
        },
    }


def group(index: int) -> Record:
    """A group."""
    number = 360_000_400_000 + index
    return {
        "url": f"{API}/groups/{number}.json",
        "id": number,
        "name": f"Team {index}",
        "description": "",
        "default": index == 0,
        "deleted": False,
        "created_at": "2022-01-01T00:00:00Z",
        "updated_at": "2022-01-01T00:00:00Z",
    }


def organization(index: int) -> Record:
    """An organization with its fields."""
    number = 380_000_000_000 + index
    return {
        "url": f"{API}/organizations/{number}.json",
        "id": number,
        "name": f"Company {index}",
        "shared_tickets": False,
        "shared_comments": False,
        "external_id": None,
        "created_at": "2022-01-01T00:00:00Z",
        "updated_at": "2022-06-01T00:00:00Z",
        "domain_names": [f"company{index}.example"],
        "details": None,
        "notes": None,
        "group_id": None,
        "tags": [],
        "organization_fields": {"segment": "b2b", "customer_number": str(index), "contract": None},
    }


def written_time(moment: datetime) -> str:
    """A time as Zendesk writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
