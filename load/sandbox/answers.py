"""What Intercom answers: errors as `error.list`, pages with a cursor."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

Json = dict[str, Any]

_MOST = 1 << 60  # no row has a higher number


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; body is JSON."""

    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):
    """The request is refused: HTTP status, Intercom's error code and its words."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.code, self.message, self.field = status, code, message, field
        self.headers = headers or {}
        super().__init__(message)

    def answer(self) -> Answer:
        """As Intercom writes it."""
        error = {"code": self.code, "message": self.message}
        if self.field is not None:
            error["field"] = self.field
        body = {"type": "error.list", "request_id": str(uuid4()), "errors": [error]}
        return Answer(self.status, body, self.headers)


def invalid(message: str, *, field: str | None = None) -> Problem:
    """400: one parameter cannot be used."""
    return Problem(400, "parameter_invalid", message, field=field)


def not_found(message: str, *, code: str = "not_found") -> Problem:
    """404, with the words of the thing that is missing."""
    return Problem(404, code, message)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on: rows after number `after`, shown as page `page` of `per_page` rows."""

    per_page: int
    page: int = 1
    after: int | None = None


def read_cursor(wanted: Mapping[str, Any], *, default: int) -> Cursor:
    """The cursor of a request's `per_page` (1 to 150) and `starting_after`. Raises Problem."""
    try:
        per_page = int(wanted.get("per_page") or default)
    except (TypeError, ValueError):
        raise invalid("per_page must be a number") from None
    if not 1 <= per_page <= 150:
        raise invalid("per_page must be between 1 and 150")
    text = wanted.get("starting_after")
    if not text:
        return Cursor(per_page)
    try:
        page, after = map(int, base64.urlsafe_b64decode(str(text)).decode().split(":"))
    except (binascii.Error, ValueError):
        raise invalid("starting_after is not a cursor of this list") from None
    if not (0 < page <= _MOST and 0 <= after <= _MOST):
        raise invalid("starting_after is not a cursor of this list")
    return Cursor(per_page, page, after)


def listing(
    kind: str, key: str, rows: list[Json], *, total: int, cursor: Cursor, shape: Callable[[Json], Json]
) -> Json:
    """One page. rows: at most `per_page` + 1 of them, the last only shows that there are more."""
    shown, more = rows[: cursor.per_page], len(rows) > cursor.per_page
    pages: Json = {
        "type": "pages",
        "page": cursor.page,
        "per_page": cursor.per_page,
        "total_pages": -(-total // cursor.per_page),
    }
    if more:
        last = f"{cursor.page + 1}:{shown[-1]['n']}"
        following = base64.urlsafe_b64encode(last.encode()).decode()
        pages["next"] = {"per_page": cursor.per_page, "starting_after": following}
    return {"type": kind, key: [shape(row) for row in shown], "total_count": total, "pages": pages}
