"""The account export in XML, and the archive it once was: numbers for words, comments without ids."""

from collections.abc import Iterable
from pathlib import Path

from .company import ACCOUNT, GROUPS, ORGANIZATIONS, Record, made_id
from .people import MEMBERS, PEOPLE
from .tell import Told, tell_all
from .xml_elements import document, single
from .zip_members import write_zip

_STATUSES = {"new": 0, "open": 1, "pending": 2, "solved": 3, "closed": 4, "hold": 6}
_PRIORITIES = {None: 0, "low": 1, "normal": 2, "high": 3, "urgent": 4}
_TYPES = {None: 0, "question": 1, "incident": 2, "problem": 3, "task": 4}
_ROLES = {"end-user": 0, "admin": 2, "agent": 4}
_VIAS = {"web": 0, "email": 4, "api": 5, "chat": 29, "voice": 45, "native_messaging": 88, "rule": 8}
_OLD = 24  # tickets the archive ends with


def write_xml_full(folder: Path) -> None:
    """Write today's full export: five lists in one zip."""
    every = [told for told in tell_all() if not told.story.gone]
    write_zip(
        folder / f"{ACCOUNT}-xml-full.zip",
        {
            "accounts.xml": document("accounts", "account", [_account()]),
            "groups.xml": document("groups", "group", map(_group, GROUPS.values())),
            "organizations.xml": document(
                "organizations", "organization", map(_organization, ORGANIZATIONS.values())
            ),
            "tickets.xml": document("tickets", "ticket", map(_ticket, every)),
            "users.xml": document("users", "user", _users(PEOPLE)),
        },
    )


def write_xml_archive(folder: Path) -> None:
    """Write an archive as it was before 2013: forums beside tickets, times with an offset."""
    every = [told for told in tell_all() if not told.story.gone and told.story.id <= _OLD]
    forum = made_id("form", 40)
    entry: Record = {
        **{"id": forum + 1, "forum-id": forum, "submitter-id": PEOPLE["jonas"]["id"]},
        **{"title": "How do I mend a puncture?", "body": "<p>With patience & glue.</p>", "flag-type-id": 0},
    }
    post = {"id": forum + 2, "entry-id": forum + 1, "forum-id": forum, "user-id": PEOPLE["anna"]["id"]}
    lists: dict[str, tuple[str, Iterable[Record]]] = {
        "groups": ("group", map(_group, GROUPS.values())),
        "organizations": ("organization", map(_organization, ORGANIZATIONS.values())),
        "users": ("user", _users(PEOPLE)),
        "tickets": ("ticket", map(_old_ticket, every)),
        "categories": ("category", [{"id": forum + 5, "name": "Questions", "description": None}]),
        "forums": (
            "forum",
            [{"id": forum, "name": "Repairs", "display-type-id": 1, "category-id": forum + 5}],
        ),
        "entries": ("entry", [{**entry, "posts": [("post", {**post, "body": "Thanks!"})]}]),
        "posts": ("post", [{**post, "body": "Thanks!"}]),
    }
    members = {"accounts.xml": single("account", _account())}
    for name, (one, records) in lists.items():
        members[f"{name}.xml"] = document(name, one, records, offset=True)
    write_zip(folder / f"{ACCOUNT}-archive.zip", members)


def _account() -> Record:
    return {"id": 40_177, "name": "Halden Bikes", "subdomain": ACCOUNT, "time-zone": "Oslo"}


def _group(group: Record) -> Record:
    return {
        **{"created-at": group["created_at"], "id": group["id"], "is-active": not group["deleted"]},
        **{"name": group["name"], "updated-at": group["updated_at"]},
    }


def _organization(one: Record) -> Record:
    return {
        **{"created-at": one["created_at"], "default": " ".join(one["domain_names"]) or None},
        **{"details": one["details"], "external-id": one["external_id"], "group-id": one["group_id"]},
        **{"id": one["id"], "is-shared": one["shared_tickets"], "is-shared-comments": one["shared_comments"]},
        **{"name": one["name"], "notes": one["notes"], "updated-at": one["updated_at"]},
        **{"current-tags": " ".join(one["tags"]) or None},
    }


def _users(people: dict[str, Record]) -> Iterable[Record]:
    for name, person in people.items():
        groups = [GROUPS[group] for group, names in MEMBERS.items() if name in names]
        yield {
            **{"created-at": person["created_at"], "details": person["details"], "email": person["email"]},
            **{"external-id": person["external_id"], "id": person["id"], "is-active": person["active"]},
            **{"is-verified": person["verified"], "last-login": person["last_login_at"]},
            **{"locale-id": person["locale_id"], "name": person["name"], "notes": person["notes"]},
            **{"organization-id": person["organization_id"], "phone": person["phone"]},
            **{"roles": _ROLES[person["role"]], "time-zone": person["time_zone"]},
            **{"updated-at": person["updated_at"], "current-tags": " ".join(person["tags"]) or None},
            "groups": [("group", _group(group)) for group in groups],
        }


def _ticket(told: Told) -> Record:
    ticket = told.ticket
    fields = [("ticket-field-entry", _entry(one)) for one in ticket["custom_fields"] if one["value"]]
    return {
        **_people_of(ticket),
        **{"assigned-at": told.metrics["assigned_at"], "created-at": ticket["created_at"]},
        **{"current-tags": " ".join(ticket["tags"]) or None, "description": ticket["description"]},
        **{"due-date": ticket["due_at"], "external-id": ticket["external_id"]},
        **{"has-incidents": ticket["has_incidents"], "id": 71_000_000 + ticket["id"] * 13},
        **{"initially-assigned-at": told.metrics["initially_assigned_at"], "nice-id": ticket["id"]},
        **{"priority-id": _PRIORITIES[ticket["priority"]], "problem-id": ticket["problem_id"]},
        **{"recipient": ticket["recipient"], "solved-at": told.metrics["solved_at"]},
        **{"status-id": _STATUSES[ticket["status"]], "subject": ticket["subject"]},
        **{"ticket-type-id": _TYPES[ticket["type"]], "updated-at": ticket["updated_at"]},
        **{"via-id": _VIAS[ticket["via"]["channel"]], "ticket-field-entries": fields},
        "comments": [("comment", _comment(one)) for one in told.comments],
    }


def _old_ticket(told: Told) -> Record:
    today = ("recipient", "has-incidents", "problem-id", "ticket-field-entries", "initially-assigned-at")
    return {key: value for key, value in _ticket(told).items() if key not in today}


def _people_of(ticket: Record) -> Record:
    return {
        **{"requester-id": ticket["requester_id"], "submitter-id": ticket["submitter_id"]},
        **{"assignee-id": ticket["assignee_id"], "group-id": ticket["group_id"]},
        "organization-id": ticket["organization_id"],
    }


def _entry(field: Record) -> Record:
    value = field["value"]
    text = " ".join(value) if isinstance(value, list) else value
    return {"ticket-field-id": field["id"], "value": text if isinstance(text, str) else str(text).lower()}


def _comment(comment: Record) -> Record:
    files = [
        ("attachment", {"filename": file["file_name"], "url": file["content_url"]})
        for file in comment["attachments"]
    ]
    return {
        **{"author-id": comment["author_id"], "created-at": comment["created_at"]},
        **{"is-public": comment["public"], "type": "Comment", "value": comment["body"]},
        **{"via-id": _VIAS.get(comment["via"]["channel"], 0), "attachments": files},
    }
