"""What looks like Zendesk's and is not read: it is named, so that nobody wonders."""

from typing import Any

PRACTICE = "practice data of a coding exercise (ids stand under _id), not an export of Zendesk"
RENAMED = "an export whose keys and ids another tool has renamed (zd-123)"
_OF_PRACTICE = frozenset(("_id", "url", "external_id", "created_at"))
_OF_RENAMED = frozenset(("createdAt", "updatedAt", "ticketId", "externalId", "customerId"))


def is_practice(value: Any) -> bool:
    """True for records of an invented data set that many exercises share."""
    value = _first(value)
    return value is not None and "id" not in value and value.keys() >= _OF_PRACTICE


def is_renamed(value: Any) -> bool:
    """True for records in another tool's own form, whose ids only begin with Zendesk's."""
    value = _first(value)
    if value is None or not str(value.get("id")).startswith("zd-"):
        return False
    return not value.keys().isdisjoint(_OF_RENAMED)


def _first(value: Any) -> dict[str, Any] | None:
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, dict) else None
