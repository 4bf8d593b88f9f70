"""What looking for a doubtful call comes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """It was made. target_id: what it made, None where a call makes nothing."""

    target_id: str | None


@dataclass(frozen=True, slots=True)
class NotMade:
    """It was not made, or can be repeated: send it again."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A person must look; nothing is sent and nothing deleted. text: why, with every id."""

    text: str


Verdict = Made | NotMade | Unclear
