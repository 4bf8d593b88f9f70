"""What a template author can call: times, sizes and people as readers know them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import Markup

from .clean import escape_text
from .history import SYSTEM, History, Person, Rating
from .message_text import as_written, plain, safe_html

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_CHANNELS = {
    "email": "e-mail",
    "web": "web form",
    "api": "API",
    "voice": "phone",
    "sms": "SMS",
    "native_messaging": "messaging",
    "help_center": "help center",
}


def time(moment: datetime) -> str:
    """`3 Mar 2024, 15:02 CET (+01:00)`; in UTC just `14:02 UTC`.

    The offset settles what the name of a zone leaves open.
    """
    offset = moment.strftime("%z")
    signed = f"{offset[:3]}:{offset[3:5]}"
    name = moment.tzname() or ""
    if signed == "+00:00" and name in {"UTC", "Etc/UTC"}:
        zone = "UTC"
    elif name[:1].isalpha() and not name.startswith("UTC"):
        zone = f"{name} ({signed})"
    else:
        zone = f"UTC{signed}"
    return f"{day(moment)}, {moment:%H:%M} {zone}"


def day(moment: datetime) -> str:
    """`3 Mar 2024`, whatever the locale."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def size(count: int | None) -> str:
    """Bytes as people say them: `812 bytes`, `12.3 KB`; `size unknown` for none."""
    if count is None or count < 0:
        return "size unknown"
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    amount = float(count)
    for unit in ("KB", "MB", "GB"):
        amount /= 1000
        if amount < 999.95 or unit == "GB":
            break
    return f"{amount:.1f} {unit}".replace(".0 ", " ")


def person(someone: Person) -> str:
    """`Ana Lopez <ana@example.com>`."""
    return f"{someone.name} <{someone.email}>" if someone.email else someone.name


def part_played(author: Person, history: History) -> str:
    """What somebody was in this ticket: system, staff, customer, or someone else who is no staff."""
    if author.id == SYSTEM:
        return "system"
    if author.staff:
        return "staff"
    return "customer" if author.id == history.requester.id else "not staff, not the requester"


def channel(name: str) -> str:
    """A channel of Zendesk in a reader's word; what we do not know, as it is."""
    return _CHANNELS.get(name, name.replace("_", " "))


def facts(history: History) -> list[tuple[str, str]]:
    """(title, value) of everything known about a ticket beside its status, as a header shows it."""
    known: list[tuple[str, str | None]] = [
        ("Priority", history.priority),
        ("Type", history.type),
        ("Channel", channel(history.channel) if history.channel else None),
        ("Requester", person(history.requester)),
        ("Submitter", _other(history.submitter, history.requester)),
        ("Organization", history.organization),
        ("Assignee", person(history.assignee) if history.assignee else None),
        ("Group", history.group),
        ("Brand", history.brand),
        ("Form", history.form),
        ("Created", time(history.created_at)),
        ("Updated", time(history.updated_at) if history.updated_at else None),
        ("Solved", time(history.solved_at) if history.solved_at else None),
        *history.fields,
        ("Tags", ", ".join(history.tags)),
        ("In copy", ", ".join(history.ccs)),
        ("Satisfaction", _rated(history.rating)),
        *(("Link", link) for link in history.links),
    ]
    return [(title, value) for title, value in known if value]


def _other(someone: Person | None, requester: Person) -> str | None:
    return person(someone) if someone and someone.id != requester.id else None


def _rated(rating: Rating | None) -> str | None:
    if rating is None:
        return None
    return f"{rating.score}: {rating.comment}" if rating.comment else rating.score


def oneline(text: str) -> str:
    """All of a text in one line, so that a name or subject cannot look like a line of ours."""
    return " ".join(text.split())


def lines(text: str) -> Markup:
    """A text as HTML with its line breaks."""
    return Markup(escape_text(text))  # noqa: S704 - escaped there


def indent(text: str, width: int = 4) -> str:
    """Every line but the first moved right by at most 40 blanks; empty ones stay empty."""
    first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    pad = " " * max(0, min(width, 40))
    return "\n".join([first, *(f"{pad}{line}" if line else "" for line in rest)])


def shorten(text: str, limit: int = 80) -> str:
    """At most `limit` characters, for headings that repeat what stands in full elsewhere."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


FILTERS: dict[str, Callable[..., Any]] = {
    "time": time,
    "day": day,
    "size": size,
    "person": person,
    "part_played": part_played,
    "plain": plain,
    "safe_html": safe_html,
    "as_written": as_written,
    "channel": channel,
    "facts": facts,
    "oneline": oneline,
    "lines": lines,
    "indent": indent,
    "shorten": shorten,
}
