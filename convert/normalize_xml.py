"""Records of Zendesk's XML under the names of its API: people, groups, organizations, the account, forums.

The old names and numbers follow the readers of such exports and Rails' own way of writing XML. What has no
name in the API stays as it is called and goes to `extra`; forums and their entries are kept raw.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .envelope import UNKNOWN, Found
from .identify import CONFIGURATION
from .normalize_record import whole_number
from .normalize_xml_ticket import attachments_of, ticket_of
from .record_facts import made_id

_KINDS = {
    "forum": "forums",
    "entry": "entries",
    "post": "posts",
    "category": "categories",
    "account": "account",
}
_SUBDOMAIN = re.compile(r"\s*([a-zA-Z0-9][a-zA-Z0-9-]*)\s*")
_ROLES = {0: "end-user", 2: "admin", 4: "agent"}
_USER = {
    "is_active": "active",
    "is_verified": "verified",
    "last_login": "last_login_at",
    "photo_url": "photo",
    "current_tags": "tags",
}
_ORGANIZATION = {
    "is_shared": "shared_tickets",
    "is_shared_comments": "shared_comments",
    "current_tags": "tags",
}
_NO, _YES_OR_NO = ("false", "0", False), ("true", "1", True, "false", "0", False)


def records_of(tag: str, value: Any, pointer: str) -> Iterator[Found]:
    """A record as the API would have it, and those it holds. tag: its element's name, with underscores."""
    if not isinstance(value, dict):
        yield Found(UNKNOWN, value, pointer)
        return
    match _tag_of(value) if tag == "record" else tag:
        case "ticket":
            ticket = ticket_of(value)
            attachments = attachments_of(ticket)
            yield Found("tickets", ticket, pointer)
            for index, attachment in enumerate(attachments):
                yield Found("attachments", attachment, f"{pointer}/attachments/{index}")
        case "user":
            yield from _user(value, pointer)
        case "organization":
            yield Found("organizations", _organization(value), pointer)
        case "group":
            yield from _group(value, pointer)
        case "ticket_field":
            yield Found("ticket_fields", value, pointer)
        case kind if kind in _KINDS:
            yield Found(CONFIGURATION, value, pointer, kind=_KINDS[kind])
        case _:
            yield Found(UNKNOWN, value, pointer)


def account_named(tag: str, value: Any) -> str | None:
    """The subdomain that the record of an account names; None where what it names is none."""
    name = value.get("subdomain") if tag == "account" and isinstance(value, dict) else None
    found = _SUBDOMAIN.fullmatch(name) if isinstance(name, str) else None
    return found[1].lower() if found else None


def _user(raw: Mapping[str, Any], pointer: str, *, stub: bool = False) -> Iterator[Found]:
    user = _renamed(raw, _USER)
    role = _ROLES.get(_number(user.get("roles")))
    if role is not None and "role" not in user:
        user["role"] = role
        del user["roles"]
    held = {key: _taken(user, key) for key in ("groups", "organizations", "memberships", "group_memberships")}
    one = _taken(user, "organization")
    if one and user.get("organization_id") is None:
        user["organization_id"] = one[0].get("id")
    yield Found("users", user, pointer, stub=stub)
    user_id = user.get("id")
    joined = set()
    for key in ("memberships", "group_memberships"):
        for index, membership in enumerate(held[key]):
            joined.add(_number(membership.get("group_id")))
            yield _membership("group", {"user_id": user_id, **membership}, f"{pointer}/{key}/{index}")
    for index, group in enumerate(held["groups"]):
        where = f"{pointer}/groups/{index}"
        yield from _group(group, where, stub=True)
        if _number(group.get("id")) not in joined:
            yield _membership("group", {"user_id": user_id, "group_id": group.get("id")}, where)
    for index, organization in enumerate(one):
        yield Found(
            "organizations", _organization(organization), f"{pointer}/organization/{index}", stub=True
        )
    for index, organization in enumerate(held["organizations"]):
        where, pair = f"{pointer}/organizations/{index}", (user_id, organization.get("id"))
        yield Found("organizations", _organization(organization), where, stub=True)
        yield _membership("organization", dict(zip(("user_id", "organization_id"), pair, strict=True)), where)


def _organization(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Its `default` is a list of mail domains."""
    organization = _renamed(raw, _ORGANIZATION)
    default = organization.get("default", 0)
    if "domain_names" not in organization and (default is None or isinstance(default, str)):
        organization["domain_names"] = (default or "").replace(",", " ").split()
        del organization["default"]
    return organization


def _group(raw: Mapping[str, Any], pointer: str, *, stub: bool = False) -> Iterator[Found]:
    group = dict(raw)
    if "deleted" not in group and group.get("is_active") in _YES_OR_NO:
        group["deleted"] = group.pop("is_active") in _NO
    users = _taken(group, "users")
    yield Found("groups", group, pointer, stub=stub)
    for index, user in enumerate(users):
        where = f"{pointer}/users/{index}"
        yield from _user(user, where, stub=True)
        yield _membership("group", {"user_id": user.get("id"), "group_id": group.get("id")}, where)


def _membership(kind: str, pair: Mapping[str, Any], pointer: str) -> Found:
    """One that has no id gets a negative one, made of what it joins."""
    membership = dict(pair)
    if membership.get("id") is None:
        joined = (_number(membership.get("user_id")), _number(membership.get(f"{kind}_id")))
        membership["id"] = made_id(f"{kind}_membership", *joined)
    return Found(f"{kind}_memberships", membership, f"{pointer}/membership")


def _taken(record: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The records that `record` holds under a key, taken out of it; what is none stays."""
    held = record.get(key)
    several = [held] if isinstance(held, dict) else held
    if not isinstance(several, list) or not all(isinstance(one, dict) for one in several):
        return []
    del record[key]
    return several


def _renamed(raw: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """`raw` under the API's names; where both are there, the API's stands and the old one stays too."""
    record = {
        names[key] if key in names and names[key] not in raw else key: held for key, held in raw.items()
    }
    if record.get("tags", 0) is None:
        record["tags"] = []  # a list in one text: empty, it is no less a list
    return record


def _number(value: Any) -> int:
    number = whole_number(value)
    return -1 if number is None else number


def _tag_of(value: Mapping[str, Any]) -> str:
    """What an element that is only called `record` is, by its keys."""
    has = value.keys().__contains__
    if has("nice_id") or has("status_id") or (has("requester_id") and has("subject")):
        return "ticket"
    if has("roles") or has("role") or has("email"):
        return "user"
    if has("entry_id"):
        return "post"
    if has("forum_id"):
        return "entry"
    if has("display_type_id"):
        return "forum"
    if has("is_shared") or has("default") or (has("details") and has("name")):
        return "organization"
    return "group" if has("is_active") and has("name") else ""
