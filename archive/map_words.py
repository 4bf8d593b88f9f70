"""Answers of a mapping in words, for people who do not read YAML. Pure."""

from typing import Any

Answer = dict[str, Any]


def in_words(answer: Answer | None) -> str:
    """An answer on one line: `attribute Order (string)`, `drop: unused`."""
    if answer is None:
        return "unmapped"
    for choice in ("admin", "team", "state", "rename"):
        if choice in answer:
            return f"{choice} {answer[choice]}"
    if isinstance(answer.get("attribute"), str):
        kind = answer.get("type") or answer.get("value")
        return f"attribute {answer['attribute']}" + (f" ({kind})" if kind else "")
    named = next((choice for choice in answer if choice not in ("reason", "suggested")), "")
    return f"{named}: {answer['reason']}" if "reason" in answer else named


def steps(answer: Answer | None, *, block: str, name: str) -> tuple[str, str]:
    """What is done with a value, and what it is in Intercom afterwards. name: what the value is called."""
    match answer:
        case None:
            return "nothing yet", "unmapped"
        case {"drop": _}:
            return f"left out: {answer.get('reason', '')}".rstrip(": "), "archive only"
        case {"transcript": _}:
            return "no attribute", "transcript"
        case {"admin": email}:
            return "assigned", f"admin {email}"
        case {"placeholder": _}:
            return "assigned, to be reassigned later", "placeholder"
        case {"unassigned": _}:
            return "not assigned", "attribute zendesk_assignee"
        case {"team": team}:
            return "assigned", f"team {team}"
        case {"state": state}:
            return "left as", str(state)
        case {"attribute": True}:
            return "not assigned", "attribute zendesk_group"
        case {"attribute": attribute}:
            return _attribute(answer, block, attribute)
        case {"rename": other}:
            return "renamed", str(other)
        case _:
            return "kept", name


def _attribute(answer: Answer, block: str, attribute: str) -> tuple[str, str]:
    if block == "tags":
        return "made an attribute", f"attribute {attribute} = {answer.get('value', 'true')}"
    return f"converted to {answer.get('type', 'string')}", f"attribute {attribute}"
