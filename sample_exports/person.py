"""What a person looks like in Zendesk: the 38 keys of a user record."""

from typing import Any

from .company import Record, api_url, at, made_id

_STAFF_ROLES = ("agent", "admin")


def person(number: int, name: str, email: str | None, role: str = "end-user", **other: Any) -> Record:
    """The 38 keys of a user, in the order the API has them."""
    user_id = made_id("user", number)
    staff = role in _STAFF_ROLES
    blank = "" if staff else None  # agents have empty texts where end-users have null
    record = {
        "id": user_id,
        "url": api_url(f"users/{user_id}"),
        "name": name,
        "email": email,
        "created_at": at(f"2024-01-{number:02} 09:00:{number:02}"),
        "updated_at": at(f"2026-09-{number:02} 11:20:{number:02}"),
        "time_zone": "Oslo",
        "iana_time_zone": "Europe/Oslo",
        "phone": None,
        "shared_phone_number": None,
        "photo": None,
        "locale_id": 1,
        "locale": "en-US",
        "organization_id": None,
        "role": role,
        "verified": email is not None,
        "external_id": None,
        "tags": [],
        "alias": blank,
        "active": True,
        "shared": False,
        "shared_agent": False,
        "last_login_at": at(f"2026-10-{number:02} 06:45:00") if staff else None,
        "two_factor_auth_enabled": True if staff else None,
        "signature": blank,
        "details": blank,
        "notes": blank,
        "role_type": None,
        "custom_role_id": None,
        "moderator": staff,
        "ticket_restriction": None if staff else "requested",
        "only_private_comments": False,
        "restricted_agent": not staff,
        "suspended": False,
        "chat_only": False,
        "default_group_id": None,
        "report_csv": role == "admin",
        "user_fields": {"system::embeddable_last_seen": None, "shoe_size": None, "vip_reason": None},
    }
    return {**record, **other}


def photo(number: int) -> Record:
    """The portrait of the person of that number."""
    photo_id = made_id("user", number) + 11
    url = f"https://haldenbikes.zendesk.com/system/photos/{photo_id}/face.jpg"
    return {
        "url": api_url(f"attachments/{photo_id}"),
        "id": photo_id,
        "file_name": "face.jpg",
        "content_url": url,
        "mapped_content_url": url,
        "content_type": "image/jpeg",
        "size": 2310,
        "width": 80,
        "height": 80,
        "inline": False,
        "deleted": False,
        "thumbnails": [],
    }
