"""One parser for every way an export writes a time. Out: UTC, `2024-05-01T10:00:00.000Z`.

Wrong or zone-less without a zone: RecordError. Forms seen in real files are in the tests.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from deskferry.schemas.errors import RecordError

_ISO = re.compile(
    r"""\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})
    (?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?
    \s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?Z?)?\s*""",
    re.VERBOSE,
)
_COMPACT = re.compile(
    r"\s*(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2}):?(\d{2}):?(\d{2})(?:\.(\d{1,9}))?"
    r"\s*(Z|UTC|[+-]\d{2}:?\d{2})?\s*"
)
_DAY_FIRST = re.compile(r"\s*(\d{2})-(\d{2})-(\d{4})[T ](\d{1,2}):(\d{2})(?::(\d{2}))?\s*")
# Nothing is left to ask of the calendar: a day that every month has, or one that this month has in any year.
_DAY = r"[12][0-9]{3}-(?:[01][0-9]-(?:[01][0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_USUAL = re.compile(_DAY + r"T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z")
_USUAL_IN_FULL = re.compile(_DAY + r"T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z")
is_usual = _USUAL.fullmatch  # of a text: whether all that `utc` does to it is to add milliseconds


class Zone:
    """The account's time zone for times that carry none; counts them, and those that occurred twice."""

    def __init__(self, zone: tzinfo | None) -> None:
        self.zone = zone
        self.zoneless = 0
        self.ambiguous = 0
        self.nonexistent = 0

    def utc(self, local: datetime) -> datetime:
        """`local` (naive) in UTC. An hour that occurs twice is the first; one that never is, is shifted."""
        if self.zone is None:
            raise RecordError("a time without a zone; give --timezone")
        self.zoneless += 1
        first, second = (local.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            back = first.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None)
            if back == local:
                self.ambiguous += 1
            else:
                self.nonexistent += 1
        return first.astimezone(UTC)


def utc(value: Any, zone: Zone) -> str:
    """`value` (text, or Unix seconds, milliseconds or microseconds) as RFC 3339 UTC with milliseconds."""
    if type(value) is str:
        return common(value) or _written(_parse(value, zone))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise RecordError("not a time")
    return _written(_unix(value))


def common(value: str) -> str | None:
    """`utc` of a text in one of the two usual forms, which need no zone; None for any other.

    The schema's pattern refuses what else is wrong in it.
    """
    if is_usual(value):
        return f"{value[:19]}.000Z"
    return value if _USUAL_IN_FULL.fullmatch(value) else None


def milliseconds(text: str) -> int:
    """Unix milliseconds of a time that `utc` wrote."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def _parse(text: str, zone: Zone) -> datetime:
    if re.fullmatch(r"\s*\d{9,16}(\.0+)?\s*", text):
        return _unix(int(float(text)))
    for pattern in (_ISO, _COMPACT):
        if match := pattern.fullmatch(text):
            year, month, day, hour, minute, second, fraction, offset = match.groups()
            return _moment(
                [year, month, day, hour, minute, second], fraction=fraction, offset=offset, zone=zone
            )
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year, hour, minute, second = match.groups()
        return _moment([year, month, day, hour, minute, second], fraction=None, offset=None, zone=zone)
    raise RecordError("not a time that can be read")


def _moment(fields: list[str | None], *, fraction: str | None, offset: str | None, zone: Zone) -> datetime:
    year, month, day, hour, minute, second = (int(field or 0) for field in fields)
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59), micro, tzinfo=UTC)
        if offset is None:
            return zone.utc(moment.replace(tzinfo=None))
        return moment - _offset(offset)
    except (ValueError, OverflowError) as error:
        raise RecordError(f"not a time ({error})") from error


def _offset(text: str) -> timedelta:
    if text in ("Z", "UTC", "GMT"):
        return timedelta(0)
    digits = text.rstrip("Z").replace(":", "")
    size = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5] or 0))
    return -size if digits[0] == "-" else size


def _unix(value: float) -> datetime:
    for scale in (1, 1_000, 1_000_000):
        if abs(value) < 100_000_000_000 * scale:  # seconds up to the year 5138
            return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=round(value * 1_000_000 / scale))
    raise RecordError("not a time (too far away)")


def _written(moment: datetime) -> str:
    if not 1 <= moment.year <= 9999:
        raise RecordError("not a time (too far away)")
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z".rjust(24, "0")
