"""Fivetran's tables as a warehouse exports them: a CSV each, times in UTC unsaid, TRUE and FALSE."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from .company import BRANDS, GROUPS, ORGANIZATIONS, Record, made_id
from .fields import CUSTOM_FIELDS, FORMS
from .people import MEMBERS, PEOPLE, person_id
from .tell import Told, tell_all

SYNCED = datetime(2026, 11, 21, 3, 15, 27, 426000, tzinfo=UTC)

_TICKET = (
    *("id", "allow_channelback", "assignee_id", "brand_id", "created_at", "description", "due_at"),
    *("external_id", "forum_topic_id", "group_id", "has_incidents", "is_public", "organization_id"),
    *("priority", "problem_id", "recipient", "requester_id", "status", "subject", "submitter_id"),
    *("ticket_form_id", "type", "updated_at", "url"),
)
_USER = (
    *("id", "active", "alias", "chat_only", "created_at", "details", "email", "external_id", "last_login_at"),
    *("locale", "locale_id", "moderator", "name", "notes", "only_private_comments", "organization_id"),
    *("phone", "restricted_agent", "role", "shared", "shared_agent", "signature", "suspended"),
    *("ticket_restriction", "time_zone", "two_factor_auth_enabled", "updated_at", "url", "verified"),
)
_ORGANIZATION = (
    *("id", "created_at", "details", "external_id", "group_id", "name", "notes", "shared_comments"),
    *("shared_tickets", "updated_at", "url"),
)
_GROUP = ("id", "created_at", "name", "updated_at", "url")
_BRAND = ("id", "active", "brand_url", "default", "has_help_center", "help_center_state", "name", "subdomain")
_FORM = ("id", "updated_at", "active", "created_at", "display_name", "end_user_visible", "name")
_FIELD = ("id", "title", "raw_title", "key", "type", "active")
_RATING = (
    *("id", "assignee_id", "comment", "created_at", "group_id", "requester_id", "score", "ticket_id"),
    *("updated_at", "url"),
)
_CUSTOM_TYPES = frozenset(("text", "checkbox", "integer", "decimal", "regexp", "tagger"))
_BUSY = ("Mon", "Tue", "Wed", "Thu", "Fri")


def write_fivetran(folder: Path) -> None:
    """Write one CSV for each table into the folder."""
    every = tell_all()
    comments = [comment for told in every for comment in told.comments]
    _write(folder, "ticket", map(_ticket, every))
    _write(folder, "ticket_comment", map(_comment, comments))
    _write(folder, "user", (_only(one, _USER) for one in PEOPLE.values()))
    _write(folder, "organization", (_only(one, _ORGANIZATION) | _gone(one) for one in ORGANIZATIONS.values()))
    _write(folder, "group", (_only(one, _GROUP) for one in GROUPS.values()))
    _write(folder, "brand", (_only(one, _BRAND) for one in BRANDS.values()))
    _write(folder, "ticket_form_history", (_only(one, _FORM) for one in FORMS.values()))
    _write(folder, "ticket_custom_field", (_only(one, _FIELD) for one in CUSTOM_FIELDS.values()))
    _write(folder, "ticket_custom_field_option", _options())
    _write(folder, "ticket_tag", _tags(every))
    _write(folder, "organization_tag", _organization_values("tags", "tag"))
    _write(folder, "domain_name", _organization_values("domain_names", "domain_name"))
    _write(folder, "group_member", _members())
    _write(folder, "satisfaction_rating", (_only(one.rating, _RATING) for one in every if one.rating))
    _write(folder, "ticket_field_history", (row for told in every for row in _history(told)))
    _write(folder, "schedule", (_hours(day) for day in _BUSY))


def _ticket(told: Told) -> Record:
    ticket = told.ticket
    source = ticket["via"]["source"]
    came, went = source["from"], source["to"]
    values = {entry["id"]: entry["value"] for entry in ticket["custom_fields"]}
    merged = sorted({found for comment in told.comments for found in _merged(comment)})
    return {
        **_only(ticket, _TICKET),
        "via_channel": ticket["via"]["channel"],
        "via_source_from_id": None,
        "via_source_from_title": None,
        "via_source_from_address": came.get("address"),
        "via_source_from_name": came.get("name"),
        "via_source_rel": source["rel"],
        "via_source_to_address": went.get("address"),
        "via_source_to_name": went.get("name"),
        "merged_ticket_ids": "[" + ",".join(map(str, merged)) + "]",
        "followup_ids": "[" + ",".join(map(str, ticket["followup_ids"])) + "]",
        "via_followup_source_id": came.get("ticket_id"),
        **{column(field): values.get(field["id"]) for field in custom_columns()},
    }


def custom_columns() -> list[Record]:
    """The custom fields that get a column of their own."""
    return [one for one in CUSTOM_FIELDS.values() if one["type"] in _CUSTOM_TYPES]


def column(field: Mapping[str, Any], prefix: str = "custom_") -> str:
    """The column a pipeline gives a custom field: its title in snake case."""
    return prefix + re.sub(r"[^a-z0-9]+", "_", str(field["title"]).lower()).strip("_")


def _merged(comment: Mapping[str, Any]) -> Sequence[int]:
    source = comment["via"]["source"]
    came = source["from"] if source["rel"] == "merge" else {}
    return came.get("ticket_ids") or ([came["ticket_id"]] if "ticket_id" in came else ())


def _comment(comment: Record) -> Record:
    return {
        "id": comment["id"],
        "body": comment["body"],
        "created": comment["created_at"],
        "facebook_comment": False,
        "public": comment["public"],
        "ticket_id": comment["ticket_id"],
        "tweet": False,
        "user_id": comment["author_id"],
        "voice_comment": comment["type"] == "VoiceComment",
    }


def _gone(record: Record) -> Record:
    return {"_fivetran_deleted": record["deleted_at"] is not None}


def _options() -> Iterable[Record]:
    for field in CUSTOM_FIELDS.values():
        for option in field.get("custom_field_options") or ():
            yield {
                "id": option["id"],
                "ticket_custom_field_id": field["id"],
                "name": option["name"],
                "value": option["value"],
            }


def _tags(every: Iterable[Told]) -> Iterable[Record]:
    return ({"ticket_id": one.ticket["id"], "tag": tag} for one in every for tag in one.ticket["tags"])


def _organization_values(key: str, name: str) -> Iterable[Record]:
    for organization in ORGANIZATIONS.values():
        for index, value in enumerate(organization[key]):
            yield {"organization_id": organization["id"], "index": index, name: value}


def _members() -> Iterable[Record]:
    number = 0
    for group, names in MEMBERS.items():
        for name in names:
            number += 1
            yield {
                "id": made_id("membership", number),
                "user_id": person_id(name),
                "group_id": GROUPS[group]["id"],
            }


def _history(told: Told) -> Iterable[Record]:
    """What each ticket began as and what it is."""
    ticket, metrics = told.ticket, told.metrics
    status = {"hold": "on-hold"}.get(ticket["status"], ticket["status"])
    for at, user, value in (
        (ticket["created_at"], ticket["submitter_id"], "new"),
        (metrics["status_updated_at"], None, status),
    ):
        yield {
            "ticket_id": ticket["id"],
            "field_name": "status",
            "updated": at,
            "user_id": user,
            "value": value,
        }


def _hours(day: str) -> Record:
    number = _BUSY.index(day)
    return {
        "id": made_id("rule", 900 + number),
        "name": f"Oslo {day}",
        "time_zone": "Copenhagen",
        "start_time": number * 1440 + 480,
        "end_time": number * 1440 + 960,
    }


def _only(record: Mapping[str, Any], keys: Sequence[str]) -> Record:
    return {key: record.get(key) for key in keys}


def _write(folder: Path, table: str, rows: Iterable[Record]) -> None:
    text = StringIO()
    writer: Any = None
    for row in rows:
        row = {"_fivetran_synced": SYNCED, "_fivetran_deleted": False, **row}
        if writer is None:
            writer = csv.DictWriter(text, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow({key: _cell(value) for key, value in row.items()})
    (folder / f"{table}.csv").write_bytes(text.getvalue().encode())


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return moment.strftime("%Y-%m-%d %H:%M:%S") + (".426" if moment.microsecond else "")
    return value
