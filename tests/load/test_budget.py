"""Against a target that counts as it likes, nothing is refused and the windows are used."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskferry.load.budget import UNSAID

from .simulated_target import WINDOW, Server, crowd, jitter


def used(server: Server) -> list[float]:
    """The share of the limit that each full window carried, without the first and the last two."""
    return [server.counted[began] / server.limit for began in sorted(server.counted)[1:-2]]


@settings(max_examples=60, deadline=None)
@given(
    limit=st.sampled_from([20, 50, 167]),
    windows=st.sampled_from(["aligned", "first", "sliding"]),
    cut=st.sampled_from(["down", "up"]),
    phase=st.floats(0, 9.99),
    ahead=st.one_of(st.just(0.0), st.floats(-2, 2), st.floats(-4000, 4000)),
    says=st.sampled_from([("limits", "date"), ("limits",)]),
    workers=st.integers(1, 24),
    mean=st.floats(0.005, 0.06),
    seed=st.integers(0, 9),
)
def test_whenever_windows_begin_and_whatever_the_clocks_say_nothing_is_refused(
    limit: int,
    windows: str,
    cut: str,
    phase: float,
    ahead: float,
    says: tuple[str, ...],
    workers: int,
    mean: float,
    seed: int,
) -> None:
    server = Server(limit, windows=windows, cut=cut, phase=phase, ahead=ahead, says=says)
    crowd(server, workers=workers, latency=jitter(random.Random(seed), mean), seconds=75)
    assert server.refused == 0
    assert sum(server.counted.values()) > limit
    if windows != "sliding" and workers / mean / 2 * (WINDOW - 3) > limit * 2:
        # Without a Date the end of the window it began in is not known: the next begins late.
        assert min(used(server)[0 if "date" in says else 1 :]) >= 0.95


@pytest.mark.parametrize(("limit", "workers"), [(167, 4), (1667, 20)])
def test_a_whole_limit_is_used_at_the_latency_of_the_real_one(limit: int, workers: int) -> None:
    server = Server(limit)
    crowd(server, workers=workers, latency=jitter(random.Random(1), 0.025), seconds=85)
    assert server.refused == 0
    assert len(used(server)) >= 5
    assert min(used(server)) >= 0.95


def test_a_share_leaves_the_rest_of_each_window_to_others() -> None:
    server = Server(100)
    crowd(server, workers=8, latency=jitter(random.Random(2), 0.02), seconds=65, share=0.5)
    assert server.refused == 0
    assert max(server.counted.values()) <= 50
    assert min(used(server)) >= 0.47


def test_a_target_that_names_no_limit_gets_the_smallest_there_is() -> None:
    server = Server(UNSAID, says=("date",))
    crowd(server, workers=8, latency=jitter(random.Random(3), 0.02), seconds=65)
    assert server.refused == 0
    assert sum(server.counted.values()) > UNSAID * 5


def test_lost_answers_cost_a_permit_each_and_never_a_refusal() -> None:
    chance = random.Random(4)
    server = Server(100)
    lost = lambda: chance.random() < 0.2  # noqa: E731
    crowd(server, workers=8, latency=jitter(chance, 0.02), seconds=65, losing=lost)
    assert server.refused == 0
    assert min(used(server)) > 0.9


def test_a_call_that_hangs_holds_up_only_its_own_permit() -> None:
    chance = random.Random(5)
    server = Server(100)
    slow = jitter(chance, 0.02)
    crowd(
        server,
        workers=8,
        latency=lambda: 60.0 if chance.random() < 0.003 else slow(),
        seconds=65,
    )
    assert server.refused == 0
    assert sum(server.counted.values()) > 100 * 4


def test_others_on_the_same_limit_are_reckoned_with() -> None:
    chance = random.Random(6)
    server = Server(100)
    ours = jitter(chance, 0.02)

    def latency() -> float:
        if chance.random() < 0.3:
            server.answer(now[0])  # somebody else's call
        return ours()

    now = [1_800_000_003.7]
    answer = server.answer

    def answered(at: float) -> tuple[dict[str, str], bool]:
        now[0] = at
        return answer(at)

    server.answer = answered  # type: ignore[assignment, method-assign] # somebody stands at the door
    crowd(server, workers=4, latency=latency, seconds=65)
    assert server.refused <= 2 * 6, "at most what others took since the last answer"
    assert min(used(server)) >= 0.95
