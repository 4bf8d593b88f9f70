"""What an answer means for the call it answers: done, conflict, retry, in doubt, failed, or stop.

The table is Intercom's: errors come as `error.list` with code and message; a 409 names the contact that
exists in its text only; a lost answer to a call that can't be repeated is in doubt, never failed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. body: parsed JSON; broken: it should have been JSON and was not."""

    status: int
    headers: Mapping[str, str]
    body: Any
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer. sent: the request may have reached the target."""

    sent: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """The call was made. body: what the target answered."""

    body: Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """A contact with these details exists. id: as named, None if the text names none. archived: put away."""

    id: str | None
    archived: bool
    text: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The contact was merged into another, whose id is `id`."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Already:
    """Refused as a whole because `key` of the payload is so already: make the call without it."""

    key: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Not made, and it may work later.

    wait: seconds, None: back off. limited: it came too fast. unreachable: nobody answered.
    """

    reason: str
    wait: float | None = None
    limited: bool = False
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Perhaps made: the answer is lost."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Not made. text: the API's own words. status: HTTP status, 0 without one.

    passing: the target was at fault, so the same call may work another time.
    """

    code: str
    text: str
    status: int = 0
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing can work: the token is refused."""

    text: str


Outcome = Done | Conflict | Moved | Already | Retry | InDoubt | Failed | Stop

_EXISTING = re.compile(r"\bid=(\w+)")
_CANONICAL = re.compile(r'<(?P<host>[^<>]*?)/contacts/(?P<id>\w+)>\s*;\s*rel="?canonical"?', re.IGNORECASE)
_SAME_STATE = "cannot transition ticket to the same state"
_TOO_MANY = "too many recent replies"
_TOO_MANY_WAIT = 15.0  # seconds; the limit is per conversation and in no header


def classify(reply: Answer | Silence, *, repeatable: bool, fresh: bool) -> Outcome:
    """What `reply` means for the call.

    repeatable: making it twice does no harm. fresh: what it is about was made a moment ago, so that a 404
    may be the target's delay.
    """
    if isinstance(reply, Silence):
        if not reply.sent:
            return Retry(reply.reason, unreachable=True)
        return Retry(reply.reason, unreachable=True) if repeatable else InDoubt(reply.reason)
    code, text = first_error(reply)
    if reply.status in (401, 403):
        return Stop(f"{reply.status} {text}")
    if reply.status == 429:
        return Retry(text, limited=True)
    if reply.status == 404 and fresh:
        return Retry(f"404 {text}")
    if reply.status in (408, 425) or reply.status >= 500 or _not_intercoms(reply):
        reason = f"{reply.status} {text}" if not reply.broken else f"{reply.status} without readable JSON"
        return Retry(reason) if repeatable else InDoubt(reason)
    if reply.status < 300:
        return Done(reply.body)
    if reply.status < 400:
        return Stop(f"{reply.status} redirects elsewhere; redirects are not followed")
    return _refusal(reply, code, text)


def _not_intercoms(reply: Answer) -> bool:
    """Something on the way answered: Intercom refuses in words, and answers with an object."""
    if reply.status < 300:
        return reply.broken
    return 400 <= reply.status < 500 and not _errors(reply.body)


def _refusal(reply: Answer, code: str, text: str) -> Outcome:
    if reply.status == 409:
        found = _EXISTING.search(text)
        return Conflict(found.group(1) if found else None, "archived" in text.lower(), text)
    if reply.status == 400 and _TOO_MANY in text.lower():
        return Retry(text, wait=_TOO_MANY_WAIT, limited=True)
    if code == "conversation_already_assigned_to_assignee":
        return Done(reply.body)
    if reply.status == 400 and _SAME_STATE in text.lower():
        return Already("ticket_state_id")
    if reply.status == 410 and (id_ := _merged_into(reply)) is not None:
        return Moved(id_, text)
    return Failed(code, text, reply.status)


def _merged_into(reply: Answer) -> str | None:
    """The contact that goes on in place of the one asked for: named by a link within the target only."""
    found = _CANONICAL.search(reply.headers.get("Link", ""))
    return found["id"] if found and not found["host"] else None


def first_error(answer: Answer) -> tuple[str, str]:
    """(code, words) of an answer that is an error: all messages of an `error.list`, else its status."""
    found = _errors(answer.body)
    if not found:
        return str(answer.status), f"HTTP {answer.status}"
    words = "; ".join(_words(item) for item in found)
    return str(found[0].get("code") or answer.status), words


def _errors(body: Any) -> list[Mapping[str, Any]]:
    errors = body.get("errors") if isinstance(body, dict) else None
    found = [item for item in errors if isinstance(item, dict)] if isinstance(errors, list) else []
    return [item for item in found if isinstance(item.get("code") or item.get("message"), str)]


def _words(item: Mapping[str, Any]) -> str:
    code, message, field = (item.get(key) for key in ("code", "message", "field"))
    text = f"{code}: {message}" if message else str(code)
    return f"{text} ({field})" if field and str(field) not in text else text
