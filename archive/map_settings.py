"""The blocks of a new mapping that hold settings: what each decides, its choices, how much hangs on it.

The words are those of mapping.json; the counts are those of the loaded tickets. Pure.
"""

from collections.abc import Sequence
from typing import Any

from deskferry.schemas.mapping import shape_at

from . import map_suggest as suggest
from .live import Totals
from .map_text import comment_text, counted, remark, scalar, tickets, trailing

Row = tuple[str, Any, str]  # key, value, comment


def settings(totals: Totals, held_back: tuple[int, int], agents: Sequence[str]) -> dict[str, list[str]]:
    """The lines of each block, by its name.

    held_back: tickets that were merged; that were deleted or scrubbed. agents: e-mails of known agents.
    """
    merged, deleted = held_back
    people = f"{totals.without_email:,} of {counted(totals.requesters, 'requester')}"
    blocks: dict[str, list[Row]] = {
        "merged_and_deleted": [
            ("merged", "rules", tickets(merged)),
            ("deleted", "archive_only", tickets(deleted)),
        ],
        "people": [
            ("policy", "create", counted(totals.requesters, "requester")),
            ("ids", None, "such as product-ids.csv"),
            ("without_email", "zendesk_id", people),
            ("archived", "leave", ""),
            ("unsubscribed_from_emails", True, "so that no campaign reaches them"),
            ("notes", "archive_only", f"on {counted(totals.with_notes, 'person', 'people')}"),
        ],
        "companies": [
            ("policy", "create", counted(totals.organizations, "organization")),
            ("notes", "archive_only", ""),
        ],
        "staff": [
            ("migration_admin", None, ""),
            ("placeholder", None, ""),
            ("domains", [], _domains(agents)),
        ],
        "csat": [
            ("score", "attribute", f"{tickets(totals.rated)} rated"),
            ("comment", "attribute", f"{totals.rated_in_words:,} with words"),
        ],
        "metrics": [("policy", "archive_only", "")],
        "dates": [
            ("updated_at", "attribute", tickets(totals.tickets)),
            ("solved_at", "attribute", tickets(totals.solved)),
            ("person_created_at", "attribute", counted(totals.requesters, "requester")),
            ("person_last_login_at", "archive_only", ""),
        ],
        "attachments": [
            ("policy", "sent", f"{totals.files_here:,} of {counted(totals.attachments, 'file')} are here")
        ],
        "private_notes": [
            ("policy", "internal", f"{totals.private_comments:,} of {counted(totals.comments, 'comment')}")
        ],
        "ccs": [("policy", "text", tickets(totals.copied))],
        "messages": [
            ("others", "note", "where a rule says conversation: messages"),
            ("header", "none", ""),
        ],
        "links": [("policy", "transcript", tickets(totals.linked)), ("mentions", "listed", "")],
        "redact": [
            ("card_numbers", True, "only those with a valid checksum"),
            ("patterns", [], "such as {name: passport, pattern: '[A-Z][0-9]{8}'}"),
        ],
        "transcript": [("timezone", "UTC", "")],
        "limits": [("note", 50000, ""), ("message", 50000, "")],
    }
    return {
        **{name: _block(name, rows) for name, rows in blocks.items()},
        "assign": [*remark(shape_at("assign")["description"]), "assign: open"],
    }


def _block(name: str, rows: Sequence[Row]) -> list[str]:
    shape = shape_at(name)
    lines = [
        f"  {key}: {'[]' if value == [] else scalar(value)}{trailing(about)}" for key, value, about in rows
    ]
    said = [(key, shape_at(name, key)["description"]) for key, _, _ in rows]
    if len(said) == 1:
        words = [f"{shape['description']} {said[0][1]}"]
    else:
        words = [shape["description"], *(f"{key}: {text}" for key, text in said)]
    return [*remark(*words), f"{name}:", "  decided_by: null", "  date: null", *lines]


def _domains(emails: Sequence[str]) -> str:
    found = suggest.domains(emails)[:10]
    return comment_text(
        "of the agents: " + (", ".join(f"{domain} ({count:,})" for domain, count in found) or "none")
    )
