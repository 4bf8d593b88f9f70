"""Making one call until its outcome is known or must be found out another way.

Waits and repeats where that is safe; whatever can't be repeated comes back as InDoubt at once.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, assert_never

from deskferry.schemas.errors import InputError

from .answers import (
    Already,
    Answer,
    Conflict,
    Done,
    Failed,
    InDoubt,
    Moved,
    Retry,
    Silence,
    Stop,
    classify,
)
from .as_asked import as_asked
from .client import Call, Client

BACKOFF = (1.0, 2.0, 5.0, 10.0)  # seconds between tries; Intercom's own delays after a create are as long
UNREACHABLE_TRIES = 7  # about a minute: a restart of the target is survived, a wrong port is not waited for
LIMITED_TRIES = 60  # a live team may hold the budget for minutes
HOPS = 5  # contacts merged into contacts merged into contacts
_ACTOR = {"admin_id", "skip_notifications"}  # they change nothing on their own
_CONTACT = re.compile(r"/contacts/(?:find_by_external_id/)?[^/]+")


@dataclass(frozen=True, slots=True)
class Patience:
    """How waiting is done.

    sleep: takes seconds. jitter: seconds to add, so that workers do not wake as one.
    """

    sleep: Callable[[float], None]
    jitter: Callable[[], float] = lambda: 0.0


PATIENT = Patience(sleep=time.sleep)

Result = Done | Conflict | InDoubt | Failed


class TooManyError(Exception):
    """Not made: the target takes only so many calls about one thing. wait: seconds until the next."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"too many about one thing; again in {wait:.0f} s")
        self.wait = wait


def perform(
    client: Client,
    call: Call,
    patience: Patience,
    *,
    leaving: Callable[[], None] = lambda: None,
    waits: bool = True,
) -> Result:
    """Make `call`, repeating while the target asks for it.

    leaving: told each time the call is about to leave, as a search can only be trusted some time after the
    last. waits: where only calls about the same thing came too fast, wait here; else TooManyError. Raises
    InputError when nothing can work: a refused token, a redirect, nobody there.
    """
    tries = limited = hops = 0
    while True:
        reply = as_asked(client.send(call, leaving=leaving), call)
        outcome = classify(reply, repeatable=call.repeatable, fresh=call.fresh)
        match outcome:
            case Stop():
                raise InputError(
                    f"{client.base_url} refuses: {outcome.text}", todo="Check the token and what it may do"
                )
            case Retry(limited=True):
                limited += 1
                if limited > LIMITED_TRIES:
                    raise InputError(f"{client.base_url} lets nothing through: {outcome.reason}")
                if outcome.wait is None:
                    headers = reply.headers if isinstance(reply, Answer) else {}
                    patience.sleep(client.pace.pause(headers, jitter=patience.jitter()))
                elif waits:
                    patience.sleep(outcome.wait + patience.jitter())
                else:
                    raise TooManyError(outcome.wait + patience.jitter())
            case Retry():
                tries += 1
                if _exhausted(outcome, reply, client, tries=tries):
                    return _given_up(outcome, reply, client)
                patience.sleep(BACKOFF[min(tries, len(BACKOFF)) - 1] + patience.jitter())
            case Moved(id_, text):
                moved = _elsewhere(call, id_)
                if moved is None or hops >= HOPS:
                    return Failed("contact_merged", f"{text} (into {id_})", 410)
                call, hops = moved, hops + 1
            case Already(key):
                rest = _without(call, key)
                if rest is None:
                    return Done(None)
                call, hops = rest, hops + 1
            case Done() | Conflict() | InDoubt() | Failed():
                return outcome
            case _:
                assert_never(outcome)


def _elsewhere(call: Call, contact: str) -> Call | None:
    """The call about the contact that another was merged into; None where it names that other in its body.

    Only the id is taken over, never an address: the token stays with the target.
    """
    path, found = _CONTACT.subn(f"/contacts/{contact}", call.path, count=1)
    return replace(call, path=path) if found and path != call.path else None


def _without(call: Call, key: str) -> Call | None:
    """The call less one thing of its payload; None when it would then change nothing."""
    rest = {name: value for name, value in (call.payload or {}).items() if name != key}
    return None if rest.keys() <= _ACTOR or rest == call.payload else replace(call, payload=rest)


def read(client: Client, path: str, patience: Patience) -> Any:
    """GET `path`; its body. Raises InputError when it can't be had."""
    return require(perform(client, Call("GET", path), patience), f"GET {path}")


def require(result: Result, what: str) -> Any:
    """The body of a call that must work. Raises InputError with the target's words."""
    match result:
        case Done():
            return result.body
        case Conflict() | Failed():
            raise InputError(f"{what} failed: {result.text}")
        case InDoubt():
            raise InputError(f"{what} failed: {result.reason}")
        case _:
            assert_never(result)


def _exhausted(outcome: Retry, reply: Answer | Silence, client: Client, *, tries: int) -> bool:
    if outcome.unreachable:
        nobody_there = isinstance(reply, Silence) and not reply.sent and not client.heard
        return tries >= UNREACHABLE_TRIES or nobody_there
    return tries > len(BACKOFF)


def _given_up(outcome: Retry, reply: Answer | Silence, client: Client) -> Failed:
    if outcome.unreachable:
        raise InputError(
            f"cannot reach {client.base_url}: {outcome.reason}",
            todo="Run it again when it answers; nothing is lost",
        )
    status = reply.status if isinstance(reply, Answer) else 0
    return Failed(str(status), outcome.reason, status, passing=True)
