"""The facts of a certificate as lines of a label and a sentence: the same on a terminal and on paper."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from .difference import ADDED, DIFFERENT, EQUAL, MISSING, UNREAD

REGIONS = {"us": "US", "eu": "EU", "au": "AU", "sandbox": "sandbox"}


def title(facts: Mapping[str, Any]) -> str:
    """From where to where, and when."""
    space = facts["workspace"]
    where = f'Intercom "{space["name"]}" ({REGIONS.get(space["region"], space["region"])}, {space["id"]})'
    return f"{facts['account']}.zendesk.com -> {where}"


def lines(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(label, sentence) in the order people ask; a line that goes on has an empty label."""
    yield "Loaded", _period(facts["loaded"])
    if sample := facts["sample"]:
        share = f"{sample['share']:.4g}" if sample["share"] < 0.001 else f"{sample['share']:.1%}"
        yield "A SAMPLE", f"{share}: {sample['checked']:,} of {sample['of']:,} things were read, no others"
    yield from _tickets(facts["tickets"], facts["read"])
    yield "Read back", _read(facts["read"])
    yield from _files(facts["files"])
    yield "Nobody was contacted" if not _contacted(facts) else "CONTACTED?", _silence(facts["contacted"])
    yield "Customers see", _customers(facts["customers"])
    yield "Your reports", _reports(facts["reports"])
    hand = facts["by_hand"]
    yield "By hand still", f"{len(hand)} items" if len(hand) != 1 else "1 item"
    yield "Undo", _undo(facts["undo"])
    yield "CANCEL ZENDESK?", "YES" if facts["cancel"] else f"NOT YET: {'; '.join(facts['not_yet'])}"
    yield "Mapping signed by", _signed(facts["signatures"])


def accepted(facts: Mapping[str, Any]) -> str:
    """The line to sign."""
    return f"certificate sha256 {facts['sha256']}   Accepted: ____________"


def _tickets(tickets: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    lines_ = tickets["lines"]
    found = f"{lines_['found']:,} lines = {lines_['kept']:,} + {lines_['older']:,} older or equal copies"
    found += f" + {lines_['damaged']:,} damaged{' (rejects.ndjson)' if lines_['damaged'] else ''}"
    if lines_["made"]:
        found += f"; {lines_['made']:,} rebuilt"
    yield "Tickets in the export", f"{tickets['in_export']:,}    {found}"
    yield (
        " in Intercom",
        f"{tickets['here']:,}    read back {tickets['read_back']:,} · different {tickets['different']:,}"
        f" · missing {tickets['missing']:,} · unreadable {tickets['unread']:,} · twice {tickets['twice']:,}",
    )
    yield " archive only", f"{tickets['archive_only']:,}    {_reasons(tickets['reasons'])}".rstrip()
    for name, label in (
        ("elsewhere", " by other plans"),
        ("left", " not loaded yet"),
        ("in_doubt", " in doubt"),
    ):
        if tickets[name]:
            yield label, f"{tickets[name]:,}"
    if count := tickets["refused"] + tickets["failed"]:
        yield " refused or failed", f"{count:,}    {_reasons(tickets['refused_reasons'])}"
    yield " unaccounted", f"{tickets['unaccounted']:,}"
    if read["hidden_parts"]:
        yield (
            " not shown",
            f"{read['hidden_parts']:,} parts: Intercom shows the newest 500 of a conversation;"
            " of older ones only the number could be read",
        )


def _read(read: Mapping[str, Any]) -> str:
    symbols = read["symbols"]
    return (
        f"{read['things']:,} things, {read['contacts']:,} contacts and {read['companies']:,} companies among"
        f" them, with {read['parts']:,} parts: = {symbols[EQUAL]:,} equal · - {symbols[MISSING]:,} missing"
        f" · + {symbols[ADDED]:,} added since · * {symbols[DIFFERENT]:,} different"
        f" · ! {symbols[UNREAD]:,} unclear"
    )


def _files(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    text = f"{found['of_tickets']:,}    delivered {found['delivered']:,} · lost {found['lost']:,}"
    if found["lost"]:
        text += f", each with its reason (lost-files.csv): {_reasons(found['reasons'])}"
        if found["decided_by"]:
            text += f"; decided by {found['decided_by']}"
    yield "Files of loaded tickets", text


def _contacted(facts: Mapping[str, Any]) -> bool:
    found = facts["contacted"]
    return bool(found["unsilenced"] or found["automatic"] or found["notifications"])


def _silence(found: Mapping[str, Any]) -> str:
    words = [
        f"unsilenced requests {found['unsilenced']:,}",
        f"parts by automation found in Intercom {found['automatic']:,}",
    ]
    if found["notifications"] is not None:
        words.append(f"notifications in the sandbox's outbox {found['notifications']:,}")
    if found["silence_reason"]:
        words.append(f'switches not known to be silent: "{found["silence_reason"]}"')
    return " · ".join(words)


def _customers(found: Mapping[str, Any]) -> str:
    checked = f"{found['internal']:,} private comments held against every text they can see"
    if found["shown"]:
        return f"{found['shown']:,} INTERNAL TEXTS ({checked})"
    return f"no internal text ({checked})"


def _reports(found: Mapping[str, Any]) -> str:
    text = "leave out imported_from = zendesk"
    if found["closes"]:
        text += f"; else {found['closes']:,} closes show on {_period(found['between'], days=True)}"
    return text


def _undo(found: Mapping[str, Any]) -> str:
    text = (
        f"{found['created']:,} conversations and tickets and {found['people_created']:,} people and companies"
    )
    text += " were made by deskferry and could be removed"
    if found["answered"]:
        text += f"; {found['answered']:,} of them were answered since, listed"
    return f"{text}; {found['adopted']:,} were there before and stay"


def _signed(blocks: list[Mapping[str, Any]]) -> str:
    signed = [block for block in blocks if block["by"] and block["date"]]
    if not signed:
        return "______ on ______"
    names = ", ".join(dict.fromkeys(block["by"] for block in signed))
    last = max(block["date"] for block in signed)
    return f"{names} on {last} ({len(signed)} of {len(blocks)} blocks)"


def _reasons(reasons: Mapping[str, int]) -> str:
    return " · ".join(f"{reason} {count:,}" for reason, count in reasons.items())


def _period(between: list[str | None], *, days: bool = False) -> str:
    """12 Dec 2026 20:00 - 13 Dec 2026 01:21 CET, or the days alone."""
    first, last = between
    if first is None or last is None:
        return "nothing yet"
    begin, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    form = "%-d %b %Y" if days else "%-d %b %Y %H:%M"
    words = [begin.strftime(form), end.strftime(form)]
    text = words[0] if words[0] == words[1] else " - ".join(words)
    return text if days else f"{text} {end.tzname()}"
