"""A comment and its attachments. Unknown visibility is private; a bad attachment never costs its comment."""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .made import squeezed
from .normalize_record import normalized, whole_number
from .normalize_time import Zone
from .record_facts import made_id, version_of

_NO_ZONE = Zone(None)  # an attachment tells no time
_RECORDS_OF_THEIR_OWN = frozenset(("attachments",))
_TRUE, _FALSE = (True, "true", "True", "TRUE", 1, "1"), (False, "false", "False", "FALSE", 0, "0")


def read_comment(
    raw: Any, pointer: str, out: Collector, *, ticket_id: int | None, version: int | None, rank: int
) -> dict[str, Any] | None:
    """Hand a comment and its attachments to `out`; the comment as kept, None when rejected.

    ticket_id: of the ticket, page or file it stands in, for comments that do not name theirs.
    version: of that ticket, in milliseconds. rank: its place in the list it stands in.
    """
    if not isinstance(raw, dict):
        out.reject("comments", pointer, RecordError("not an object"))
        return None
    own = out.own_id(raw, "ticket_id")
    ticket_id = own if own is not None else ticket_id
    own_version = version or 0
    try:
        record = _comment(raw, out, ticket_id)
        own_version = version if version is not None else version_of(record)
    except RecordError as error:
        out.reject("comments", pointer, error, key=whole_number(raw.get("id")))
        kept = None
    else:
        kept = out.keep_comment(record, pointer, version=own_version, rank=rank)
        if kept is not None:
            out.name(kept.get("author_id"), pointer)
    comment_id = kept["id"] if kept else whole_number(raw.get("id"))
    _read_attachments(raw, pointer, out, ticket_id=ticket_id, comment_id=comment_id, version=own_version)
    return kept


def _comment(raw: dict[str, Any], out: Collector, ticket_id: int | None) -> dict[str, Any]:
    record = normalized("comments", raw, zone=out.zone, without=_RECORDS_OF_THEIR_OWN)
    if ticket_id is None:
        raise RecordError(
            "belongs to no ticket: none is named in it, its page or its file's name", pointer="/ticket_id"
        )
    record["ticket_id"] = ticket_id
    public = record.get("public")
    if type(public) is not bool:
        record["public"] = public in _TRUE and public is not None
        if public not in _TRUE and public not in _FALSE:
            record["visibility_unknown"] = True
    if isinstance(record.get("via"), (str, int)):
        record["via"] = {"channel": record["via"]}
    if record.get("id") is None:
        text = record.get("plain_body") or record.get("body") or record.get("html_body")
        record["id"] = out.make_id(
            ticket_id, (record.get("created_at") or "")[:19], record.get("author_id"), squeezed(text)
        )
        record["id_made"] = True
    return record


def _read_attachments(
    raw: Mapping[str, Any],
    pointer: str,
    out: Collector,
    *,
    ticket_id: int | None,
    comment_id: int | None,
    version: int,
) -> None:
    attachments = raw.get("attachments")
    if attachments is None:
        return
    if not isinstance(attachments, list):
        out.reject("attachments", f"{pointer}/attachments", RecordError("not a list"))
        return
    for index, attachment in enumerate(attachments):
        where = f"{pointer}/attachments/{index}"
        if not isinstance(attachment, dict):
            out.reject("attachments", where, RecordError("not an object"))
            continue
        try:
            record = attachment_record(attachment, ticket_id=ticket_id, comment_id=comment_id, index=index)
        except RecordError as error:
            out.reject("attachments", where, error, key=whole_number(attachment.get("id")))
            continue
        out.keep("attachments", record, where, version=version)


def attachment_record(
    raw: Mapping[str, Any], *, ticket_id: int | None, comment_id: int | None, index: int
) -> dict[str, Any]:
    """A raw attachment, normalized. index: its place in the list of its comment."""
    if ticket_id is None:
        raise RecordError("belongs to no ticket")
    record = normalized("attachments", raw, zone=_NO_ZONE)
    extra = record.get("extra", {})
    if "name" in extra and "file_name" not in record:  # its name before about 2010
        record["file_name"] = extra.pop("name")
        if not extra:
            del record["extra"]
    if "sha256" in record:  # ours, where the bytes came along; nobody else may claim it
        record.setdefault("extra", {})["sha256"] = record.pop("sha256")
    record["ticket_id"], record["comment_id"] = ticket_id, comment_id
    if record.get("id") is None and (record.get("content_url") or record.get("url")):
        record["id"] = made_id(ticket_id, comment_id, record.get("content_url") or record.get("url"), index)
        record["id_made"] = True
    for key in ("width", "height"):
        if record.get(key) == "":
            record[key] = None
    return record
