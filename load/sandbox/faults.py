"""Faults on request, by seed: what networks, proxies and a busy Intercom do to a loader.

They wrap the whole server, so that a fault can cut the connection itself. Between a fault and the work that
a caller asked for there are two cases that look alike to the caller and are not: done and the answer lost
(`drop`, `slow`), or never begun (`reset`, `error`, `429`).
"""

import asyncio
import random
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, cast

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deskferry.schemas.errors import InputError

from .answers import Problem


class Fault(StrEnum):
    """What happens to a request. The share of each is given as `name=share`."""

    DROP = "drop"  # the work is done; the answer is lost, cut or damaged
    ERROR = "error"  # a server or a gateway fails before any work
    RESET = "reset"  # the connection is reset before any work
    SLOW = "slow"  # the caller's connection ends first, the work is done afterwards
    TOO_MANY = "429"  # refused as if others had used up the window


class Faults:
    """Draws the fault of each request. Equal seeds and equal order of requests give equal faults."""

    def __init__(self, shares: Mapping[Fault, float], *, seed: int) -> None:
        self._shares, self._random = dict(shares), random.Random(seed)  # noqa: S311 - repeatable, guards nothing

    def next(self) -> Fault | None:
        """The fault of the next request, None for none."""
        at = self._random.random()
        for fault, share in self._shares.items():
            if at < share:
                return fault
            at -= share
        return None

    def pick(self, *choices: Any) -> Any:
        """One of several ways in which a fault shows."""
        return self._random.choice(choices)

    def between(self, low: float, high: float) -> float:
        """A number from a range."""
        return self._random.uniform(low, high)


def parse_faults(text: str) -> dict[Fault, float]:
    """`drop=0.02,error=0.05` as shares of all requests. InputError names what is wrong in it."""
    shares: dict[Fault, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, share = part.partition("=")
        try:
            fault, value = Fault(name.strip()), float(share)
        except ValueError:
            known = ", ".join(Fault)
            raise InputError(f"'{part}' is no fault", todo=f"Use NAME=SHARE with {known}") from None
        if not 0 <= value <= 1:
            raise InputError(f"'{part}': a share lies between 0 and 1")
        shares[fault] = value
    if sum(shares.values()) > 1:
        raise InputError(f"the shares of faults add up to more than 1: {text}")
    return shares


_LATE = (0.2, 1.5)  # seconds after which a slow request's work is done
_PAGES = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def with_faults(app: ASGIApp, faults: Faults | None, *, latency: float) -> ASGIApp:
    """`app` behind a network that takes `latency` seconds per answer and has these faults.

    The sandbox's own testimony (`/_sandbox/...`) is neither slow nor faulty.
    """
    late: set[asyncio.Task[None]] = set()  # the loop itself holds tasks only weakly

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_sandbox"):
            await app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:  # the caller is gone: it asked nothing
            return
        if latency:
            await asyncio.sleep(latency)
        fault = faults.next() if faults else None
        if faults is None or fault is None:
            await app(scope, _again(body), send)
            return
        match fault:
            case Fault.ERROR:
                await _fail(send, faults)
            case Fault.TOO_MANY:
                await _refuse(send)
            case Fault.RESET:
                await _cut(send)
            case Fault.DROP:
                await _lose(await _answered(app, scope, body), send, faults)
            case Fault.SLOW:
                await _cut(send)
                task = asyncio.create_task(_later(app, scope, body, faults.between(*_LATE)))
                late.add(task)
                task.add_done_callback(late.discard)

    return answer


async def _read(receive: Receive) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        block: bytes = message.get("body", b"")
        body += block
        if not message.get("more_body"):
            return body


def _again(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _answered(app: ASGIApp, scope: Scope, body: bytes) -> list[Message]:
    """What the server would send."""
    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    await app(scope, _again(body), keep)
    return sent


async def _later(app: ASGIApp, scope: Scope, body: bytes, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await _answered(app, scope, body)


async def _lose(sent: list[Message], send: Send, faults: Faults) -> None:
    """No answer, half an answer, or one that a proxy has damaged."""
    start, content = sent[0], b"".join(message.get("body", b"") for message in sent[1:])
    way = faults.pick("nothing", "half", "damaged")
    cut = int(faults.between(0, len(content)))
    if way == "half":
        await send(start)
        await send({"type": "http.response.body", "body": content[:cut], "more_body": True})
        await asyncio.sleep(0)  # what was written leaves before the connection ends
    if way == "damaged":
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        headers.append((b"content-length", str(cut).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": content[:cut]})
        return
    await _cut(send)


async def _fail(send: Send, faults: Faults) -> None:
    """A 5xx in Intercom's words, or the page of a gateway that knows nothing of JSON."""
    status = faults.pick(*_PAGES)
    if faults.pick("json", "page") == "json":
        problem = Problem(status, "server_error", _PAGES[status]).answer()
        await _send(send, status, orjson.dumps(problem.body), b"application/json")
    else:
        page = f"<html><body><h1>{status} {_PAGES[status]}</h1></body></html>"
        await _send(send, status, page.encode(), b"text/html")


async def _refuse(send: Send) -> None:
    message = "Exceeded rate limit: others have used up the window"
    problem = Problem(429, "rate_limit_exceeded", message).answer()
    await _send(send, 429, orjson.dumps(problem.body), b"application/json")


async def _send(send: Send, status: int, body: bytes, kind: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _cut(send: Send) -> None:
    """End the connection. ASGI has no word for it; uvicorn's `send` is bound to what holds it."""
    cast(Any, send).__self__.transport.abort()
    await asyncio.sleep(0)  # the server has to hear of it before it looks for an answer to send
