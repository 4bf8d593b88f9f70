"""The certificate as one self-contained page, to be read, printed and signed."""

from collections.abc import Iterator, Mapping
from typing import Any

from deskferry.templates.document import document

from .certificate_lines import accepted, lines, title

_SHOWN = 200  # differences and additions on the page; a page is read by people


def page(facts: Mapping[str, Any]) -> str:
    """HTML of a certificate. facts: from certify. Everything in it is escaped."""
    symbols = facts["read"]["symbols"]
    differing = sum(symbols[symbol] for symbol in "-*!")
    return document(
        "certificate",
        facts=facts,
        title=title(facts),
        lines=list(lines(facts)),
        accepted=accepted(facts),
        plots=list(_plots(facts)),
        unsigned=", ".join(one["block"] for one in facts["signatures"] if not (one["by"] and one["date"])),
        lists=[
            ("differences", "What differs", facts["differences"][:_SHOWN], differing),
            ("additions", "What people added since", facts["additions"][:_SHOWN], symbols["+"]),
        ],
    )


def _plots(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Bars whose pieces sum up to all tickets, and to all files of loaded tickets."""
    tickets, lost = facts["tickets"], facts["files"]
    waiting = tickets["left"] + tickets["in_doubt"]
    pieces = (
        ("in Intercom", tickets["here"]),
        ("by other plans", tickets["elsewhere"]),
        ("archive only", tickets["archive_only"]),
        ("refused or failed", tickets["refused"] + tickets["failed"]),
        ("not loaded yet", waiting),
        ("unaccounted", tickets["unaccounted"]),
    )
    yield from _plot("tickets", "Where each ticket of the export is", pieces)
    files = (("delivered", lost["delivered"]), ("", 0), ("", 0), ("lost, listed", lost["lost"]))
    yield from _plot("files", "Files of the tickets that were read back", files)


def _plot(name: str, title: str, pieces: tuple[tuple[str, int], ...]) -> Iterator[dict[str, Any]]:
    shown = [
        {"label": label, "count": count, "colour": colour}
        for colour, (label, count) in enumerate(pieces)
        if count
    ]
    if shown:
        yield {"name": name, "title": title, "pieces": shown}
