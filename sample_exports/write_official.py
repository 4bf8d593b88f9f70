"""The official account export: zips of NDJSON, one record a line, people embedded in tickets.

Key order and spelling follow a real line of such an export: 41 keys, times with milliseconds,
`<`, `>` and `&` escaped, everything else raw UTF-8 (also U+2028, which is no end of line in JSON).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from .company import ACCOUNT, GROUPS, OCTOBER, ORGANIZATIONS, Record, at
from .people import PEOPLE, PEOPLE_IN_OCTOBER
from .tell import Told, tell_all
from .zip_members import write_zip

# Numbers Zendesk gives to channels in `via.id`.
_VIA_IDS = {"web": 0, "email": 4, "api": 5, "chat": 29, "voice": 45, "native_messaging": 88}
# The second slice begins before the first one ends: ranges chosen by hand overlap.
_SECOND_SLICE_FROM = at("2026-10-27 00:00:00")
_DATES = (
    "assignee_updated_at",
    "requester_updated_at",
    "status_updated_at",
    "initially_assigned_at",
    "assigned_at",
    "solved_at",
    "latest_comment_added_at",
)
# Keys of the API that the line of the official export does not have.
_GROUP_KEYS = ("url", "id", "name", "description", "default", "deleted", "created_at", "updated_at")


def write_official(folder: Path) -> None:
    """Write the four zips into the folder."""
    october = [_ticket_line(told, people=PEOPLE_IN_OCTOBER) for told in tell_all(until=OCTOBER)]
    november = [
        _ticket_line(told, people=PEOPLE)
        for told in tell_all()
        if told.ticket["generated_timestamp"] >= _SECOND_SLICE_FROM.timestamp()
    ]
    # No order is promised, and the number in a name says nothing about it.
    october.sort(key=lambda line: line["id"] * 37 % 61)
    half = len(november) // 2
    write_zip(
        folder / f"{ACCOUNT}-tickets-2026-10.zip",
        {
            "export_2026_11_02_4c1f9a03be_1.json": _lines(october[:30]),
            "export_2026_11_02_4c1f9a03be_2.json": _lines(october[30:]),
        },
    )
    write_zip(
        folder / f"{ACCOUNT}-tickets-2026-11.zip",
        {
            "export_2026_11_21_b7720d51ce_2.json": _lines(november[:half]),
            # Zendesk's help page draws each line inside its type; both kinds exist.
            "export_2026_11_21_b7720d51ce_1.json": _lines({"ticket": line} for line in november[half:]),
        },
    )
    write_zip(
        folder / f"{ACCOUNT}-users.zip", {"export_2026_11_21_0e93fa6d18_1.json": _lines(PEOPLE.values())}
    )
    write_zip(
        folder / f"{ACCOUNT}-organizations.zip",
        {"export_2026_11_21_95b8c4e207_1.json": _lines(ORGANIZATIONS.values())},
    )


def _ticket_line(told: Told, *, people: Mapping[str, Record]) -> Record:
    ticket = told.ticket
    by_id = {person["id"]: person for person in people.values()}
    groups = {group["id"]: group for group in GROUPS.values()}
    organizations = {one["id"]: one for one in ORGANIZATIONS.values()}
    group = groups.get(ticket["group_id"])
    return {
        **{key: ticket[key] for key in ("url", "id", "external_id")},
        "via": {**ticket["via"], "id": _VIA_IDS[ticket["via"]["channel"]]},
        **{
            key: ticket[key]
            for key in (
                "created_at",
                "updated_at",
                "type",
                "subject",
                "raw_subject",
                "description",
                "priority",
                "status",
                "follower_ids",
                "email_cc_ids",
                "forum_topic_id",
                "problem_id",
                "has_incidents",
                "is_public",
                "due_at",
                "tags",
                "custom_fields",
                "satisfaction_rating",
                "sharing_agreement_ids",
                "fields",
                "followup_ids",
                "ticket_form_id",
                "brand_id",
            )
        },
        "satisfaction_probability": None,
        "metric_set": told.metrics,
        "dates": {key: told.metrics[key] for key in _DATES},
        **{key: ticket[key] for key in ("allow_channelback", "allow_attachments", "generated_timestamp")},
        "submitter": by_id[ticket["submitter_id"]],
        "requester": by_id[ticket["requester_id"]],
        "assignee": by_id.get(ticket["assignee_id"]),
        "collaborator": [by_id[person] for person in ticket["collaborator_ids"]],
        "recipient": ticket["recipient"],
        "group": {key: group[key] for key in _GROUP_KEYS} if group else None,
        "organization": organizations.get(ticket["organization_id"]),
        "comments": told.comments,
    }


def _lines(records: Iterable[Record]) -> bytes:
    return "".join(_line(record) + "\n" for record in records).encode()


def _line(record: Record) -> str:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_time)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _time(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    raise TypeError(f"no spelling for {value!r}")
