"""--between: over midnight, and in the nights in which clocks are set."""

from datetime import UTC, datetime

import pytest

from deskferry.load.hours import closed_hours, parse_hours
from deskferry.schemas.errors import InputError


def at(text: str) -> float:
    """Unix seconds of a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("span", "zone", "now", "closed"),
    [
        ("20:00-06:00", "UTC", "2026-01-10T21:00", 0),
        ("20:00-06:00", "UTC", "2026-01-10T05:59", 0),
        ("20:00-06:00", "UTC", "2026-01-10T06:00", 14 * 3600),
        ("20:00-06:00", "Europe/Berlin", "2026-07-10T18:30", 0),
        ("20:00-06:00", "Europe/Berlin", "2026-07-10T17:30", 1800),
        ("09:00-17:00", "America/New_York", "2026-01-10T13:00", 3600),
        ("09:00-17:00", "UTC", "2026-01-10T17:00", 16 * 3600),
        ("02:30-05:00", "Europe/Berlin", "2026-03-29T00:30", 3600),  # half past two does not come that night
        ("02:30-05:00", "Europe/Berlin", "2026-03-29T01:00", 0),  # it is three o'clock
        ("03:00-05:00", "Europe/Berlin", "2026-10-25T00:30", 5400),  # half past two comes twice
        ("03:00-05:00", "Europe/Berlin", "2026-10-25T02:00", 0),
    ],
)
def test_calls_leave_only_between(span: str, zone: str, now: str, closed: float) -> None:
    assert parse_hours(span, zone).closed(at(now)) == closed


@pytest.mark.parametrize(
    ("span", "zone", "words"),
    [
        ("20:00", "UTC", "no span of a day"),
        ("8-6", "UTC", "no span of a day"),
        ("25:00-06:00", "UTC", "no span of a day"),
        ("06:00-06:00", "UTC", "begins when it ends"),
        ("20:00-06:00", "Mars/Base", "no time zone"),
        ("20:00-06:00", "../etc/passwd", "no time zone"),
    ],
)
def test_what_is_no_span_or_zone_is_one_line(span: str, zone: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_hours(span, zone)


def test_a_pause_is_said_once() -> None:
    said: list[str] = []
    now = [at("2026-01-10T12:00")]
    closed = closed_hours(parse_hours("20:00-06:00", "UTC"), clock=lambda: now[0], say=said.append)
    assert [closed(), closed()] == [8 * 3600, 8 * 3600]
    assert said == ["outside 20:00-06:00 UTC; paused, goes on 10 Jan 20:00"]
    now[0] = at("2026-01-10T20:00")
    assert closed() == 0
    now[0] = at("2026-01-11T06:00")
    assert closed() > 0
    assert len(said) == 2
