"""Contacts, companies and who belongs to which: from the archive to the calls that make them.

In: the archive, the mapping, a snapshot, and Refs. Out: for each Ref its calls, or why there are none.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib.resources import files
from itertools import groupby
from typing import Any

import duckdb

from deskferry.schemas.errors import RecordError
from deskferry.schemas.limits import value_of
from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import Written
from deskferry.templates.render import Templates

from .action import Action, Kind, Ref
from .compose_company import compose_company, compose_membership
from .compose_contact import Beside, compose_contact
from .field_values import FieldDefinition, field_definitions
from .known_people import KnownPeople
from .mapped import Workspace, migration_admin, zone_of
from .people_attributes import makes_companies
from .read_history import local
from .read_people import query
from .redact import redactor

Calls = list[Action] | RecordError  # RecordError: why there are none


@dataclass(frozen=True)
class People:
    """Everything a person or a company is made of. account: what notes call the Zendesk account.

    known: the people of the snapshot, None where it has none.
    """

    connection: duckdb.DuckDBPyConnection
    mapping: Mapping
    templates: Templates
    workspace: Workspace
    account: str
    known: KnownPeople | None

    def things(self, refs: Iterable[Ref]) -> dict[Ref, Calls]:
        """The calls for contacts, companies and memberships, by Ref."""
        keys: dict[Kind, list[str]] = {}
        for ref in refs:
            keys.setdefault(ref.kind, []).append(ref.key)
        if not keys:
            return {}
        prepare_people(self.connection, self.mapping.product_ids)
        made: dict[Kind, dict[str, Calls]] = {
            Kind.CONTACT: self._contacts(keys.get(Kind.CONTACT, ())),
            Kind.COMPANY: self._companies(keys.get(Kind.COMPANY, ())),
            Kind.MEMBERSHIP: {
                key: compose_membership(*key.split("/")) for key in keys.get(Kind.MEMBERSHIP, ())
            },
        }
        return {Ref(kind, key): calls for kind, found in made.items() for key, calls in found.items()}

    @cached_property
    def _user_fields(self) -> dict[str, FieldDefinition]:
        return field_definitions(query(self.connection, "user_fields", []))

    @cached_property
    def _organization_fields(self) -> dict[str, FieldDefinition]:
        return field_definitions(query(self.connection, "organization_fields", []))

    def _contacts(self, keys: Sequence[str]) -> dict[str, Calls]:
        if not keys:
            return {}
        found: dict[str, Calls] = {}
        ids = sorted({int(key) for key in keys})
        notes = self._notes_of_people(ids)
        companies = self._companies_of(ids)
        fields = self._user_fields
        admin = migration_admin(self.mapping, self.workspace) if notes else ""
        for contact, users in groupby(query(self.connection, "requesters", ids), lambda row: row["contact"]):
            user, *others = users
            few, remarks = _at_most(companies.get(contact, []), contact)
            beside = Beside(others, fields, notes.get(contact, ()), admin, few, remarks, self.known)
            try:
                found[contact] = compose_contact(user, mapping=self.mapping, beside=beside)
            except RecordError as error:
                found[contact] = error
        return found | {
            key: RecordError(f"user {key} is not in the export") for key in keys if key not in found
        }

    def _companies(self, keys: Sequence[str]) -> dict[str, Calls]:
        if not keys:
            return {}
        fields = self._organization_fields
        found: dict[str, Calls] = {
            str(row["id"]): compose_company(
                row,
                mapping=self.mapping,
                workspace=self.workspace,
                fields=fields,
                notes=self._notes_of_company(row),
            )
            for row in query(self.connection, "companies", sorted(map(int, keys)))
        }
        return found | {
            key: RecordError(f"organization {key} is not in the export") for key in keys if key not in found
        }

    def _companies_of(self, ids: list[int]) -> dict[str, list[str]]:
        """Keys of the companies of each contact."""
        if not makes_companies(self.mapping):
            return {}
        rows = query(self.connection, "memberships", ids)
        return {
            contact: [row["company"] for row in of_one]
            for contact, of_one in groupby(rows, lambda row: row["contact"])
        }

    def _notes_of_people(self, ids: list[int]) -> dict[str, list[str]]:
        if self.mapping.choice("people", "notes") != "contact_notes":
            return {}
        notes: dict[str, list[str]] = {}
        for row in query(self.connection, "requester_notes", ids):
            notes.setdefault(row["contact"], []).extend(self._notes("User", row))
        return notes

    def _notes_of_company(self, row: dict[str, Any]) -> list[str]:
        if self.mapping.choice("companies", "notes") != "company_notes":
            return []
        return self._notes("Organization", row) if row["notes"] or row["details"] else []

    def _notes(self, what: str, row: dict[str, Any]) -> list[str]:
        clean, zone = redactor(self.mapping, Counter()), zone_of(self.mapping)
        changed: datetime | None = row["changed_at"]
        about = Written(
            what,
            row["id"],
            clean(row["name"] or ""),
            local(changed, zone) if changed else None,
            clean("\n\n".join(filter(None, (row["notes"], row["details"])))),
        )
        limit = self.mapping.data["limits"]["note"]
        return self.templates.people_notes(about, account=self.account, limit=limit)


def prepare_people(connection: duckdb.DuckDBPyConnection, product_ids: dict[str, str]) -> None:
    """Make the temporary tables contact_of and company_of, unless they are there."""
    there = "select 1 from duckdb_tables() where temporary and table_name = 'company_of'"
    if connection.execute(there).fetchone():
        return
    connection.execute("create temp table if not exists product_ids (key varchar, product_id varchar)")
    if product_ids:
        columns = [list(product_ids), list(product_ids.values())]
        connection.execute("insert into product_ids select unnest(?), unnest(?)", columns)
    connection.execute(files("deskferry.load").joinpath("contact_of.sql").read_text("utf-8"))


def _at_most(companies: list[str], contact: str) -> tuple[list[str], list[str]]:
    """As many companies as Intercom lets a contact be in, and a line for the rest."""
    most = value_of("companies_per_contact")
    rest = len(companies) - most
    said = [f"requester {contact}: in {rest:,} companies more than Intercom takes"] if rest > 0 else []
    return companies[:most], said
