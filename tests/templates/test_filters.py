"""Times, sizes and people as readers know them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from deskferry.templates.filters import channel, indent, oneline, person, shorten, size, time
from deskferry.templates.history import Person

NOON = datetime(2024, 7, 1, 12, 5, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "1 Jul 2024, 12:05 UTC"),
        ("Europe/Berlin", "1 Jul 2024, 14:05 CEST (+02:00)"),
        ("Europe/London", "1 Jul 2024, 13:05 BST (+01:00)"),
        ("America/Sao_Paulo", "1 Jul 2024, 09:05 UTC-03:00"),
        ("Asia/Kolkata", "1 Jul 2024, 17:35 IST (+05:30)"),
    ],
)
def test_a_time_says_its_zone(zone: str, shown: str) -> None:
    assert time(NOON.astimezone(ZoneInfo(zone))) == shown


def test_an_hour_that_happens_twice_is_told_apart() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first, second = (datetime(2024, 10, 27, hour, 30, tzinfo=UTC).astimezone(zone) for hour in (0, 1))
    assert time(first) == "27 Oct 2024, 02:30 CEST (+02:00)"
    assert time(second) == "27 Oct 2024, 02:30 CET (+01:00)"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, "size unknown"),
        (-1, "size unknown"),
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (48_213, "48.2 KB"),
        (999_999, "1 MB"),
        (9_400_000_000, "9.4 GB"),
        (9_400_000_000_000, "9400 GB"),
    ],
)
def test_a_size_is_said_as_people_say_it(count: int | None, shown: str) -> None:
    assert size(count) == shown


def test_small_words() -> None:
    assert person(Person(1, "Ana", "a@b.example", staff=False)) == "Ana <a@b.example>"
    assert person(Person(1, "Ana", None, staff=False)) == "Ana"
    assert channel("email") == "e-mail"
    assert channel("any_channel") == "any channel"
    assert oneline(" a\n b\u2028c ") == "a b c"
    assert indent("a\r\n\nb", 2) == "a\n\n  b"
    assert shorten("x" * 81) == "x" * 79 + "…"
