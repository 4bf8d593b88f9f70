"""A ticket as any JSON form holds it, into records: the ticket and everything embedded in it.

The official export embeds people, group, organization, metrics and comments as objects; the API gives
their ids. Both become the API's names. What is embedded is handed on as records of its own, and its
damage never costs the ticket: the id is kept where it can be read.
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .links import is_merged, links_of_comment, links_of_ticket
from .normalize_audit import read_audit
from .normalize_comment import read_comment
from .normalize_metrics import metrics_of
from .normalize_person import read_embedded
from .normalize_record import known_keys, set_times, whole_number
from .parse_json import parse
from .plain_comments import PlainComments
from .plain_ticket import take_plain
from .record_facts import version_of
from .run_lines import WHOLE

_PEOPLE = ("requester", "submitter", "assignee")
_OBJECTS = {"group": "groups", "organization": "organizations"}
_ID, _VALUE = itemgetter("id"), itemgetter("value")
_IDS = {key: f"{key}_id" for key in (*_PEOPLE, *_OBJECTS)}
_EMBEDDED_IN_ORDER = tuple(
    (key, _OBJECTS.get(key, "users")) for key in ("assignee", *_OBJECTS, "requester", "submitter")
)
_EMBEDDED = frozenset((*_PEOPLE, *_OBJECTS, "collaborator", "comments", "audits", "metric_set", "dates"))
_OWN = frozenset(("custom_fields", "fields", "satisfaction_rating", "via", "tags"))
_PLAIN = known_keys("tickets") - _OWN
_NOT_PLAIN = (*_EMBEDDED, *_OWN, "result_type")  # the last is not kept


def read_ticket(
    raw: Mapping[str, Any],
    pointer: str,
    out: Collector,
    *,
    level: int = WHOLE,
    beside: Mapping[str, Any] | None = None,
) -> tuple[int | None, int | None]:
    """Hand a ticket and what it embeds to `out`. Returns its id and version, where they can be read.

    level: PARTIAL for search results. beside: keys that stood next to a wrapped ticket (an error text).
    """
    ticket_id = out.own_id(raw)
    record = dict(raw)
    for key in _NOT_PLAIN:
        record.pop(key, None)
    extra: dict[str, Any] = {}
    if not record.keys() <= _PLAIN:
        extra = {key: record.pop(key) for key in list(record) if key not in _PLAIN}
    version = None
    try:
        _own_values(raw, record, extra, out, ticket_id)
        _embedded_ids(raw, record, out)
        if beside:
            extra.update(beside)
        if extra:
            record["extra"] = extra
        set_times("tickets", record, zone=out.zone)
        version = version_of(record)
    except RecordError as error:
        out.reject("tickets", pointer, error, key=ticket_id)
    else:
        if level == WHOLE and take_plain(raw, record, pointer, out, version=version):
            _read_people(raw, pointer, out, ticket_id=ticket_id)
            return ticket_id, version
        kept = out.keep("tickets", record, pointer, version=version, level=level)
        if kept is not None:
            for key in ("requester_id", "submitter_id", "assignee_id"):
                out.name(kept.get(key), pointer)
            links_of_ticket(kept, pointer, out)
    _read_people(raw, pointer, out, ticket_id=ticket_id)
    _read_parts(raw, pointer, out, ticket_id=ticket_id, version=version)
    return ticket_id, version


def _own_values(
    raw: Mapping[str, Any],
    record: dict[str, Any],
    extra: dict[str, Any],
    out: Collector,
    ticket_id: int | None,
) -> None:
    listed = raw.get("custom_fields")
    if "custom_fields" in raw or "fields" in raw:
        fields = raw.get("fields")
        if "custom_fields" not in raw:
            listed = fields
        elif fields is not None and fields != listed:
            extra["fields"] = fields
            out.notes.add("fields_differ", str(ticket_id))
        record["custom_fields"] = _by_id(listed, extra)
    if "via" in raw:
        via = raw["via"]
        record["via"] = {"channel": via} if isinstance(via, (str, int)) and not isinstance(via, bool) else via
    if "tags" in raw:
        record["tags"] = raw["tags"]
    if "satisfaction_rating" in raw:
        record["satisfaction_rating"] = _rating(raw["satisfaction_rating"])


def _by_id(listed: Any, extra: dict[str, Any]) -> Any:
    """[{id, value}] as {id: value}. What does not fit that is kept as found, in `extra`."""
    if isinstance(listed, dict):
        return {str(key): value for key, value in listed.items()}
    if not isinstance(listed, list):
        return listed
    try:
        fields = dict(zip(map(str, map(_ID, listed)), map(_VALUE, listed), strict=True))
    except (TypeError, KeyError):
        fields = {}
    digits = "".join(fields)
    if (
        len(fields) == len(listed)
        and "" not in fields
        and (digits.isdecimal() or not digits)
        and digits.isascii()
    ):
        return fields
    kept: dict[str, Any] = {}
    damaged = False
    for item in listed:
        field_id = whole_number(item.get("id")) if isinstance(item, dict) else None
        if field_id is None or field_id < 0 or "value" not in item or str(field_id) in kept:
            damaged = True
        if field_id is not None and field_id >= 0 and "value" in item:
            kept[str(field_id)] = item["value"]
    if damaged:
        extra["custom_fields"] = listed
    return kept


def _rating(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not value.startswith("{"):
        return {"score": value} if value else None
    parsed = parse(value.encode("utf-8", "replace"))
    return value if parsed.broken else parsed.values[0][1]


def _embedded_ids(raw: Mapping[str, Any], record: dict[str, Any], out: Collector) -> None:
    """requester: {id, ...} also says requester_id, unless the ticket says so itself."""
    for key, id_key in _IDS.items():
        if key in raw and id_key not in record:
            value = raw[key]
            if value is None:
                record[id_key] = None
            elif isinstance(value, dict) and "id" in value:
                known = value["id"]
                record[id_key] = known if type(known) is int and 0 <= known < 1 << 63 else out.own_id(value)
    people = raw.get("collaborator")
    if isinstance(people, list) and "collaborator_ids" not in record:
        ids = [out.own_id(person) for person in people if isinstance(person, dict)]
        record["collaborator_ids"] = [user for user in ids if user is not None]


def _read_people(raw: Mapping[str, Any], pointer: str, out: Collector, *, ticket_id: int | None) -> None:
    """What it embeds and does not own."""
    for key, entity in _EMBEDDED_IN_ORDER:
        value = raw.get(key)
        if value is not None and not (type(value) is dict and out.again(entity, value)):
            read_embedded(entity, value, f"{pointer}/{key}", out)
    people = raw.get("collaborator")
    for index, person in enumerate(people if isinstance(people, list) else ()):
        read_embedded("users", person, f"{pointer}/collaborator/{index}", out)
    rating = raw.get("satisfaction_rating")
    if isinstance(rating, dict) and rating.get("id") is not None:
        read_embedded(
            "satisfaction_ratings",
            rating,
            f"{pointer}/satisfaction_rating",
            out,
            given={"ticket_id": ticket_id},
        )


def _read_parts(
    raw: Mapping[str, Any], pointer: str, out: Collector, *, ticket_id: int | None, version: int | None
) -> None:
    """What belongs to it: metrics, comments, history."""
    if told := metrics_of(raw, ticket_id=ticket_id):
        metrics, key, level = told
        given = {"ticket_id": ticket_id}
        read_embedded("ticket_metrics", metrics, f"{pointer}/{key}", out, given=given, level=level)
    _read_comments(raw, pointer, out, ticket_id=ticket_id, version=version)
    audits = raw.get("audits")
    for index, audit in enumerate(audits if isinstance(audits, list) else ()):
        if isinstance(audit, dict):
            read_audit(audit, f"{pointer}/audits/{index}", out, ticket_id=ticket_id)
        else:
            out.reject("ticket_events", f"{pointer}/audits/{index}", RecordError("not an object"))


def _read_comments(
    raw: Mapping[str, Any], pointer: str, out: Collector, *, ticket_id: int | None, version: int | None
) -> None:
    comments, where = raw.get("comments"), f"{pointer}/comments"
    if isinstance(comments, dict) and "comments" in comments:  # the whole answer was hung into the ticket
        comments, where = comments["comments"], f"{where}/comments"
    if comments is None:
        return
    if not isinstance(comments, list):
        out.reject("comments", where, RecordError("not a list"))
        return
    merged = is_merged(raw.get("tags"))
    plain = (
        PlainComments(out, where, ticket_id=ticket_id, version=version)
        if ticket_id is not None and version is not None
        else None
    )
    for index, comment in enumerate(comments):
        if plain is not None and plain.take(comment, index):
            continue
        kept = read_comment(
            comment, f"{where}/{index}", out, ticket_id=ticket_id, version=version, rank=index
        )
        if kept is not None:
            links_of_comment(kept, f"{where}/{index}", out, merged=merged)
