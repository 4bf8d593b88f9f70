from zoneinfo import ZoneInfo

import pytest

from deskferry.convert.normalize_time import Zone, milliseconds, utc
from deskferry.schemas.errors import RecordError

NO_ZONE = Zone(None)


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00.000Z"),
        ("2015-01-05T15:54:42.000Z", "2015-01-05T15:54:42.000Z"),
        ("2019-09-03T19:10:47.123456Z", "2019-09-03T19:10:47.123Z"),
        ("2018-11-20T16:58:36.453+00:00", "2018-11-20T16:58:36.453Z"),
        ("2020-03-04T00:00:00+02:00", "2020-03-03T22:00:00.000Z"),
        ("2017-04-24T12:45:32+00:00Z", "2017-04-24T12:45:32.000Z"),
        ("2016-07-06T11:16:50 -10:00", "2016-07-06T21:16:50.000Z"),
        ("20140704T15:37:04Z", "2014-07-04T15:37:04.000Z"),
        ("2011/09/25 22:35:44 -0700", "2011-09-26T05:35:44.000Z"),
        ("2012-11-16 223622 UTC", "2012-11-16T22:36:22.000Z"),
        ("2024-02-29T23:59:60Z", "2024-02-29T23:59:59.000Z"),
        (1714557600, "2024-05-01T10:00:00.000Z"),
        (1714557600123, "2024-05-01T10:00:00.123Z"),
        (1714557600123456, "2024-05-01T10:00:00.123Z"),
        ("1714557600", "2024-05-01T10:00:00.000Z"),
    ],
)
def test_every_form_of_a_time_is_one_form_in_utc(found: object, written: str) -> None:
    assert utc(found, NO_ZONE) == written


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("2020-02-19 01:54:52", "2020-02-19T00:54:52.000Z"),
        ("2009-09-01 19:02", "2009-09-01T17:02:00.000Z"),
        ("08-04-2023 20:52", "2023-04-08T18:52:00.000Z"),
    ],
)
def test_times_without_a_zone_need_one(found: str, written: str) -> None:
    assert utc(found, Zone(ZoneInfo("Europe/Oslo"))) == written
    with pytest.raises(RecordError, match="zone"):
        utc(found, NO_ZONE)


def test_a_local_hour_that_occurs_twice_is_the_first_and_counted() -> None:
    zone = Zone(ZoneInfo("Europe/Oslo"))
    assert utc("2024-10-27 02:30", zone) == "2024-10-27T00:30:00.000Z"
    assert (zone.ambiguous, zone.nonexistent) == (1, 0)


def test_a_local_hour_that_never_was_is_moved_and_counted() -> None:
    zone = Zone(ZoneInfo("Europe/Oslo"))
    assert utc("2024-03-31 02:30", zone) == "2024-03-31T01:30:00.000Z"
    assert (zone.ambiguous, zone.nonexistent) == (0, 1)


@pytest.mark.parametrize("found", ["", "soon", "2023-02-29T00:00:00Z", True, [], 1e300])
def test_what_is_no_time_is_refused(found: object) -> None:
    with pytest.raises(RecordError):
        utc(found, NO_ZONE)


def test_milliseconds_of_a_written_time() -> None:
    assert milliseconds("2024-05-01T10:00:00.123Z") == 1714557600123
