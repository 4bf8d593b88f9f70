"""The budget is what the target says it is."""

from collections.abc import Mapping
from pathlib import Path

from deskferry.load.answers import Answer
from deskferry.load.client import Call, Client
from deskferry.load.pace import Pace

from .conftest import running


class Time:
    """A clock that sleeping moves."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def headers(limit: int, remaining: int, reset: float) -> Mapping[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(int(reset)),
    }


def pace(time: Time) -> Pace:
    return Pace(clock=time.clock, sleep=time.sleep)


def test_nothing_is_held_back_before_the_first_answer() -> None:
    time = Time()
    for _ in range(5):
        pace(time).reserve()
    assert time.slept == []


def test_a_spent_window_is_waited_out_and_a_new_one_has_the_whole_limit() -> None:
    time = Time()
    budget = pace(time)
    budget.learn(headers(5, 1, time.now + 4))
    budget.reserve()
    assert time.slept == []
    budget.reserve()
    assert time.slept == [4]
    for _ in range(4):
        budget.reserve()
    assert time.slept == [4]
    budget.reserve()
    assert time.slept == [4, 10]


def test_what_others_use_of_the_budget_counts() -> None:
    time = Time()
    budget = pace(time)
    budget.learn(headers(100, 50, time.now + 5))
    budget.learn(headers(100, 0, time.now + 5))
    budget.reserve()
    assert time.slept == [5]


def test_a_clock_that_differs_from_the_targets_is_reckoned_in() -> None:
    time = Time(1_792_000_000.0)
    budget = pace(time)
    ahead = {"Date": "Wed, 14 Oct 2026 17:48:40 GMT"}  # 1,792,000,120: two minutes later than ours
    budget.learn({**headers(10, 0, 1_792_000_126), **ahead})
    budget.reserve()
    assert time.slept == [6]


def test_a_refusal_is_waited_out_but_never_longer_than_a_minute() -> None:
    time = Time()
    budget = pace(time)
    assert budget.wait_after_refusal(headers(10, 0, time.now + 7)) == 7
    assert budget.wait_after_refusal({}) == 10
    assert budget.wait_after_refusal({"Retry-After": "3"}) == 3
    assert budget.wait_after_refusal({"Retry-After": "86400"}) == 60
    assert budget.wait_after_refusal(headers(10, 0, time.now - 100)) == 0.2


def test_headers_that_are_no_numbers_teach_nothing() -> None:
    budget = pace(Time())
    budget.learn({"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "-1", "X-RateLimit-Reset": ""})
    assert budget.limit is None


def test_at_full_speed_the_target_refuses_nothing(tmp_path: Path) -> None:
    time = Time(1_800_000_003.0)
    with running(tmp_path / "intercom.sqlite", rate=20, clock=time.clock) as intercom:
        client = Client(intercom.url, token="t", pace=pace(time), environ={})
        replies = [client.send(Call("GET", "/tags")) for _ in range(70)]
        client.close()
        assert all(isinstance(reply, Answer) and reply.status == 200 for reply in replies)
        assert intercom.counts["rate_limited"] == 0
        assert [count for _, count, _ in intercom.counts["windows"]] == [20, 20, 20, 10]
    assert sum(time.slept) < 31
