"""The calls that make a requester a contact, with his tags and what staff wrote about him."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Row
from dataclasses import dataclass, field
from typing import Any

from deskferry.schemas.attribute_value import unix_seconds
from deskferry.schemas.errors import RecordError
from deskferry.schemas.mapping import Mapping

from .action import Action, Kind, Ref, Step
from .compose_attributes import shorten
from .compose_company import notes_on
from .field_values import FieldDefinition
from .known_people import KnownPeople
from .mapped import field_targets, tags_of
from .people_attributes import blackened, field_attributes
from .reach_contact import Policy, Reach, reach
from .redact import redactor


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known about a requester beside his row.

    others: rows of users who share his contact, who is better known first. fields: definitions of fields of
    people. notes: what staff wrote, as HTML, in the name of `admin`. companies: keys of COMPANY.
    known: people of the snapshot, None where it has none.
    """

    others: Sequence[Row[str, Any]] = ()
    fields: Row[str, FieldDefinition] = field(default_factory=dict)
    notes: Sequence[str] = ()
    admin: str = ""
    companies: Sequence[str] = ()
    remarks: Sequence[str] = ()
    known: KnownPeople | None = None


NOTHING = Beside()


def compose_contact(user: Row[str, Any], *, mapping: Mapping, beside: Beside = NOTHING) -> list[Action]:
    """The calls for one user of the archive's table `users`.

    What agents wrote about him (notes, details, tags) is theirs and goes nowhere unless the mapping asks for
    it. The first call makes the contact or only finds it; see reach_contact.py. Raises RecordError for
    somebody with neither e-mail nor product id where the mapping leaves such people in the archive.
    """
    found: Counter[str] = Counter()
    remarks = [*_lost(user), *beside.remarks]
    user = _united(user, beside.others)
    identity, thing = identify(user, mapping=mapping), Ref(Kind.CONTACT, str(user["id"]))
    values = {"role": "user", **identity, **dict(_own(user, mapping))}
    attributes = _attributes(user, beside, mapping=mapping, remarks=remarks)
    values["custom_attributes"] = blackened(attributes, redactor(mapping, found))
    remarks += [f"requester {user['id']}: {what}: {count} removed" for what, count in sorted(found.items())]
    phone = values.get("phone")
    known_by = {**identity, **({"phone": phone} if phone and not user.get("phone_shared") else {})}
    policy = Policy(mapping.data["people"]["policy"])
    first = reach(user["id"], known_by, values, policy=policy, known=beside.known)
    names = tags_of(mapping, dict.fromkeys(_tags(user, beside.others)), block="user_tags")
    return [
        _create(thing, first, remarks=remarks, companies=beside.companies),
        *_tagged(thing, names),
        *notes_on(thing, beside.admin, notes=beside.notes, path="/contacts/{id}/notes"),
    ]


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


def _united(user: Row[str, Any], others: Sequence[Row[str, Any]]) -> Row[str, Any]:
    """A user whose blanks are filled by those who share his contact; none by who is deleted or suspended."""
    united = dict(user)
    for other in others:
        if not other.get("gone"):
            blanks = ("external_id", "email", "name", "phone", "last_login_at")
            united |= {key: other.get(key) for key in blanks if not united.get(key)}
    return united


def _own(user: Row[str, Any], mapping: Mapping) -> Iterator[tuple[str, Any]]:
    """The fields every contact has, as far as the mapping gives them."""
    for key in ("name", "phone"):
        value = (user.get(key) or "").strip()
        if value:
            yield key, shorten(value)
    created_at, seen_at = unix_seconds(user.get("created_at")), unix_seconds(user.get("last_login_at"))
    if created_at is not None and mapping.choice("dates", "person_created_at") == "signed_up_at":
        yield "signed_up_at", created_at
    if seen_at is not None and mapping.choice("dates", "person_last_login_at") == "last_seen_at":
        yield "last_seen_at", seen_at
    yield "unsubscribed_from_emails", mapping.data["people"]["unsubscribed_from_emails"]


def _attributes(
    user: Row[str, Any], beside: Beside, *, mapping: Mapping, remarks: list[str]
) -> dict[str, Any]:
    made: dict[str, Any] = {"imported_from": "zendesk", "zendesk_user_id": str(user["id"])}
    created_at = unix_seconds(user.get("created_at"))
    if created_at is not None and mapping.choice("dates", "person_created_at") != "archive_only":
        made["zendesk_created_at"] = created_at
    targets = field_targets(mapping, block="user_fields")
    for row in (user, *beside.others):
        said: list[str] = []
        found = field_attributes(row.get("user_fields"), beside.fields, targets=targets, remarks=said)
        remarks += [f"requester {row['id']}: {text}" for text in said]
        made |= {name: value for name, value in found.items() if name not in made}
    return made


def _tags(user: Row[str, Any], others: Sequence[Row[str, Any]]) -> Iterator[str]:
    for row in (user, *others):
        yield from row.get("tags") or ()


def _create(thing: Ref, first: Reach, *, remarks: Sequence[str], companies: Sequence[str]) -> Action:
    return Action(
        kind=thing.kind,
        key=thing.key,
        step=Step.CREATE,
        part=0,
        method=first.method,
        path=first.path,
        payload=first.payload,
        witness=first.witness,
        remarks=tuple(remarks),
        brings=tuple(Ref(Kind.MEMBERSHIP, f"{thing.key}/{company}") for company in companies),
        values=first.values,
        calls=first.calls,
    )


def _tagged(thing: Ref, names: Sequence[str]) -> Iterator[Action]:
    """A call for each tag; again is the same."""
    for number, name in enumerate(names, start=1):
        yield Action(
            kind=thing.kind,
            key=thing.key,
            step=Step.TAG,
            part=number,
            method="POST",
            path="/contacts/{id}/tags",
            payload={"id": Ref(Kind.TAG, name)},
            target=thing,
            witness={"tag": name},
        )


def _lost(user: Row[str, Any]) -> Iterator[str]:
    typed = (user.get("email_as_typed") or "").strip()
    if typed and not user.get("email"):
        yield f"requester {user['id']}: '{shorten(typed)}' is no e-mail address and is not sent"
