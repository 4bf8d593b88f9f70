"""Rows of Fivetran's tables, whose columns are the API's keys flattened with `_`, as records of the API."""

from typing import Any

from deskferry.schemas.errors import RecordError

from .normalize_record import whole_number

_VIA_ENDS = ("from_address", "from_id", "from_title", "from_name", "to_address", "to_name")
_KINDS = {"voice_comment": "VoiceComment", "tweet": "Tweet", "facebook_comment": "FacebookComment"}
_STATUS = {"on-hold": "hold", "On-hold": "hold"}


def record_of(entity: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row (columns already under the keys of the API) as the record it was made from."""
    record = dict(row)
    if "via_channel" in record:
        record["via"] = _via(record)
    match entity:
        case "tickets":
            if record.get("merged_ticket_ids") in ("[]", ""):
                del record["merged_ticket_ids"]
        case "comments":
            record["type"] = _comment_type(record)
        case "ticket_events":
            record["type"] = "Change"
            value = record.get("value")
            if record.get("field_name") == "status" and isinstance(value, str):
                record["value"] = _STATUS.get(value, value)
    return record


def deleted(entity: str, record: dict[str, Any], *, synced: Any) -> dict[str, Any]:
    """The record of a row that Fivetran marks as deleted. RecordError where the API has no word for that.

    synced: when Fivetran wrote the row. It leaves `updated_at` as it was, so that is all it says of the when.
    """
    match entity:
        case "tickets":
            return {**record, "status": "deleted", "deleted_at": record.get("deleted_at") or synced}
        case "users":
            return {**record, "active": False}
        case "groups":
            return {**record, "deleted": True}
        case "brands":
            return {**record, "is_deleted": True}
        case "organizations":
            return {**record, "deleted_at": record.get("deleted_at") or record.get("updated_at")}
        case "ticket_fields" | "ticket_forms":
            return {**record, "active": False}
    raise RecordError("deleted in Zendesk, as _fivetran_deleted says")


def is_true(value: Any) -> bool:
    """True for TRUE, true, t, 1."""
    return str(value).strip().lower() in ("true", "t", "1")


def _via(record: dict[str, Any]) -> dict[str, Any]:
    """`via_source_from_address` and the like, taken out of the record, as the object they come from."""
    ends: dict[str, dict[str, Any]] = {"from": {}, "to": {}}
    for name in _VIA_ENDS:
        value = record.pop(f"via_source_{name}", None)
        side, _, key = name.partition("_")
        if value not in (None, ""):
            ends[side][key] = value
    rel = record.pop("via_source_rel", None) or None
    followed = record.pop("via_followup_source_id", None)
    if followed in (None, "") and rel == "follow_up":
        followed = ends["from"].pop("id", None)
    if (ticket := whole_number(followed)) is not None:
        rel, ends["from"]["ticket_id"] = "follow_up", ticket
    return {"channel": record.pop("via_channel") or None, "source": {**ends, "rel": rel}}


def _comment_type(record: dict[str, Any]) -> str:
    """The kind of a comment, out of a column for each kind."""
    told = [kind for column, kind in _KINDS.items() if is_true(record.pop(column, None))]
    return told[0] if told else "Comment"
