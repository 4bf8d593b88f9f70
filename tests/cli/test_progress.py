import re

import pytest

from deskferry.cli.progress import HEARTBEAT, Display


def test_without_a_terminal_a_long_phase_says_now_and_then_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = [0.0]
    with Display(clock=lambda: now[0]) as display:
        display.start("loading", total=4000, unit="calls")
        for _ in range(1500):
            display.advance()
            now[0] += HEARTBEAT / 1000
    assert re.fullmatch(r"loading: 1,00\d of 4,000 calls\n", capsys.readouterr().err)
