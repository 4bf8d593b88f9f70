"""Faults: each kind does what its name says, by seed, and never touches the sandbox's own testimony."""

import time
from typing import Any

import pytest
import requests

from deskferry.load.sandbox.faults import Fault, Faults, parse_faults
from deskferry.schemas.errors import InputError


def tags(sandbox: Any) -> int:
    """How many tags stand in the state, looked at behind the network."""
    found = [one for one in sandbox.testimony("requests")["requests"] if one["path"] == "/tags"]
    return sum(one["status"] == 200 for one in found)


def create(sandbox: Any) -> requests.Response | None:
    try:
        return sandbox.call("POST", "/tags", {"name": "x"})  # type: ignore[no-any-return] # a test's Any
    except requests.RequestException:
        return None


@pytest.mark.parametrize("seed", range(6))
def test_a_dropped_answer_is_lost_cut_or_damaged_and_the_work_is_done(start: Any, seed: int) -> None:
    sandbox = start(faults=Faults({Fault.DROP: 1.0}, seed=seed))
    answer = create(sandbox)
    assert answer is None or (answer.status_code == 200 and _broken(answer))
    assert tags(sandbox) == 1


@pytest.mark.parametrize("seed", range(4))
def test_an_error_answers_5xx_without_work(start: Any, seed: int) -> None:
    sandbox = start(faults=Faults({Fault.ERROR: 1.0}, seed=seed))
    answer = create(sandbox)
    assert answer is not None
    assert 500 <= answer.status_code < 600
    assert tags(sandbox) == 0


def test_a_reset_ends_the_connection_without_work(start: Any) -> None:
    sandbox = start(faults=Faults({Fault.RESET: 1.0}, seed=1))
    assert create(sandbox) is None
    time.sleep(0.2)
    assert tags(sandbox) == 0


def test_a_slow_request_is_worked_on_after_its_caller_has_gone(start: Any) -> None:
    sandbox = start(faults=Faults({Fault.SLOW: 1.0}, seed=1))
    assert create(sandbox) is None
    assert tags(sandbox) == 0
    deadline = time.monotonic() + 5
    while tags(sandbox) == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert tags(sandbox) == 1


def test_429_refuses_in_intercoms_words_without_work(start: Any) -> None:
    sandbox = start(faults=Faults({Fault.TOO_MANY: 1.0}, seed=1))
    assert sandbox.refused("POST", "/tags", {"name": "x"})[:2] == (429, "rate_limit_exceeded")
    assert tags(sandbox) == 0


def test_latency_is_what_an_answer_takes(start: Any) -> None:
    sandbox = start(latency=0.2)
    before = time.monotonic()
    sandbox.ok("GET", "/me")
    assert time.monotonic() - before >= 0.2


def test_equal_seeds_draw_equal_faults_in_their_shares() -> None:
    shares = {Fault.DROP: 0.1, Fault.ERROR: 0.2}
    first, second = (Faults(shares, seed=7) for _ in range(2))
    drawn = [first.next() for _ in range(5000)]
    assert drawn == [second.next() for _ in range(5000)]
    assert drawn.count(Fault.DROP) / 5000 == pytest.approx(0.1, abs=0.02)
    assert drawn.count(Fault.ERROR) / 5000 == pytest.approx(0.2, abs=0.02)


def test_shares_are_read_from_text_and_nonsense_is_named() -> None:
    assert parse_faults("drop=0.02, 429=0.5") == {Fault.DROP: 0.02, Fault.TOO_MANY: 0.5}
    for wrong in ("lose=0.1", "drop", "drop=x", "drop=2", "drop=0.6,error=0.6"):
        with pytest.raises(InputError):
            parse_faults(wrong)


def _broken(answer: requests.Response) -> bool:
    try:
        answer.json()
    except requests.JSONDecodeError:
        return True
    return False
