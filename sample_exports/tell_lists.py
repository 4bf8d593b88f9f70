"""The lists of the account beside its tickets and people, as the API gives them."""

from collections.abc import Sequence

from .company import BRANDS, CUSTOM_STATUSES, GROUPS, ORGANIZATIONS, Record, api_url, at, made_id
from .fields import (
    CUSTOM_FIELDS,
    FORMS,
    MACROS,
    ORGANIZATION_FIELDS,
    SYSTEM_FIELDS,
    TRIGGERS,
    USER_FIELDS,
)
from .people import MEMBERS, ORGANIZATION_MEMBERS, PEOPLE, person_id
from .tell import Told


def account_lists(every: Sequence[Told]) -> dict[str, list[Record]]:
    """Name of a list -> its records."""
    return {
        "groups": list(GROUPS.values()),
        "group_memberships": _group_memberships(),
        "organization_memberships": _organization_memberships(),
        "identities": _identities(),
        "ticket_fields": [*SYSTEM_FIELDS, *CUSTOM_FIELDS.values()],
        "user_fields": USER_FIELDS,
        "organization_fields": ORGANIZATION_FIELDS,
        "ticket_forms": list(FORMS.values()),
        "custom_statuses": list(CUSTOM_STATUSES.values()),
        "brands": list(BRANDS.values()),
        "satisfaction_ratings": [one.rating for one in every if one.rating],
        "ticket_metrics": [one.metrics for one in every],
        "macros": MACROS,
        "triggers": TRIGGERS,
    }


def _group_memberships() -> list[Record]:
    pairs = [(group, name) for group, names in MEMBERS.items() for name in names]
    records = []
    for number, (group, name) in enumerate(pairs, start=1):
        membership_id = made_id("membership", number)
        group_id = GROUPS[group]["id"]
        records.append(
            {
                "url": api_url(f"group_memberships/{membership_id}"),
                "id": membership_id,
                "user_id": person_id(name),
                "group_id": group_id,
                "default": PEOPLE[name]["default_group_id"] == group_id,
                "created_at": at("2024-01-05 08:00:00"),
                "updated_at": at("2024-01-05 08:00:00"),
            }
        )
    return records


def _organization_memberships() -> list[Record]:
    records: list[Record] = []
    for name, organizations in ORGANIZATION_MEMBERS.items():
        for place, organization in enumerate(organizations):
            membership_id = made_id("membership", 100 + len(records))
            records.append(
                {
                    "url": api_url(f"organization_memberships/{membership_id}"),
                    "id": membership_id,
                    "user_id": person_id(name),
                    "organization_id": ORGANIZATIONS[organization]["id"],
                    # Zendesk says true or null here, never false.
                    "default": True if place == 0 else None,
                    "organization_name": ORGANIZATIONS[organization]["name"],
                    "view_tickets": True,
                    "created_at": at("2024-02-05 08:00:00"),
                    "updated_at": at("2024-02-05 08:00:00"),
                }
            )
    return records


def _identities() -> list[Record]:
    """The second address of one customer, the telephone of a caller, a messaging user."""
    rows = (
        ("anna", "email", "anna.kvist@fjordmail.test", True),
        ("anna", "email", "a.kvist@oldmail.test", False),
        ("caller", "phone_number", "+4722550199", True),
        ("webuser", "messaging", "66f0c2a11b5d4e0012aa34bc", True),
    )
    return [_identity(number, *row) for number, row in enumerate(rows, start=1)]


def _identity(number: int, name: str, kind: str, value: str, primary: bool) -> Record:  # noqa: FBT001 - a table row
    identity_id = made_id("identity", number)
    user_id = person_id(name)
    return {
        "url": api_url(f"users/{user_id}/identities/{identity_id}"),
        "id": identity_id,
        "user_id": user_id,
        "type": kind,
        "value": value,
        "verified": primary and kind == "email",
        "primary": primary,
        "undeliverable_count": 0,
        "deliverable_state": "deliverable",
        "created_at": at("2024-02-06 08:00:00"),
        "updated_at": at("2024-02-06 08:00:00"),
    }
