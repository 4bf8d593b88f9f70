"""Streams that a dump did not follow to their end: pages that say there are more, and none that is the last.

A list of one ticket (its comments, its audits) is a stream of its own. A pipeline's run is unfinished where
its last state names a stream that it was still reading, or where it says that a stream is incomplete.
"""

from typing import Any

from .collect import Collector
from .envelope import page_of
from .finding import Finding
from .identify import ENTITY_OF_KEY, kind_of_key
from .notes import EXAMPLES, Notes

_SIGNS = frozenset(("end_of_stream", "next_page", "meta", "has_more"))
_FULL_PAGE = 1000  # records of an incremental page that has another one after it
_MORE, _END, _STATE = "stream more ", "stream end ", "stream state "


def note_page(value: Any, out: Collector) -> None:
    """Remember what a value says of the stream it is a page or a message of."""
    if isinstance(value, list):
        for item in value:
            note_page(item, out)
        return
    if not isinstance(value, dict) or "id" in value:
        return
    if value.get("type") in ("STATE", "TRACE"):
        _note_message(value, out)
    more = None if value.keys().isdisjoint(_SIGNS) else _more(value)
    if more is None or not (stream := _stream(value)):
        return
    if more:
        out.notes.counts[_MORE + stream] += 1
        out.notes.latest(_MORE + stream, _order(value), out.unit.sha256[:16])
    elif "end_of_stream" in value or "end_time" in value or _has_pages_before(value):
        out.notes.counts[_END + stream] += 1


def unfinished(notes: Notes) -> list[Finding]:
    """The finding, if there is one: each stream with the file of its latest page."""
    found = sorted(
        (notes.last[kind][1], stream)
        for kind in notes.counts
        if kind.startswith(_MORE) and not notes.counts[_END + (stream := kind.removeprefix(_MORE))]
    )
    for kind, (_, stopped) in notes.last.items():
        if kind.startswith(_STATE) and stopped:
            file, _, stream = kind.removeprefix(_STATE).partition(" ")
            found.append((file, stream or stopped))
    if not found:
        return []
    text = "streams have no last page (end_of_stream, has_more): the dump stopped before their end"
    examples = tuple(f"{file}: {stream}" for file, stream in sorted(found)[:EXAMPLES])
    return [Finding("unfinished_streams", text, len(found), examples)]


def _more(value: dict[str, Any]) -> bool | None:
    """Whether a page says that others follow; None where it says nothing of it."""
    if isinstance(value.get("end_of_stream"), bool):
        return not value["end_of_stream"]
    meta = value.get("meta")
    for says in (meta if isinstance(meta, dict) else {}, value):
        if isinstance(says.get("has_more"), bool):
            return bool(says["has_more"])
    if "next_page" not in value:
        return None
    count = value.get("count")
    if "end_time" in value and isinstance(count, int):  # incremental, and older than end_of_stream
        return count >= _FULL_PAGE
    return bool(value["next_page"])


def _stream(value: dict[str, Any]) -> str:
    """`tickets`, `comments of ticket 12`; empty for a page of nothing we know."""
    lists = [key for key, held in value.items() if isinstance(held, list)]
    # Side-loaded lists stand beside the stream's own, which is tickets whenever there are any.
    known = sorted(key for key in lists if key in ENTITY_OF_KEY) or sorted(filter(kind_of_key, lists))
    name = "tickets" if "tickets" in known else known[0] if known else "results" if "results" in lists else ""
    page = page_of(value)
    for kind, owner in (("ticket", page.ticket_id), ("user", page.user_id), ("field", page.field_id)):
        if owner is not None and name:
            return f"{name} of {kind} {owner}"
    return name


def _has_pages_before(value: dict[str, Any]) -> bool:
    links = value.get("links")
    return bool(value.get("previous_page") or (isinstance(links, dict) and links.get("prev")))


def _order(value: dict[str, Any]) -> int:
    end = value.get("end_time")
    if isinstance(end, int):
        return end
    _, _, number = str(value.get("next_page") or "").partition("page=")
    digits = number[: len(number) - len(number.lstrip("0123456789"))]
    return int(digits[:9] or 0)


def _note_message(value: dict[str, Any], out: Collector) -> None:
    file = out.unit.sha256[:16]
    state = value.get("value")
    if isinstance(state, dict):
        syncing = state.get("currently_syncing")
        out.notes.latest(_STATE + file, out.unit.position, syncing if isinstance(syncing, str) else "")
    trace = value.get("trace")
    status = trace.get("stream_status") if isinstance(trace, dict) else None
    if isinstance(status, dict):
        named = status.get("stream_descriptor")
        stream = str(named.get("name")) if isinstance(named, dict) else "a stream"
        stopped = "" if status.get("status") == "COMPLETE" else str(status.get("status"))
        out.notes.latest(f"{_STATE}{file} {stream}", out.unit.position, stopped)
