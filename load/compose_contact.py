"""The call that makes a requester a contact."""

from collections.abc import Iterator
from collections.abc import Mapping as Row
from typing import Any

from deskferry.schemas.attribute_value import unix_seconds
from deskferry.schemas.errors import RecordError
from deskferry.schemas.mapping import Mapping

from .action import Action, Kind, Step
from .compose_attributes import shorten


def compose_contact(user: Row[str, Any], *, mapping: Mapping) -> list[Action]:
    """One call for one user of the archive's table `users`.

    What agents wrote about him (notes, details, tags) is theirs and goes nowhere. With policy `match` the
    call only looks the contact up. Raises RecordError for somebody with neither e-mail nor product id where
    the mapping leaves such people in the archive.
    """
    identity = identify(user, mapping=mapping)
    if mapping.data["people"]["policy"] == "match":
        return [_look_up(user, identity)]
    payload: dict[str, Any] = {"role": "user", **identity}
    for key, value in (("name", user.get("name")), ("phone", user.get("phone"))):
        if value and value.strip():
            payload[key] = shorten(value.strip())
    payload["unsubscribed_from_emails"] = mapping.data["people"]["unsubscribed_from_emails"]
    attributes: dict[str, str | int] = {"imported_from": "zendesk", "zendesk_user_id": str(user["id"])}
    created_at = unix_seconds(user.get("created_at"))
    if created_at is not None and mapping.choice("dates", "person_created_at") == "attribute":
        attributes["zendesk_created_at"] = created_at
    payload["custom_attributes"] = attributes
    return [_action(user, "/contacts", payload, identity)]


def identify(user: Row[str, Any], *, mapping: Mapping) -> dict[str, str]:
    """`external_id` and `email` by which Intercom knows a user; one of them at least.

    An external id is the product's. One of ours is made only where there is no e-mail either: beside an
    e-mail it would split the customer from the product's own record of him for good.
    """
    external_id, email = (user.get("external_id") or "").strip(), (user.get("email") or "").strip()
    found = {"external_id": external_id, "email": email}
    identity = {key: value for key, value in found.items() if value}
    if identity:
        return identity
    if mapping.data["people"]["without_email"] == "zendesk_id":
        return {"external_id": f"zendesk:{user['id']}"}
    raise RecordError(f"user {user['id']} has neither e-mail nor product id", pointer="/email")


def _look_up(user: Row[str, Any], identity: dict[str, str]) -> Action:
    terms = [{"field": field, "operator": "=", "value": value} for field, value in identity.items()]
    payload = {"query": {"operator": "OR", "value": terms}}
    return _action(user, "/contacts/search", payload, identity)


def _action(user: Row[str, Any], path: str, payload: dict[str, Any], identity: dict[str, str]) -> Action:
    return Action(
        kind=Kind.CONTACT,
        key=str(user["id"]),
        step=Step.CREATE,
        part=0,
        method="POST",
        path=path,
        payload=payload,
        witness=identity,
        remarks=tuple(_lost(user)),
    )


def _lost(user: Row[str, Any]) -> Iterator[str]:
    typed = (user.get("email_as_typed") or "").strip()
    if typed and not user.get("email"):
        yield f"requester {user['id']}: '{shorten(typed)}' is no e-mail address and is not sent"
