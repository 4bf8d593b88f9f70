"""Links between tickets, from what tickets and comments say: follow-ups, problems, merges.

A link is made, never found. Several may say the same; the merge keeps the strongest evidence. For a merge
the mark of the system (via, tag) is trusted first; text only tells who went into whom, and last of all
stands alone, because it is translated.
"""

import re
from collections.abc import Mapping
from typing import Any

from .collect import Collector
from .normalize_record import whole_number
from .run_lines import WHOLE

_EVIDENCE = ("via", "problem_id", "followup_ids", "tag", "text")  # strongest first
_MERGED_INTO = re.compile(r"closed and merged into (?:request|ticket) #(\d+)", re.IGNORECASE)
_MERGED_HERE = re.compile(
    r"requests? ((?:#\d+[^#]{0,300}?(?:, | and )?)+?)(?:was|were) closed and merged into this request",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(r"follow-up to your previous request #(\d{1,18})\b", re.IGNORECASE)
_NUMBER = re.compile(r"#(\d+)")


_MERGE_TAGS = frozenset(("closed_by_merge", "ticket_fundido"))  # set in the account's language


def is_merged(tags: Any) -> bool:
    """True for the tags of a ticket that was closed by a merge."""
    return isinstance(tags, list) and any(tag in _MERGE_TAGS for tag in tags if isinstance(tag, str))


def links_of_ticket(ticket: Mapping[str, Any], pointer: str, out: Collector) -> None:
    """What the ticket itself says."""
    ticket_id = ticket["id"]
    problem = ticket.get("problem_id")
    if problem is not None:
        _link("problem", ticket_id, problem, evidence="problem_id", pointer=pointer, out=out)
    for follower in ticket.get("followup_ids") or ():
        _link("follow_up", follower, ticket_id, evidence="followup_ids", pointer=pointer, out=out)
    rel, source, target = _via(ticket.get("via"))
    if rel == "follow_up":
        for other in source:
            _link("follow_up", ticket_id, other, evidence="via", pointer=pointer, out=out)
    elif rel in _MERGES:
        for other in target:
            _link("merged", ticket_id, other, evidence="via", pointer=pointer, out=out)
    elif rel == _PROBLEM:
        _problems(ticket_id, source, pointer, out)
    elif _channel(ticket) == "closed_ticket" and (said := _FOLLOW_UP.search(ticket.get("description") or "")):
        _link("follow_up", ticket_id, int(said[1]), evidence="text", pointer=pointer, out=out)


def links_of_merged(ticket_id: Any, merged: Any, out: Collector) -> None:
    """A pipeline's own list of the tickets that went into one. merged: ids, or their text as `[12,13]`."""
    into = whole_number(ticket_id)
    listed = re.findall(r"\d+", merged) if isinstance(merged, str) else merged
    for other in map(whole_number, listed if isinstance(listed, list) else ()):
        if into is not None and other is not None:
            _link("merged", other, into, evidence="via", pointer="", out=out)


def may_link(comment: Mapping[str, Any]) -> bool:
    """True where it is worth asking `links_of_comment`. comment: checked."""
    via = comment.get("via")
    source = via.get("source") if via else None
    rel = source.get("rel") if isinstance(source, dict) else None
    return rel is not None or _MERGED in (comment.get("body") or comment.get("plain_body") or "")


def links_of_comment(comment: Mapping[str, Any], pointer: str, out: Collector, *, merged: bool) -> None:
    """What a comment says of a merge, or of its ticket's problem.

    merged: its ticket has the tag of a ticket that was closed by a merge.
    """
    rel, source, target = _via(comment.get("via"))
    if rel == _PROBLEM:
        _problems(comment["ticket_id"], source, pointer, out)
    via = rel in _MERGES
    text = comment.get("body") or comment.get("plain_body") or ""
    if not via and _MERGED not in text:
        return
    ticket_id = comment["ticket_id"]
    into = [int(found) for found in _MERGED_INTO.findall(text)[:1]]
    here = _MERGED_HERE.search(text)
    came = [int(found) for found in _NUMBER.findall(here[1])] if here else []
    for other in target:
        _link("merged", ticket_id, other, evidence="via", pointer=pointer, out=out)
    if via and not target:
        leaves = bool(into) or (merged and not came)
        for other in source:
            pair = (ticket_id, other) if leaves else (other, ticket_id)
            _link("merged", *pair, evidence="via", pointer=pointer, out=out)
    if via or merged or came:
        evidence = "via" if via else "tag" if merged else "text"
        for other in into:
            if merged or via:
                _link("merged", ticket_id, other, evidence=evidence, pointer=pointer, out=out)
        for other in came:
            _link("merged", other, ticket_id, evidence="via" if via else "text", pointer=pointer, out=out)
    elif into:
        _link("merged", ticket_id, into[0], evidence="text", pointer=pointer, out=out)


_MERGED = "merged into"
_PROBLEM = "problem"
_MERGES = frozenset(("merge", "ticket_merge"))
_LINKING = _MERGES | {"follow_up", _PROBLEM}


def _problems(ticket_id: int, problems: list[int], pointer: str, out: Collector) -> None:
    for problem in problems:
        _link("problem", ticket_id, problem, evidence="via", pointer=pointer, out=out)


def _channel(ticket: Mapping[str, Any]) -> Any:
    via = ticket.get("via")
    return via.get("channel") if isinstance(via, dict) else None


def _via(via: Any) -> tuple[str | None, list[int], list[int]]:
    """(rel, ticket ids it came from, ticket ids it went to)."""
    source = via.get("source") if isinstance(via, dict) else None
    if not isinstance(source, dict):
        return None, [], []
    rel = source.get("rel")
    if not isinstance(rel, str) or rel not in _LINKING:
        return None, [], []
    return rel, _ids(source.get("from")), _ids(source.get("to"))


def _ids(side: Any) -> list[int]:
    if not isinstance(side, dict):
        return []
    several = side.get("ticket_ids")
    candidates = [side.get("ticket_id"), *(several if isinstance(several, list) else [])]
    return [found for found in map(whole_number, candidates) if found is not None]


def _link(kind: str, ticket_id: int, linked: int, *, evidence: str, pointer: str, out: Collector) -> None:
    if ticket_id == linked:
        return
    record = {
        "id": f"{kind}:{ticket_id}:{linked}",
        "type": kind,
        "ticket_id": ticket_id,
        "linked_ticket_id": linked,
        "evidence": evidence,
    }
    out.made("ticket_links", record, pointer, level=WHOLE + _EVIDENCE.index(evidence))
