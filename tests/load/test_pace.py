"""Waiting for the budget, in threads and against a real server."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deskferry.load.answers import Answer
from deskferry.load.client import Call, Client
from deskferry.load.pace import Pace

from .conftest import running


class Time:
    """A clock that waiting moves."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = self.began = now

    def clock(self) -> float:
        return self.now

    def wait(self, _condition: threading.Condition, seconds: float) -> None:
        self.now += seconds

    @property
    def waited(self) -> float:
        return round(self.now - self.began, 3)


def headers(limit: int, remaining: int, reset: float) -> Mapping[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(int(reset)),
    }


def pace(time: Time) -> Pace:
    return Pace(clock=time.clock, wait=time.wait)


def test_the_first_call_leaves_alone_and_its_answer_lets_the_others_go() -> None:
    budget = Pace(clock=time.time)
    first = budget.reserve()
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(budget.reserve) for _ in range(3)]
        time.sleep(0.05)
        assert not any(one.done() for one in waiting)
        budget.answered(first, headers(100, 99, time.time() + 5))
        assert all(one.result(timeout=2) for one in waiting)


def test_a_spent_window_is_waited_out() -> None:
    time = Time()
    budget = pace(time)
    budget.answered(budget.reserve(), headers(5, 1, time.now + 4))
    budget.reserve()
    assert time.waited == 0
    budget.reserve()
    assert 4 <= time.waited <= 10.5


def test_a_refusal_holds_everybody_until_the_window_ends_but_never_longer_than_a_minute() -> None:
    time = Time()
    budget = pace(time)
    budget.answered(budget.reserve(), headers(100, 50, time.now + 7))
    permit = budget.reserve()
    budget.answered(permit, headers(100, 0, time.now + 7), refused=True)
    assert budget.pause({}, jitter=0.5) == 7.5
    budget.reserve()
    assert time.waited == 7.5
    assert pace(time).pause({}) == 10
    assert pace(time).pause({"Retry-After": "3"}) == 3
    assert pace(time).pause({"Retry-After": "86400"}) == 60


def test_headers_that_are_no_numbers_teach_nothing() -> None:
    budget = pace(Time())
    said = {"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "-1", "X-RateLimit-Reset": ""}
    budget.answered(budget.reserve(), said)
    assert budget.limit is None


def test_a_wait_ends_when_the_run_is_to_stop() -> None:
    time = Time()
    budget = pace(time)

    def check() -> None:
        if time.waited > 1:
            raise KeyboardInterrupt

    budget.govern(clock=time.clock, share=1.0, closed=lambda: 0.0, check=check)
    budget.answered(budget.reserve(), headers(5, 0, time.now + 9))
    with pytest.raises(KeyboardInterrupt):
        budget.reserve()
    assert time.waited < 2


def test_outside_the_hours_nothing_leaves() -> None:
    time = Time()
    budget = pace(time)
    budget.govern(
        clock=time.clock, share=1.0, closed=lambda: max(0.0, 30.0 - time.waited), check=lambda: None
    )
    budget.reserve()
    assert time.waited == 30


def test_a_crowd_at_full_speed_is_refused_nothing(tmp_path: Path) -> None:
    fast, began = 25, time.time()  # so many seconds pass in one

    def clock() -> float:
        return 1_800_000_003.0 + (time.time() - began) * fast

    budget = Pace(clock=clock, wait=lambda condition, seconds: condition.wait(seconds / fast))
    with running(tmp_path / "intercom.sqlite", rate=20, clock=clock) as intercom:
        client = Client(intercom.url, token="t", pace=budget, environ={})
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(client.send, [Call("GET", "/tags")] * 70))
        client.close()
        assert all(isinstance(reply, Answer) and reply.status == 200 for reply in replies)
        assert intercom.counts["rate_limited"] == 0
        assert min(count for _, count, _ in intercom.counts["windows"][:3]) >= 19
