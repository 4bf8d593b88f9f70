"""The calls that make an organization a company and put people into it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Row
from typing import Any

from deskferry.schemas.attribute_value import unix_seconds
from deskferry.schemas.canonical import digest
from deskferry.schemas.mapping import Mapping
from deskferry.templates.clean import canonical_html
from deskferry.templates.history import History

from .action import Action, Kind, Ref, Step
from .compose_attributes import shorten
from .field_values import FieldDefinition
from .mapped import Workspace, field_targets, migration_admin
from .people_attributes import blackened, field_attributes, makes_companies
from .redact import redactor


def company_of(history: History, *, mapping: Mapping) -> Ref | None:
    """The company a ticket is about; None where there is none or the mapping makes none."""
    if history.organization_id is None or not makes_companies(mapping):
        return None
    return Ref(Kind.COMPANY, str(history.organization_id))


def compose_company(
    organization: Row[str, Any],
    *,
    mapping: Mapping,
    workspace: Workspace,
    fields: Row[str, FieldDefinition],
    notes: Sequence[str],
) -> list[Action]:
    """The calls for one organization of the archive: the company, then what staff wrote about it.

    Two requests make it, because POST /companies changes what is there: a company of this id is looked for
    first, and only its blanks are filled. notes: as HTML.
    """
    remarks: list[str] = []
    found: Counter[str] = Counter()
    key, clean = str(organization["id"]), redactor(mapping, found)
    name = " ".join((organization["name"] or "").split()) or f"Zendesk organization {key}"
    attributes: dict[str, Any] = {"company_imported_from": "zendesk", "zendesk_organization_id": key}
    targets = field_targets(mapping, block="organization_fields")
    attributes |= field_attributes(
        organization["organization_fields"], fields, targets=targets, remarks=remarks
    )
    payload: dict[str, Any] = {
        "company_id": organization["external_id"] or f"zendesk:{key}",
        "name": shorten(name),
        "custom_attributes": blackened(attributes, clean),
    }
    created_at = unix_seconds(organization["created_at"])
    if created_at is not None:
        payload["remote_created_at"] = created_at
    remarks += [f"{what}: {count} removed" for what, count in sorted(found.items())]
    create = Action(
        kind=Kind.COMPANY,
        key=key,
        step=Step.CREATE,
        part=0,
        method="POST",
        path="/companies",
        payload=payload,
        witness={"company_id": payload["company_id"]},
        remarks=tuple(f"organization {key}: {remark}" for remark in remarks),
        calls=(2, 2),
    )
    admin = migration_admin(mapping, workspace) if notes else ""
    return [create, *notes_on(Ref(Kind.COMPANY, key), admin, notes=notes, path="/companies/{id}/notes")]


def compose_membership(contact: str, company: str) -> list[Action]:
    """The call that puts a contact into a company; twice is as once."""
    person, firm = Ref(Kind.CONTACT, contact), Ref(Kind.COMPANY, company)
    return [
        Action(
            kind=Kind.MEMBERSHIP,
            key=f"{contact}/{company}",
            step=Step.CREATE,
            part=0,
            method="POST",
            path="/contacts/{id}/companies",
            payload={"id": firm},
            target=person,
            witness={"contact": contact, "company": company},
            needs=(person, firm),
        )
    ]


def notes_on(thing: Ref, admin: str, *, notes: Iterable[str], path: str) -> Iterator[Action]:
    """Notes on a contact or company. Intercom dates them now, so they are known by author and words."""
    for number, body in enumerate(notes, start=1):
        yield Action(
            kind=thing.kind,
            key=thing.key,
            step=Step.NOTE,
            part=number,
            method="POST",
            path=path,
            payload={"body": body, "admin_id": admin},
            target=thing,
            witness={"admin_id": admin, "words": digest(canonical_html(body))},
        )
