"""Processes that read parts beside this one. They are started before anything is known of the parts."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from deskferry.schemas.errors import InputError

from .collecting import collect_seldom
from .part import Job, PartResult, process_part
from .parts import Part

WORTH = 24 << 20  # bytes: below this, starting processes takes longer than the work


class PartWorkers:
    """The one that runs and others, `workers` in all. Use as a context manager.

    workers: None takes one for each core.
    """

    def __init__(self, workers: int | None) -> None:
        self._asked = workers
        self._others = max(_cores() if workers is None else workers, 1) - 1
        # spawn: a forked child would inherit the threads' locks of whoever called us
        self._spawn = get_context("spawn")
        self._claims: Any = None
        self._pool: ProcessPoolExecutor | None = None

    def start(self) -> None:
        """Start the others, once."""
        if self._pool is not None or not self._others:
            return
        self._claims = self._spawn.Array("q", 2)
        self._pool = ProcessPoolExecutor(
            self._others, mp_context=self._spawn, initializer=_begin, initargs=(self._claims,)
        )
        for _ in range(self._others):
            self._pool.submit(_nothing)

    def run(self, parts: Sequence[Part], job: Job) -> Iterator[PartResult]:
        """What each part gave, in any order. InputError when a process died."""
        size = sum(piece.end - piece.start for part in parts for piece in part)
        if len(parts) > 1 and (self._asked is not None or size >= WORTH):
            self.start()
        if self._pool is None or len(parts) < 2:
            for number, part in enumerate(parts):
                yield process_part(number, part, job)
            return
        try:
            yield from self._together(self._pool, parts, job)
        except BrokenProcessPool as error:
            raise InputError(
                "a worker process ended (out of memory?)", todo="Try again with --workers 1"
            ) from error

    def _together(self, pool: ProcessPoolExecutor, parts: Sequence[Part], job: Job) -> Iterator[PartResult]:
        """The others take parts from the front, this process from the back, until they meet."""
        self._claims[:] = [0, len(parts)]
        given: dict[int, Future[PartResult | None]] = {
            number: pool.submit(_process_claimed, number, part, job) for number, part in enumerate(parts)
        }
        for number in reversed(range(len(parts))):
            if not claim_back(self._claims, number):
                break
            del given[number]
            yield process_part(number, parts[number], job)
            for done in [other for other, result in given.items() if result.done()]:
                yield from _given(given.pop(done))
        for result in as_completed(given.values()):
            yield from _given(result)

    def __enter__(self) -> "PartWorkers":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _given(result: "Future[PartResult | None]") -> Iterator[PartResult]:
    told = result.result()
    if told is not None:
        yield told


# Two numbers that the processes share: parts before the first, and from the second on, are somebody's. The
# pool hands a process its next parts before it can begin them, so that handing out alone decides nothing. Nor
# is anything cancelled: a pool that breaks does not get over that (Python 3.11).


def claim_front(claims: Any, number: int) -> bool:
    """True where a part that was handed to one of the others is its own now."""
    with claims.get_lock():
        if number >= claims[1]:
            return False
        claims[0] = max(claims[0], number + 1)
        return True


def claim_back(claims: Any, number: int) -> bool:
    """True where the last part that is left is this process's own now."""
    with claims.get_lock():
        if number < claims[0]:
            return False
        claims[1] = number
        return True


_claims: Any = None  # in a process of the pool


def _begin(claims: Any) -> None:
    global _claims  # shared memory reaches a process only while it starts
    _claims = claims
    collect_seldom()


def _nothing() -> None:
    """What a process is started for before there are parts."""


def _process_claimed(number: int, part: Part, job: Job) -> PartResult | None:
    return process_part(number, part, job) if claim_front(_claims, number) else None
