"""Every question of the audit, asked of a company small enough that its answer was counted by hand."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.ask import ask
from deskferry.archive.build import build
from deskferry.archive.question import Severity, read_questions
from deskferry.schemas.dataset import open_dataset

from .conftest import write

NOW = datetime(2026, 12, 1, tzinfo=UTC)
PUBLIC, PRIVATE = {"public": True}, {"public": False}
# Answers: id -> (severity, count, examples).
Answers = dict[str, tuple[str, int, list[Any]]]


def day(text: str) -> str:
    return f"{text}T00:00:00.000Z"


def comment(id: int, ticket: int, author: int | None, text: str = "x", **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "ticket_id": ticket,
        "position": id,
        "author_id": author,
        "body": text,
        "public": True,
    } | more


def ticket(id: int, requester: int | None = 1, status: str = "closed", **more: Any) -> dict[str, Any]:
    return {"id": id, "requester_id": requester, "status": status, "created_at": day("2026-01-01")} | more


ADA = {"id": 1, "name": "Ada", "email": "ada@customer.test", "role": "end-user"}
AGENT = {"id": 2, "name": "Agent", "email": "agent@acme.test", "role": "agent"}

INVENTORY: dict[str, Any] = {
    "users": [ADA | {"locale": "en-GB"}, {"id": 2, "locale": "de"}],
    "groups": [{"id": 10, "name": "Support"}],
    "brands": [{"id": 30, "name": "Acme"}],
    "ticket_forms": [{"id": 31, "name": "Default"}],
    "tickets": [
        ticket(1, created_at=day("2026-01-05"), updated_at=day("2026-01-10"), via={"channel": "email"},
               group_id=10, brand_id=30, ticket_form_id=31),
        ticket(2, status="solved", created_at=day("2026-02-01"), updated_at=day("2026-10-01"),
               via={"channel": "web"}, brand_id=30),
        ticket(3, 2, "solved", created_at=day("2026-11-01"), updated_at=day("2026-11-29"),
               via={"channel": "email"}),
        ticket(4, 2, "open", created_at=day("2026-06-01"), updated_at=day("2026-06-02"),
               via={"channel": "email"}, group_id=10),
        ticket(5, None, "pending", created_at=day("2026-11-30"), updated_at=day("2026-11-30"),
               ticket_form_id=99),
    ],
    "comments": [
        comment(1, 1, 1, created_at=day("2026-01-05")),
        comment(2, 1, 1, created_at=day("2026-01-06")),
        comment(3, 4, 2, created_at=day("2026-06-01")),
    ],
    "attachments": [{"id": 1, "ticket_id": 1, "comment_id": 1, "file_name": "a.txt"}],
    "ticket_metrics": [
        {"ticket_id": 2, "solved_at": day("2026-10-01")},
        {"ticket_id": 3, "solved_at": day("2026-11-28")},
    ],
}  # fmt: skip
INVENTORY_ANSWERS: Answers = {
    "inventory_months": ("KNOW", 5, [
        {"month": "2026-11", "tickets": 2, "comments": 0, "files": 0},
        {"month": "2026-06", "tickets": 1, "comments": 1, "files": 0},
        {"month": "2026-02", "tickets": 1, "comments": 0, "files": 0},
        {"month": "2026-01", "tickets": 1, "comments": 2, "files": 1},
    ]),
    "inventory_channels": ("KNOW", 5, [
        {"channel": "email", "tickets": 3}, {"channel": "unknown", "tickets": 1},
        {"channel": "web", "tickets": 1},
    ]),
    "inventory_brands": ("KNOW", 2, [{"brand": "Acme", "tickets": 2}]),
    "inventory_groups": ("KNOW", 2, [{"group": "Support", "tickets": 2}]),
    "inventory_forms": ("KNOW", 2, [{"form": "Default", "tickets": 1}, {"form": "id:99", "tickets": 1}]),
    "inventory_languages": ("KNOW", 4, [{"language": "de", "tickets": 2}, {"language": "en", "tickets": 2}]),
    "inventory_statuses": ("KNOW", 5, [
        {"status": "solved", "tickets": 2}, {"status": "closed", "tickets": 1},
        {"status": "open", "tickets": 1}, {"status": "pending", "tickets": 1},
    ]),
    "inventory_backlog": ("KNOW", 2, [4, 5]),
    "inventory_solved_not_closed": ("KNOW", 2, [
        {"age": "0-4 days", "tickets": 1}, {"age": "more than 28 days", "tickets": 1},
    ]),
    "inventory_delta": ("KNOW", 4, [5, 3, 2, 4]),
}  # fmt: skip

COMPLETENESS: dict[str, Any] = {
    "users": [ADA],
    "tickets": [
        ticket(5, created_at=day("2026-01-01")),
        ticket(6, 901, created_at=day("2026-01-02")),
        ticket(8, status="deleted", created_at=day("2026-01-04")),
        ticket(30, status="deleted", subject="SCRUBBED", description="X", created_at=day("2026-01-26")),
        ticket(60, None, created_at="2026-01-26T01:00:00.000Z", updated_at="2026-01-26T02:00:00.000Z"),
    ],
    "comments": [
        comment(1, 5, 1, created_at=day("2026-01-01")),
        comment(2, 5, 900), comment(3, 5, -1), comment(4, 6, 901, reconstructed=True), comment(5, 77, 1),
    ],
}  # fmt: skip
COMPLETENESS_ANSWERS: Answers = {
    "completeness_id_gaps": ("DECIDE", 51, [
        {"ids": "31-59", "number": 29, "reason": "a file of the export is damaged or cut"},
        {"ids": "9-29", "number": 21, "reason": "a file of the export is damaged or cut"},
        {"ids": "7", "number": 1, "reason": "a file of the export is damaged or cut"},
    ]),
    "completeness_without_comments": ("DECIDE", 4, [
        {"reason": "Zendesk has overwritten the text", "tickets": 1},
        {"reason": "deleted in Zendesk", "tickets": 1},
        {"reason": "neither comments nor a description", "tickets": 1},
        {"reason": "the export left them out: over 1 MB, or a list without comments", "tickets": 1},
    ]),
    # 900, -1 and 901 have no row.
    "completeness_unknown_authors": ("DECIDE", 3, [-1, 900, 901]),
    "completeness_unknown_requesters": ("DECIDE", 2, [901]),
    "completeness_lost_comments": ("DECIDE", 1, [77]),
    "completeness_overlapping_slices": ("KNOW", 3, [{"file": "tickets.csv", "records": 3}]),
    "completeness_export_age": ("DECIDE", 309, []),
    "completeness_never_contained": ("KNOW", 9, [
        "bytes of files", "comments and descriptions", "deleted tickets", "field history and audits",
        "further addresses of people", "macros, triggers, views and SLA policies",
        "multi-line, multi-select and date fields", "suspended mails", "tickets of AI agents",
    ]),
    "completeness_absent_entities": ("KNOW", 16, [
        "articles", "brands", "chats", "configuration", "custom_statuses", "group_memberships", "groups",
        "identities", "organizations", "satisfaction_ratings",
    ]),
    "completeness_rejects": ("DECIDE", 8, [
        {"reason": "unknown: not JSON: it ends inside of a text", "rejects": 3},
        {"reason": "tickets: 1.03006E+13 is no id", "rejects": 2},
        {"reason": "unknown: belongs to account other", "rejects": 1},
        {"reason": "unknown: not a Zendesk record that is known", "rejects": 1},
        {"reason": "users: no text", "rejects": 1},
    ]),
    # Neither a record of something else nor one of another account is damage.
    "completeness_damaged_files": ("STOP", 3, [
        {"file": "pages.json", "why": "not JSON: it ends inside of a text"},
        {"file": "users.json.gz", "why": "damaged in its packing"},
        {"file": "x.zip/Tickets_2.json", "why": "nothing known of Zendesk"},
    ]),
    "completeness_conversion": ("KNOW", 2, [
        {"finding": "ids are absent", "count": 7}, {"finding": "keys are unknown", "count": 2},
    ]),
}  # fmt: skip

# Three comments a day for 20 days, nothing for 8, three again.
SILENCE: dict[str, Any] = {
    "users": [ADA],
    "tickets": [ticket(1, created_at=day("2026-03-01"))],
    "comments": [
        comment(100 * number + one, 1, 1, created_at=f"2026-03-{number:02}T0{one}:00:00.000Z")
        for number in [*range(1, 21), 29, 30]
        for one in range(3)
    ],
}
SILENCE_ANSWERS: Answers = {
    "completeness_missing_days": ("STOP", 8, ["2026-03-21 to 2026-03-28"]),
}
DAMAGED_TIMES: dict[str, Any] = {
    "tickets": [
        ticket(1),
        ticket(2, created_at=None),
        ticket(3, created_at=day("1999-01-01")),
        ticket(4, created_at=day("2030-01-01")),
        ticket(5, created_at=day("2026-01-01"), updated_at=day("2025-12-01")),
    ],
}
DAMAGED_TIMES_ANSWERS: Answers = {"completeness_damaged_times": ("DECIDE", 4, [2, 3, 4, 5])}

PEOPLE: dict[str, Any] = {
    "users": [
        ADA | {"external_id": "A-1"},
        AGENT,
        {"id": 3, "name": "Ada again", "email": "ADA@customer.test", "role": "end-user"},
        {"id": 4, "name": "Phone", "phone": "+4930123", "role": "end-user"},
        {"id": 5, "name": "Nobody", "role": "end-user"},
        {"id": 6, "name": "Shop", "email": "noreply@shop.test", "role": "end-user"},
        {"id": 7, "name": "Gone", "email": "gone@x.test", "role": "end-user", "active": False},
        {"id": 8, "name": "Permanently Deleted User", "role": "end-user", "permanently_deleted": True},
        {"id": 9, "name": "Spam", "email": "spam@x.test", "role": "end-user", "suspended": True},
        {"id": 10, "name": "Idle", "email": "idle@x.test", "role": "end-user"},
        {"id": 11, "name": "Colleague", "email": "colleague@acme.test", "role": "end-user"},
    ],
    "tickets": [
        ticket(number, requester)
        for number, requester in enumerate((1, 1, 3, 4, 5, 6, 7, 8, 9, 11, 2), start=1)
    ],
    "comments": [
        comment(number, number, requester)
        for number, requester in enumerate((1, 1, 3, 4, 5, 6, 7), start=1)
    ] + [
        comment(8, 8, 8, "Yours, Eva Erased",
                via={"source": {"from": {"name": "Eva Erased", "address": "eva@x.test"}}}),
        comment(9, 9, 9), comment(10, 10, 11), comment(11, 11, 2),
    ],
}  # fmt: skip
PEOPLE_ANSWERS: Answers = {
    "people_no_product_id": ("DECIDE", 7, [3, 4, 5, 6, 7, 9, 11]),
    "people_no_email": ("KNOW", 2, [4, 5]),
    "people_unreachable": ("DECIDE", 1, [5]),
    "people_several_users": ("DECIDE", 1, ["1, 3"]),
    "people_shared_mailboxes": ("DECIDE", 1, ["noreply@shop.test"]),
    "people_without_tickets": ("KNOW", 1, [10]),
    "people_staff_requesters": ("DECIDE", 2, ["agent@acme.test", "colleague@acme.test"]),
    "people_deleted": ("DECIDE", 1, [7]),
    "people_erased": ("KNOW", 1, [8]),
    "people_suspended": ("KNOW", 1, [9]),
    "people_erased_names": ("STOP", 1, [8]),
    # Ada twice is one; the erased and the suspended are not loaded.
    "people_contacts": ("KNOW", 7, [
        {"policy": "e-mail", "contacts": 4, "tickets": 4},
        {"policy": "id of ours", "contacts": 2, "tickets": 2},
        {"policy": "product id", "contacts": 1, "tickets": 3},
    ]),
}  # fmt: skip

STAFF: dict[str, Any] = {
    "users": [
        ADA,
        {"id": 2, "name": "Bea", "email": "bea@acme.test", "role": "agent"},
        {"id": 3, "name": "Carl", "email": "carl@acme.test", "role": "end-user", "roles_seen": ["agent"]},
        {"id": 4, "name": "Dora", "email": "dora@acme.test", "role": "agent", "active": False},
        {"id": 5, "name": "Erik", "email": "erik@acme.test", "role": "agent", "role_type": 1},
        {"id": 6, "name": "Fay", "email": "fay@partner.test", "role": "end-user"},
        {"id": 7, "name": "Gus", "role": "end-user"},
        {"id": 8, "name": "Hal", "role": "end-user"},
        {"id": 9, "name": "Ida", "email": "ida@acme.test", "role": "agent"},
    ],
    "groups": [{"id": 20, "name": "Support"}, {"id": 21, "name": "Ghost"}],
    "group_memberships": [
        {"id": 1, "user_id": 2, "group_id": 20}, {"id": 2, "user_id": 4, "group_id": 21},
    ],
    "tickets": [
        ticket(1, 1, "open", assignee_id=2), ticket(2, 7, assignee_id=4),
        ticket(3, 8, assignee_id=9, group_id=21), ticket(4, 1, assignee_id=5),
    ],
    "comments": [
        comment(1, 1, 1), comment(2, 1, 3), comment(3, 1, 6), comment(4, 2, 7), comment(5, 2, 6),
        comment(6, 3, 8), comment(7, 3, 6), comment(8, 4, 1), comment(9, 4, 5),
    ],
}  # fmt: skip
STAFF_ANSWERS: Answers = {
    "staff_former_agents": ("STOP", 1, ["carl@acme.test"]),
    "staff_left": ("DECIDE", 2, ["dora@acme.test", "carl@acme.test"]),
    "staff_like_agents": ("DECIDE", 1, ["fay@partner.test"]),
    "staff_light_agents": ("KNOW", 1, ["erik@acme.test"]),
    "staff_without_admin": ("DECIDE", 1, ["erik@acme.test"]),
    "staff_without_seat": ("DECIDE", 1, ["ida@acme.test"]),
    "staff_empty_groups": ("KNOW", 1, ["Ghost"]),
}

ORGANIZATIONS: dict[str, Any] = {
    "users": [ADA | {"organization_id": 1}, {"id": 2, "organization_id": 2, "role": "end-user"}],
    "organizations": [
        {"id": 1, "name": "Acme Ltd", "external_id": "o-1"}, {"id": 2, "name": "acme  ltd"},
        {"id": 3, "name": "Other"}, {"id": 4, "name": "Other", "deleted_at": day("2026-01-01")},
    ],
    "organization_memberships": [
        {"id": 1, "user_id": 1, "organization_id": 1}, {"id": 2, "user_id": 1, "organization_id": 3},
    ],
    "tickets": [
        ticket(1, 1, organization_id=1), ticket(2, 1, organization_id=3), ticket(3, 2, organization_id=1),
    ],
}  # fmt: skip
ORGANIZATIONS_ANSWERS: Answers = {
    "organizations_no_external_id": ("DECIDE", 2, ["acme  ltd", "Other"]),
    "organizations_same_name": ("DECIDE", 1, [{"name": "Acme Ltd", "organizations": 2}]),
    "organizations_several": ("KNOW", 1, [1]),
    "organizations_differ": ("KNOW", 1, [3]),
}

LONG_TITLE = "t" * 191
STRUCTURE: dict[str, Any] = {
    "users": [ADA],
    "custom_statuses": [
        {"id": 40, "agent_label": "Waiting", "status_category": "pending"},
        {"id": 41, "agent_label": "Open", "status_category": "open"},
    ],
    "ticket_forms": [{"id": 31 + n, "name": name} for n, name in enumerate(("A", "B", "C"))]
    + [{"id": 35, "name": "Unused"}],
    "ticket_fields": [
        {"id": 50, "title": "Order", "type": "text"},
        {"id": 51, "title": "Product", "type": "tagger",
         "custom_field_options": [{"name": "Kettle", "value": "kettle"}]},
        {"id": 52, "title": "Urgent", "type": "checkbox", "tag": "is_urgent"},
        {"id": 53, "title": "Never", "type": "text"},
        {"id": 54, "title": "order", "type": "integer"},
        {"id": 55, "title": LONG_TITLE, "type": "text"},
        {"id": 1, "title": "Subject", "type": "subject"},
    ],
    "tickets": [
        ticket(1, status="pending", type="question", priority="high", custom_status_id=40, ticket_form_id=31,
               tags=["kettle", "is_urgent", "vip", "v-i-p"],
               custom_fields={
                   "50": "x" * 300, "51": "kettle", "52": True, "53": "", "54": "7", "55": "v", "99": "z",
               }),
        ticket(2, status="open", type="incident", custom_status_id=40, ticket_form_id=32, tags=["vips"],
               custom_fields={"51": "teapot", "52": False}, created_at=day("2026-01-02")),
        ticket(3, status="open", custom_status_id=99, ticket_form_id=33),
        ticket(4, status="open", custom_status_id=41, ticket_form_id=34),
    ],
    "comments": [comment(1, 1, 1), comment(2, 2, 1)],
}  # fmt: skip
STRUCTURE_ANSWERS: Answers = {
    "structure_custom_statuses": ("DECIDE", 2, [
        {"status": "Waiting", "category": "pending", "tickets": 2},
        {"status": "id:99", "category": None, "tickets": 1},
    ]),
    "structure_forms": ("DECIDE", 4, [
        {"form": "A", "tickets": 1, "last": "2026-01-01"},
        {"form": "B", "tickets": 1, "last": "2026-01-02"},
        {"form": "C", "tickets": 1, "last": "2026-01-01"},
        {"form": "id:34", "tickets": 1, "last": "2026-01-01"},
    ]),
    "structure_types": ("KNOW", 2, [
        {"kind": "type", "value": "incident", "tickets": 1},
        {"kind": "type", "value": "question", "tickets": 1},
        {"kind": "priority", "value": "high", "tickets": 1},
    ]),
    "structure_fields": ("KNOW", 6, [
        {"field": "Product", "tickets": 2, "values": 2, "last": "2026-01-02"},
        {"field": "Order", "tickets": 1, "values": 1, "last": "2026-01-01"},
        {"field": "Urgent", "tickets": 1, "values": 1, "last": "2026-01-01"},
        {"field": "order", "tickets": 1, "values": 1, "last": "2026-01-01"},
        {"field": LONG_TITLE, "tickets": 1, "values": 1, "last": "2026-01-01"},
        {"field": "id:99", "tickets": 1, "values": 1, "last": "2026-01-01"},
    ]),
    "structure_unused_fields": ("KNOW", 1, ["Never"]),
    "structure_unknown_options": ("DECIDE", 1, [{"field": "Product", "value": "teapot", "tickets": 1}]),
    "structure_unknown_fields": ("DECIDE", 1, [{"field": "99", "tickets": 1, "value": "z"}]),
    "structure_same_name": ("DECIDE", 1, [{"title": "Order", "types": "integer, text"}]),
    "structure_over_limits": ("DECIDE", 1, [LONG_TITLE]),
    "structure_long_values": ("KNOW", 1, [1]),
    "structure_tags": ("KNOW", 5, [
        {"tag": tag, "tickets": 1} for tag in ("is_urgent", "kettle", "v-i-p", "vip", "vips")
    ]),
    "structure_similar_tags": ("KNOW", 1, ["v-i-p, vip, vips"]),
    "structure_mirrored_tags": ("KNOW", 2, [
        {"tag": "is_urgent", "field": "Urgent", "tickets": 1},
        {"tag": "kettle", "field": "Product", "tickets": 1},
    ]),
}  # fmt: skip

MANY_FIELDS: dict[str, Any] = {
    "users": [ADA],
    "tickets": [ticket(1, custom_fields={str(1000 + number): "v" for number in range(252)})],
}
MANY_FIELDS_ANSWERS: Answers = {"structure_over_limits": ("DECIDE", 2, [])}

CONVERSATIONS: dict[str, Any] = {
    "users": [
        ADA, AGENT,
        {"id": 3, "email": "third@other.test", "role": "end-user"},
        {"id": 4, "email": "mailer-daemon@x.test", "role": "end-user"},
        {"id": 5, "email": "spam@x.test", "role": "end-user", "suspended": True},
    ],
    "brands": [{"id": 30, "name": "Shop", "subdomain": "acme-shop"}],
    "tickets": [
        *(ticket(number) for number in range(1, 14)),
        ticket(14, via={"channel": "voice"}), ticket(15, via={"channel": "native_messaging"}),
        ticket(16, via={"channel": "facebook"}), ticket(17, 5), ticket(18, tags=["spam"]), ticket(19, 4),
        ticket(20, subject="Automatic reply: away"), ticket(21), ticket(22),
    ],
    "comments": [
        comment(1, 1, 2, public=False),
        comment(1, 2, 2, public=False), comment(2, 2, 1),
        comment(1, 3, 2), comment(2, 3, 3),
        comment(1, 4, 1), comment(2, 4, 1, public=False, visibility_unknown=True),
        *(comment(number, 5, 1) for number in range(1, 502)),
        comment(1, 6, 1, "x" * 50_001),
        comment(1, 7, 1, created_at="2026-01-01T00:00:00.100Z"),
        comment(2, 7, 1, created_at="2026-01-01T00:00:00.900Z"),
        comment(1, 14, 1, "Listen to the recording: https://x.test/1", type="VoiceComment"),
        comment(1, 21, 1, "as in https://acme.zendesk.com/agent/tickets/5"),
        comment(1, 22, 1, html_body='<a href="https://acme-shop.zendesk.com/hc/x">x</a>'),
    ],
    "suspended_tickets": [{"id": 1, "subject": "Buy"}],
    "ticket_links": [
        {"id": f"{kind}:{one}:{other}", "type": kind, "ticket_id": one, "linked_ticket_id": other}
        for kind, one, other in (
            ("merged", 8, 9), ("follow_up", 9, 777), ("follow_up", 10, 9), ("problem", 11, 9),
            ("merged", 12, 13), ("merged", 13, 12),
        )
    ],
}  # fmt: skip
CONVERSATIONS_ANSWERS: Answers = {
    "conversations_never_public": ("DECIDE", 1, [1]),
    "conversations_first_private": ("KNOW", 1, [2]),
    "conversations_first_by_another": ("KNOW", 1, [3]),
    "conversations_third_parties": ("DECIDE", 1, [3]),
    "conversations_unknown_visibility": ("DECIDE", 1, [4]),
    "conversations_long": ("DECIDE", 1, [5]),
    "conversations_large_bodies": ("KNOW", 1, [6]),
    "conversations_equal_times": ("KNOW", 1, [7]),
    "conversations_links": ("KNOW", 6, [
        {"kind": "merged", "ticket": 8, "to": 9}, {"kind": "follow_up", "ticket": 9, "to": 777},
        {"kind": "follow_up", "ticket": 10, "to": 9}, {"kind": "problem", "ticket": 11, "to": 9},
        {"kind": "merged", "ticket": 12, "to": 13}, {"kind": "merged", "ticket": 13, "to": 12},
    ]),
    "conversations_link_cycles": ("DECIDE", 2, [12, 13]),
    "conversations_missing_ends": ("KNOW", 1, [{"kind": "follow_up", "ticket": 9, "to": 777}]),
    "conversations_voice": ("DECIDE", 1, [14]),
    "conversations_chat": ("DECIDE", 1, [15]),
    "conversations_social": ("KNOW", 1, [16]),
    "conversations_spam": ("KNOW", 2, [17, 18]),
    "conversations_bounces": ("KNOW", 1, [19]),
    "conversations_auto_replies": ("KNOW", 1, [20]),
    "conversations_ticket_links": ("KNOW", 1, [21]),
    "conversations_dying_links": ("DECIDE", 2, [21, 22]),
}  # fmt: skip

URL = {"content_url": "https://acme.zendesk.com/a"}
FILES: dict[str, Any] = {
    "users": [ADA],
    "tickets": [ticket(1, status="open"), ticket(2)],
    "comments": [comment(1, 1, 1), comment(2, 2, 1)],
    "attachments": [
        {"id": 70, "ticket_id": 1, "comment_id": 1, "file_name": "a.txt", "size": 10, "sha256": "0" * 64},
        {"id": 71, "ticket_id": 1, "comment_id": 1, "file_name": "film.mov", "size": 200_000_000, **URL},
        {"id": 72, "ticket_id": 2, "comment_id": 2, "file_name": "b.png", "size": 5, "inline": True, **URL},
        {"id": 73, "ticket_id": 2, "comment_id": 2, "file_name": "redacted.txt", "deleted": True, **URL},
        {"id": 74, "ticket_id": 2, "comment_id": 2, "file_name": "no-link.txt"},
        {
            "id": 75, "ticket_id": 2, "comment_id": 2, "file_name": "virus.exe",
            "malware_scan_result": "malware_found", "malware_access_override": True, **URL,
        },
        *(
            {"id": 76 + n, "ticket_id": 2, "comment_id": 2, "file_name": "c.png", "size": 1, **URL}
            for n in range(7)
        ),
    ],
}  # fmt: skip
FILES_ANSWERS: Answers = {
    "files_here": ("KNOW", 1, ["a.txt"]),
    "files_links_only": ("DECIDE", 9, [2, 1]),
    "files_dead": ("KNOW", 2, [2]),
    "files_over_limit": ("DECIDE", 1, [1]),
    "files_many": ("KNOW", 1, [2]),
    "files_malware": ("DECIDE", 1, [2]),
    "files_inline": ("KNOW", 1, [2]),
}

SECRETS = {
    1: "my card is 4111 1111-1111 1111, not 4111 1111 1111 1112",
    2: "to DE89 3704 0044 0532 0130 00, not to DE88 3704 0044 0532 0130 00",
    3: "the password is: swordfish",
    4: "our key AKIAIOSFODNN7EXAMPLE",
    5: "since my diagnosis",
    6: "my daughter has it, too",
}
RISK: dict[str, Any] = {
    "users": [ADA, {"id": 3, "email": "friend@elsewhere.test"}, {"id": 4, "email": "boss@customer.test"}],
    "tickets": [*map(ticket, SECRETS), ticket(7, email_cc_ids=[3]), ticket(8, collaborator_ids=[4])],
    "comments": [comment(number, number, 1, text) for number, text in SECRETS.items()],
}
RISK_ANSWERS: Answers = {
    "risk_cards": ("STOP", 1, [1]),
    "risk_bank": ("DECIDE", 1, [2]),
    "risk_passwords": ("DECIDE", 1, [3]),
    "risk_tokens": ("DECIDE", 1, [4]),
    "risk_health": ("DECIDE", 1, [5]),
    "risk_children": ("KNOW", 1, [6]),
    "risk_outside_ccs": ("KNOW", 1, [7]),
}

SERVICE: dict[str, Any] = {
    "users": [ADA],
    "tickets": [
        ticket(1, tags=["a", "b"], satisfaction_rating={"score": "good", "comment": "Thanks"}), ticket(2),
    ],
    "comments": [comment(1, 1, 1)],
    "ticket_metrics": [
        {
            "ticket_id": 1,
            "reply_time_in_minutes": {"calendar": 10},
            "full_resolution_time_in_minutes": {"calendar": 60},
        },
    ],
    "configuration": [
        {"id": "sla_policies/1", "kind": "sla_policies", "record": {"title": "Gold"}},
        {"id": "ticket_metric_events/1", "kind": "ticket_metric_events", "record": {"type": "breach"}},
        {"id": "ticket_metric_events/2", "kind": "ticket_metric_events", "record": {"type": "activate"}},
        {"id": "macros/1", "kind": "macros", "record": {"active": True}},
        {"id": "macros/2", "kind": "macros", "record": {"active": False}},
    ],
}  # fmt: skip
SERVICE_ANSWERS: Answers = {
    "service_csat": ("KNOW", 1, [{"score": "good", "tickets": 1}]),
    "service_metrics": ("KNOW", 1, []),
    "service_sla": ("KNOW", 2, [
        {"kind": "sla_policies", "records": 1}, {"kind": "ticket_metric_events", "records": 1},
    ]),
    "service_reports": ("KNOW", 1, [{"month": "2026-01", "conversations": 1}]),
    # One closed ticket with two tags, one comment and one contact; the other has no public comment.
    "cost_calls": ("KNOW", 7, [
        {"form": "bare", "calls": 6, "hours_at_167": 0.0, "hours_at_1667": 0.0},
        {"form": "messages", "calls": 6, "hours_at_167": 0.0, "hours_at_1667": 0.0},
        {"form": "ticket", "calls": 6, "hours_at_167": 0.0, "hours_at_1667": 0.0},
        {"form": "note", "calls": 7, "hours_at_167": 0.0, "hours_at_1667": 0.0},
    ]),
    "cost_policies": ("KNOW", 3, [
        {"cause": "tags", "calls": 2, "percent": 28.6},
        *(
            {"cause": cause, "calls": 1, "percent": 14.3}
            for cause in ("attributes", "closing", "contacts", "conversations", "transcripts")
        ),
        {"cause": "assignments", "calls": 0, "percent": 0.0},
        {"cause": "companies", "calls": 0, "percent": 0.0},
    ]),
    "cost_verify": ("KNOW", 2, []),
    "cost_by_hand": ("DECIDE", 2, [{"kind": "macros", "number": 1}, {"kind": "sla_policies", "number": 1}]),
}  # fmt: skip

CASES: dict[str, tuple[dict[str, Any], Answers]] = {
    "inventory": (INVENTORY, INVENTORY_ANSWERS),
    "completeness": (COMPLETENESS, COMPLETENESS_ANSWERS),
    "silence": (SILENCE, SILENCE_ANSWERS),
    "damaged times": (DAMAGED_TIMES, DAMAGED_TIMES_ANSWERS),
    "people": (PEOPLE, PEOPLE_ANSWERS),
    "staff": (STAFF, STAFF_ANSWERS),
    "organizations": (ORGANIZATIONS, ORGANIZATIONS_ANSWERS),
    "structure": (STRUCTURE, STRUCTURE_ANSWERS),
    "many fields": (MANY_FIELDS, MANY_FIELDS_ANSWERS),
    "conversations": (CONVERSATIONS, CONVERSATIONS_ANSWERS),
    "files": (FILES, FILES_ANSWERS),
    "risk": (RISK, RISK_ANSWERS),
    "service and cost": (SERVICE, SERVICE_ANSWERS),
}


def archived(folder: Path, records: dict[str, Any], *, whole: bool = False) -> Path:
    """The archive of these records, as if a CSV export had held them together with a few things to tell.

    whole: none of its files is damaged.
    """
    dataset = write(folder / "acme.dataset", records)
    manifest = dict(dataset.manifest)
    counts = dict.fromkeys(("found", "accepted", "repeated", "superseded", "rejected", "made"), 0)
    manifest["sources"] = [
        {
            "name": "tickets.csv", "bytes": 1, "sha256": "0123456789abcdef" * 4, "form": "ticket_csv",
            "entities": {"tickets": counts | {"found": 8, "accepted": 5, "repeated": 2, "superseded": 1}},
        },
        {
            "name": "users.json.gz", "bytes": 1, "sha256": "1" * 64, "form": "damaged", "entities": {},
            "damaged": True, "note": "damaged in its packing",
        },
        {"name": "x.zip/Tickets_2.json", "bytes": 1, "sha256": "3" * 64, "form": "unknown", "entities": {}},
        {"name": "tickets.zip/odd.json", "bytes": 1, "sha256": "4" * 64, "form": "unknown", "entities": {}},
        {"name": "notes.txt", "bytes": 1, "sha256": "2" * 64, "form": "other", "entities": {}, "note": "?"},
    ]  # fmt: skip
    if whole:
        manifest["sources"] = [source for source in manifest["sources"] if not source.get("damaged")]
    manifest["findings"] = [
        {"id": "id_gaps", "text": "ids are absent", "count": 7, "examples": []},
        {"id": "unknown_keys", "text": "keys are unknown", "count": 2, "examples": ["a"]},
    ]
    (dataset.path / "manifest.json").write_text(json.dumps(manifest))
    (dataset.path / "rejects.ndjson").write_text("".join(rejects()))
    return build(open_dataset(dataset.path))


def rejects() -> Iterator[str]:
    sha256 = hashlib.sha256(b"x").hexdigest()
    for entity, source, pointer, reason in (
        ("tickets", "tickets.csv", "/id", "1.03006E+13 is no id"),
        ("tickets", "tickets.csv", "/id", "1.03006E+13 is no id"),
        ("users", "tickets.csv", "/email", "no text"),
        ("unknown", "pages.json", "", "not JSON: it ends inside of a text"),
        ("unknown", "pages.json", "", "not JSON: it ends inside of a text"),
        ("unknown", "users.json.gz", "", "not JSON: it ends inside of a text"),
        ("unknown", "logs.json", "", "not a Zendesk record that is known"),
        ("unknown", "other.json", "", "belongs to account other"),
    ):
        reject = {
            "entity": entity, "source": source, "source_sha256": sha256, "position": 3,
            "pointer": pointer, "reason": reason, "key": None, "raw": "eA==", "bytes": 1, "sha256": sha256,
        }  # fmt: skip
        yield json.dumps(reject) + "\n"


WORKSPACE = {
    "admins": [
        {"id": "1", "name": "Bea", "email": "Bea@acme.test", "seat": True},
        {"id": "2", "name": "Ida", "email": "ida@acme.test", "seat": False},
    ],
    "teams": [{"id": "5", "name": "Support"}],
}


@pytest.mark.parametrize("case", CASES)
def test_each_question_gives_the_answer_that_was_counted_by_hand(case: str, tmp_path: Path) -> None:
    records, expected = CASES[case]
    asked = [question for question in read_questions() if question.id in expected]
    found = ask(archived(tmp_path, records), asked, now=NOW, workspace=WORKSPACE)
    answers = {
        finding.question.id: (str(finding.severity), finding.count, finding.examples) for finding in found
    }
    assert answers == expected


def test_every_question_has_an_answer_counted_by_hand() -> None:
    counted = {name for _, answers in CASES.values() for name in answers}
    assert counted == {question.id for question in read_questions()}
    assert len(counted) >= 58


def test_an_empty_dataset_answers_everything(tmp_path: Path) -> None:
    archive = build(write(tmp_path / "empty.dataset", {}))
    found = {finding.question.id: finding for finding in ask(archive, read_questions(), now=NOW)}
    told = {name for name, finding in found.items() if finding.severity is not Severity.FINE}
    assert told == {"completeness_absent_entities", "cost_by_hand"}
    assert all(finding.series is not None for finding in found.values())


def test_gaps_of_a_whole_export_say_what_became_of_their_tickets(tmp_path: Path) -> None:
    moved = [record | {"id": record["id"] + 10} for record in COMPLETENESS["tickets"]]
    archive = archived(tmp_path, COMPLETENESS | {"tickets": moved}, whole=True)
    asked = [question for question in read_questions() if question.id == "completeness_id_gaps"]
    (found,) = ask(archive, asked, now=NOW, workspace=WORKSPACE)
    assert (found.count, found.examples) == (65, [
        {"ids": "41-69", "number": 29, "reason": "many in a short time: deleted spam"},
        {"ids": "19-39", "number": 21, "reason": "a slice or pages of the export are missing"},
        {"ids": "1-14", "number": 14, "reason": "before the dates of the export"},
        {"ids": "17", "number": 1, "reason": "deleted for good"},
    ])  # fmt: skip


def test_what_is_absent_and_what_is_damaged_is_said_by_name_and_number(tmp_path: Path) -> None:
    asked = [
        question
        for question in read_questions()
        if question.id in ("completeness_absent_entities", "completeness_damaged_files")
    ]
    records = {"users": [ADA], "configuration": [{"id": "macro:1", "kind": "macro", "record": {}}]}
    absent, damaged = ask(archived(tmp_path, records), asked, now=NOW)
    assert absent.text.endswith(" kinds: articles, brands, chats, comments and others")
    assert damaged.text == "3 files of the export are damaged, cut or unreadable in 4 places"
